//! Real sentences of the field for the gallery: long and short, with codes and punctuation.

use crate::components::{Photo, PhotoState};

/// A minute, an hour, in milliseconds.
pub(super) const MINUTE: i64 = 60_000;
/// An hour in milliseconds.
pub(super) const HOUR: i64 = 60 * MINUTE;
/// 13 February 2026, 16:00 in Shanghai.
pub(super) const DUE: i64 = 1_770_969_600_000;

/// A problem as it stands in lists.
pub(super) const STALL: &str = "占道经营：蔬菜摊位越过黄线约 1.2 米，占用消防通道";
/// A long one, for two lines and the ellipsis.
pub(super) const LITTER: &str = "地面、墙面、绿化带内有积存垃圾、烟蒂、污水，卫生死角 3 处（1 平方米内算 1 处），其中东侧公厕外墙小广告未清除，影响通行与观感";
/// A short one.
pub(super) const LAMP: &str = "路灯不亮";
/// What a unit writes.
pub(super) const REPLY: &str =
    "已责令摊主退回黄线内，并安排 2 名市场管理员早市时段值守。\n附整改后照片 1 张。";

/// Photos in every state.
pub(super) fn photos() -> Vec<Photo> {
    vec![
        photo("a", "before", "东门菜市场入口，摊位越线", PhotoState::Ready),
        photo("d", "after", "东门菜市场入口，摊位退回黄线内", PhotoState::Sent),
        photo("e", "lamp", "人民路 14 号门前路灯不亮", PhotoState::Saving),
        photo("b", "lamp", "人民路 12 号门前路灯不亮", PhotoState::Uploading),
        photo("c", "before", "东门菜市场地面积水", PhotoState::Failed),
    ]
}

/// One photo.
pub(super) fn photo(id: &str, picture: &str, alt: &str, state: PhotoState) -> Photo {
    let address = format!("/gallery/{picture}.svg");
    Photo { id: id.to_owned(), thumb: address.clone(), full: address, alt: alt.to_owned(), state }
}
