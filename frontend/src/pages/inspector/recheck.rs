//! Re-checking one problem: before beside after, then pass or fail. The verdict goes through the outbox, with a network or
//! without; what is being written is kept as a draft.

mod giving;
mod verdict;

use std::sync::Arc;

use app::id::IssueId;
use app::issue::IssueAnswer;
use app::order::StepKind;
use app::time::{HOUR, Timestamp};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

use crate::api;
use crate::catalogue::{County, use_catalogue};
use crate::components::{
    Banner, BannerKind, BeforeAfter, Card, EmptyState, Icon, Kind, LinkButton, Page, Skeleton,
};
use crate::fmt;
use crate::load::{Load, offline_banner};
use crate::pages::issue::detail::{clause_help, subject};
use crate::pages::issue::history::history;
use crate::pages::issue::photos::photos;
use crate::pages::issue::provenance::photo_notes;
use crate::pages::outbox::pending::Pending;
use crate::words::use_words;

use giving::{Asks, verdict_view};
use verdict::Verdict;

pub(in crate::pages) fn page() -> AnyView {
    let words = use_words();
    let params = use_params_map();
    let id = Memo::new(move |_| {
        let id = params.with(|params| params.get("id")).and_then(|id| id.parse::<IssueId>().ok());
        id.unwrap_or(IssueId(Uuid::nil()))
    });
    let page = move || one(id.get());
    view! {
        <Page title=words.inspector.recheck_title back="/rechecks">
            {offline_banner(words.home.offline)}
            {page}
        </Page>
    }
    .into_any()
}

/// One re-check: what was left of it on this phone is looked for first.
fn one(id: IssueId) -> AnyView {
    let asked =
        use_query_map().with_untracked(|query| query.get("draft")).and_then(|id| id.parse::<Uuid>().ok());
    let load = Load::kept(move || api::issue::find(id));
    let pending = Pending::of(id, Callback::new(move |()| load.again()));
    let verdict = Verdict::new(id, asked);
    let catalogue = use_catalogue();
    view! {
        {pending.view()}
        {move || {
            if !verdict.is_restored.get() {
                return view! { <Skeleton rows=4 /> }.into_any();
            }
            catalogue.view_once(move |county| {
                load.view(move |issue| {
                    issue_view(&issue, &county, verdict, pending, load.as_of())
                })
            })
        }}
    }
    .into_any()
}

fn issue_view(
    issue: &IssueAnswer,
    county: &Arc<County>,
    verdict: Verdict,
    pending: Pending,
    as_of: Timestamp,
) -> AnyView {
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
    let what = county.named(issue).title().to_owned();
    let before = photos(&issue.photo_ids, &(words.common.labelled)(words.common.before, &what));
    let after = photos(&order.reply_photo_ids, &(words.common.labelled)(words.common.after, &what));
    let note = (!order.reply_note.is_empty()).then(|| {
        let note = order.reply_note.clone();
        view! { <Card title=words.issue.reply_note><p class="prose">{note}</p></Card> }
    });
    let past = history(&issue.timeline);
    let policy = &county.bundle.policy;
    let is_sensitive = county.clause(&issue.clause_code).is_some_and(|clause| clause.hours_sensitive);
    let hours = issue.observed_at.filter(|_| is_sensitive).map(|seen| (seen, policy.same_hours_ms));
    let same_hours = hours.map(|(seen, within)| {
        let seen = fmt::time_of_day(seen.millis());
        let text = (words.inspector.same_hours)(&seen, within / HOUR);
        view! { <Banner kind=BannerKind::Info title=words.inspector.same_hours_title>{text}</Banner> }
    });
    verdict.lay_out(issue, &order, county);
    let asks = Asks {
        hours,
        needs_photo: policy.recheck_needs_photo(issue.severity, &issue.clause_code),
        spot: county.spot(issue.spot_id).cloned(),
        far_m: policy.recheck_far_m,
    };
    // Nothing that happens to other items builds anew what is being written in.
    let is_pending = Memo::new(move |_| pending.is_any(as_of));
    let first = issue.photo_ids.first().map(|id| api::photo::full(*id));
    view! {
        {subject(issue, county)}
        {same_hours}
        <BeforeAfter before=Signal::stored(before) after=Signal::stored(after) />
        {photo_notes(issue)}
        {note}
        {clause_help(county, &issue.clause_code)}
        <details class="disclosure">
            <summary>{words.issue.timeline}</summary>
            {past}
        </details>
        {move || (!is_pending.get()).then(|| verdict_view(verdict, first.clone(), asks.clone()))}
    }
    .into_any()
}
