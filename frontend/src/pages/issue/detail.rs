//! The page of one issue, for the inspector and the office.

use std::sync::Arc;

use app::id::IssueId;
use app::issue::IssueAnswer;
use app::order::StepKind;
use app::spot::LocationSource;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::assignment;
use super::due::DueExplanation;
use super::history::{history, party};
use super::mark::{mark, order_clock};
use super::photos::photos;
use super::provenance::photo_notes;
use crate::api;
use crate::catalogue::{County, use_catalogue};
use crate::components::{
    Banner, BannerKind, BeforeAfter, Card, Fact, Facts, Icon, LinkButton, MarkBadge, Page, PhotoStrip,
};
use crate::device;
use crate::fmt;
use crate::load::{Load, offline_banner};
use crate::pages::inspector::metres;
use crate::pages::manager::office_actions;
use crate::session::{home, use_session};
use crate::words::use_words;

/// The page of one issue.
pub(in crate::pages) fn page() -> AnyView {
    let words = use_words();
    let params = use_params_map();
    let load = Load::kept(move || {
        // An id that is not one is answered like one that is not there.
        let id = params.with(|params| params.get("id")).and_then(|id| id.parse::<IssueId>().ok());
        async move { api::issue::find(id.unwrap_or(IssueId(uuid::Uuid::nil()))).await }
    });
    let back = match use_session().role() {
        Some(app::role::Role::Inspector) => "/mine",
        Some(role) if role.is_office() => "/manage/issues",
        Some(role) => home(role),
        None => "/",
    };
    view! {
        <Page title=words.issue.title back=back wide=true>
            {offline_banner(words.errors.offline)}
            {use_catalogue().view(move |county| load.view(move |issue| issue_view(&issue, &county, load)))}
        </Page>
    }
    .into_any()
}

fn issue_view(issue: &IssueAnswer, county: &Arc<County>, load: Load<IssueAnswer>) -> AnyView {
    let words = use_words();
    let is_office = use_session().role().is_some_and(app::role::Role::is_office);
    let recheck = (issue.allowed_steps.contains(&StepKind::Pass) && !is_office).then(|| {
        let href = format!("/rechecks/{}", issue.id);
        view! { <LinkButton href=href icon=Icon::ClipboardCheck full=true>{words.inspector.recheck_title}</LinkButton> }
    });
    let past = history(&issue.timeline);
    let office = is_office.then(|| office_actions(issue, Callback::new(move |()| load.again())));
    view! {
        <div class="columns">
            <div class="stack">
                {subject(issue, county)} {pictures(issue, county)} {recheck} {facts(issue, county)}
            </div>
            <div class="stack">
                {reasons(issue, county)}
                <Card title=words.issue.timeline>{past}</Card>
            </div>
        </div>
        {office}
    }
    .into_any()
}

/// What it is, where, how it stands.
#[must_use]
pub fn subject(issue: &IssueAnswer, county: &Arc<County>) -> AnyView {
    let words = use_words();
    let named = county.named(issue);
    let what = named.title().to_owned();
    let clause = (!named.problem.is_empty()).then_some(named.clause_text);
    let place = [named.spot_name, named.address]
        .into_iter()
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let clock =
        issue.order.as_ref().and_then(|order| order_clock(order, issue.closing_kind, device::ticking()));
    let unit = issue.order.as_ref().map(|order| (words.issue.unit_is)(&order.unit_name));
    let round = issue.order.as_ref().map(|order| order.round).filter(|round| *round > 1);
    let description = (!issue.description.is_empty()).then(|| {
        let text = issue.description.clone();
        view! { <p class="prose">{text}</p> }
    });
    let recurs = issue.recurs.map(|id| {
        view! {
            <Banner kind=BannerKind::Warning title=words.issue.recurrence>
                <p>{words.issue.recurs}</p>
                <a href=format!("/issues/{id}")>{words.issue.recurs_open}</a>
            </Banner>
        }
    });
    view! {
        <div class="subject">
            <div class="cluster">
                <MarkBadge mark=Signal::stored(mark(issue.state, issue.closing_kind)) />
                {round.map(|round| view! { <span class="small muted">{(words.issue.round)(round)}</span> })}
                {clock}
            </div>
            <h2>{what}</h2>
            {clause.map(|text| view! { <p class="small muted">{text}</p> })}
            <p class="muted">{place}</p>
            {unit.map(|unit| view! { <p>{unit}</p> })}
            {description}
        </div>
        {recurs}
    }
    .into_any()
}

