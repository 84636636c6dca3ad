//! What the unit can do with an order now, under the thumb: accept, reply, confirm, send it back. Every step goes through
//! the outbox, with a network or without; what is being written is kept as a draft.

mod sheets;

use std::time::Duration;

use app::id::{EventId, IssueId, OrderId, PhotoId};
use app::issue::{IssueAnswer, MAX_NOTE_CHARS};
use app::order::{State, StepKind, StepRequest};
use app::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use crate::api;
use crate::catalogue::County;
use crate::components::{Banner, BannerKind, Button, Icon, Kind, is_too_long, show_first_error};
use crate::device;
use crate::globals::{Globals, use_globals};
use crate::keeping::Keeping;
use crate::outbox::{self, Draft, Form, StepForm, Trouble};
use crate::pages::manager::plain;
use crate::pages::outbox::pending::Pending;
use crate::pages::step_item::{say_what_became, step_item};
use crate::session::use_session;
use crate::shots::{self, Shots};
use crate::waiting::{Waiting, use_waiting};
use crate::words::use_words;
use sheets::{reply_sheet, return_sheet};

/// What the desk needs to know of the order.
#[derive(Clone, PartialEq, Debug)]
struct About {
    issue_id: IssueId,
    order_id: OrderId,
    /// What it is called in lists.
    title: String,
    detail: String,
    needs_photo: bool,
    before: Option<PhotoId>,
}

/// What is being written about one order; it outlives the loading of the order, and the page.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// The steps that are still on this phone.
    pub(super) pending: Pending,
    draft_id: StoredValue<Uuid>,
    photos: Shots,
    note: RwSignal<String>,
    reason: RwSignal<String>,
    is_replying: RwSignal<bool>,
    is_returning: RwSignal<bool>,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<Trouble>>,
    keeping: Keeping,
    /// What the desk needs to know of the order, once it is here.
    about: RwSignal<Option<About>>,
    /// The state the server told last, what it allowed then, and when that was.
    told: RwSignal<Option<(State, Vec<StepKind>, Timestamp)>>,
    globals: Globals,
    waiting: Waiting,
}

impl Desk {
    /// The desk of an issue's order, with what was left on it; `draft` says which draft where there are several; `again`
    /// loads the order once more.
    pub(super) fn new(issue: IssueId, draft: Option<Uuid>, again: Callback<()>) -> Self {
        let id = device::fresh_id();
        let desk = Self {
            pending: Pending::of(issue, again),
            draft_id: StoredValue::new(id),
            photos: Shots::new(id),
            note: RwSignal::new(String::new()),
            reason: RwSignal::new(String::new()),
            is_replying: RwSignal::new(false),
            is_returning: RwSignal::new(false),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
            keeping: Keeping::new(),
            about: RwSignal::new(None),
            told: RwSignal::new(None),
            globals: use_globals(),
            waiting: use_waiting(),
        };
        let user = use_session().me().map(|me| me.user_id);
        let restored = RwSignal::new(false);
        spawn_local(async move {
            let fits = |kept: &Draft| match &kept.form {
                Form::Reply(form) => form.issue_id == issue && draft.is_none_or(|draft| kept.id == draft),
                _ => false,
            };
            if let Some((id, form)) = outbox::find_step_draft(fits).await {
                desk.draft_id.try_set_value(id);
                desk.photos.start_over(id);
                desk.note.try_set(form.note);
                desk.reason.try_set(form.reason);
                let _ = desk.photos.restore(&form.photos, Some(&[])).await;
                if draft.is_some() {
                    let is_return =
                        desk.photos.count() == 0 && desk.reason.with_untracked(|it| !it.is_empty());
                    if is_return { &desk.is_returning } else { &desk.is_replying }.try_set(true);
                }
            }
            restored.try_set(true);
        });
        let kept = move || {
            if !restored.get() {
                return None;
            }
            let About { issue_id, order_id, title, detail, .. } = desk.about.get()?;
            let form = Form::Reply(StepForm {
                note: desk.note.get(),
                reason: desk.reason.get(),
                photos: desk.photos.kept_ids(),
                ..StepForm::new(issue_id, order_id)
            });
            let draft =
                Draft { id: desk.draft_id.get_value(), user: user?, title, detail, updated_at: 0, form };
            (!draft.form.is_empty() || !desk.photos.is_empty()).then_some(draft)
        };
        desk.keeping.follow(kept);
        desk
    }

