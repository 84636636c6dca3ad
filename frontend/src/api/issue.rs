//! Issues: reporting, listing, looking at one, and the steps that need no order.

use app::id::{EventId, IssueId};
use app::issue::{IssueAnswer, IssueRow, Report};
use app::order::StepRequest;
use app::page::Page;
use serde::de::IgnoredAny;

use super::{Answer, get, put, with_query};

/// Reports a problem; with the same id it can be sent again until an answer arrives.
///
/// # Errors
/// `photo_missing`, `photo_not_yours`, `invalid_fields`, `id_taken`, `forbidden`.
pub async fn report(id: IssueId, report: &Report) -> Answer<IssueAnswer> {
    put(&format!("/api/issues/{id}"), report).await
}

/// One page of the issues I may see. The query is the API's: `state`, `mine`, `recheck`, `cursor` …
///
/// # Errors
/// `invalid_parameter`, `invalid_cursor`.
pub async fn list(query: &[(&str, &str)]) -> Answer<Page<IssueRow>> {
    get(&with_query("/api/issues", query)).await
}

/// How many issues the first page of a query has; nothing of them is read.
///
/// # Errors
/// `invalid_parameter`.
pub async fn count(query: &[(&str, &str)]) -> Answer<usize> {
    let page: Page<IgnoredAny> = get(&with_query("/api/issues", query)).await?;
    Ok(page.items.len())
}

/// One issue with its timeline.
///
/// # Errors
/// `not_found`: there is none, or not for me.
pub async fn find(id: IssueId) -> Answer<IssueAnswer> {
    get(&format!("/api/issues/{id}")).await
}

/// Takes a step that needs no order: `assign`, `void`. The same id can be sent again.
///
/// # Errors
/// `step_not_allowed`, `forbidden`, `invalid_fields`.
pub async fn step(id: IssueId, step_id: EventId, request: &StepRequest) -> Answer<IssueAnswer> {
    put(&format!("/api/issues/{id}/steps/{step_id}"), request).await
}
