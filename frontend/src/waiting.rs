//! How many things wait for the person: the number on a tab.

use app::role::Role;
use leptos::prelude::*;

use crate::api;
use crate::load::Load;

/// The API's query for what waits for a role: a re-check, an order, an issue of the pool.
const fn query(role: Role) -> &'static [(&'static str, &'static str)] {
    match role {
        Role::Inspector => api::issue::RECHECKS,
        Role::Unit => &[("state", "dispatched,accepted,replied,rework")],
        Role::Manager | Role::Admin => &[("state", "pool,returned")],
    }
}

/// The paths of the lists and counts that somebody who works outside has to have on the phone.
#[must_use]
pub fn work_lists(role: Role) -> Vec<String> {
    let lists: &[&[(&str, &str)]] = match role {
        Role::Inspector => &[api::issue::RECHECKS, &[("mine", "true")]],
        Role::Unit => &[api::issue::OPEN_ORDERS, api::issue::CLOSED_ORDERS],
        Role::Manager | Role::Admin => return Vec::new(),
    };
    let waits = query(role);
    let waits = (!lists.contains(&waits)).then_some(&waits);
    let counts = lists.iter().chain(waits).map(|query| api::issue::count_path(query));
    lists.iter().map(|query| api::issue::list_path(query)).chain(counts).collect()
}

/// What waits for the person.
#[derive(Clone, Copy)]
pub struct Waiting {
    load: Load<u32>,
}

impl Waiting {
    /// Counts, and puts the count into context.
    pub fn provide(role: Role) -> Self {
        let load = Load::new(move || async move { Ok(api::issue::count(query(role)).await?.total) });
        let waiting = Self { load };
        provide_context(waiting);
        waiting
    }

    /// Counts again.
    pub fn refresh(self) {
        self.load.again();
    }

    /// The count; 0 while it is not known.
    #[must_use]
    pub fn count(self) -> Signal<u32> {
        Signal::derive(move || self.load.value().unwrap_or(0))
    }
}

/// What waits for the person.
#[must_use]
pub fn use_waiting() -> Waiting {
    expect_context::<Waiting>()
}
