//! What is read at a desk: timelines, facts, tables, and the sizes of type.

use leptos::prelude::*;

use super::part;
use super::samples::{DUE, HOUR, REPLY, STALL, photo};
use crate::components::{
    Badge, Card, Column, DataTable, Fact, Facts, Icon, Mark, MarkBadge, NumberCell, PhotoState, PhotoStrip,
    Timeline, TimelineItem, Tone,
};
use crate::fmt;
use crate::words::use_words;

pub(super) fn timeline() -> AnyView {
    let words = use_words();
    let at = |hours: i64| fmt::near(DUE - hours * HOUR);
    let after = vec![photo("z", "after", "整改后：摊位退回黄线内", PhotoState::Ready)];
    let content = view! {
        <Card>
            <Timeline>
                <TimelineItem tone=Tone::Waiting icon=Icon::Camera title="上报问题" at=at(30)>
                    <p>{STALL}</p>
                </TimelineItem>
                <TimelineItem tone=Tone::Waiting icon=Icon::Route title="自动派单：县市场监督管理局" at=at(30)>
                    <p class="muted small">"依据：点位主管单位 → 检查项默认单位；优先匹配“点位＋检查项”规则"</p>
                </TimelineItem>
                <TimelineItem tone=Tone::Active icon=Icon::CircleDot title="签收" at=at(29) by="县市场监督管理局" />
                <TimelineItem tone=Tone::Waiting icon=Icon::Hourglass title="整改反馈" at=at(26) by="县市场监督管理局">
                    <p class="prose">{REPLY}</p>
                    <PhotoStrip label=words.common.after photos=Signal::stored(after) />
                </TimelineItem>
                <TimelineItem tone=Tone::Soon icon=Icon::Redo title="复查不通过，返工（第 2 轮）" at=at(6)>
                    <p>"早市时段仍有 1 个摊位越线。"</p>
                </TimelineItem>
                <TimelineItem tone=Tone::Done icon=Icon::CircleCheck title="复查通过，销号" at=at(1) />
            </Timeline>
        </Card>
    };
    part(words.gallery.timeline, content.into_any())
}

pub(super) fn facts() -> AnyView {
    let words = use_words();
    let content = view! {
        <Card title=words.states.order aside=move || view! { <MarkBadge mark=Signal::stored(Mark::Confirmed) /> }>
            <Facts>
                <Fact name="编号"><span class="code">"创文办交〔2026〕12号"</span></Fact>
                <Fact name=words.states.spot>"东门菜市场"</Fact>
                <Fact name=words.states.clause>"G04 地面、墙面、绿化带内无积存垃圾、烟蒂、污水"</Fact>
                <Fact name=words.states.severity>
                    <Badge tone=Tone::Waiting icon=Icon::Info word=words.states.general />
                </Fact>
                <Fact name=words.states.limit>{format!("4 {}", words.states.work_hour)}</Fact>
                <Fact name=words.states.due>{fmt::date_time(DUE)}</Fact>
                <Fact name="位置">{(words.common.accuracy)(12)}</Fact>
            </Facts>
        </Card>
    };
    part(words.gallery.facts, content.into_any())
}

pub(super) fn table() -> AnyView {
    let words = use_words();
    let units: [(&str, u64, u64, u64, u64); 4] = [
        ("县市场监督管理局", 996, 972, 911, 737),
        ("综合行政执法局（环境卫生服务中心）", 1280, 1203, 1188, 1102),
        ("城关镇人民政府", 86, 81, 64, 51),
        ("县残疾人联合会", 0, 0, 0, 0),
    ];
    let rows = units
        .map(|(unit, filed, due, closed, in_time)| {
            let link = |what: &str| (filed > 0).then(|| format!("/gallery?{what}"));
            let cell = |value: String, what: &str, column: &str| match link(what) {
                Some(href) => {
                    view! { <NumberCell value=value href=href label=format!("{unit} {column}") /> }.into_any()
                }
                None => view! { <NumberCell value=value /> }.into_any(),
            };
            view! {
                <tr>
                    <th scope="row">{unit}</th>
                    {cell(fmt::number(filed), "filed", "交办")}
                    {cell(fmt::number(due), "due", "应结")}
                    {cell(fmt::number(closed), "closed", "已结")}
                    {cell(fmt::percent(closed, due), "closed", words.states.closure_rate)}
                    {cell(fmt::percent(in_time, due), "in_time", words.states.on_time_rate)}
                </tr>
            }
        })
        .into_iter()
        .collect::<Vec<_>>();
    let columns = vec![
        Column::text(words.states.unit),
        Column::number("交办"),
        Column::number("应结"),
        Column::number("已结"),
        Column::number(words.states.closure_rate).sorted("/gallery?sort=closure", Some(false)),
        Column::number(words.states.on_time_rate).sorted("/gallery?sort=on_time", None),
    ];
    let figure = |name: &'static str, value: String, note: String| {
        view! {
            <a class="figure" href="/gallery">
                <span class="figure-name">{name}</span>
                <span class="figure-value">{value}</span>
                <span class="figure-note">{note}</span>
            </a>
        }
    };
    let content = view! {
        <div class="tiles">
            {figure(words.states.closure_rate, fmt::percent(911, 972), "911 ÷ 972".to_owned())}
            {figure(words.states.on_time_rate, fmt::percent(737, 972), "737 ÷ 972".to_owned())}
            {figure(words.states.overdue, fmt::number(61), "较上月 −12".to_owned())}
            {figure(words.states.pool, fmt::number(0), "无积压".to_owned())}
        </div>
        <DataTable caption="按到期日统计，2026年1月1日至31日。结案率＝已结÷应结，应结＝已结＋本期超期未结。" columns=columns>
            {rows}
        </DataTable>
    };
    part(words.gallery.table, content.into_any())
}

pub(super) fn type_scale() -> AnyView {
    let sample = "创文点位 1,234 处 0.05%";
    let content = view! {
        <div class="stack-tight">
            {["2xl", "xl", "lg", "md", "sm", "xs"]
                .map(|size| view! { <p class=format!("type-{size}")>{sample}</p> })
                .into_iter()
                .collect::<Vec<_>>()}
        </div>
    };
    part(use_words().gallery.type_scale, content.into_any())
}
