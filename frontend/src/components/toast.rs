//! Toasts: a short confirmation of what has just happened, which goes by itself and needs no answer.
//!
//! Never the only place something is said: errors belong into a banner or beside their field.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::globals::{Globals, use_globals};
use crate::words::use_words;

/// How long a toast stays; long enough for two short lines.
const STAY: Duration = Duration::from_secs(5);

/// How long one stays whose button takes something back: as long as that can be done.
pub(crate) const STAY_UNDOABLE: Duration = Duration::from_secs(10);

/// What takes something back; it outlives the page where that was done.
pub type Undo = Arc<dyn Fn() + Send + Sync>;

/// A confirmation on show.
#[derive(Clone)]
pub struct Toast {
    id: u64,
    drawing: Icon,
    text: String,
    undo: Option<Undo>,
}

impl Globals {
    /// Confirms something for a few seconds ("已保存"); also read aloud.
    pub fn toast(self, text: impl Into<String>) {
        self.show(Icon::Check, text.into(), None);
    }

    /// Says for a few seconds that something did not go as hoped; what, is said where it happened.
    pub fn toast_trouble(self, text: impl Into<String>) {
        self.show(Icon::Alert, text.into(), None);
    }

    /// Confirms something that can be taken back for as long as the toast is there.
    pub fn toast_undoable(self, text: impl Into<String>, undo: Undo) {
        self.show(Icon::Check, text.into(), Some(undo));
    }

    fn drop_toast(self, id: u64) {
        self.toasts.update(|shown| shown.retain(|toast| toast.id != id));
    }

    fn show(self, drawing: Icon, text: String, undo: Option<Undo>) {
        let id = self.toasts.with_untracked(|shown| shown.last().map_or(0, |last| last.id + 1));
        let stay = if undo.is_some() { STAY_UNDOABLE } else { STAY };
        self.toasts.update(|shown| shown.push(Toast { id, drawing, text, undo }));
        set_timeout(move || self.drop_toast(id), stay);
    }
}

/// Where toasts appear; part of the shell.
#[component]
pub fn Toasts() -> impl IntoView {
    let globals = use_globals();
    let words = use_words();
    let toasts = globals.toasts;
    view! {
        <div class="toasts" role="status">
            <For each=move || toasts.get() key=|toast| toast.id let:toast>
                <p class="toast">
                    {icon(toast.drawing)} <span>{toast.text}</span>
                    {toast
                        .undo
                        .map(|undo| {
                            let press = move |_| {
                                globals.drop_toast(toast.id);
                                undo();
                            };
                            view! { <button type="button" on:click=press>{words.common.undo}</button> }
                        })}
                </p>
            </For>
        </div>
    }
}
