//! What is filled in: each field has a label, may have a hint, and says its error beside itself.
//!
//! The value lives in a `RwSignal<String>` the caller owns; the error is the caller's to set and to clear, but
//! for a text that is too long.

pub mod choice;
mod frame;
pub mod text;

use leptos::prelude::{document, request_animation_frame};

pub use choice::{Checkbox, Choice, ChoiceField, SelectField};
pub use text::{SearchField, TextAreaField, TextField, is_too_long};

/// Leads the eye to what is wrong, after it has been shown.
pub fn show_first_error() {
    request_animation_frame(|| {
        if let Ok(Some(error)) = document().query_selector(".field-error") {
            error.scroll_into_view_with_bool(false);
        }
    });
}
