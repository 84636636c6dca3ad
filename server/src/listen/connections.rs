//! The connections there are, and which of them goes when there are as many as there may be.
//!
//! Whoever waits for nothing goes first, the longest idle before others. Then whoever keeps a request going without
//! having signed in. Somebody who is signed in and at work is never cut off for somebody new.

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

/// How long a request without a session is at work before its connection may be taken for another.
const GRACE: Duration = Duration::from_secs(5);

/// How often it is looked for somebody to go, while there is nobody.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Whoever makes a request, as far as connections care. Cheap to clone; clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Caller(Arc<AtomicBool>);

impl Caller {
    /// A session was found.
    pub fn is_signed_in_now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether a session was found so far.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// All connections. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Connections(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    most: usize,
    seats: Mutex<Seats>,
    /// Somebody has gone.
    left: Notify,
}

#[derive(Debug, Default)]
struct Seats {
    next: u64,
    taken: HashMap<u64, Taken>,
}

#[derive(Debug)]
struct Taken {
    /// Whose request is at work; `None` while it waits for one.
    at_work: Option<Caller>,
    /// Since when it is as it is.
    since: Instant,
    /// `None` once it was told to go.
    go: Option<oneshot::Sender<()>>,
}

/// A connection's place among the others; free when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    id: u64,
    connections: Connections,
}

/// A request at work, until its answer has been given out.
#[derive(Debug)]
pub(super) struct Work {
    seat: Arc<Seat>,
}

impl Connections {
    pub(super) fn new(most: usize) -> Self {
        Self(Arc::new(Inner { most, seats: Mutex::default(), left: Notify::new() }))
    }

    /// Waits for a place, and sends somebody away where that is fair. The receiver tells when this one has to go.
    pub(super) async fn seat(&self) -> (Arc<Seat>, oneshot::Receiver<()>) {
        loop {
            let left = self.0.left.notified();
            if let Some(seated) = self.try_seat() {
                return seated;
            }
            let _ = tokio::time::timeout(LOOK_EVERY, left).await;
        }
    }

    fn try_seat(&self) -> Option<(Arc<Seat>, oneshot::Receiver<()>)> {
        let mut seats = self.seats();
        if seats.taken.len() >= self.0.most {
            seats.send_one_away();
            return None;
        }
        let id = seats.next;
        seats.next += 1;
        let (go, gone) = oneshot::channel();
        seats.taken.insert(id, Taken { at_work: None, since: Instant::now(), go: Some(go) });
        drop(seats);
        Some((Arc::new(Seat { id, connections: self.clone() }), gone))
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.0.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seats {
    fn send_one_away(&mut self) {
        // Whoever was told already is as good as gone.
        if self.taken.values().any(|taken| taken.go.is_none()) {
            return;
        }
        let longest = |of: fn(&Taken) -> bool| {
            self.taken
                .iter()
                .filter(|(_, taken)| of(taken))
                .min_by_key(|(_, taken)| taken.since)
                .map(|(id, _)| *id)
        };
        let idle = longest(|taken| taken.at_work.is_none());
        let strange = || {
            longest(|taken| {
                let is_strange = taken.at_work.as_ref().is_some_and(|caller| !caller.is_signed_in());
                is_strange && taken.since.elapsed() >= GRACE
            })
        };
        let Some(taken) = idle.or_else(strange).and_then(|id| self.taken.get_mut(&id)) else { return };
        if let Some(go) = taken.go.take() {
            go.send(()).ok();
        }
    }
}

impl Seat {
    /// A request has come.
    pub(super) fn begin(self: &Arc<Self>, caller: Caller) -> Work {
        self.now(Some(caller));
        Work { seat: Arc::clone(self) }
    }

    fn now(&self, at_work: Option<Caller>) {
        if let Some(taken) = self.connections.seats().taken.get_mut(&self.id) {
            taken.at_work = at_work;
            taken.since = Instant::now();
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.connections.seats().taken.remove(&self.id);
        self.connections.0.left.notify_waiters();
    }
}

impl Work {
    /// The body of the answer, which is at work until it has been given out.
    pub(super) fn until_given_out(self, body: Body) -> Body {
        Body::new(GivenOut { body, _work: self })
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.seat.now(None);
    }
}

struct GivenOut {
    body: Body,
    _work: Work,
}

impl hyper::body::Body for GivenOut {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_longest_idle_goes_first_and_whoever_is_at_work_stays() {
        let connections = Connections::new(3);
        let (working, mut first) = connections.seat().await;
        let known = Caller::default();
        known.is_signed_in_now();
        let work = working.begin(known);
        let (idle, mut second) = connections.seat().await;
        let (_later, mut third) = connections.seat().await;
        let next = connections.seat();
        tokio::pin!(next);
        assert!(tokio::time::timeout(Duration::from_millis(10), &mut next).await.is_err(), "full");
        assert!(second.try_recv().is_ok() && first.try_recv().is_err() && third.try_recv().is_err());
        drop(idle);
        let _next = next.await;
        drop(work);
        // Idle now, but not for as long as the other.
        assert!(connections.try_seat().is_none());
        assert!(third.try_recv().is_ok() && first.try_recv().is_err());
    }

    #[tokio::test]
    async fn strangers_go_when_nobody_is_idle_and_not_at_once() {
        let connections = Connections::new(2);
        let (seat, mut signed_in) = connections.seat().await;
        let known = Caller::default();
        known.is_signed_in_now();
        let _known = seat.begin(known);
        let (seat, mut stranger) = connections.seat().await;
        let id = seat.id;
        let _unknown = seat.begin(Caller::default());
        assert!(connections.try_seat().is_none() && stranger.try_recv().is_err(), "may be about to sign in");
        if let Some(stranger) = connections.seats().taken.get_mut(&id) {
            stranger.since -= GRACE;
        }
        assert!(connections.try_seat().is_none());
        assert!(stranger.try_recv().is_ok() && signed_in.try_recv().is_err());
    }
}
