//! What is filled in: each field has a label, may have a hint, and says its error beside itself.
//!
//! The value lives in a `RwSignal<String>` the caller owns; the error is the caller's to set and to clear.

pub mod choice;
mod frame;
pub mod text;

pub use choice::{Checkbox, Choice, ChoiceField, SelectField};
pub use text::{SearchField, TextAreaField, TextField, is_too_long};
