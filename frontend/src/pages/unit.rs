//! The unit's pages: its orders, and one of them.

mod order;
mod orders;
mod steps;

use app::role::Role;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::frame::only;

/// Who answers for orders.
const ROLES: &[Role] = &[Role::Unit];

/// The unit's pages: `/orders`, and an issue's id below it. Their code is a module of its own: no inspector carries it
/// about.
#[derive(Debug)]
pub struct UnitRoute;

#[lazy_route]
impl LazyRoute for UnitRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        let id = issue_id();
        let is_list = Memo::new(move |_| id.with(String::is_empty));
        (move || if is_list.get() { untrack(orders) } else { untrack(order) }).into_any()
    }
}

/// The unit's orders.
#[must_use]
pub fn orders() -> AnyView {
    only(ROLES, orders::page)
}

/// One order. Another order is another page: nothing written for the one before is left.
#[must_use]
pub fn order() -> AnyView {
    let id = issue_id();
    (move || id.with(|id| untrack(|| only(ROLES, || order::page(id))))).into_any()
}

/// The id of the order's issue in the address; empty in the list.
fn issue_id() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("issue_id").unwrap_or_default()))
}
