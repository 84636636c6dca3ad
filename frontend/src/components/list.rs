//! Lists of things one can open, and boxes that hold what belongs together.

use leptos::prelude::*;

use super::button::{Button, Kind};
use super::icon::{Icon, icon};
use crate::words::use_words;

/// A list of [`Row`]s.
#[component]
pub fn List(
    /// Its name for screen readers.
    #[prop(into)]
    label: TextProp,
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! { <ul class="list" aria-label=move || label.get()>{children()}</ul> }
}

/// One thing in a list: a title, a line about it, badges and clocks below (`children`); the whole row is the link.
#[component]
pub fn Row(
    /// Where it leads; a row without is only read.
    #[prop(optional, into)]
    href: Option<String>,
    /// What is done instead of going somewhere (choosing from a list).
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// A picture at the left; it shows what the words say, so it has no text of its own.
    #[prop(optional, into)]
    thumb: Option<String>,
    /// A drawing at the left, where there is no picture.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// What it is; up to two lines.
    #[prop(into)]
    title: TextProp,
    /// Where, who; one line in a lesser tone.
    #[prop(optional, into)]
    detail: Option<TextProp>,
    /// At the far right: a distance, a count, a time.
    #[prop(optional, into)]
    aside: Option<TextProp>,
    /// It is the chosen one.
    #[prop(optional, into)]
    selected: Signal<bool>,
    /// Badges and clocks.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let lead = match (thumb, icon) {
        (Some(src), _) => Some(
            view! { <img class="row-thumb" src=src alt="" width="56" height="56" loading="lazy" /> }
                .into_any(),
        ),
        (None, Some(drawing)) => {
            Some(view! { <span class="row-icon">{self::icon(drawing)}</span> }.into_any())
        }
        (None, None) => None,
    };
    let opens = href.is_some();
    let body = view! {
        {lead}
        <span class="row-body">
            <span class="row-head">
                <span class="row-title">{move || title.get()}</span>
                {aside.map(|aside| view! { <span class="row-aside">{move || aside.get()}</span> })}
            </span>
            {detail.map(|detail| view! { <span class="row-detail">{move || detail.get()}</span> })}
            {children.map(|children| view! { <span class="row-marks">{children()}</span> })}
        </span>
        {opens.then(|| view! { <span class="row-end">{self::icon(Icon::ChevronRight)}</span> })}
        {move || selected.get().then(|| view! { <span class="row-end">{self::icon(Icon::Check)}</span> })}
    };
    let row = match (href, on_press) {
        (Some(href), _) => view! { <a href=href class="row">{body}</a> }.into_any(),
        (None, Some(on_press)) => view! {
            <button
                type="button"
                class="row"
                aria-pressed=move || if selected.get() { "true" } else { "false" }
                on:click=move |_| on_press.run(())
            >
                {body}
            </button>
        }
        .into_any(),
        (None, None) => view! { <div class="row">{body}</div> }.into_any(),
    };
    view! { <li>{row}</li> }
}

/// The end of a list of unknown length: asks for more, or says that this is all.
#[component]
pub fn LoadMore(
    /// There is more.
    #[prop(into)]
    more: Signal<bool>,
    /// It is being fetched.
    #[prop(into)]
    busy: Signal<bool>,
    /// Fetches it.
    #[prop(into)]
    on_more: Callback<()>,
) -> impl IntoView {
    let words = use_words();
    view! {
        <div class="load-more">
            {move || {
                if more.get() {
                    view! {
                        <Button kind=Kind::Quiet busy=busy on_press=on_more>
                            {words.common.more}
                        </Button>
                    }
                        .into_any()
                } else {
                    view! { <p class="muted small">{words.common.all_shown}</p> }.into_any()
                }
            }}
        </div>
    }
}

/// A box for what belongs together.
#[component]
pub fn Card(
    /// Its heading.
    #[prop(optional, into)]
    title: Option<String>,
    /// At the right of the heading: a link, a badge, a count.
    #[prop(optional, into)]
    aside: ViewFn,
    /// Its content.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card">
            {title
                .map(|title| {
                    view! {
                        <header class="card-head">
                            <h2>{title}</h2>
                            {aside.run()}
                        </header>
                    }
                })}
            {children()}
        </section>
    }
}
