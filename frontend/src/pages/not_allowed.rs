//! A page that is not for this person.

use leptos::prelude::*;

use crate::components::{EmptyState, Icon, LinkButton, Page};
use crate::session::{home, use_session};
use crate::words::use_words;

/// The page shown in place of one that is not for this person's role.
#[component]
pub fn NotAllowed() -> impl IntoView {
    let words = &use_words().errors;
    let start = use_session().role().map_or("/", home);
    view! {
        <Page title=words.forbidden>
            <EmptyState icon=Icon::Ban title=words.forbidden help=words.forbidden_help>
                <LinkButton href=start>{words.go_home}</LinkButton>
            </EmptyState>
        </Page>
    }
}
