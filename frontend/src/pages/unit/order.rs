//! One order: the problem, the place, the time that is left and why, what the office says, and what to do now.

use std::sync::Arc;

use app::id::IssueId;
use app::issue::{IssueAnswer, OrderAnswer};
use app::spot::LocationSource;
use app::time::Timestamp;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::steps::{Desk, steps};
use crate::api::{self, Failure};
use crate::catalogue::{County, use_catalogue};
use crate::components::{Banner, BannerKind, BeforeAfter, Card, Fact, Facts, Page, PhotoStrip};
use crate::fmt;
use crate::load::{Load, offline_banner};
use crate::pages::issue::assignment::explanation;
use crate::pages::issue::detail::subject;
use crate::pages::issue::due::DueExplanation;
use crate::pages::issue::history::history;
use crate::pages::issue::photos::photos;
use crate::pages::issue::provenance::photo_notes;
use crate::words::{Words, use_words};

pub(super) fn page(issue: &str) -> AnyView {
    let id = issue.parse::<IssueId>().ok();
    let words = use_words();
    let catalogue = use_catalogue();
    let load = Load::kept(move || async move {
        match id {
            Some(id) => api::issue::find(id).await,
            None => Err(Failure::Refused(Box::new(app::problem::Code::NotFound.into()))),
        }
    });
    let draft = use_query_map().with_untracked(|query| query.get("draft")).and_then(|id| id.parse().ok());
    let again = Callback::new(move |()| load.again());
    let desk = Desk::new(id.unwrap_or(IssueId(uuid::Uuid::nil())), draft, again);
    let content = move |issue: IssueAnswer| {
        let as_of = load.as_of();
        catalogue.view(move |county| content(&issue, &county, desk, as_of))
    };
    view! { <Page title=words.states.order back="/orders" wide=true>
        {offline_banner(words.errors.offline)}
        {desk.pending.view()}
        {load.view(content)}
        {steps(desk)}
    </Page> }
    .into_any()
}

fn content(issue: &IssueAnswer, county: &Arc<County>, desk: Desk, as_of: Timestamp) -> AnyView {
    let words = use_words();
    desk.lay_out(issue, county, as_of);
    let order = issue.order.as_ref();
    let pictures = pictures(issue, county, words);
    let problem = problem(issue, county, words);
    let place = place(issue, county, words);
    let history = history(&issue.timeline);
    let due = order.map(|order| due(order, words));
    let why_us = order.map(|order| why_us(order, county, words));
    view! {
        {subject(issue, county)}
        {said_by_office(issue, words)}
        <div class="columns">
            <div class="stack">
                {pictures} {problem} {place}
            </div>
            <div class="stack">
                {due} {why_us} <Card title=words.unit.history>{history}</Card>
            </div>
        </div>
    }
    .into_any()
}

/// What the office or a re-check said last, as long as it is the unit's turn.
fn said_by_office(issue: &IssueAnswer, words: &Words) -> Option<AnyView> {
    let entry =
        issue.timeline.iter().rev().find(|entry| matches!(entry.what.as_str(), "failed" | "ruled_same"))?;
    let after = issue.timeline.iter().filter(|later| later.seq > entry.seq);
    // Answered or closed since: it stands in the history.
    if after
        .into_iter()
        .any(|later| matches!(later.what.as_str(), "confirmed" | "passed" | "voided" | "returned"))
    {
        return None;
    }
    let failed = entry.what == "failed";
    let title = if failed { words.unit.failed_recheck } else { words.unit.ruled_same };
    let kind = if failed { BannerKind::Warning } else { BannerKind::Info };
    let note = entry.note.clone();
    let shown = photos(&entry.photo_ids, title);
    let strip =
        (!shown.is_empty()).then(|| view! { <PhotoStrip label=title photos=Signal::stored(shown) /> });
    Some(view! { <Banner kind=kind title=title><p class="prose">{note}</p>{strip}</Banner> }.into_any())
}

