//! What is on this phone: everything unsent, drafts, and what was received lately; and one of them.

mod item;
mod list;
pub(super) mod pending;
mod rescue;
mod space;
pub(super) mod state;

pub(super) use rescue::export;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The list, or the item whose id stands in the address.
pub(super) fn page() -> AnyView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    (move || match id.get().as_str() {
        "" => list::page(),
        id => item::page(id.parse().unwrap_or_default()),
    })
    .into_any()
}