/// The photos: before beside after once there are both.
fn pictures(issue: &IssueAnswer, county: &Arc<County>) -> AnyView {
    let words = use_words();
    let what = county.named(issue).title().to_owned();
    let replied = issue.order.as_ref().map(|order| order.reply_photo_ids.as_slice()).unwrap_or_default();
    let after = if issue.fixed_photo_ids.is_empty() { replied } else { &issue.fixed_photo_ids };
    if after.is_empty() {
        let shown = photos(&issue.photo_ids, &(words.issue.photo_alt)(&what));
        return view! {
            <PhotoStrip label=words.issue.photos photos=Signal::stored(shown) />
            {photo_notes(issue)}
        }
        .into_any();
    }
    let before = photos(&issue.photo_ids, &(words.common.labelled)(words.common.before, &what));
    let after = photos(after, &(words.common.labelled)(words.common.after, &what));
    let note = issue.order.as_ref().map(|order| order.reply_note.clone()).filter(|note| !note.is_empty());
    view! {
        <BeforeAfter before=Signal::stored(before) after=Signal::stored(after) />
        {photo_notes(issue)}
        {note.map(|note| view! { <Card title=words.issue.reply_note><p class="prose">{note}</p></Card> })}
    }
    .into_any()
}

fn facts(issue: &IssueAnswer, county: &Arc<County>) -> AnyView {
    let words = use_words();
    let severity = match issue.severity {
        app::clause::Severity::Minor => words.states.minor,
        app::clause::Severity::General => words.states.general,
        app::clause::Severity::Serious => words.states.serious,
    };
    let spot = county.spot(issue.spot_id);
    let kind = county.named(issue).spot_type_name;
    let away = issue.location.zip(spot).map(|(at, spot)| {
        let distance = (words.common.metres)(metres(at.distance_to(spot)));
        let how = match at.source {
            LocationSource::Photo => words.home.located_by_photo.to_owned(),
            _ => (words.common.accuracy)(metres(at.accuracy_m)),
        };
        format!("{} · {how}", (words.issue.from_spot)(&distance))
    });
    let flags = issue
        .flags
        .iter()
        .map(|flag| (words.issue.flag)(*flag))
        .collect::<Vec<_>>()
        .join(words.common.semicolon);
    let reporter = issue.reporter.as_ref().map(|it| party(words, it));
    let observed = issue.observed_at.map(|at| fmt::date_time(at.millis()));
    let observed = observed.unwrap_or_else(|| words.issue.unknown_time.to_owned());
    let reported = fmt::date_time(issue.reported_at.millis());
    let help = clause_help(county, &issue.clause_code);
    view! {
        <Card>
            <Facts>
                <Fact name=words.states.spot_type>{kind}</Fact>
                <Fact name=words.states.severity>{severity}</Fact>
                <Fact name=words.issue.observed_at>{observed}</Fact>
                <Fact name=words.issue.reported_at>{reported}</Fact>
                {reporter.map(|name| view! { <Fact name=words.issue.reporter>{name}</Fact> })}
                {away.map(|away| view! { <Fact name=words.issue.position>{away}</Fact> })}
                {(!flags.is_empty()).then(|| view! { <Fact name=words.issue.noted>{flags}</Fact> })}
            </Facts>
            {help}
        </Card>
    }
    .into_any()
}

/// How to look and what does not count, folded.
#[must_use]
pub fn clause_help(county: &Arc<County>, code: &str) -> Option<AnyView> {
    let words = use_words();
    let clause = county.clause(code)?;
    let part = |title: &'static str, text: &str| {
        (!text.is_empty()).then(|| {
            view! {
                <details class="disclosure">
                    <summary>{title}</summary>
                    <p class="prose">{text.to_owned()}</p>
                </details>
            }
        })
    };
    Some(
        view! {
            <div>
                {part(words.inspector.how_to_look, &clause.method)}
                {part(words.inspector.not_counted, &clause.not_counted)}
            </div>
        }
        .into_any(),
    )
}

/// Why this unit and why this due time.
fn reasons(issue: &IssueAnswer, county: &Arc<County>) -> AnyView {
    let words = use_words();
    let assigned = issue.order.as_ref().map(|order| &order.assignment).or(issue.assignment.as_ref());
    let why = if issue.order.is_some() { words.issue.why_unit } else { words.issue.why_pool };
    let unit = assigned.map(|assigned| {
        let explanation = assignment::explanation(assigned, county);
        view! { <Card title=why>{explanation}</Card> }
    });
    let due = issue.order.as_ref().map(|order| {
        let (due, limit, from) = (order.due.clone(), order.limit, order.dispatched_at);
        view! { <Card title=words.issue.due_why><DueExplanation due=due limit=limit from=from /></Card> }
    });
    view! {
        {unit}
        {due}
    }
    .into_any()
}
