//! The frame of a signed-in page: skip link, the tabs, announcements, toasts.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::icon::{Icon, icon};
use super::toast::Toasts;
use crate::globals::use_globals;
use crate::words::use_words;

/// One place to go to, in the bar under the thumb or in the rail at the left.
#[derive(Clone)]
pub struct Tab {
    /// Where it leads; it is current on every path below as well, unless another tab leads there.
    pub href: &'static str,
    /// Other paths on which it is current.
    pub also: &'static [&'static str],
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
        Self { href, also: &[], icon, label, count: Signal::stored(0) }
    }

    /// Is current on these paths, and below them, as well.
    #[must_use]
    pub const fn also_at(mut self, paths: &'static [&'static str]) -> Self {
        self.also = paths;
        self
    }

    /// How closely it fits a path: the length of what it has in common with it, if it leads there at all.
    fn fit(&self, path: &str) -> Option<usize> {
        let fits = |own: &&str| {
            path.strip_prefix(*own)
                .is_some_and(|rest| rest.is_empty() || (*own != "/" && rest.starts_with('/')))
        };
        self.also.iter().copied().chain([self.href]).filter(fits).map(str::len).max()
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
        let path = use_location().pathname;
        let known = tabs.clone();
        let current = Memo::new(move |_| {
            path.with(|path| known.iter().filter_map(|tab| Some((tab.fit(path)?, tab.href))).max())
        });
        let is_current =
            move |href: &'static str| Signal::derive(move || current.get().is_some_and(|it| it.1 == href));
        let tabs = tabs.into_iter().map(|tab| tab_view(is_current(tab.href), tab)).collect::<Vec<_>>();
        view! {
            <nav class="tabs" aria-label=words.common.main_menu>
                <div class="tabs-brand" aria-hidden="true">{words.common.product}</div>
                <ul class="tabs-list">{tabs}</ul>
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

fn tab_view(is_current: Signal<bool>, tab: Tab) -> AnyView {
    let words = use_words();
    let Tab { href, icon: drawing, label, count, .. } = tab;
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
            <a href=href class="tab" aria-current=move || is_current.get().then_some("page")>
                <span class="tab-icon">{icon(drawing)}{badge}</span>
                <span class="tab-label">{label}</span>
            </a>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_fits_its_own_paths_and_those_below() {
        let tab = |href| Tab { href, also: &[], icon: Icon::List, label: "", count: Signal::stored(0) };
        let fit = |href, path| tab(href).fit(path);
        assert_eq!(fit("/manage", "/manage"), Some(7));
        assert_eq!(fit("/manage", "/manage/pool"), Some(7));
        assert_eq!(fit("/manage/pool", "/manage/pool"), Some(12));
        assert_eq!(fit("/manage", "/managers"), None);
        assert_eq!(fit("/", "/"), Some(1));
        assert_eq!(fit("/", "/mine"), None);
        assert_eq!(tab("/a").also_at(&["/b"]).fit("/b/c"), Some(2));
    }
}
