//! Issues: listing, looking at one, and the steps that need no order.

use app::id::{EventId, IssueId};
use app::issue::{IssueAnswer, IssueCount, IssuePage};
use app::order::StepRequest;

use super::{Answer, Got, get_kept, put, with_query};

/// What waits to be re-checked: more than anybody re-checks in a day, and all at once, for sorting by distance.
pub const RECHECKS: &[(&str, &str)] = &[("recheck", "true"), ("sort", "due_at"), ("limit", "200")];
/// A unit's orders that have not come to their end, the earliest due first.
pub const OPEN_ORDERS: &[(&str, &str)] = &[
    ("state", "dispatched,accepted,replied,rework,confirmed,returned"),
    ("sort", "due_at"),
    ("limit", "200"),
];
/// A unit's orders that have, the latest reported first.
pub const CLOSED_ORDERS: &[(&str, &str)] = &[("state", "closed"), ("sort", "-reported_at"), ("limit", "200")];

/// Where a list of issues is.
#[must_use]
pub fn list_path(query: &[(&str, &str)]) -> String {
    with_query("/api/issues", query)
}

/// One page of the issues I may see. The query is the API's: `state`, `mine`, `recheck`, `cursor` …
///
/// # Errors
/// `invalid_parameter`, `invalid_cursor`.
pub async fn list(query: &[(&str, &str)]) -> Answer<Got<IssuePage>> {
    get_kept(&list_path(query)).await
}

/// Where it is said how many issues a list holds.
#[must_use]
pub fn count_path(query: &[(&str, &str)]) -> String {
    let asked: Vec<_> = query.iter().copied().filter(|(name, _)| *name != "limit").collect();
    with_query("/api/issues/count", &asked)
}

/// How many issues a list holds, by state.
///
/// # Errors
/// `invalid_parameter`.
pub async fn count(query: &[(&str, &str)]) -> Answer<IssueCount> {
    let got: Got<IssueCount> = get_kept(&count_path(query)).await?;
    Ok(got.value)
}

/// One issue with its timeline.
///
/// # Errors
/// `not_found`: there is none, or not for me.
pub async fn find(id: IssueId) -> Answer<Got<IssueAnswer>> {
    get_kept(&path(id)).await
}

/// Where an issue is.
#[must_use]
pub fn path(id: IssueId) -> String {
    format!("/api/issues/{id}")
}

/// Takes a step that needs no order: `assign`, `void`. The same id can be sent again.
///
/// # Errors
/// `step_not_allowed`, `forbidden`, `invalid_fields`.
pub async fn step(id: IssueId, step_id: EventId, request: &StepRequest) -> Answer<IssueAnswer> {
    put(&format!("/api/issues/{id}/steps/{step_id}"), request).await
}
