//! An address that leads nowhere.

use leptos::prelude::*;

use crate::components::{EmptyState, Icon, LinkButton, Page, Shell};
use crate::words::use_words;

/// The page for addresses that lead nowhere.
#[must_use]
pub fn not_found() -> AnyView {
    let words = &use_words().errors;
    view! {
        <Shell tabs=vec![]>
            <Page title=words.not_found>
                <EmptyState icon=Icon::Search title=words.not_found help=words.not_found_help>
                    <LinkButton href="/">{words.go_home}</LinkButton>
                </EmptyState>
            </Page>
        </Shell>
    }
    .into_any()
}
