//! Threads of our own for work that takes a whole core and much memory: developing photos, hashing passwords.
//!
//! The runtime's blocking threads are many, and it picks any of them. An allocator keeps memory for every thread that
//! ever had much of it: the same work spread over all of them held 370 MB where a few threads hold 175.

pub mod turns;

use crate::error::Result;
use anyhow::anyhow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;
use turns::{Bounds, Turns};

type Job = Box<dyn FnOnce() + Send>;

/// Whoever jobs are done for: a hash of an account's id, of a name, of whatever tells one asker from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Asker(u64);

impl Asker {
    /// Everything that one asker is known by.
    pub fn new(known_by: &impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        known_by.hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// A few threads that take one job after another, in turns among those who ask. Cheap to clone; they go with the last
/// clone.
#[derive(Debug, Clone)]
pub struct Crew {
    jobs: Sender<Job>,
    turns: Turns<Asker>,
}

impl Crew {
    /// Starts so many threads, at least one; so many may wait for them.
    ///
    /// # Panics
    /// When the system gives no more threads.
    #[must_use]
    pub fn new(hands: usize, bounds: Bounds) -> Self {
        let (jobs, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..hands.max(1) {
            let waiting = Arc::clone(&waiting);
            std::thread::spawn(move || work(&waiting));
        }
        Self { jobs, turns: Turns::new(hands.max(1), bounds) }
    }

    /// Waits for a free hand and for what the job comes to. A job whose asker has gone away is not begun.
    ///
    /// # Errors
    /// `too_many_requests` or `unavailable` when too many wait already; when the job panics.
    pub async fn run<T: Send + 'static>(
        &self,
        asker: Asker,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let turn = self.turns.take(&asker, 1).await?;
        let (done, answer) = oneshot::channel();
        let job = move || {
            // A hand is free when the job has ended, not when its asker has gone.
            let _turn = turn;
            if !done.is_closed() {
                // Sent to nobody when the asker goes away meanwhile.
                done.send(job()).ok();
            }
        };
        self.jobs.send(Box::new(job)).map_err(|_| anyhow!("nobody is left to work"))?;
        answer.await.map_err(|_| anyhow!("the work panicked").into())
    }
}

fn work(waiting: &Mutex<Receiver<Job>>) {
    loop {
        // Not in the loop's head: the next must be able to wait while this one works.
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // The panic is in the log by now; the next job is not to suffer for it.
        catch_unwind(AssertUnwindSafe(job)).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::problem::Code;

    const WIDE: Bounds = Bounds { each: 10, all: 10 };
    const SOMEBODY: Asker = Asker(1);

    #[tokio::test]
    async fn a_panic_costs_one_job_only() {
        let crew = Crew::new(1, WIDE);
        assert!(crew.run(SOMEBODY, || panic!("a bad job")).await.is_err());
        assert_eq!(crew.run(SOMEBODY, || 6 * 7).await.expect("the same hand goes on"), 42);
    }

    #[tokio::test]
    async fn nobody_works_for_those_who_left() {
        let crew = Crew::new(1, WIDE);
        let (go, gate) = channel::<()>();
        let busy = tokio::spawn({
            let crew = crew.clone();
            async move { crew.run(SOMEBODY, move || gate.recv().is_ok()).await }
        });
        tokio::task::yield_now().await;
        let (began, begun) = channel::<()>();
        let left = crew.run(SOMEBODY, move || began.send(()).is_ok());
        // Asked for, then given up on while the one hand is busy.
        assert!(tokio::time::timeout(std::time::Duration::ZERO, left).await.is_err());
        go.send(()).expect("the first still waits");
        assert!(busy.await.expect("joins").expect("works"));
        assert!(crew.run(SOMEBODY, || true).await.expect("works"));
        assert!(begun.try_recv().is_err(), "the abandoned job was begun");
    }

    #[tokio::test]
    async fn a_queue_that_is_full_refuses_at_once() {
        let crew = Crew::new(1, Bounds { each: 1, all: 2 });
        let (go, gate) = channel::<()>();
        let busy = tokio::spawn({
            let crew = crew.clone();
            async move { crew.run(SOMEBODY, move || gate.recv().is_ok()).await }
        });
        tokio::task::yield_now().await;
        let waits = |asker| {
            let crew = crew.clone();
            tokio::spawn(async move { crew.run(asker, || true).await })
        };
        let mut waiting = vec![waits(SOMEBODY)];
        tokio::task::yield_now().await;
        let refused = crew.run(SOMEBODY, || true).await.expect_err("one waits").into_problem();
        assert_eq!((refused.code, refused.retry_after_s.is_some()), (Code::TooManyRequests, true));
        waiting.push(waits(Asker(2)));
        tokio::task::yield_now().await;
        let refused = crew.run(Asker(3), || true).await.expect_err("two wait").into_problem();
        assert_eq!((refused.code, refused.retry_after_s.is_some()), (Code::Unavailable, true));
        go.send(()).expect("the first still waits");
        assert!(busy.await.expect("joins").expect("works"));
        for done in waiting {
            assert!(done.await.expect("joins").expect("works"));
        }
    }
}
