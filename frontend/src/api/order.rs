//! Orders: looking at one, and the one way to move it.

use app::id::{EventId, OrderId};
use app::issue::{IssueAnswer, OrderAnswer};
use app::order::StepRequest;

use super::{Answer, get, put};

/// The issue of an order, with the order in force.
///
/// # Errors
/// `not_found`: there is none, or not for me.
pub async fn find(id: OrderId) -> Answer<IssueAnswer> {
    get(&format!("/api/orders/{id}")).await
}

/// Moves an order a step; with the same id it can be sent again until an answer arrives.
///
/// # Errors
/// `step_not_allowed` with the steps that are, `not_same_hours`, `forbidden`, `photo_missing`, `invalid_fields`.
pub async fn step(id: OrderId, step_id: EventId, request: &StepRequest) -> Answer<OrderAnswer> {
    put(&step_path(id, step_id), request).await
}

/// Where a step of an order is.
#[must_use]
pub fn step_path(id: OrderId, step_id: EventId) -> String {
    format!("/api/orders/{id}/steps/{step_id}")
}
