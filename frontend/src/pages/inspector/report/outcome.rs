//! What the server made of the report: the unit, the due time, and why both.

use std::sync::Arc;

use app::issue::IssueAnswer;
use app::order::ClosingKind;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::catalogue::County;
use crate::components::{Banner, BannerKind, Button, Card, Fact, Facts, Kind, LinkButton};
use crate::device;
use crate::pages::inspector::camera::camera_button;
use crate::pages::inspector::draft::use_draft;
use crate::pages::issue::assignment;
use crate::pages::issue::due::DueExplanation;
use crate::pages::issue::mark::order_clock;
use crate::words::use_words;

/// The answer, and what to do next.
pub(super) fn view(county: Arc<County>) -> AnyView {
    let words = use_words();
    let draft = use_draft();
    let Some(answer) = draft.answer.get_untracked() else { return ().into_any() };
    let navigate = use_navigate();
    let done = Callback::new(move |()| navigate("/", Default::default()));
    let again = Callback::new(move |files| {
        draft.reset(true);
        draft.take(files);
    });
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
        {headline(&answer)}
        {flags}
        {subject(&answer, &county)}
        {reasons(&answer, &county)}
        <LinkButton href=format!("/issues/{}", answer.id) kind=Kind::Quiet full=true>{words.inspector.see}</LinkButton>
        <div class="action-bar">
            <Button kind=Kind::Quiet on_press=done>{words.common.done}</Button>
            {camera_button(words.inspector.here_again, again)}
        </div>
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
    let spot = county.spot(answer.spot_id).map(|spot| spot.name.clone()).unwrap_or_default();
    let clause = county.clause_text(answer.spot_id, &answer.clause_code);
    view! {
        <Card>
            <Facts>
                <Fact name=words.states.spot>{spot}</Fact>
                <Fact name=words.states.clause>{clause}</Fact>
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
