//! Fields with given answers: one of few (side by side), one of many (a menu), yes or no.

use leptos::prelude::*;

use super::frame::Frame;
use crate::components::fresh_id;
use crate::components::icon::{Icon, icon};
use crate::words::use_words;

/// A possible answer.
#[derive(Clone)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is read.
    pub label: String,
}

impl Choice {
    /// An answer stored as `value` and read as `label`.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// One of a few answers, all in view.
#[component]
pub fn ChoiceField(
    /// What it asks for.
    #[prop(into)]
    label: TextProp,
    /// The answers.
    choices: Vec<Choice>,
    /// The chosen one's value.
    value: RwSignal<String>,
    /// How to answer.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with the answer.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// May stay without an answer.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let frame = Frame::new(label, hint, error, optional);
    let name = fresh_id("choice");
    let options = choices
        .into_iter()
        .map(|choice| {
            let stored = StoredValue::new(choice.value.clone());
            let checked = move || value.with(|value| stored.with_value(|stored| value == stored));
            view! {
                <label class="segment">
                    <input
                        class="sr-only"
                        type="radio"
                        name=name.clone()
                        value=choice.value
                        prop:checked=checked
                        on:change=move |_| value.set(stored.get_value())
                    />
                    <span>{choice.label}</span>
                </label>
            }
        })
        .collect::<Vec<_>>();
    frame.around_group(view! { <div class="segments">{options}</div> }.into_any())
}

/// One of many answers, in the system's own menu, which every thumb knows.
#[component]
pub fn SelectField(
    /// What it asks for.
    #[prop(into)]
    label: TextProp,
    /// The answers; may arrive later.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The chosen one's value; empty while nothing is chosen.
    value: RwSignal<String>,
    /// The words for no answer ("全部"); "请选择" when left out.
    #[prop(optional, into)]
    none: Option<String>,
    /// How to answer.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with the answer.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// May stay without an answer.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let frame = Frame::new(label, hint, error, optional);
    let none = none.unwrap_or_else(|| use_words().common.choose.to_owned());
    let options = move || {
        choices
            .get()
            .into_iter()
            .map(|choice| {
                let chosen = value.with_untracked(|value| *value == choice.value);
                view! { <option value=choice.value selected=chosen>{choice.label}</option> }
            })
            .collect::<Vec<_>>()
    };
    let control = view! {
        <div class="select">
            <select
                class="input"
                id=frame.id.clone()
                aria-describedby=frame.described_by()
                aria-invalid=frame.invalid()
                aria-required=(!optional).then_some("true")
                prop:value=value
                on:change:target=move |event| value.set(event.target().value())
            >
                <option value="">{none}</option>
                {options}
            </select>
            {icon(Icon::ChevronDown)}
        </div>
    };
    frame.around(control.into_any())
}

/// Yes or no.
#[component]
pub fn Checkbox(
    /// What is said yes to.
    #[prop(into)]
    label: TextProp,
    /// Whether it is.
    value: RwSignal<bool>,
    /// What follows from it.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let hint_id = fresh_id("hint");
    let described = hint.is_some().then(|| hint_id.clone());
    view! {
        <label class="checkbox">
            <input
                type="checkbox"
                prop:checked=value
                aria-describedby=described
                on:change:target=move |event| value.set(event.target().checked())
            />
            <span class="checkbox-box">{icon(Icon::Check)}</span>
            <span class="checkbox-text">
                <span>{move || label.get()}</span>
                {hint.map(|hint| view! { <span class="field-hint" id=hint_id>{hint}</span> })}
            </span>
        </label>
    }
}
