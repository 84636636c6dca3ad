//! Re-checking one problem: before beside after, then pass or fail.

use std::sync::Arc;

use app::id::{EventId, IssueId};
use app::issue::{IssueAnswer, MAX_NOTE_CHARS, OrderAnswer};
use app::order::{StepKind, StepRequest};
use app::time::HOUR;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};

use crate::api;
use crate::catalogue::{County, use_catalogue};
use crate::components::{
    Banner, BannerKind, BeforeAfter, Button, Card, EmptyState, Icon, Kind, LinkButton, Page, Sheet,
    TextAreaField,
};
use crate::device;
use crate::fmt;
use crate::globals::use_globals;
use crate::load::{Deed, Load, offline_banner};
use crate::pages::issue::detail::{clause_help, subject};
use crate::pages::issue::history::history;
use crate::pages::issue::photos::photos;
use crate::upload::Uploads;
use crate::words::use_words;

pub(in crate::pages) fn page() -> AnyView {
    let words = use_words();
    let params = use_params_map();
    let load = Load::new(move || {
        let id = params.with(|params| params.get("id")).and_then(|id| id.parse::<IssueId>().ok());
        async move { api::issue::find(id.unwrap_or(IssueId(uuid::Uuid::nil()))).await }
    });
    view! {
        <Page title=words.inspector.recheck_title back="/rechecks">
            {offline_banner(words.inspector.offline)}
            {use_catalogue().view(move |county| load.view(move |issue| issue_view(&issue, &county)))}
        </Page>
    }
    .into_any()
}

fn issue_view(issue: &IssueAnswer, county: &Arc<County>) -> AnyView {
    let words = use_words();
    let Some(order) = issue.order.clone().filter(|_| issue.allowed_steps.contains(&StepKind::Pass)) else {
        let see = format!("/issues/{}", issue.id);
        return view! {
            <EmptyState
                icon=Icon::ClipboardCheck
                title=words.inspector.recheck_gone
                help=words.inspector.recheck_gone_help
            >
                <LinkButton href=see kind=Kind::Quiet>{words.inspector.see}</LinkButton>
            </EmptyState>
        }
        .into_any();
    };
    let what = county.clause_text(issue.spot_id, &issue.clause_code);
    let before = photos(&issue.photo_ids, &(words.common.labelled)(words.common.before, &what));
    let after = photos(&order.reply_photo_ids, &(words.common.labelled)(words.common.after, &what));
    let note = (!order.reply_note.is_empty()).then(|| {
        let note = order.reply_note.clone();
        view! { <Card title=words.issue.reply_note><p class="prose">{note}</p></Card> }
    });
    let past = history(&issue.timeline);
    let same_hours = county.clause(&issue.clause_code).filter(|clause| clause.hours_sensitive).map(|_| {
        let seen = fmt::time_of_day(issue.observed_at.millis());
        let text = (words.inspector.same_hours)(&seen, county.bundle.policy.same_hours_ms / HOUR);
        view! { <Banner kind=BannerKind::Info title=words.inspector.same_hours_title>{text}</Banner> }
    });
    view! {
        {subject(issue, county)}
        {same_hours}
        <BeforeAfter before=Signal::stored(before) after=Signal::stored(after) />
        {note}
        {clause_help(county, &issue.clause_code)}
        <details class="disclosure">
            <summary>{words.issue.timeline}</summary>
            {past}
        </details>
        {verdict(&order)}
    }
    .into_any()
}

/// The photos and words of the re-check, and the two buttons.
fn verdict(order: &OrderAnswer) -> AnyView {
    let words = use_words();
    let shots = Uploads::new();
    let remark = RwSignal::new(String::new());
    let reason = RwSignal::new(String::new());
    let is_failing = RwSignal::new(false);
    let asked = RwSignal::new(false);
    let deed = Deed::new();
    let globals = use_globals();
    let navigate = use_navigate();
    let order_id = order.id;
    // One id per verdict: however often it is sent, it counts once.
    let (pass_id, fail_id): (EventId, EventId) = (device::fresh_id(), device::fresh_id());
    let send = Callback::new(move |step: StepKind| {
        let note = if step == StepKind::Pass { remark } else { reason };
        let request = StepRequest {
            step,
            note: note.get_untracked().trim().to_owned(),
            photo_ids: shots.ids(),
            unit_id: None,
            device_at: None,
        };
        let id = if step == StepKind::Pass { pass_id } else { fail_id };
        let navigate = navigate.clone();
        deed.run(async move { api::order::step(order_id, id, &request).await }, move |_| {
            is_failing.set(false);
            globals.toast(if step == StepKind::Pass {
                words.inspector.passed
            } else {
                words.inspector.failed
            });
            navigate("/rechecks", Default::default());
        });
    });
    let fail = Callback::new(move |()| {
        asked.set(true);
        if reason.with_untracked(|text| !text.trim().is_empty()) {
            send.run(StepKind::Fail);
        }
    });
    let reason_error = Signal::derive(move || {
        (asked.get() && reason.with(|text| text.trim().is_empty()))
            .then(|| (words.errors.required_field)(words.inspector.fail_reason))
    });
    let waits = Signal::derive(move || !shots.are_sent());
    view! {
        <section class="stack-tight">
            <h2>{words.inspector.recheck_photos}</h2>
            {shots.strip(words.inspector.recheck_photos)}
        </section>
        <TextAreaField label=words.inspector.recheck_note value=remark optional=true max=MAX_NOTE_CHARS />
        {move || (!is_failing.get()).then(|| deed.refusal())}
        <div class="action-bar">
            <Button kind=Kind::Quiet icon=Icon::Redo disabled=waits on_press=move |()| is_failing.set(true)>
                {words.inspector.fail}
            </Button>
            <Button icon=Icon::Check busy=deed.busy disabled=waits on_press=move |()| send.run(StepKind::Pass)>
                {words.inspector.pass}
            </Button>
        </div>
        <Sheet
            open=is_failing
            title=words.inspector.fail_title
            actions=move || {
                view! {
                    <Button kind=Kind::Quiet on_press=move |()| is_failing.set(false)>{words.common.cancel}</Button>
                    <Button busy=deed.busy on_press=fail>{words.inspector.fail}</Button>
                }
            }
        >
            <div class="stack">
                <p>{words.inspector.fail_help}</p>
                {move || is_failing.get().then(|| deed.refusal())}
                <TextAreaField
                    label=words.inspector.fail_reason
                    value=reason
                    error=reason_error
                    max=MAX_NOTE_CHARS
                />
            </div>
        </Sheet>
    }
    .into_any()
}
