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
        let params = use_params_map();
        let issue = Memo::new(move |_| params.with(|params| params.get("issue").unwrap_or_default()));
        (move || {
            only(ROLES, || {
                issue.with(|issue| if issue.is_empty() { orders::page() } else { order::page(issue) })
            })
        })
        .into_any()
    }
}
