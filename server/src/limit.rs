//! How much one request may take: bytes, characters of address, time.

use crate::AppState;
use crate::error::{RETRY_AFTER_S, Result};
use app::id::UserId;
use app::problem::{Code, Problem};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Bytes of a body, unless the path has a limit of its own.
pub const JSON_BYTES: usize = 1024 * 1024;

/// Bytes of a body that comes without a session: a name and a password, many times over.
pub const SIGN_IN_BYTES: usize = 16 * 1024;

/// Bodies of one account that may be under way at once. Two devices send three photos each, and as many again may be left
/// from before their network changed. The rest is for what is written beside them.
pub const BODIES_PER_ACCOUNT: usize = 16;

/// The bodies under way, by account. Cheap to clone; clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Bodies(Arc<Mutex<HashMap<UserId, usize>>>);

impl Bodies {
    /// One more of this account, until what is returned is dropped.
    ///
    /// # Errors
    /// `too_many_requests` when as many are under way as may be.
    pub fn begin(&self, account: UserId) -> Result<UnderWay> {
        let mut counts = self.counts();
        let count = counts.entry(account).or_default();
        if *count >= BODIES_PER_ACCOUNT {
            return Err(Problem::new(Code::TooManyRequests)
                .with_detail(format!("{BODIES_PER_ACCOUNT} bodies of this account are under way"))
                .with_retry_after_s(RETRY_AFTER_S)
                .into());
        }
        *count += 1;
        drop(counts);
        Ok(UnderWay { bodies: self.clone(), account })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<UserId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A body that is under way.
#[derive(Debug)]
pub struct UnderWay {
    bodies: Bodies,
    account: UserId,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut counts = self.bodies.counts();
        if let Some(count) = counts.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.account);
            }
        }
    }
}

/// Whose bodies a request's counts among; put there once the session is known.
#[derive(Debug, Clone)]
pub struct Share {
    /// All of them.
    pub bodies: Bodies,
    /// The account.
    pub account: UserId,
}

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

/// Gives up on a request that takes too long to arrive or to answer. What it was doing in the database is undone,
/// unless it is being committed.
pub async fn time(State(state): State<AppState>, request: Request, next: Next) -> Result<Response> {
    let limit = allowance(&state, request.headers());
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => Ok(response),
        Err(_) => Err(Code::Timeout.into()),
    }
}
