//! An address that leads nowhere.

use leptos::prelude::*;

use crate::components::{EmptyState, Icon, LinkButton, Page, Shell};
use crate::words::use_words;

/// The page for addresses that lead nowhere.
#[must_use]
pub fn not_found() -> AnyView {
    view! { <Shell tabs=vec![]>{nothing_here()}</Shell> }.into_any()
}

/// The same inside a frame: below a place that is there.
#[must_use]
pub fn nothing_here() -> AnyView {
    let words = &use_words().errors;
    view! {
        <Page title=words.not_found>
            <EmptyState icon=Icon::Search title=words.not_found help=words.not_found_help>
                <LinkButton href="/">{words.go_home}</LinkButton>
            </EmptyState>
        </Page>
    }
    .into_any()
}
