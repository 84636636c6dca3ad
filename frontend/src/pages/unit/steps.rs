//! What the unit can do with an order now, under the thumb: accept, reply, confirm, send it back.

use app::id::OrderId;
use app::issue::{IssueAnswer, MAX_NOTE_CHARS};
use app::order::{StepKind, StepRequest};
use app::problem::Code;
use leptos::prelude::*;

use crate::api::{self, Answer, Failure};
use crate::components::{Button, Icon, Kind, Sheet, TextAreaField};
use crate::globals::{Globals, use_globals};
use crate::load::Deed;
use crate::pages::manager::{Attempt, plain};
use crate::upload::Uploads;
use crate::waiting::{Waiting, use_waiting};
use crate::words::use_words;

/// What is being written about one order; it outlives the loading of the order.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// Somebody else was faster: the order is not what it was when the button was pressed.
    pub(super) moved: RwSignal<bool>,
    photos: Uploads,
    note: RwSignal<String>,
    reason: RwSignal<String>,
    is_replying: RwSignal<bool>,
    is_returning: RwSignal<bool>,
    deed: Deed,
    first: Attempt,
    second: Attempt,
    again: Callback<()>,
    globals: Globals,
    waiting: Waiting,
}

impl Desk {
    /// An empty desk; `again` loads the order once more.
    pub(super) fn new(again: Callback<()>) -> Self {
        let desk = Self {
            moved: RwSignal::new(false),
            photos: Uploads::new(),
            note: RwSignal::new(String::new()),
            reason: RwSignal::new(String::new()),
            is_replying: RwSignal::new(false),
            is_returning: RwSignal::new(false),
            deed: Deed::new(),
            first: Attempt::new(),
            second: Attempt::new(),
            again,
            globals: use_globals(),
            waiting: use_waiting(),
        };
        Effect::new(move |_| {
            let refused = desk.deed.failure.with(|failure| failure.as_ref().and_then(Failure::code));
            if refused == Some(Code::StepNotAllowed) {
                desk.deed.failure.set(None);
                desk.moved.set(true);
                desk.close();
                desk.again.run(());
            }
        });
        desk
    }

    fn close(self) {
        self.is_replying.set(false);
        self.is_returning.set(false);
    }

    /// Takes one step, or a reply and its confirmation; each can be sent again until it is answered.
    fn take(self, order: OrderId, step: StepRequest, confirm: bool, said: &'static str) {
        let (globals, waiting) = (self.globals, self.waiting);
        let (id, step) = self.first.of(step);
        let second = confirm.then(|| self.second.of(plain(StepKind::Confirm)));
        let deed = async move {
            api::order::step(order, id, &step).await?;
            if let Some((id, step)) = second {
                api::order::step(order, id, &step).await?;
            }
            Answer::Ok(())
        };
        self.deed.run(deed, move |()| {
            self.first.done();
            self.second.done();
            self.moved.set(false);
            self.close();
            self.photos.clear();
            self.note.set(String::new());
            self.reason.set(String::new());
            globals.toast(said);
            waiting.refresh();
            self.again.run(());
        });
    }
}

