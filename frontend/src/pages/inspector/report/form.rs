//! The form: everything on one page, in the order of the hand.

use std::sync::Arc;

use app::clause::Severity;
use app::issue::MAX_NOTE_CHARS;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::sending::{Sending, lacks_after, lacks_photo};
use super::{clause, forecast, place};
use crate::catalogue::County;
use crate::components::{
    Banner, BannerKind, Button, Checkbox, Choice, ChoiceField, Icon, Kind, Sheet, TextAreaField,
};
use crate::fmt;
use crate::outbox;
use crate::pages::inspector::draft::{Draft, use_draft};
use crate::pages::shooting::{Camera, shot_strip};
use crate::words::{Words, use_words};

/// The form; `is_shooting` opens it with the viewfinder over it, `given` is told when the outbox has it.
pub(super) fn view(county: Arc<County>, is_shooting: RwSignal<bool>, given: Callback<()>) -> AnyView {
    let words = use_words();
    let draft = use_draft();
    let sending = Sending::new(given);
    let missing = move |is_missing: fn(Draft) -> bool, text: &'static str| {
        Signal::derive(move || (sending.asked.get() && is_missing(draft)).then_some(text))
    };
    let no_photo = missing(lacks_photo, words.inspector.photos_needed);
    let no_spot = missing(|draft| draft.spot.get().is_none(), words.inspector.spot_needed);
    let no_clause = missing(|draft| draft.clause.with(Option::is_none), words.inspector.clause_needed);
    let details = {
        let county = county.clone();
        move || {
            draft.clause.with(Option::is_some).then(|| {
                view! {
                    {fields(words, draft, sending.asked)}
                    {forecast::view(county.clone())}
                }
            })
        }
    };
    view! {
        <section class="stack-tight">
            <h2>{words.inspector.photos}</h2>
            {shot_strip(draft.before, words.inspector.photos, Camera { open: is_shooting, is_single: true, overlay: None })}
            {error_line(no_photo)}
            {from_gallery(words, draft)}
        </section>
        {place::view(county.clone(), no_spot)}
        {clause::view(county.clone(), no_clause)}
        {details}
        {discard(words, draft)}
        {sending.trouble(words)}
        {draft.keeping.sign()}
        <div class="action-bar">
            <Button full=true icon=Icon::Send busy=sending.busy on_press=move |()| sending.send(county.clone())>
                {words.inspector.submit}
            </Button>
        </div>
    }
    .into_any()
}

/// What is known of photos that were not taken here and now.
fn from_gallery(words: &'static Words, draft: Draft) -> AnyView {
    (move || {
        let seen = draft.seen.get().filter(|seen| !seen.is_here)?;
        let at = seen.at.map(|at| fmt::date_time(at.millis()));
        let text = (words.inspector.gallery)(at.as_deref(), seen.place.map(|place| place.source));
        Some(view! { <Banner kind=BannerKind::Info title=words.inspector.gallery_title>{text}</Banner> })
    })
    .into_any()
}

fn error_line(error: Signal<Option<&'static str>>) -> AnyView {
    (move || error.get().map(|text| view! { <p class="field-error">{text}</p> })).into_any()
}

fn fields(words: &'static Words, draft: Draft, asked: RwSignal<bool>) -> AnyView {
    let severities = vec![
        Choice::new(Severity::Minor.code(), words.states.minor),
        Choice::new(Severity::General.code(), words.states.general),
        Choice::new(Severity::Serious.code(), words.states.serious),
    ];
    let no_after =
        Signal::derive(move || (asked.get() && lacks_after(draft)).then_some(words.inspector.after_needed));
    let overlay = Signal::derive(move || draft.before.photos("").first().map(|it| it.full.clone()));
    let fixed = move || {
        draft.is_fixed.get().then(|| {
            let camera = Camera { open: RwSignal::new(false), is_single: false, overlay: Some(overlay) };
            view! {
                <section class="stack-tight">
                    <h3>{words.inspector.after_photos}</h3>
                    {shot_strip(draft.after, words.inspector.after_photos, camera)}
                    {error_line(no_after)}
                    <TextAreaField
                        label=words.inspector.fixed_note
                        value=draft.fix_note
                        optional=true
                        max=MAX_NOTE_CHARS
                    />
                </section>
            }
        })
    };
    view! {
        <ChoiceField label=words.inspector.severity choices=severities value=draft.severity />
        <TextAreaField
            label=words.inspector.description
            hint=words.inspector.description_hint
            value=draft.description
            optional=true
            max=MAX_NOTE_CHARS
        />
        <Checkbox label=words.inspector.fixed hint=words.inspector.fixed_hint value=draft.is_fixed />
        {fixed}
    }
    .into_any()
}

/// Throwing away asks once more, for photos cannot be taken again.
fn discard(words: &'static Words, draft: Draft) -> AnyView {
    let is_open = RwSignal::new(false);
    let navigate = use_navigate();
    let discard = Callback::new(move |()| {
        is_open.set(false);
        draft.keeping.end();
        spawn_local(async move {
            // What could not be removed is shown among the drafts, and can be removed there.
            let _ = outbox::drop_draft(draft.id()).await;
        });
        navigate("/", Default::default());
    });
    view! {
        {move || {
            draft.has_content().then(|| {
                view! {
                    <Button kind=Kind::Quiet full=true icon=Icon::Trash on_press=move |()| is_open.set(true)>
                        {words.inspector.give_up}
                    </Button>
                }
            })
        }}
        <Sheet
            open=is_open
            title=words.inspector.give_up_title
            actions=move || {
                view! {
                    <Button kind=Kind::Quiet on_press=move |()| is_open.set(false)>{words.common.cancel}</Button>
                    <Button kind=Kind::Danger on_press=discard>{words.inspector.give_up}</Button>
                }
            }
        >
            <p>{words.inspector.give_up_help}</p>
        </Sheet>
    }
    .into_any()
}
