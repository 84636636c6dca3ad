//! A question or a short form over the page: from below on a phone, in the middle on a desk.
//!
//! The browser's own `<dialog>` keeps the focus inside, closes on Escape, and gives the focus back.

use leptos::html::Dialog;
use leptos::prelude::*;

use super::button::IconButton;
use super::fresh_id;
use super::icon::Icon;
use crate::words::use_words;

/// A sheet.
#[component]
pub fn Sheet(
    /// Whether it is shown; closing by Escape, by the cross or beside it sets it to false.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: TextProp,
    /// Its content, which scrolls.
    children: Children,
    /// The buttons at its foot; they stay in view.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
) -> impl IntoView {
    let words = use_words();
    let dialog = NodeRef::<Dialog>::new();
    let heading = fresh_id("sheet");
    let labelled = heading.clone();
    Effect::new(move || {
        let (Some(dialog), open) = (dialog.get(), open.get()) else { return };
        show(&dialog, open);
    });
    // A press on the backdrop arrives at the dialog itself; everything in it lies inside the panel.
    let press = move |event: leptos::ev::MouseEvent| {
        if event.target() == event.current_target() {
            open.set(false);
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="sheet"
            aria-labelledby=labelled
            on:click=press
            on:close=move |_| open.set(false)
        >
            <div class="sheet-panel">
                <header class="sheet-head">
                    <h2 id=heading>{move || title.get()}</h2>
                    <IconButton icon=Icon::Close label=words.common.close on_press=move |()| open.set(false) />
                </header>
                <div class="sheet-body">{children()}</div>
                {actions.map(|actions| view! { <footer class="sheet-foot">{actions.run()}</footer> })}
            </div>
        </dialog>
    }
}

/// Opens or closes a dialog that may already be so.
pub(super) fn show(dialog: &web_sys::HtmlDialogElement, open: bool) {
    if open && !dialog.open() {
        // Fails only for a dialog outside the document, which has nothing to show.
        let _ = dialog.show_modal();
    } else if !open && dialog.open() {
        dialog.close();
    }
}
