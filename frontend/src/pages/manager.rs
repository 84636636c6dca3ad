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

pub use act::office_actions;
pub(crate) use step::{Attempt, plain};

use app::role::Role;
use leptos::prelude::*;

use crate::frame::only;

/// The office.
const ROLES: &[Role] = &[Role::Manager, Role::Admin];

/// The rates of a period.
pub fn overview() -> impl IntoView {
    only(ROLES, overview::page)
}

/// Issues without a unit, and returns to rule on.
pub fn pool() -> impl IntoView {
    only(ROLES, pool::page)
}

/// The list of issues.
pub fn issues() -> impl IntoView {
    only(ROLES, issues::page)
}

/// Units to look up.
pub fn units() -> impl IntoView {
    only(ROLES, lookup::units)
}

/// Spots to look up.
pub fn spots() -> impl IntoView {
    only(ROLES, lookup::spots)
}

/// Clauses to look up.
pub fn clauses() -> impl IntoView {
    only(ROLES, lookup::clauses)
}

/// The routing rules and what they do.
pub fn routing() -> impl IntoView {
    only(ROLES, lookup::routing::page)
}