fn pictures(issue: &IssueAnswer, county: &County, words: &'static Words) -> Option<AnyView> {
    let spot = county.named(issue).spot_name;
    let before = photos(&issue.photo_ids, &(words.common.labelled)(words.common.before, &spot));
    let reply = issue.order.as_ref().map(|order| order.reply_photo_ids.as_slice()).unwrap_or_default();
    let after = photos(reply, &(words.common.labelled)(words.common.after, &spot));
    if after.is_empty() && before.is_empty() {
        return None;
    }
    let notes = photo_notes(issue);
    let note = issue.order.as_ref().map(|order| order.reply_note.clone()).filter(|note| !note.is_empty());
    Some(if after.is_empty() {
        view! {
            <Card title=words.issue.photos>
                <PhotoStrip label=words.common.before photos=Signal::stored(before) />
            </Card>
        }
        .into_any()
    } else {
        view! {
            <Card title=words.unit.comparison>
                <BeforeAfter before=Signal::stored(before) after=Signal::stored(after) />
                {notes}
                {note.map(|note| view! { <p class="prose">{note}</p> })}
            </Card>
        }
        .into_any()
    })
}

fn problem(issue: &IssueAnswer, county: &County, words: &'static Words) -> AnyView {
    let clause = county.clause(&issue.clause_code);
    let severity = match issue.severity {
        app::clause::Severity::Minor => words.states.minor,
        app::clause::Severity::General => words.states.general,
        app::clause::Severity::Serious => words.states.serious,
    };
    let named = county.named(issue);
    let text = &named.clause_text;
    let facts = vec![
        fact(words.manager.problem, named.problem.clone()),
        fact(words.states.clause, format!("{} {text}", issue.clause_code)),
        fact(words.unit.how_to_look, clause.map(|clause| clause.method.clone()).unwrap_or_default()),
        fact(words.unit.not_counted, clause.map(|clause| clause.not_counted.clone()).unwrap_or_default()),
        fact(words.states.severity, severity.to_owned()),
        fact(words.issue.reported_at, fmt::date_time(issue.reported_at.millis())),
    ];
    view! { <Card title=words.unit.problem><Facts>{facts}</Facts></Card> }.into_any()
}

fn place(issue: &IssueAnswer, county: &County, words: &'static Words) -> AnyView {
    let spot = county.spot(issue.spot_id);
    let named = county.named(issue);
    let position =
        issue.location.map(|at| (at.lng, at.lat)).or_else(|| spot.map(|spot| (spot.lng, spot.lat)));
    let position = position.map(|(lng, lat)| format!("{lng:.6}, {lat:.6}")).unwrap_or_default();
    let accuracy = issue.location.filter(|at| at.source != LocationSource::Photo).map(|at| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1 000 000 metres")]
        let metres = at.accuracy_m.round() as u32;
        (words.common.accuracy)(metres)
    });
    let facts = vec![
        fact(words.states.spot, named.spot_name),
        fact(words.unit.address, named.address),
        fact(words.unit.position, format!("{position}\n{}", accuracy.unwrap_or_default()).trim().to_owned()),
    ];
    view! { <Card title=words.unit.place><Facts>{facts}</Facts></Card> }.into_any()
}

fn due(order: &OrderAnswer, words: &'static Words) -> AnyView {
    let at = order.due.at().map_or_else(|| words.time.stopped.to_owned(), |at| fmt::date_time(at.millis()));
    let limit = (words.issue.limit)(order.limit.value(), order.limit.kind());
    let (due, granted, from) = (order.due.clone(), order.limit, order.dispatched_at);
    view! {
        <Card title=words.states.due>
            <Facts>{vec![fact(words.states.due, at), fact(words.states.limit, limit)]}</Facts>
            <details class="disclosure">
                <summary>{words.issue.due_why}</summary>
                <DueExplanation due=due limit=granted from=from />
            </details>
        </Card>
    }
    .into_any()
}

fn why_us(order: &OrderAnswer, county: &County, words: &'static Words) -> AnyView {
    let explained = explanation(&order.assignment, county);
    view! {
        <Card>
            <details class="disclosure">
                <summary>{words.unit.why_us}</summary>
                {explained}
            </details>
        </Card>
    }
    .into_any()
}

fn fact(name: &'static str, value: String) -> Option<AnyView> {
    (!value.is_empty())
        .then(|| view! { <Fact name=name><span class="prose">{value}</span></Fact> }.into_any())
}
