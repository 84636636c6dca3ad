//! Re-checking one problem: before beside after, then pass or fail. The verdict goes through the outbox, with a network or
//! without; what is being written is kept as a draft.

use std::sync::Arc;
use std::time::Duration;

use app::id::{EventId, IssueId, OrderId, UserId};
use app::issue::{IssueAnswer, MAX_NOTE_CHARS, OrderAnswer, is_same_hours};
use app::order::{StepKind, StepRequest};
use app::problem::Code;
use app::time::{HOUR, Timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use uuid::Uuid;

use crate::api;
use crate::catalogue::{County, use_catalogue};
use crate::components::{
    Banner, BannerKind, BeforeAfter, Button, Card, EmptyState, Icon, Kind, LinkButton, Page, Sheet, Skeleton,
    TextAreaField, is_too_long, show_first_error,
};
use crate::device;
use crate::fmt;
use crate::globals::use_globals;
use crate::keeping::Keeping;
use crate::load::{Load, offline_banner};
use crate::outbox::{self, Draft, Form, StepForm, Trouble};
use crate::pages::issue::detail::{clause_help, subject};
use crate::pages::issue::history::history;
use crate::pages::issue::photos::photos;
use crate::pages::manager::plain;
use crate::pages::outbox::pending::Pending;
use crate::pages::shooting::{Camera, shot_strip};
use crate::pages::step_item::{say_what_became, step_item};
use crate::session::use_session;
use crate::shots::{self, Shots};
use crate::words::use_words;

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
    let hours = county
        .clause(&issue.clause_code)
        .filter(|clause| clause.hours_sensitive)
        .map(|_| (issue.observed_at, county.bundle.policy.same_hours_ms));
    verdict.lay_out(issue, &order, county);
    // Nothing that happens to other items builds anew what is being written in.
    let is_pending = Memo::new(move |_| pending.is_any(as_of));
    let first = issue.photo_ids.first().map(|id| api::photo::full(*id));
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
        {move || (!is_pending.get()).then(|| verdict_view(verdict, first.clone(), hours))}
    }
    .into_any()
}

/// What is being written about the re-check; it outlives the loading of the issue, and the page.
#[derive(Clone, Copy)]
struct Verdict {
    id: StoredValue<Uuid>,
    issue_id: IssueId,
    shots: Shots,
    remark: RwSignal<String>,
    reason: RwSignal<String>,
    keeping: Keeping,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<Trouble>>,
    /// What was left of an earlier visit has been looked for.
    is_restored: RwSignal<bool>,
    /// The order, what it is called in lists, and where; once it is here.
    about: RwSignal<Option<(OrderId, String, String)>>,
}

impl Verdict {
    /// What was left of an earlier visit, `asked` where there are several, or an empty one.
    fn new(issue_id: IssueId, asked: Option<Uuid>) -> Self {
        // Settled when the page is opened, so that photos have an owner from the first on.
        let id = device::fresh_id();
        let verdict = Self {
            id: StoredValue::new(id),
            issue_id,
            shots: Shots::new(id),
            remark: RwSignal::new(String::new()),
            reason: RwSignal::new(String::new()),
            keeping: Keeping::new(),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
            is_restored: RwSignal::new(false),
            about: RwSignal::new(None),
        };
        spawn_local(async move {
            let fits = |kept: &Draft| match &kept.form {
                Form::Recheck(form) => {
                    form.issue_id == issue_id && asked.is_none_or(|asked| kept.id == asked)
                }
                _ => false,
            };
            if let Some((id, form)) = outbox::find_step_draft(fits).await {
                verdict.id.try_set_value(id);
                verdict.shots.start_over(id);
                verdict.remark.try_set(form.note);
                verdict.reason.try_set(form.reason);
                // A photo that cannot be read here any more is not shown.
                let _ = verdict.shots.restore(&form.photos, Some(&[])).await;
            }
            verdict.is_restored.try_set(true);
        });
        let user = use_session().me().map(|me| me.user_id);
        verdict.keeping.follow(move || {
            let draft = verdict.is_restored.get().then(|| verdict.draft(user))??;
            (!draft.form.is_empty() || !verdict.shots.is_empty()).then_some(draft)
        });
        verdict
    }

    /// The issue is here, or here again; what is being written stays.
    fn lay_out(self, issue: &IssueAnswer, order: &OrderAnswer, county: &County) {
        let title = county.clause_text(issue.spot_id, &issue.clause_code);
        let detail = county.spot(issue.spot_id).map(|spot| spot.name.clone()).unwrap_or_default();
        self.about.set(Some((order.id, title, detail)));
    }

    fn draft(self, user: Option<UserId>) -> Option<Draft> {
        let (order_id, title, detail) = self.about.get()?;
        let form = Form::Recheck(StepForm {
            note: self.remark.get(),
            reason: self.reason.get(),
            photos: self.shots.kept_ids(),
            ..StepForm::new(self.issue_id, order_id)
        });
        Some(Draft { id: self.id.get_value(), user: user?, title, detail, updated_at: 0, form })
    }

