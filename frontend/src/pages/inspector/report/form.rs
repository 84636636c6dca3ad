//! The form: everything on one page, in the order of the hand; sending waits for the photos.

use std::sync::Arc;

use app::clause::Severity;
use app::issue::MAX_NOTE_CHARS;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::{clause, forecast, place};
use crate::api;
use crate::catalogue::County;
use crate::components::{
    Banner, BannerKind, Button, Checkbox, Choice, ChoiceField, Icon, Kind, Sheet, TextAreaField,
};
use crate::load::Deed;
use crate::pages::inspector::draft::{Draft, use_draft};
use crate::words::{Words, use_words};

/// The form.
pub(super) fn view(county: Arc<County>) -> AnyView {
    let words = use_words();
    let draft = use_draft();
    let sending = Sending::new(draft);
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
            {draft.before.strip(words.inspector.photos)}
            {error_line(no_photo)}
        </section>
        {place::view(county.clone(), no_spot)}
        {clause::view(county, no_clause)}
        {details}
        {discard(words, draft)}
        {sending.trouble(words)}
        <div class="action-bar">
            <Button full=true icon=Icon::Send busy=sending.is_busy() on_press=move |()| sending.send()>
                {move || {
                    if sending.waits.get() { words.inspector.waiting_for_photos } else { words.inspector.submit }
                }}
            </Button>
        </div>
    }
    .into_any()
}

fn error_line(error: Signal<Option<&'static str>>) -> AnyView {
    (move || error.get().map(|text| view! { <p class="field-error">{text}</p> })).into_any()
}

fn lacks_photo(draft: Draft) -> bool {
    let needed = draft.severity.with(|code| Severity::from_code(code)).is_none_or(Severity::needs_photo);
    needed && draft.before.is_empty()
}

fn lacks_after(draft: Draft) -> bool {
    draft.is_fixed.get() && draft.after.is_empty()
}

fn fields(words: &'static Words, draft: Draft, asked: RwSignal<bool>) -> AnyView {
    let severities = vec![
        Choice::new(Severity::Minor.code(), words.states.minor),
        Choice::new(Severity::General.code(), words.states.general),
        Choice::new(Severity::Serious.code(), words.states.serious),
    ];
    let no_after =
        Signal::derive(move || (asked.get() && lacks_after(draft)).then_some(words.inspector.after_needed));
    let fixed = move || {
        draft.is_fixed.get().then(|| {
            view! {
                <section class="stack-tight">
                    <h3>{words.inspector.after_photos}</h3>
                    {draft.after.strip(words.inspector.after_photos)}
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
        draft.reset(false);
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

/// Sending the report: first the photos must have arrived, then the report goes, under the same id each time.
#[derive(Clone, Copy)]
struct Sending {
    draft: Draft,
    /// The person has asked for it: what is missing is shown from now on.
    asked: RwSignal<bool>,
    /// It goes as soon as the photos have arrived.
    waits: RwSignal<bool>,
    deed: Deed,
}

impl Sending {
    fn new(draft: Draft) -> Self {
        let sending =
            Self { draft, asked: RwSignal::new(false), waits: RwSignal::new(false), deed: Deed::new() };
        Effect::new(move |_| {
            if !sending.waits.get() || sending.are_photos(|it| it.are_moving()) {
                return;
            }
            sending.waits.set(false);
            if sending.draft.before.are_sent() && sending.draft.after.are_sent() {
                sending.put();
            }
        });
        sending
    }

    fn are_photos(self, so: impl Fn(crate::upload::Uploads) -> bool) -> bool {
        so(self.draft.before) || (self.draft.is_fixed.get() && so(self.draft.after))
    }

    fn is_busy(self) -> Signal<bool> {
        Signal::derive(move || self.waits.get() || self.deed.busy.get())
    }

    fn send(self) {
        self.asked.set(true);
        let draft = self.draft;
        let lacks = untrack(|| {
            lacks_photo(draft)
                || lacks_after(draft)
                || draft.spot.get().is_none()
                || draft.clause.with(Option::is_none)
        });
        if lacks {
            scroll_to_first_error();
            return;
        }
        draft.before.retry_all();
        draft.after.retry_all();
        self.deed.failure.set(None);
        self.waits.set(true);
    }

    fn put(self) {
        let draft = self.draft;
        let Some(report) = draft.report() else { return };
        let id = draft.id();
        self.deed.run(async move { api::issue::report(id, &report).await }, move |answer| {
            draft.answer.set(Some(answer));
            window().scroll_to_with_x_and_y(0.0, 0.0);
        });
    }

    /// What stands in the way: photos that did not arrive, or the server's refusal.
    fn trouble(self, words: &'static Words) -> AnyView {
        (move || {
            let stuck = self.asked.get() && !self.waits.get() && self.are_photos(|it| it.failure().is_some());
            if stuck {
                return Some(
                    view! {
                        <Banner
                            kind=BannerKind::Error
                            title=words.inspector.photos_failed
                            retry=Callback::new(move |()| self.send())
                        >
                            {words.inspector.photo_waits}
                        </Banner>
                    }
                    .into_any(),
                );
            }
            self.deed.failure.with(Option::is_some).then(|| self.deed.refusal())
        })
        .into_any()
    }
}

/// Leads the eye to what is missing, after it has been shown.
fn scroll_to_first_error() {
    request_animation_frame(|| {
        if let Ok(Some(error)) = document().query_selector(".field-error") {
            error.scroll_into_view_with_bool(false);
        }
    });
}
