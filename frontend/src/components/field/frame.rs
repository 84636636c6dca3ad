//! What is around every control: label, hint and error, bound to it for screen readers.

use leptos::prelude::*;

use crate::components::fresh_id;
use crate::components::icon::{Icon, icon};
use crate::words::use_words;

/// The ids and texts around one control.
pub(super) struct Frame {
    /// The control's id.
    pub(super) id: String,
    label: TextProp,
    hint: Option<String>,
    error: MaybeProp<String>,
    optional: bool,
}

impl Frame {
    pub(super) fn new(
        label: TextProp,
        hint: Option<String>,
        error: MaybeProp<String>,
        optional: bool,
    ) -> Self {
        Self { id: fresh_id("field"), label, hint, error, optional }
    }

    /// The value of `aria-describedby`: the hint, and the error while there is one.
    pub(super) fn described_by(&self) -> impl Fn() -> Option<String> + Send + Sync + 'static + use<> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let wrong = format!("{}-error", self.id);
        let error = self.error;
        move || match (&hint, error.get().is_some()) {
            (None, false) => None,
            (Some(hint), false) => Some(hint.clone()),
            (None, true) => Some(wrong.clone()),
            (Some(hint), true) => Some(format!("{hint} {wrong}")),
        }
    }

    /// The value of `aria-invalid`.
    pub(super) fn invalid(&self) -> impl Fn() -> Option<&'static str> + Send + Sync + 'static + use<> {
        let error = self.error;
        move || error.get().map(|_| "true")
    }

    /// A control with its label above.
    pub(super) fn around(self, control: AnyView) -> AnyView {
        let Self { id, label, hint, error, optional } = self;
        let (hint_view, error_view) = notes(&id, hint, error);
        view! {
            <div class="field">
                <label class="field-label" for=id>
                    {move || label.get()} {note_of_optional(optional)}
                </label>
                {hint_view}
                {control}
                {error_view}
            </div>
        }
        .into_any()
    }

    /// Several controls under one legend.
    pub(super) fn around_group(self, controls: AnyView) -> AnyView {
        let described = self.described_by();
        let Self { id, label, hint, error, optional } = self;
        let (hint_view, error_view) = notes(&id, hint, error);
        view! {
            <fieldset class="field" aria-describedby=described>
                <legend class="field-label">{move || label.get()} {note_of_optional(optional)}</legend>
                {hint_view}
                {controls}
                {error_view}
            </fieldset>
        }
        .into_any()
    }
}

fn note_of_optional(optional: bool) -> Option<AnyView> {
    optional.then(|| view! { <span class="field-optional">{use_words().common.optional}</span> }.into_any())
}

fn notes(id: &str, hint: Option<String>, error: MaybeProp<String>) -> (Option<AnyView>, AnyView) {
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let hint = hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> }.into_any());
    let error = view! {
        {move || {
            error
                .get()
                .map(|text| view! { <p class="field-error" id=error_id.clone()>{icon(Icon::Alert)}<span>{text}</span></p> })
        }}
    }
    .into_any();
    (hint, error)
}
