//! How much one request may take: bytes, characters of address, time.

use crate::AppState;
use crate::error::Result;
use app::problem::Code;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Duration;

/// Bytes of a body, unless the path has a limit of its own.
pub const JSON_BYTES: usize = 1024 * 1024;

/// Characters of path and query.
const URI_CHARS: usize = 8 * 1024;

/// Refuses addresses no page of ours makes.
pub async fn uri_length(request: Request, next: Next) -> Result<Response> {
    if request.uri().path_and_query().is_some_and(|text| text.as_str().len() > URI_CHARS) {
        return Err(Code::UriTooLong.into());
    }
    Ok(next.run(request).await)
}

/// Gives up on a request that takes too long to arrive or to answer. What it was doing in the database is undone.
pub async fn time(State(state): State<AppState>, request: Request, next: Next) -> Result<Response> {
    let limit = Duration::from_secs(state.settings.request_timeout_s);
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => Ok(response),
        Err(_) => Err(Code::Timeout.into()),
    }
}
