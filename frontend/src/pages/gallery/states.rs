//! What carries colour, once light and once dark.

use leptos::prelude::*;

use super::part;
use super::samples::{DUE, HOUR, MINUTE};
use crate::components::{Banner, BannerKind, Button, Clock, Icon, Kind, Mark, MarkBadge, Pace};
use crate::fmt;
use crate::words::use_words;

pub(super) fn both_themes() -> AnyView {
    let words = &use_words().gallery;
    let half = |theme: &'static str| {
        view! { <div class=format!("{theme} theme-half stack-loose")>{badges()} {clocks()} {buttons()} {banners()}</div> }
    };
    view! {
        <section class="stack">
            <h2>{words.colours}</h2>
            <div class="theme-halves">{half("light")} {half("dark")}</div>
        </section>
    }
    .into_any()
}

fn badges() -> AnyView {
    let all = Mark::ALL.map(|mark| view! { <MarkBadge mark=Signal::stored(mark) /> });
    part(
        use_words().gallery.states,
        view! { <div class="cluster">{all.into_iter().collect::<Vec<_>>()}</div> }.into_any(),
    )
}

fn clocks() -> AnyView {
    let clock = |left: i64, working: bool, pace: Pace| {
        view! { <Clock left=Signal::stored(left) working=working pace=Signal::stored(pace) due=fmt::near(DUE) /> }
    };
    let content = view! {
        <div class="stack-tight">
            {clock(13 * HOUR + 20 * MINUTE, true, Pace::Calm)} {clock(3 * HOUR + 20 * MINUTE, true, Pace::Soon)}
            {clock(-(2 * HOUR + 5 * MINUTE), true, Pace::Overdue)} {clock(50 * HOUR, false, Pace::Calm)}
            {clock(0, true, Pace::Stopped)} {clock(0, true, Pace::Met)} {clock(0, true, Pace::Missed)}
            {clock(-(38 * HOUR), true, Pace::StoppedLate)} {clock(-(2 * HOUR), false, Pace::Missed)}
        </div>
    };
    part(use_words().gallery.clocks, content.into_any())
}

fn buttons() -> AnyView {
    let words = use_words();
    let nothing = Callback::new(|()| ());
    let content = view! {
        <div class="cluster">
            <Button icon=Icon::Check on_press=nothing>{words.common.send}</Button>
            <Button kind=Kind::Quiet on_press=nothing>{words.common.cancel}</Button>
            <Button kind=Kind::Danger icon=Icon::Ban on_press=nothing>{words.states.void}</Button>
            <Button busy=Signal::stored(true) on_press=nothing>{words.common.sending}</Button>
            <Button disabled=Signal::stored(true) on_press=nothing>{words.common.save}</Button>
        </div>
        <Button full=true icon=Icon::Camera on_press=nothing>{words.common.photo_add}</Button>
    };
    part(words.gallery.buttons, content.into_any())
}

fn banners() -> AnyView {
    let words = use_words();
    let content = view! {
        <Banner kind=BannerKind::Info>"退回原单位的交办单继续计时；改派其他单位的，时限重新计算。"</Banner>
        <Banner kind=BannerKind::Offline>{words.common.offline}</Banner>
        <Banner kind=BannerKind::Warning title="定位偏差较大">
            "当前位置距“东门菜市场”约 1.8 公里，仍可上报，将标记待核。"
        </Banner>
        <Banner kind=BannerKind::Error title=words.errors.network retry=Callback::new(|()| ())>
            {words.errors.network_help}
        </Banner>
        <Banner kind=BannerKind::Success title="已派单：县市场监督管理局">
            "整改期限 2026年2月13日 16:00（4 工作时）"
        </Banner>
    };
    part(words.gallery.messages, content.into_any())
}
