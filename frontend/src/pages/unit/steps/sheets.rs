//! The sheets in which a unit writes: its reply with after-photos, and why an order goes back.

use app::issue::MAX_NOTE_CHARS;
use app::order::StepKind;
use leptos::prelude::*;

use super::Desk;
use crate::components::{Button, Icon, Kind, Sheet, TextAreaField};
use crate::pages::shooting::{Camera, shot_strip};
use crate::words::use_words;

/// The reply, with photos of how it looks now.
pub(super) fn reply_sheet(needs_photo: bool, before: Option<String>, desk: Desk) -> AnyView {
    let words = use_words();
    let it = &words.unit;
    let tried = RwSignal::new(false);
    let lacks_photo = move || needs_photo && desk.photos.is_empty();
    let wrong = move || {
        (tried.get() && lacks_photo())
            .then(|| view! { <p class="field-error" role="alert">{it.photos_needed}</p> })
    };
    let send = move |confirm: bool| {
        Callback::new(move |()| {
            tried.set(true);
            desk.take(StepKind::Reply, confirm, if confirm { it.confirmed } else { it.replied });
        })
    };
    let busy = desk.busy;
    let buttons = move || {
        view! {
            <Button kind=Kind::Quiet busy=busy on_press=send(false)>{it.reply_only}</Button>
            <Button icon=Icon::Send busy=busy on_press=send(true)>{it.reply_confirm}</Button>
        }
    };
    let overlay = before.map(|before| Signal::stored(Some(before)));
    let camera = Camera { open: RwSignal::new(false), is_single: false, overlay };
    view! {
        <Sheet open=desk.is_replying title=it.reply_title actions=buttons>
            <div class="stack">
                <div class="stack-tight" role="group" aria-label=it.after_photos>
                    <p class="field-label">{it.after_photos}</p>
                    <p class="field-hint">{it.after_photos_hint}</p>
                    {shot_strip(desk.photos, it.after_photos, camera)}
                    {wrong}
                </div>
                <TextAreaField label=it.reply_note value=desk.note optional=true max=MAX_NOTE_CHARS />
                <p class="muted small">{it.reply_confirm_help}</p>
                {desk.keeping.sign()}
                {desk.refusal()}
            </div>
        </Sheet>
    }
    .into_any()
}

/// Sending the order back, with the reason.
pub(super) fn return_sheet(desk: Desk) -> AnyView {
    let words = use_words();
    let it = &words.unit;
    let tried = RwSignal::new(false);
    let lacks_reason = move || desk.reason.with(|reason| reason.trim().is_empty());
    let wrong = Signal::derive(move || {
        (tried.get() && lacks_reason()).then(|| (words.errors.required_field)(it.return_reason))
    });
    let send = Callback::new(move |()| {
        tried.set(true);
        desk.take(StepKind::Return, false, it.returned);
    });
    let busy = desk.busy;
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
                {desk.refusal()}
            </div>
        </Sheet>
    }
    .into_any()
}