/// The buttons for the steps that are allowed now, and the sheets behind them.
pub(super) fn steps(issue: &IssueAnswer, desk: Desk) -> Option<AnyView> {
    let words = &use_words().unit;
    let order = issue.order.as_ref()?.id;
    let allowed = |step: StepKind| issue.allowed_steps.contains(&step);
    let busy = desk.deed.busy;
    let take = move |step: StepKind, said: &'static str| {
        Callback::new(move |()| desk.take(order, plain(step), false, said))
    };
    let open = move |sheet: RwSignal<bool>| {
        Callback::new(move |()| {
            desk.deed.failure.set(None);
            sheet.set(true);
        })
    };
    let is_mending = allowed(StepKind::Confirm);
    let returning = allowed(StepKind::Return).then(|| {
        view! { <Button kind=Kind::Quiet icon=Icon::Undo on_press=open(desk.is_returning)>{words.return_do}</Button> }
    });
    let replying = allowed(StepKind::Reply).then(|| {
        let (kind, name) =
            if is_mending { (Kind::Quiet, words.reply_again) } else { (Kind::Primary, words.reply) };
        view! { <Button kind=kind icon=Icon::Camera on_press=open(desk.is_replying)>{name}</Button> }
    });
    let accepting = allowed(StepKind::Accept).then(|| {
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
    let needs_photo = !issue.photo_ids.is_empty() || issue.severity.needs_photo();
    let outside = move || (!desk.is_replying.get() && !desk.is_returning.get()).then(|| desk.deed.refusal());
    Some(
        view! {
            {outside}
            <div class="action-bar">{returning} {replying} {accepting} {confirming}</div>
            {reply_sheet(order, needs_photo, desk)}
            {return_sheet(order, desk)}
        }
        .into_any(),
    )
}

fn reply_sheet(order: OrderId, needs_photo: bool, desk: Desk) -> AnyView {
    let words = use_words();
    let it = &words.unit;
    let tried = RwSignal::new(false);
    let lacks_photo = move || needs_photo && desk.photos.is_empty();
    let wrong = move || {
        let text = if lacks_photo() {
            it.photos_needed
        } else if desk.photos.are_sent() {
            return None;
        } else {
            it.photos_on_their_way
        };
        tried.get().then(|| view! { <p class="field-error" role="alert">{text}</p> })
    };
    let send = move |confirm: bool| {
        Callback::new(move |()| {
            tried.set(true);
            if untrack(|| lacks_photo() || !desk.photos.are_sent()) {
                desk.photos.retry_all();
                return;
            }
            let note = desk.note.get_untracked().trim().to_owned();
            let step = StepRequest { note, photo_ids: desk.photos.ids(), ..plain(StepKind::Reply) };
            desk.take(order, step, confirm, if confirm { it.confirmed } else { it.replied });
        })
    };
    let busy = desk.deed.busy;
    let buttons = move || {
        view! {
            <Button kind=Kind::Quiet busy=busy on_press=send(false)>{it.reply_only}</Button>
            <Button icon=Icon::Send busy=busy on_press=send(true)>{it.reply_confirm}</Button>
        }
    };
    view! {
        <Sheet open=desk.is_replying title=it.reply_title actions=buttons>
            <div class="stack">
                <div class="stack-tight" role="group" aria-label=it.after_photos>
                    <p class="field-label">{it.after_photos}</p>
                    <p class="field-hint">{it.after_photos_hint}</p>
                    {desk.photos.strip(it.after_photos)}
                    {wrong}
                </div>
                <TextAreaField label=it.reply_note value=desk.note optional=true max=MAX_NOTE_CHARS />
                <p class="muted small">{it.reply_confirm_help}</p>
                {desk.deed.refusal()}
            </div>
        </Sheet>
    }
    .into_any()
}

fn return_sheet(order: OrderId, desk: Desk) -> AnyView {
    let words = use_words();
    let it = &words.unit;
    let tried = RwSignal::new(false);
    let lacks_reason = move || desk.reason.with(|reason| reason.trim().is_empty());
    let wrong = Signal::derive(move || {
        (tried.get() && lacks_reason()).then(|| (words.errors.required_field)(it.return_reason))
    });
    let send = Callback::new(move |()| {
        tried.set(true);
        if untrack(lacks_reason) {
            return;
        }
        let note = desk.reason.get_untracked().trim().to_owned();
        desk.take(order, StepRequest { note, ..plain(StepKind::Return) }, false, it.returned);
    });
    let busy = desk.deed.busy;
    let buttons = move || {
        view! {
            <Button kind=Kind::Quiet on_press=move |()| desk.is_returning.set(false)>{words.common.cancel}</Button>
            <Button icon=Icon::Undo busy=busy on_press=send>{it.return_send}</Button>
        }
    };
    view! {
        <Sheet open=desk.is_returning title=it.return_title actions=buttons>
            <div class="stack">
                <p>{it.return_help}</p>
                <TextAreaField label=it.return_reason value=desk.reason error=wrong max=MAX_NOTE_CHARS />
                {desk.deed.refusal()}
            </div>
        </Sheet>
    }
    .into_any()
}
