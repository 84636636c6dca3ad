//! The inspector's pages.

mod camera;
mod draft;
mod home;
mod mine;
mod recheck;
mod rechecks;
mod report;
mod spots;

pub(crate) use draft::Draft;
pub(crate) use spots::metres;

use app::role::Role;
use leptos::prelude::*;

use crate::frame::only;

/// Who reports and re-checks.
const ROLES: &[Role] = &[Role::Inspector];

/// Where an inspector begins.
pub fn home() -> impl IntoView {
    only(ROLES, home::page)
}

/// Reporting a problem.
pub fn report() -> impl IntoView {
    only(ROLES, report::page)
}

/// What waits to be re-checked.
pub fn rechecks() -> impl IntoView {
    only(ROLES, rechecks::page)
}

/// Re-checking one problem.
pub fn recheck() -> impl IntoView {
    only(ROLES, recheck::page)
}

/// What the inspector has reported.
pub fn mine() -> impl IntoView {
    only(ROLES, mine::page)
}
