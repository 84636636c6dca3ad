//! Bodies that come slowly, or are no longer wanted.
//!
//! A sender that is slow has as long as it takes; one that has gone silent is given up, for what it takes up is needed.
//!
//! A refusal that is given before its request has come in whole. Whoever is still sending would see a broken connection
//! instead of the answer – a phone with a slow network and an ended session would blame the network for ever – so the rest is
//! taken in and thrown away, within what the request itself was allowed to take. Whoever has no session is given less, and
//! only so many are given anything at once: the oldest gives way.

use crate::AppState;
use crate::limit;
use crate::listen::Caller;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Body as _, Frame, SizeHint};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::task::AbortHandle;
use tokio::time::{Instant, Sleep};

/// Bytes of a body that are still taken in at most: a little more than the largest photo.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// The same without a session: a photo as a camera makes it, of a phone whose session has ended.
const STRANGER_BYTES: u64 = 16 * 1024 * 1024;

/// How long it is taken in without a session. 2 MB, more than the page sends, come in that time at 8 KiB/s. On slower
/// lines the page gives the photo up itself (`frontend/web/outbox/pace.js`).
const STRANGER_TIME: Duration = Duration::from_secs(300);

/// So many at once whose session is known.
const KNOWN_AT_ONCE: usize = 256;

/// So many at once without one.
pub const STRANGERS_AT_ONCE: usize = 64;

/// The refused bodies whose rest is being taken in. Cheap to clone; clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Rests(Arc<Mutex<Queues>>);

#[derive(Debug, Default)]
struct Queues {
    known: VecDeque<AbortHandle>,
    strangers: VecDeque<AbortHandle>,
}

impl Rests {
    fn add(&self, rest: AbortHandle, is_known: bool) {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (queue, most) = if is_known {
            (&mut queues.known, KNOWN_AT_ONCE)
        } else {
            (&mut queues.strangers, STRANGERS_AT_ONCE)
        };
        queue.retain(|rest| !rest.is_finished());
        if queue.len() >= most
            && let Some(oldest) = queue.pop_front()
        {
            oldest.abort();
        }
        queue.push_back(rest);
    }
}

/// Has the rest of every body taken in.
pub async fn read_to_the_end(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // Whoever waits to be asked for the body sends none when refused.
    let sends_anyway = !request.headers().contains_key(header::EXPECT);
    let until = Instant::now() + limit::allowance(&state, request.headers());
    let silence = Duration::from_secs(state.settings.request_timeout_s);
    let patience = Box::pin(tokio::time::sleep(silence));
    let mut request = request;
    let caller = request.extensions_mut().get_or_insert_default::<Caller>().clone();
    let rests = state.rests.clone();
    next.run(request.map(|body| {
        Body::new(Whole { rest: Some(body), sends_anyway, until, silence, patience, caller, rests })
    }))
    .await
}

/// The sender of a body has been silent for too long.
#[derive(Debug, thiserror::Error)]
#[error("nothing has come for too long")]
pub struct Silent;

/// A body whose rest is taken in when nobody wants it any more.
struct Whole {
    /// `None` once it has ended.
    rest: Option<Body>,
    /// It comes whether it is read or not.
    sends_anyway: bool,
    until: Instant,
    /// How long nothing may come.
    silence: Duration,
    patience: Pin<Box<Sleep>>,
    caller: Caller,
    rests: Rests,
}

impl hyper::body::Body for Whole {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Self { rest: Some(rest), silence, patience, .. } = &mut *self else { return Poll::Ready(None) };
        let polled = Pin::new(rest).poll_frame(context);
        if polled.is_ready() {
            patience.as_mut().reset(Instant::now() + *silence);
        } else if patience.as_mut().poll(context).is_ready() {
            self.rest = None;
            return Poll::Ready(Some(Err(axum::Error::new(Silent))));
        }
        // At its end, or broken: there is no more.
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.rest = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.rest.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.rest.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        let Some(rest) = self.rest.take() else { return };
        let is_known = self.caller.is_signed_in();
        let (most, until) = if is_known {
            (MOST_BYTES, self.until)
        } else {
            (STRANGER_BYTES, self.until.min(Instant::now() + STRANGER_TIME))
        };
        if !self.sends_anyway || rest.is_end_stream() || rest.size_hint().lower() > most {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let task = runtime.spawn(tokio::time::timeout_at(until, take_in(rest, most, self.silence)));
            self.rests.add(task.abort_handle(), is_known);
        }
    }
}

/// Reads a body to its end, as far as that is allowed.
async fn take_in(mut body: Body, most: u64, silence: Duration) {
    let mut left = most;
    loop {
        let next = poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let Ok(Some(Ok(frame))) = tokio::time::timeout(silence, next).await else { return };
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        left = left.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
        if left == 0 {
            return;
        }
    }
}
