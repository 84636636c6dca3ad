//! The clock: the one place that reads the time of day. Tests and the demo's history bring their own.

use app::time::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Instant;
use uuid::Uuid;

/// Tells the time. Cheap to clone; clones of a set clock move together.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Set(Arc<Hands>),
}

/// A clock that tests move.
#[derive(Debug)]
struct Hands {
    now: AtomicI64,
    steady: AtomicI64,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `at` until it is moved.
    #[must_use]
    pub fn set_to(at: Timestamp) -> Self {
        Self(Source::Set(Arc::new(Hands { now: AtomicI64::new(at.millis()), steady: AtomicI64::new(0) })))
    }

    /// Now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the time of day")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::Set(hands) => Timestamp::from_millis(hands.now.load(Ordering::SeqCst)),
            Source::System => {
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                // Before 1970 only on a machine whose clock is broken; held at the epoch rather than failing.
                Timestamp::from_millis(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
            }
        }
    }

    /// Milliseconds of a clock that only goes forward, from no moment in particular. What waits by it waits as long also
    /// when somebody sets the time of day right.
    #[must_use]
    pub fn steady(&self) -> i64 {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        match &self.0 {
            Source::Set(hands) => hands.steady.load(Ordering::SeqCst),
            Source::System => i64::try_from(START.elapsed().as_millis()).unwrap_or(i64::MAX),
        }
    }

    /// Sets a set clock's time of day to `at`, as somebody would who sets a wrong clock right; no time passes. The machine's
    /// clock stays as it is.
    pub fn move_to(&self, at: Timestamp) {
        if let Source::Set(hands) = &self.0 {
            hands.now.store(at.millis(), Ordering::SeqCst);
        }
    }

    /// Lets `millis` milliseconds pass on a set clock; the machine's clock stays as it is.
    pub fn advance(&self, millis: i64) {
        self.move_to(self.now().plus(millis));
        if let Source::Set(hands) = &self.0 {
            hands.steady.fetch_add(millis, Ordering::SeqCst);
        }
    }

    /// A new id (UUIDv7) of this moment.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        let mut random = [0; 10];
        let millis = u64::try_from(self.now().millis()).unwrap_or(0);
        getrandom::fill(&mut random).expect("the operating system gives random bytes");
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
