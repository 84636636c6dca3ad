//! The gallery: every component in every state, with the field's own words.

use leptos::prelude::*;

use crate::components::{Page, Shell};
use crate::words::use_words;

/// The gallery.
#[component]
pub fn GalleryPage() -> impl IntoView {
    let words = use_words();
    view! { <Shell tabs=vec![]><Page title=words.gallery.title>"…"</Page></Shell> }
}
