//! The frame of a signed-in page: skip link, the tabs, announcements, toasts.

use leptos::prelude::*;
use leptos_router::components::A;

use super::icon::{Icon, icon};
use super::toast::Toasts;
use crate::globals::use_globals;
use crate::words::use_words;

/// One place to go to, in the bar under the thumb or in the rail at the left.
#[derive(Clone)]
pub struct Tab {
    /// Where it leads; it is current on every path below as well.
    pub href: &'static str,
    /// Its drawing.
    pub icon: Icon,
    /// Its name, two to four characters.
    pub label: &'static str,
    /// How many things wait there; nothing is shown for zero.
    pub count: Signal<u32>,
}

impl Tab {
    /// A tab at which nothing ever waits.
    #[must_use]
    pub fn new(href: &'static str, icon: Icon, label: &'static str) -> Self {
        Self { href, icon, label, count: Signal::stored(0) }
    }

    /// Shows how many things wait there.
    #[must_use]
    pub fn counting(mut self, count: Signal<u32>) -> Self {
        self.count = count;
        self
    }
}

/// The frame. `tabs` may be empty (signing in): then there is neither bar nor rail.
#[component]
pub fn Shell(
    /// Three to five places to go to.
    tabs: Vec<Tab>,
    /// Below the tabs in the rail, on a wide screen only: who is signed in, for example.
    #[prop(optional, into)]
    rail_end: ViewFn,
    /// The page, a [`super::Page`].
    children: Children,
) -> impl IntoView {
    let words = use_words();
    let announcement = use_globals().announcement;
    let tabbed = !tabs.is_empty();
    let menu = tabbed.then(|| {
        view! {
            <nav class="tabs" aria-label=words.common.main_menu>
                <div class="tabs-brand" aria-hidden="true">{words.common.product}</div>
                <ul class="tabs-list">{tabs.into_iter().map(tab_view).collect::<Vec<_>>()}</ul>
                <div class="tabs-end">{rail_end.run()}</div>
            </nav>
        }
        .into_any()
    });
    view! {
        <div class="shell" class:tabbed=tabbed>
            <a class="skip-link" href="#main">{words.common.skip_to_content}</a>
            {children()}
            {menu}
            <div class="sr-only" role="status" aria-live="polite">{announcement}</div>
            <Toasts />
        </div>
    }
}

fn tab_view(tab: Tab) -> AnyView {
    let words = use_words();
    let Tab { href, icon: drawing, label, count } = tab;
    let badge = move || {
        let n = count.get();
        let shown = if n > 99 { "99+".to_owned() } else { n.to_string() };
        (n > 0).then(|| {
            view! {
                <span class="tab-count" aria-hidden="true">{shown}</span>
                <span class="sr-only">{(words.common.unread)(n)}</span>
            }
        })
    };
    view! {
        <li>
            <A href=href attr:class="tab">
                <span class="tab-icon">{icon(drawing)}{badge}</span>
                <span class="tab-label">{label}</span>
            </A>
        </li>
    }
    .into_any()
}