    /// The order is here, or here again.
    pub(super) fn lay_out(self, issue: &IssueAnswer, county: &County, as_of: Timestamp) {
        let Some(order) = issue.order.as_ref() else { return };
        let named = county.named(issue);
        let about = About {
            issue_id: issue.id,
            order_id: order.id,
            title: named.title().to_owned(),
            detail: named.spot_name,
            needs_photo: !issue.photo_ids.is_empty() || issue.severity.needs_photo(),
            before: issue.photo_ids.first().copied(),
        };
        // The sheets are built once: whoever is writing in them is not disturbed by an answer that comes meanwhile.
        if self.about.with_untracked(|before| before.as_ref() != Some(&about)) {
            self.about.set(Some(about));
        }
        self.told.set(Some((issue.state, issue.allowed_steps.clone(), as_of)));
    }

    fn close(self) {
        self.is_replying.try_set(false);
        self.is_returning.try_set(false);
    }

    /// Gives one step, or a reply and its confirmation, to the outbox, unless it lacks something, which the sheet says.
    fn take(self, step: StepKind, confirm: bool, said: &'static str) {
        let Some(About { issue_id, order_id, title, detail, .. }) = self.about.get_untracked() else {
            return;
        };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        let user = use_session().me().map(|me| me.user_id);
        let has_draft = matches!(step, StepKind::Reply | StepKind::Return);
        let id = if has_draft { self.draft_id.get_value() } else { device::fresh_id() };
        spawn_local(async move {
            // A photo that is still being kept is worth a moment.
            while has_draft && self.photos.is_saving_now() {
                device::pause(Duration::from_millis(50)).await;
            }
            // The page was left in this moment: the draft stays. What could not be kept is said beside the buttons.
            let is_left = self.busy.try_get_untracked().is_none();
            if is_left || (has_draft && untrack(|| self.photos.trouble()).is_some()) {
                self.busy.try_set(false);
                return;
            }
            // From here on it is sent as it stands now, whatever becomes of the page.
            let form = StepForm {
                note: self.note.get_untracked(),
                reason: self.reason.get_untracked(),
                photos: untrack(|| self.photos.kept_ids()),
                ..StepForm::new(issue_id, order_id)
            };
            let Some(request) = self.request(step, &form) else {
                self.busy.set(false);
                show_first_error();
                return;
            };
            let photos = (step == StepKind::Reply).then(|| self.photos.to_finish());
            if has_draft {
                self.keeping.end();
            }
            let given = async {
                let user = user.ok_or(Trouble::SignedOut)?;
                if let Some(photos) = photos {
                    shots::finish(photos, &detail).await?;
                }
                let updated_at = device::now().millis();
                let draft = Draft { id, user, title, detail, updated_at, form: Form::Reply(form) };
                let mut items = vec![step_item(EventId(id), request, draft.clone())?];
                if confirm {
                    items.push(step_item(device::fresh_id(), plain(StepKind::Confirm), draft)?);
                }
                outbox::queue(&items, has_draft.then_some(id)).await?;
                Ok(items.iter().map(|item| item.id).collect::<Vec<_>>())
            };
            let given = given.await;
            self.busy.try_set(false);
            match given {
                Ok(sent) => {
                    if has_draft {
                        self.clear();
                    }
                    self.close();
                    self.keeping.go_on();
                    say_what_became(self.globals, sent, said).await;
                    self.waiting.refresh();
                }
                Err(trouble) => {
                    self.keeping.go_on();
                    self.trouble.try_set(Some(trouble));
                }
            }
        });
    }

