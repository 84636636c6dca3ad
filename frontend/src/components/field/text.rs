//! Fields for text: one line, several lines, a search.

use app::problem::FieldCode;
use leptos::html::Input;
use leptos::prelude::*;

use super::frame::Frame;
use crate::components::button::IconButton;
use crate::components::icon::{Icon, icon};
use crate::words::use_words;

/// One line of text.
#[component]
pub fn TextField(
    /// What it asks for.
    #[prop(into)]
    label: TextProp,
    /// What has been entered.
    value: RwSignal<String>,
    /// How to answer.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with the answer.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    /// `text`, `password`, `number`, `date` …
    #[prop(default = "text")]
    kind: &'static str,
    /// The browser's own help: `username`, `current-password` …
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The form's name for it.
    #[prop(optional)]
    name: &'static str,
) -> impl IntoView {
    let frame = Frame::new(label, hint, error, optional);
    let control = view! {
        <input
            class="input"
            id=frame.id.clone()
            name=(!name.is_empty()).then_some(name)
            type=kind
            autocomplete=autocomplete
            autocapitalize="off"
            spellcheck="false"
            aria-describedby=frame.described_by()
            aria-invalid=frame.invalid()
            aria-required=(!optional).then_some("true")
            prop:value=value
            on:input:target=move |event| value.set(event.target().value())
        />
    };
    frame.around(control.into_any())
}

/// Whether a text is longer than the server takes: it counts what is left without the blanks around it.
#[must_use]
pub fn is_too_long(text: &str, max: usize) -> bool {
    text.trim().chars().count() > max
}

/// Several lines of text; grows with what is written.
#[component]
pub fn TextAreaField(
    /// What it asks for.
    #[prop(into)]
    label: TextProp,
    /// What has been entered.
    value: RwSignal<String>,
    /// How to answer.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with the answer.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    /// The most characters; the count is shown from nine tenths of it.
    #[prop(optional)]
    max: usize,
) -> impl IntoView {
    // What is too long is said by the field itself: every form would have to.
    let words = use_words();
    let error = MaybeProp::derive(move || {
        let is_over = max > 0 && value.with(|text| is_too_long(text, max));
        error.get().or_else(|| is_over.then(|| (words.errors.field)(FieldCode::TooLong).to_owned()))
    });
    let frame = Frame::new(label, hint, error, optional);
    let count = move || {
        let written = value.with(|text| text.chars().count());
        let over = written > max;
        (max > 0 && written * 10 >= max * 9)
            .then(|| view! { <p class="field-count" class:over=over>{format!("{written} / {max}")}</p> })
    };
    let control = view! {
        <textarea
            class="input input-area"
            id=frame.id.clone()
            rows="3"
            aria-describedby=frame.described_by()
            aria-invalid=frame.invalid()
            aria-required=(!optional).then_some("true")
            prop:value=value
            on:input:target=move |event| value.set(event.target().value())
        ></textarea>
        {count}
    };
    frame.around(control.into_any())
}

/// A search that filters as one writes. Its label is read, not seen: the lens and the placeholder say it.
#[component]
pub fn SearchField(
    /// What can be searched for ("名称、拼音、地址或类型").
    #[prop(into)]
    label: String,
    /// What has been entered.
    value: RwSignal<String>,
) -> impl IntoView {
    let words = use_words();
    let input = NodeRef::<Input>::new();
    let clear = Callback::new(move |()| {
        value.set(String::new());
        if let Some(input) = input.get_untracked() {
            let _ = input.focus();
        }
    });
    view! {
        <div class="search" role="search">
            {icon(Icon::Search)}
            <input
                node_ref=input
                class="input"
                type="search"
                enterkeyhint="search"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-label=label.clone()
                placeholder=label
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
            />
            {move || {
                (!value.with(String::is_empty))
                    .then(|| view! { <IconButton icon=Icon::Close label=words.common.clear on_press=clear /> })
            }}
        </div>
    }
}
