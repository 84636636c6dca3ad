//! The routes, and what is around every page.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::components::{EmptyState, Icon, LinkButton, Page, Shell};
use crate::globals::Globals;
use crate::pages::gallery::GalleryPage;
use crate::words::use_words;

/// The page.
#[component]
pub fn App() -> impl IntoView {
    let globals = Globals::provide();
    // A change of language builds everything again: rare, and it lets views treat words as plain text.
    move || {
        globals.lang.track();
        view! { <Router><Routes fallback=not_found><Route path=path!("/gallery") view=GalleryPage /></Routes></Router> }
            .into_any()
    }
}

fn not_found() -> AnyView {
    let words = use_words();
    view! {
        <Shell tabs=vec![]>
            <Page title=words.errors.not_found>
                <EmptyState icon=Icon::Search title=words.errors.not_found help=words.errors.not_found_help>
                    <LinkButton href="/">{words.errors.go_home}</LinkButton>
                </EmptyState>
            </Page>
        </Shell>
    }
    .into_any()
}