    /// Gives the verdict to the outbox.
    fn give(self, step: StepKind, done: Callback<()>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        let user = use_session().me().map(|me| me.user_id);
        spawn_local(async move {
            while self.shots.is_saving_now() {
                device::pause(Duration::from_millis(50)).await;
            }
            // The page was left in this moment: the draft stays.
            let Some(note) =
                if step == StepKind::Pass { self.remark } else { self.reason }.try_get_untracked()
            else {
                return;
            };
            // What is only in this page's memory would be lost with it; it is said above the buttons.
            if untrack(|| self.shots.trouble()).is_some() {
                self.busy.set(false);
                return;
            }
            // From here on it is sent as it stands now, whatever becomes of the page.
            let photos = self.shots.to_finish();
            let draft = untrack(|| self.draft(user));
            let photo_ids = untrack(|| self.shots.kept_ids());
            let spot = draft.as_ref().map(|draft| draft.detail.clone()).unwrap_or_default();
            let id = self.id.get_value();
            self.keeping.end();
            let given = async {
                let draft = draft.ok_or(Trouble::SignedOut)?;
                shots::finish(photos, &spot).await?;
                let request = StepRequest { note: note.trim().to_owned(), photo_ids, ..plain(step) };
                outbox::queue(&[step_item(EventId(id), request, draft)?], Some(id)).await
            };
            let given = given.await;
            self.busy.try_set(false);
            match given {
                Ok(()) => drop(done.try_run(())),
                Err(trouble) => {
                    self.keeping.go_on();
                    self.trouble.try_set(Some(trouble));
                }
            }
        });
    }

    /// Why it could not be kept on this phone.
    fn refusal(self) -> AnyView {
        let words = &use_words().outbox;
        (move || {
            self.trouble.get().or_else(|| self.shots.trouble()).map(|trouble| {
                let text = (words.trouble)(&trouble);
                view! { <Banner kind=BannerKind::Error title=words.not_kept>{text}</Banner> }
            })
        })
        .into_any()
    }
}

/// The photos and words of the re-check, and the two buttons.
fn verdict_view(verdict: Verdict, before: Option<String>, hours: Option<(Timestamp, i64)>) -> AnyView {
    let words = use_words();
    let is_failing = RwSignal::new(false);
    let asked = RwSignal::new(false);
    let globals = use_globals();
    let navigate = use_navigate();
    let is_wrong_hour = RwSignal::new(false);
    let give = Callback::new(move |step: StepKind| {
        // What the server would refuse is told while one still stands there; by its clock, where that is known.
        let now = device::now().plus(-untrack(api::clock_skew).unwrap_or_default());
        is_wrong_hour.set(
            step == StepKind::Pass
                && hours.is_some_and(|(seen, policy_ms)| !is_same_hours(seen, now, policy_ms)),
        );
        if is_wrong_hour.get_untracked() {
            return;
        }
        // The field says so.
        let note = if step == StepKind::Pass { verdict.remark } else { verdict.reason };
        if note.with_untracked(|text| is_too_long(text, MAX_NOTE_CHARS)) {
            show_first_error();
            return;
        }
        let navigate = navigate.clone();
        let id = verdict.id.get_value();
        let done = Callback::new(move |()| {
            let said = if step == StepKind::Pass { words.inspector.passed } else { words.inspector.failed };
            spawn_local(say_what_became(globals, vec![id], said));
            // Whoever has gone elsewhere in the meantime is not called back.
            if is_failing.try_set(false).is_none() {
                navigate("/rechecks", Default::default());
            }
        });
        verdict.give(step, done);
    });
    let fail = Callback::new(move |()| {
        asked.set(true);
        if verdict.reason.with_untracked(|text| !text.trim().is_empty()) {
            give.run(StepKind::Fail);
        }
    });
    // What was remarked so far is the beginning of the reason: the answer carries one text.
    let open_fail = Callback::new(move |()| {
        if verdict.reason.with_untracked(|text| text.trim().is_empty()) {
            verdict.reason.set(verdict.remark.get_untracked());
        }
        is_failing.set(true);
    });
    let reason_error = Signal::derive(move || {
        (asked.get() && verdict.reason.with(|text| text.trim().is_empty()))
            .then(|| (words.errors.required_field)(words.inspector.fail_reason))
    });
    let overlay = before.map(|before| Signal::stored(Some(before)));
    let camera = Camera { open: RwSignal::new(false), is_single: false, overlay };
    let busy = verdict.busy;
    view! {
        <section class="stack-tight">
            <h2>{words.inspector.recheck_photos}</h2>
            {shot_strip(verdict.shots, words.inspector.recheck_photos, camera)}
        </section>
        <TextAreaField label=words.inspector.recheck_note value=verdict.remark optional=true max=MAX_NOTE_CHARS />
        {verdict.keeping.sign()}
        {move || (!is_failing.get()).then(|| verdict.refusal())}
        {move || {
            is_wrong_hour.get().then(|| {
                let text = (words.errors.code)(Code::NotSameHours);
                view! { <Banner kind=BannerKind::Error>{text}</Banner> }
            })
        }}
        <div class="action-bar">
            <Button kind=Kind::Quiet icon=Icon::Redo on_press=open_fail>
                {words.inspector.fail}
            </Button>
            <Button icon=Icon::Check busy=busy on_press=move |()| give.run(StepKind::Pass)>
                {words.inspector.pass}
            </Button>
        </div>
        <Sheet
            open=is_failing
            title=words.inspector.fail_title
            actions=move || {
                view! {
                    <Button kind=Kind::Quiet on_press=move |()| is_failing.set(false)>{words.common.cancel}</Button>
                    <Button busy=busy on_press=fail>{words.inspector.fail}</Button>
                }
            }
        >
            <div class="stack">
                <p>{words.inspector.fail_help}</p>
                {move || is_failing.get().then(|| verdict.refusal())}
                <TextAreaField
                    label=words.inspector.fail_reason
                    value=verdict.reason
                    error=reason_error
                    max=MAX_NOTE_CHARS
                />
            </div>
        </Sheet>
    }
    .into_any()
}
