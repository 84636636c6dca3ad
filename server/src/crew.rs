//! Threads of our own for work that takes a whole core and much memory: developing photos, hashing passwords.
//!
//! The runtime's blocking threads are many, and it picks any of them. An allocator keeps memory for every thread that
//! ever had much of it: the same work spread over all of them held 370 MB where a few threads hold 175.

use anyhow::{Result, anyhow};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// A few threads that take one job after another, in the order they came. Cheap to clone; they go with the last clone.
#[derive(Debug, Clone)]
pub struct Crew {
    jobs: Sender<Job>,
}

impl Crew {
    /// Starts so many threads, at least one.
    ///
    /// # Panics
    /// When the system gives no more threads.
    #[must_use]
    pub fn new(hands: usize) -> Self {
        let (jobs, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..hands.max(1) {
            let waiting = Arc::clone(&waiting);
            std::thread::spawn(move || work(&waiting));
        }
        Self { jobs }
    }

    /// Waits for a free hand and for what the job comes to. A job whose asker has gone away is not begun.
    ///
    /// # Errors
    /// When the job panics.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (done, answer) = oneshot::channel();
        let job = move || {
            if !done.is_closed() {
                // Sent to nobody when the asker goes away meanwhile.
                done.send(job()).ok();
            }
        };
        self.jobs.send(Box::new(job)).map_err(|_| anyhow!("nobody is left to work"))?;
        answer.await.map_err(|_| anyhow!("the work panicked"))
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

    #[tokio::test]
    async fn a_panic_costs_one_job_only() {
        let crew = Crew::new(1);
        assert!(crew.run(|| panic!("a bad job")).await.is_err());
        assert_eq!(crew.run(|| 6 * 7).await.expect("the same hand goes on"), 42);
    }

    #[tokio::test]
    async fn nobody_works_for_those_who_left() {
        let crew = Crew::new(1);
        let (go, gate) = channel::<()>();
        let busy = tokio::spawn({
            let crew = crew.clone();
            async move { crew.run(move || gate.recv().is_ok()).await }
        });
        tokio::task::yield_now().await;
        let (began, begun) = channel::<()>();
        let left = crew.run(move || began.send(()).is_ok());
        // Asked for, then given up on while the one hand is busy.
        assert!(tokio::time::timeout(std::time::Duration::ZERO, left).await.is_err());
        go.send(()).expect("the first still waits");
        assert!(busy.await.expect("joins").expect("works"));
        assert!(crew.run(|| true).await.expect("works"));
        assert!(begun.try_recv().is_err(), "the abandoned job was begun");
    }
}
