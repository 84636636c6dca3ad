//! A refusal that is given before its request has come in whole. Whoever is still sending would see a broken connection
//! instead of the answer – a phone with a slow network and an ended session would blame the network for ever – so the rest is
//! taken in and thrown away, within what the request itself was allowed to take.

use crate::AppState;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Body as _, Frame, SizeHint};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Instant;

/// Bytes of a body that are still taken in at most: a little more than the largest photo.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// Has the rest of every body taken in.
pub async fn read_to_the_end(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // Whoever waits to be asked for the body sends none when refused.
    if request.headers().contains_key(header::EXPECT) {
        return next.run(request).await;
    }
    let until = Instant::now() + Duration::from_secs(state.settings.request_timeout_s);
    next.run(request.map(|body| Body::new(Whole { rest: Some(body), until }))).await
}

/// A body whose rest is taken in when nobody wants it any more.
struct Whole {
    /// `None` once it has ended.
    rest: Option<Body>,
    until: Instant,
}

impl hyper::body::Body for Whole {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
        let polled = Pin::new(rest).poll_frame(context);
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
        if rest.is_end_stream() || rest.size_hint().lower() > MOST_BYTES {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(tokio::time::timeout_at(self.until, take_in(rest)));
        }
    }
}

/// Reads a body to its end, as far as that is allowed.
async fn take_in(mut body: Body) {
    let mut left = MOST_BYTES;
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        left = left.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
        if left == 0 {
            return;
        }
    }
}
