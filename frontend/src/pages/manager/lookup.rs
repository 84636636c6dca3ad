//! The county's data to look things up in: units, spots, clauses, and the rules that send orders to units.

mod browse;
mod clauses;
mod probe;
pub(super) mod routing;
mod simulator;
mod spots;
mod units;

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::{Fact, Icon, icon};
use crate::words::use_words;

pub(super) fn units() -> AnyView {
    units::page()
}

pub(super) fn spots() -> AnyView {
    spots::page()
}

pub(super) fn clauses() -> AnyView {
    clauses::page()
}

/// The four things to look up, beside each other.
fn places() -> AnyView {
    let words = &use_words().manager;
    let place = |href: &'static str, name: &'static str| {
        view! { <li><A href=href attr:class="chip">{name}</A></li> }
    };
    view! {
        <nav aria-label=words.lookup_title>
            <ul class="chips">
                {place("/manage/units", words.units)}
                {place("/manage/spots", words.spots)}
                {place("/manage/clauses", words.clauses)}
                {place("/manage/routing", words.routing)}
            </ul>
        </nav>
    }
    .into_any()
}

/// The workbook by which the office gives its data to whoever imports it.
fn import_template() -> AnyView {
    let words = &use_words().manager;
    // `download` keeps it from the router, which knows no such page.
    view! {
        <a class="button button-quiet" href="/api/catalogue/template.xlsx" download="">
            {icon(Icon::ArrowDown)}
            <span class="button-label">{words.import_template}</span>
        </a>
    }
    .into_any()
}

/// A fact in words; nothing where there is nothing to say.
fn fact(name: &'static str, value: impl Into<String>) -> Option<AnyView> {
    let value = value.into();
    (!value.is_empty())
        .then(|| view! { <Fact name=name><span class="prose">{value}</span></Fact> }.into_any())
}
