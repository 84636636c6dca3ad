//! What a page shows, kept in its address: it can be shared, and the back button undoes a filter.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;

use crate::api::with_query;

/// How long typing may pause before a search begins.
const TYPING: Duration = Duration::from_millis(300);

/// Goes to an address; `true` replaces the one before in the history.
type Go = dyn Fn(&str, bool);

/// The address of this page.
#[derive(Clone, Copy)]
pub(super) struct Address {
    path: &'static str,
    names: &'static [&'static str],
    query: Memo<ParamsMap>,
    navigate: StoredValue<Box<Go>, LocalStorage>,
}

impl Address {
    /// The address of the page at `path`, with the parameters it knows, in the order they are written. Others are dropped.
    pub(super) fn new(path: &'static str, names: &'static [&'static str]) -> Self {
        let navigate = use_navigate();
        let go = move |to: &str, replace: bool| {
            navigate(to, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
        };
        Self { path, names, query: use_query_map(), navigate: StoredValue::new_local(Box::new(go)) }
    }

    /// A parameter's value; empty when it is not given. Follows changes.
    pub(super) fn get(self, name: &str) -> String {
        self.query.with(|query| query.get_str(name).unwrap_or_default().to_owned())
    }

    /// All parameters that are given, in order. Follows changes.
    pub(super) fn pairs(self) -> Vec<(&'static str, String)> {
        self.names.iter().map(|name| (*name, self.get(name))).filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The address with some parameters changed; an empty value takes one out. Follows changes.
    pub(super) fn with(self, changes: &[(&str, &str)]) -> String {
        let values = self.names.iter().map(|name| {
            let changed = changes.iter().find(|(changed, _)| changed == name);
            (*name, changed.map_or_else(|| self.get(name), |(_, value)| (*value).to_owned()))
        });
        let values = values.collect::<Vec<_>>();
        let query = values.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
        with_query(self.path, &query)
    }

    /// Goes to the address with some parameters changed; `replace` leaves no trace for the back button.
    pub(super) fn go(self, changes: &[(&str, &str)], replace: bool) {
        let to = untrack(|| self.with(changes));
        self.navigate.with_value(|navigate| navigate(&to, replace));
    }

    /// A field that shows a parameter and changes it, as soon as something is chosen.
    pub(super) fn field(self, name: &'static str) -> RwSignal<String> {
        self.bind(name, move |value| self.go(&[(name, &value)], false))
    }

    /// A search field that shows a parameter and changes it when the typing pauses.
    pub(super) fn search(self, name: &'static str) -> RwSignal<String> {
        let go = debounce(TYPING, move |value: String| self.go(&[(name, value.trim())], true));
        self.bind(name, go)
    }

    fn bind(self, name: &'static str, mut changed: impl FnMut(String) + 'static) -> RwSignal<String> {
        let field = RwSignal::new(untrack(|| self.get(name)));
        Effect::new(move |_| {
            let value = self.get(name);
            // A search keeps the spaces somebody is still typing.
            if field.with_untracked(|field| field.trim() != value) {
                field.set(value);
            }
        });
        Effect::new(move |before: Option<()>| {
            let value = field.get();
            if before.is_some() && value.trim() != untrack(|| self.get(name)) {
                changed(value);
            }
        });
        field
    }
}
