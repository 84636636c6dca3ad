//! What is pressed: buttons, buttons that are an icon, links that look like buttons.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::words::use_words;

/// How much a button asks to be pressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Kind {
    /// The one thing to do here; at most one per screen.
    #[default]
    Primary,
    /// Everything else.
    Quiet,
    /// Cannot be undone.
    Danger,
}

impl Kind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// A button.
///
/// While busy or disabled it keeps the focus and says so, instead of vanishing from under a screen reader.
#[component]
pub fn Button(
    /// How much it asks to be pressed.
    #[prop(optional)]
    kind: Kind,
    /// A drawing before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// It is at work: shows so, and cannot be pressed again.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// It cannot be pressed now; something near it says why.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// As wide as there is room.
    #[prop(optional)]
    full: bool,
    /// Submits the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// What it does; a submit button may leave that to its form.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// Its words: a verb.
    children: Children,
) -> impl IntoView {
    let words = use_words();
    let drawing = icon.map(super::icon::icon);
    let press = move |event: leptos::ev::MouseEvent| {
        if busy.get_untracked() || disabled.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            class:button-full=full
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || (busy.get() || disabled.get()).then_some("true")
            on:click=press
        >
            {move || {
                busy.get()
                    .then(|| {
                        view! {
                            <span class="button-spinner">{super::icon::icon(Icon::Spinner)}</span>
                            <span class="sr-only">{words.common.working}</span>
                        }
                    })
            }}
            {drawing}
            <span class="button-label">{children()}</span>
        </button>
    }
}

/// A button that is only an icon, for places where its meaning is known: closing, removing, searching.
#[component]
pub fn IconButton(
    /// Its drawing.
    icon: Icon,
    /// Its name for screen readers, and as a hint under the mouse.
    #[prop(into)]
    label: TextProp,
    /// What it does.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    let drawing = super::icon::icon(icon);
    let title = label.clone();
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=move || label.get()
            title=move || title.get()
            on:click=move |_| on_press.run(())
        >
            {drawing}
        </button>
    }
}

/// A link that looks like a button: it leads somewhere and changes nothing.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How much it asks to be pressed.
    #[prop(optional)]
    kind: Kind,
    /// A drawing before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// As wide as there is room.
    #[prop(optional)]
    full: bool,
    /// Its words.
    children: Children,
) -> impl IntoView {
    let class = if full { format!("{} button-full", kind.class()) } else { kind.class().to_owned() };
    view! {
        <a href=href class=class>
            {icon.map(self::icon)}
            <span class="button-label">{children()}</span>
        </a>
    }
}
