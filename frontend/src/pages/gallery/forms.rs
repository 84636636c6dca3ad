//! What is filled in, photographed, and asked in a sheet.

use leptos::prelude::*;

use super::part;
use super::samples::{photo, photos as sample_photos};
use crate::components::{
    BeforeAfter, Button, Card, Checkbox, Choice, ChoiceField, Kind, PhotoState, PhotoStrip, SearchField,
    SelectField, Sheet, TextAreaField, TextField,
};
use crate::globals::use_globals;
use crate::words::{Words, use_words};

fn severities(words: &Words) -> Vec<Choice> {
    vec![
        Choice::new("minor", words.states.minor),
        Choice::new("general", words.states.general),
        Choice::new("serious", words.states.serious),
    ]
}

pub(super) fn fields() -> AnyView {
    let words = use_words();
    let types = ["农贸市场", "医疗机构", "中小学校", "公园广场"].map(|name| Choice::new(name, name)).to_vec();
    let content = view! {
        <SearchField label="搜索点位：名称、拼音、地址或类型" value=RwSignal::new("dmcsc".to_owned()) />
        <Card>
            <TextField label=words.account.username value=RwSignal::new("zhangli".to_owned()) />
            <TextField
                label=words.account.password
                kind="password"
                value=RwSignal::new("12345678".to_owned())
                error=Signal::stored(Some("用户名或密码不正确".to_owned()))
            />
            <SelectField label=words.states.spot_type choices=Signal::stored(types) value=RwSignal::new(String::new()) none=words.common.all />
            <ChoiceField label=words.states.severity choices=severities(words) value=RwSignal::new("general".to_owned()) />
            <TextAreaField
                label="问题描述"
                hint="写清位置与数量；检查项已说明的可以不填。"
                value=RwSignal::new("市场东入口左侧第 3 个摊位越线约 1.2 米。".to_owned())
                optional=true
                max=20
            />
            <TextAreaField
                label="退单理由"
                value=RwSignal::new(String::new())
                error=Signal::stored(Some((words.errors.required_field)("退单理由")))
            />
            <Checkbox label=words.states.fixed_on_spot value=RwSignal::new(true) hint="当场整改完毕，需拍整改后照片；不计入责任单位失分。" />
            <Checkbox label="整改后需同时段复查" value=RwSignal::new(false) />
        </Card>
    };
    part(words.gallery.fields, content.into_any())
}

pub(super) fn photos() -> AnyView {
    let words = use_words();
    let shown = RwSignal::new(sample_photos());
    let remove = Callback::new(move |id: String| shown.update(|shown| shown.retain(|photo| photo.id != id)));
    let retry = Callback::new(move |id: String| {
        shown.update(|shown| {
            if let Some(photo) = shown.iter_mut().find(|photo| photo.id == id) {
                photo.state = PhotoState::Uploading;
            }
        });
    });
    let before = vec![photo("x", "before", "整改前：东门菜市场入口，摊位越线", PhotoState::Ready)];
    let after = vec![photo("y", "after", "整改后：摊位退回黄线内", PhotoState::Ready)];
    let content = view! {
        <PhotoStrip
            label=words.common.before
            photos=shown
            on_camera=Callback::new(|()| ())
            on_remove=remove
            on_retry=retry
        />
        <BeforeAfter before=Signal::stored(before.clone()) after=Signal::stored(after) />
        <BeforeAfter before=Signal::stored(before) after=Signal::stored(vec![]) />
        <PhotoStrip label=words.common.after photos=Signal::stored(vec![]) />
    };
    part(words.gallery.photos, content.into_any())
}

pub(super) fn sheets() -> AnyView {
    let words = use_words();
    let globals = use_globals();
    let open = RwSignal::new(false);
    let content = view! {
        <div class="cluster">
            <Button kind=Kind::Quiet on_press=move |()| open.set(true)>{words.gallery.open_sheet}</Button>
            <Button kind=Kind::Quiet on_press=move |()| globals.toast("已保存到手机，联网后自动上传")>{words.gallery.show_toast}</Button>
        </div>
        <Sheet
            open=open
            title="退单"
            actions=move || {
                view! {
                    <Button kind=Kind::Quiet on_press=move |()| open.set(false)>{words.common.cancel}</Button>
                    <Button on_press=move |()| open.set(false)>"提交退单"</Button>
                }
            }
        >
            <p>"退单将交创建办裁定。退回本单位的，继续剩余时限；改派其他单位的，重新计时。"</p>
            <TextAreaField label="退单理由" value=RwSignal::new(String::new()) />
        </Sheet>
    };
    part(words.gallery.sheets, content.into_any())
}
