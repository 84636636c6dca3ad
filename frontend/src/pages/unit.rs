//! The unit's pages: its orders, and one of them.

mod order;
mod orders;
mod steps;

use app::role::Role;
use leptos::prelude::*;

use crate::frame::only;

/// Who answers for orders.
const ROLES: &[Role] = &[Role::Unit];

/// The unit's orders.
pub fn orders() -> impl IntoView {
    only(ROLES, orders::page)
}

/// One order.
pub fn order() -> impl IntoView {
    only(ROLES, order::page)
}
