//! What became of the report: safe on the phone, on its way, or received, with what the server made of it.

use std::sync::Arc;

use app::issue::IssueAnswer;
use app::order::ClosingKind;
use leptos::prelude::*;

use crate::catalogue::County;
use crate::components::{Banner, BannerKind, Card, Fact, Facts, Icon, Kind, LinkButton};
use crate::device;
use crate::fmt;
use crate::outbox::{Item, Stage};
use crate::pages::issue::assignment;
use crate::pages::issue::due::DueExplanation;
use crate::pages::issue::mark::order_clock;
use crate::pages::outbox::state;
use crate::words::use_words;

/// How far it is, and what to do next.
pub(super) fn view(item: &Item, county: &Arc<County>) -> AnyView {
    let words = use_words();
    // By way of its text: reading it out of the value would bring the whole reader a second time.
    let answer: Option<IssueAnswer> =
        item.answer.as_ref().and_then(|answer| serde_json::from_str(&answer.to_string()).ok());
    let content = match &answer {
        Some(answer) => received(answer, county),
        None => on_its_way(item),
    };
    let again = match item.subject.as_ref().and_then(|it| it.spot_id) {
        Some(spot) => format!("/report?spot={spot}&shoot=1"),
        None => "/report?shoot=1".to_owned(),
    };
    view! {
        {content}
        <div class="action-bar">
            <LinkButton href="/" kind=Kind::Quiet>{words.common.done}</LinkButton>
            <LinkButton href=again icon=Icon::Camera>{words.inspector.here_again}</LinkButton>
        </div>
    }
    .into_any()
}

/// Safe on the phone, and what the phone reckons.
fn on_its_way(item: &Item) -> AnyView {
    let words = use_words();
    let forecast = item.forecast.clone().map(|forecast| {
        let unit = forecast.unit.unwrap_or_else(|| words.inspector.sent_pool.to_owned());
        let due = forecast.due_at.map(|at| {
            view! { <p class="num">{(words.inspector.due_at)(&fmt::near(at.millis()))}</p> }
        });
        view! {
            <Card title=words.inspector.forecast>
                <div>
                    <p class="strong">{unit}</p>
                    {due}
                    <p class="muted small">{words.inspector.forecast_note}</p>
                </div>
            </Card>
        }
    });
    let (spot, clause) = (item.detail.clone(), item.title.clone());
    let mend = (item.stage == Stage::NeedsYou).then(|| {
        let href = format!("/outbox/{}", item.id);
        view! { <LinkButton href=href full=true>{words.outbox.see_to_it}</LinkButton> }
    });
    view! {
        {state::banner(item)}
        {mend}
        <Card>
            <Facts>
                <Fact name=words.states.spot>{spot}</Fact>
                <Fact name=words.states.clause>{clause}</Fact>
            </Facts>
        </Card>
        {forecast}
    }
    .into_any()
}

/// What the server made of it.
pub(in crate::pages) fn received(answer: &IssueAnswer, county: &Arc<County>) -> AnyView {
    let words = use_words();
    let flags = (!answer.flags.is_empty()).then(|| {
        let said = answer
            .flags
            .iter()
            .map(|flag| (words.issue.flag)(*flag))
            .collect::<Vec<_>>()
            .join(words.common.semicolon);
        view! { <Banner kind=BannerKind::Warning>{said}</Banner> }
    });
    view! {
        {headline(answer)}
        {flags}
        {subject(answer, county)}
        {reasons(answer, county)}
        <LinkButton href=format!("/issues/{}", answer.id) kind=Kind::Quiet full=true>{words.inspector.see}</LinkButton>
    }
    .into_any()
}

fn headline(answer: &IssueAnswer) -> AnyView {
    let words = use_words();
    if answer.closing_kind == Some(ClosingKind::FixedOnSpot) {
        return view! {
            <Banner kind=BannerKind::Success title=words.inspector.sent_fixed>{words.inspector.sent_fixed_help}</Banner>
        }
        .into_any();
    }
    let Some(order) = &answer.order else {
        return view! {
            <Banner kind=BannerKind::Info title=words.inspector.sent_pool>{words.inspector.sent_pool_help}</Banner>
        }
        .into_any();
    };
    let clock = order_clock(order, answer.closing_kind, device::ticking());
    view! {
        <Banner kind=BannerKind::Success title=(words.inspector.sent_to)(&order.unit_name)>
            <p>{words.states.due}</p>
            {clock}
        </Banner>
    }
    .into_any()
}

fn subject(answer: &IssueAnswer, county: &County) -> AnyView {
    let words = use_words();
    let named = county.named(answer);
    view! {
        <Card>
            <Facts>
                <Fact name=words.states.spot>{named.spot_name}</Fact>
                <Fact name=words.states.clause>{named.clause_text}</Fact>
            </Facts>
        </Card>
    }
    .into_any()
}

fn reasons(answer: &IssueAnswer, county: &County) -> AnyView {
    let words = use_words();
    let assigned = answer.order.as_ref().map(|order| &order.assignment).or(answer.assignment.as_ref());
    let why = if answer.order.is_some() { words.issue.why_unit } else { words.issue.why_pool };
    let unit = assigned.map(|assigned| {
        let explanation = assignment::explanation(assigned, county);
        view! { <Card title=why>{explanation}</Card> }
    });
    let due = answer.order.as_ref().map(|order| {
        let (due, limit, from) = (order.due.clone(), order.limit, order.dispatched_at);
        view! {
            <Card title=words.issue.due_why>
                <DueExplanation due=due limit=limit from=from />
            </Card>
        }
    });
    view! {
        {unit}
        {due}
    }
    .into_any()
}
