//! What is being written about a re-check: kept as a draft, and given to the outbox.

use std::time::Duration;

use app::id::{EventId, IssueId, OrderId, UserId};
use app::issue::{IssueAnswer, OrderAnswer};
use app::order::{StepKind, StepRequest};
use app::spot::Location;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use crate::catalogue::County;
use crate::components::{Banner, BannerKind};
use crate::device;
use crate::keeping::Keeping;
use crate::outbox::{self, Draft, Form, StepForm, Trouble};
use crate::pages::inspector::here::{Place, find};
use crate::pages::manager::plain;
use crate::pages::step_item::step_item;
use crate::session::use_session;
use crate::shots::{self, Shots};
use crate::words::use_words;

/// A position of the last seconds will do for a verdict.
pub(super) const FRESH_MS: u32 = 10_000;

/// How long a verdict waits for a position that is being found.
const POSITION_MS: i64 = 3_000;

/// What is being written about the re-check; it outlives the loading of the issue, and the page.
#[derive(Clone, Copy)]
pub(super) struct Verdict {
    pub(super) id: StoredValue<Uuid>,
    pub(super) issue_id: IssueId,
    pub(super) shots: Shots,
    pub(super) remark: RwSignal<String>,
    pub(super) reason: RwSignal<String>,
    pub(super) keeping: Keeping,
    pub(super) busy: RwSignal<bool>,
    trouble: RwSignal<Option<Trouble>>,
    /// Where one stands, where no photo tells it.
    pub(super) place: RwSignal<Place>,
    /// What was left of an earlier visit has been looked for.
    pub(super) is_restored: RwSignal<bool>,
    /// The order, what it is called in lists, and where; once it is here.
    about: RwSignal<Option<(OrderId, String, String)>>,
}

impl Verdict {
    /// What was left of an earlier visit, `asked` where there are several, or an empty one.
    pub(super) fn new(issue_id: IssueId, asked: Option<Uuid>) -> Self {
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
            place: RwSignal::new(Place::Unknown),
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
    pub(super) fn lay_out(self, issue: &IssueAnswer, order: &OrderAnswer, county: &County) {
        let named = county.named(issue);
        let title = named.title().to_owned();
        self.about.set(Some((order.id, title, named.spot_name)));
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
    pub(super) fn give(self, step: StepKind, done: Callback<()>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        let user = use_session().me().map(|me| me.user_id);
        spawn_local(async move {
            // A photo that is still being kept, and a position that is just being found, are worth a moment.
            let begun = device::now();
            if untrack(|| self.stands_at()).is_none() {
                find(self.place, FRESH_MS);
            }
            while self.shots.is_saving_now()
                || (self.place.try_get_untracked() == Some(Place::Looking)
                    && device::now().since(begun) < POSITION_MS)
            {
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
            let location = untrack(|| self.stands_at());
            let spot = draft.as_ref().map(|draft| draft.detail.clone()).unwrap_or_default();
            let id = self.id.get_value();
            self.keeping.end();
            let given = async {
                let draft = draft.ok_or(Trouble::SignedOut)?;
                shots::finish(photos, &spot).await?;
                let note = note.trim().to_owned();
                let request = StepRequest { note, photo_ids, location, ..plain(step) };
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

    /// Where the person stands: at the shutter, else as it was last found; follows changes.
    pub(super) fn stands_at(self) -> Option<Location> {
        let at_shutter = self.shots.seen().filter(|seen| seen.is_here).and_then(|seen| seen.place);
        at_shutter.or_else(|| self.place.get().at())
    }

    /// Why it could not be kept on this phone.
    pub(super) fn refusal(self) -> AnyView {
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