    /// The step as it is asked for; none if it lacks something.
    fn request(self, step: StepKind, form: &StepForm) -> Option<StepRequest> {
        let needs_photo = self.about.with_untracked(|about| about.as_ref().is_some_and(|it| it.needs_photo));
        let request = match step {
            StepKind::Reply if needs_photo && form.photos.is_empty() => return None,
            StepKind::Reply => StepRequest {
                note: form.note.trim().to_owned(),
                photo_ids: form.photos.clone(),
                ..plain(step)
            },
            StepKind::Return if form.reason.trim().is_empty() => return None,
            StepKind::Return => StepRequest { note: form.reason.trim().to_owned(), ..plain(step) },
            _ => plain(step),
        };
        (!is_too_long(&request.note, MAX_NOTE_CHARS)).then_some(request)
    }

    /// Takes everything off the desk: it has been given to the outbox.
    fn clear(self) {
        let next = device::fresh_id();
        self.draft_id.try_set_value(next);
        self.photos.start_over(next);
        self.note.try_set(String::new());
        self.reason.try_set(String::new());
    }

    /// Why the step could not be kept on this phone.
    fn refusal(self) -> AnyView {
        let words = &use_words().outbox;
        (move || {
            self.trouble.get().or_else(|| self.photos.trouble()).map(|trouble| {
                let text = (words.trouble)(&trouble);
                view! { <Banner kind=BannerKind::Error title=words.not_kept>{text}</Banner> }
            })
        })
        .into_any()
    }
}

/// The buttons for the steps that are allowed now, and the sheets behind them.
pub(super) fn steps(desk: Desk) -> AnyView {
    let allowed = Memo::new(move |_| {
        desk.told.with(|told| {
            let (state, told, as_of) = told.as_ref()?;
            Some(desk.pending.allowed(*state, told, *as_of))
        })
    });
    let bar = move || allowed.with(|allowed| allowed.as_deref().and_then(|allowed| buttons(allowed, desk)));
    let sheets = move || {
        desk.about.get().map(|about| {
            view! {
                {reply_sheet(about.needs_photo, about.before.map(api::photo::full), desk)}
                {return_sheet(desk)}
            }
        })
    };
    view! {
        {bar}
        {sheets}
    }
    .into_any()
}

fn buttons(allowed: &[StepKind], desk: Desk) -> Option<AnyView> {
    let words = &use_words().unit;
    let may = |step: StepKind| allowed.contains(&step);
    let busy = desk.busy;
    let take =
        move |step: StepKind, said: &'static str| Callback::new(move |()| desk.take(step, false, said));
    let open = move |sheet: RwSignal<bool>| {
        Callback::new(move |()| {
            desk.trouble.set(None);
            sheet.set(true);
        })
    };
    let is_mending = may(StepKind::Confirm);
    let returning = may(StepKind::Return).then(|| {
        view! { <Button kind=Kind::Quiet icon=Icon::Undo on_press=open(desk.is_returning)>{words.return_do}</Button> }
    });
    let replying = may(StepKind::Reply).then(|| {
        let (kind, name) =
            if is_mending { (Kind::Quiet, words.reply_again) } else { (Kind::Primary, words.reply) };
        view! { <Button kind=kind icon=Icon::Camera on_press=open(desk.is_replying)>{name}</Button> }
    });
    let accepting = may(StepKind::Accept).then(|| {
        let press = take(StepKind::Accept, words.accepted);
        view! { <Button icon=Icon::Check busy=busy on_press=press>{words.accept}</Button> }
    });
    let confirming = is_mending.then(|| {
        let press = take(StepKind::Confirm, words.confirmed);
        view! { <Button icon=Icon::ClipboardCheck busy=busy on_press=press>{words.confirm}</Button> }
    });
    if returning.is_none() && replying.is_none() && accepting.is_none() && confirming.is_none() {
        return None;
    }
    let outside = move || (!desk.is_replying.get() && !desk.is_returning.get()).then(|| desk.refusal());
    Some(
        view! {
            {outside}
            <div class="action-bar">{returning} {replying} {accepting} {confirming}</div>
        }
        .into_any(),
    )
}
