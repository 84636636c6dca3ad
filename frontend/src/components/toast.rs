//! Toasts: a short confirmation of what has just happened, which goes by itself and needs no answer.
//!
//! Never the only place something is said: errors belong into a banner or beside their field.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::globals::{Globals, use_globals};

/// How long a toast stays; long enough for two short lines.
const STAY: Duration = Duration::from_secs(5);

/// A confirmation on show.
#[derive(Clone)]
pub struct Toast {
    id: u64,
    drawing: Icon,
    text: String,
}

impl Globals {
    /// Confirms something for a few seconds ("已保存"); also read aloud.
    pub fn toast(self, text: impl Into<String>) {
        self.show(Icon::Check, text.into());
    }

    /// Says for a few seconds that something did not go as hoped; what, is said where it happened.
    pub fn toast_trouble(self, text: impl Into<String>) {
        self.show(Icon::Alert, text.into());
    }

    fn show(self, drawing: Icon, text: String) {
        let id = self.toasts.with_untracked(|shown| shown.last().map_or(0, |last| last.id + 1));
        self.toasts.update(|shown| shown.push(Toast { id, drawing, text }));
        set_timeout(move || self.toasts.update(|shown| shown.retain(|toast| toast.id != id)), STAY);
    }
}

/// Where toasts appear; part of the shell.
#[component]
pub fn Toasts() -> impl IntoView {
    let toasts = use_globals().toasts;
    view! {
        <div class="toasts" role="status">
            <For each=move || toasts.get() key=|toast| toast.id let:toast>
                <p class="toast">{icon(toast.drawing)}<span>{toast.text}</span></p>
            </For>
        </div>
    }
}
