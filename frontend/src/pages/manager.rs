//! The office's pages: rates, what waits, every issue, the county's data.

pub mod act;
mod address;
mod choices;
mod figures;
mod filters;
mod issues;
mod lookup;
mod overview;
pub mod picker;
mod pool;
mod question;
mod rates_table;
mod step;
mod wide;

pub(crate) use step::plain;

use app::issue::IssueAnswer;
use app::role::Role;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::frame::only;
use crate::pages::not_found::nothing_here;

/// The office.
const ROLES: &[Role] = &[Role::Manager, Role::Admin];

/// The office's pages, below `/manage`. Their code is a module of its own: no inspector carries it about.
#[derive(Debug)]
pub struct OfficeRoute;

#[lazy_route]
impl LazyRoute for OfficeRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        let params = use_params_map();
        let page = Memo::new(move |_| params.with(|params| params.get("page").unwrap_or_default()));
        (move || page.with(|page| untrack(|| of(page)))).into_any()
    }
}

fn of(page: &str) -> AnyView {
    match page.trim_end_matches('/') {
        "" => overview(),
        "pool" => pool(),
        "issues" => issues(),
        "units" => units(),
        "spots" => spots(),
        "clauses" => clauses(),
        "routing" => routing(),
        _ => nothing_here(),
    }
}

/// The rates of a period.
#[must_use]
pub fn overview() -> AnyView {
    only(ROLES, overview::page)
}

/// Issues without a unit, and returns to rule on.
#[must_use]
pub fn pool() -> AnyView {
    only(ROLES, pool::page)
}

/// The list of issues.
#[must_use]
pub fn issues() -> AnyView {
    only(ROLES, issues::page)
}

/// Units to look up.
#[must_use]
pub fn units() -> AnyView {
    only(ROLES, lookup::units)
}

/// Spots to look up.
#[must_use]
pub fn spots() -> AnyView {
    only(ROLES, lookup::spots)
}

/// Clauses to look up.
#[must_use]
pub fn clauses() -> AnyView {
    only(ROLES, lookup::clauses)
}

/// The routing rules and what they do.
#[must_use]
pub fn routing() -> AnyView {
    only(ROLES, lookup::routing::page)
}

/// What the office can do about one issue now, fetched with the office's pages.
#[must_use]
pub fn office_actions(issue: &IssueAnswer, done: Callback<()>) -> AnyView {
    let issue = issue.clone();
    Suspend::new(async move { fetched_actions(issue, done).await }).into_any()
}

#[lazy]
fn fetched_actions(issue: IssueAnswer, done: Callback<()>) -> AnyView {
    act::actions(&issue, done)
}
