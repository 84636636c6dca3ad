//! The inspector's pages.

pub(super) mod draft;
pub(super) mod here;
mod home;
pub(super) mod mine;
pub(super) mod recheck;
pub(super) mod rechecks;
pub(super) mod report;
mod spots;

pub(crate) use here::Here;
pub(crate) use spots::metres;

use app::role::Role;
use leptos::prelude::*;

use crate::frame::only;

/// Where an inspector begins; the only page of theirs in the main module.
pub fn home() -> impl IntoView {
    only(&[Role::Inspector], home::page)
}
