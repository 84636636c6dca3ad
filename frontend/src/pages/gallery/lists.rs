//! Lists of things, being loaded, and without things.

use leptos::prelude::*;

use super::part;
use super::samples::{DUE, HOUR, LAMP, LITTER, MINUTE, STALL};
use crate::components::{
    Clock, EmptyState, Icon, Kind, LinkButton, List, LoadMore, Mark, MarkBadge, Pace, Row, Skeleton,
};
use crate::fmt;
use crate::words::use_words;

pub(super) fn rows() -> AnyView {
    let words = use_words();
    let chosen = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let content = view! {
        <List label=words.states.order>
            <Row
                href="/gallery"
                thumb="/gallery/before.svg"
                title=STALL
                detail="东门菜市场 · 县市场监督管理局"
                aside="09:42"
            >
                <MarkBadge mark=Signal::stored(Mark::Accepted) />
                <Clock left=Signal::stored(3 * HOUR + 20 * MINUTE) working=true pace=Signal::stored(Pace::Soon) />
            </Row>
            <Row href="/gallery" thumb="/gallery/after.svg" title=LITTER detail="城关镇中心小学 · 城关镇人民政府">
                <MarkBadge mark=Signal::stored(Mark::Rework) />
                <Clock left=Signal::stored(-26 * HOUR) working=true pace=Signal::stored(Pace::Overdue) />
            </Row>
            <Row href="/gallery" thumb="/gallery/lamp.svg" title=LAMP detail="人民路 12 号 · 综合行政执法局">
                <MarkBadge mark=Signal::stored(Mark::Closed) />
                <Clock left=Signal::stored(0) pace=Signal::stored(Pace::Met) due=fmt::near(DUE) />
            </Row>
        </List>
        <List label=words.states.spot>
            <Row
                on_press=Callback::new(move |()| chosen.update(|chosen| *chosen = !*chosen))
                icon=Icon::MapPin
                title="东门菜市场"
                detail="农贸市场 · 城关镇"
                aside=(words.common.metres)(38)
                selected=chosen
            />
            <Row href="/gallery" icon=Icon::MapPin title="县人民医院（新院区）" detail="医疗机构 · 城关镇" aside=(words.common.metres)(1840) />
        </List>
        <LoadMore
            more=Signal::stored(true)
            busy=busy
            on_more=Callback::new(move |()| busy.update(|busy| *busy = !*busy))
        />
        <LoadMore more=Signal::stored(false) busy=Signal::stored(false) on_more=Callback::new(|()| ()) />
    };
    part(words.gallery.rows, content.into_any())
}

pub(super) fn waiting() -> AnyView {
    let words = use_words();
    let content = view! {
        <Skeleton rows=2 />
        <EmptyState icon=Icon::ClipboardCheck title="没有待复查的问题" help="责任单位确认整改后，会出现在这里。您可以先去巡查附近的点位。">
            <LinkButton href="/gallery" kind=Kind::Quiet icon=Icon::MapPin>"附近的点位"</LinkButton>
        </EmptyState>
    };
    part(words.gallery.loading, content.into_any())
}
