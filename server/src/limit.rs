//! How much one request may take: bytes, characters of address, time.

use crate::AppState;
use crate::error::Result;
use app::problem::Code;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
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

/// The slowest sender that is waited for, bytes a second: a phone at the edge of its network that sends several photos at
/// once, each of which it takes up again from the start when it is given up.
const SLOWEST_BYTES_PER_S: u64 = 512;

/// Seconds that such a sender may take beyond what every request may take.
const LONGEST_WAIT_S: u64 = 900;

/// How long a request may take: as long as every request, and as long as what it says it sends takes on a very slow line.
pub fn allowance(state: &AppState, headers: &HeaderMap) -> Duration {
    let slowly = content_length(headers).unwrap_or(0) / SLOWEST_BYTES_PER_S;
    Duration::from_secs(state.settings.request_timeout_s + slowly.min(LONGEST_WAIT_S))
}

/// How many bytes a request says that it sends.
pub fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Gives up on a request that takes too long to arrive or to answer. What it was doing in the database is undone.
pub async fn time(State(state): State<AppState>, request: Request, next: Next) -> Result<Response> {
    let limit = allowance(&state, request.headers());
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => Ok(response),
        Err(_) => Err(Code::Timeout.into()),
    }
}
