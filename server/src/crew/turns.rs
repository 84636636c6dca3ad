//! Turns at something scarce: fair among those who ask, and bounded.
//!
//! Whoever asks has a queue of their own, and the queues are served in a ring. So nobody waits behind all that another
//! has asked for. A queue that is full refuses at once: a wait without end helps nobody.

use crate::error::{Error, RETRY_AFTER_S};
use app::problem::{Code, Problem};
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// Hands out turns. Cheap to clone; clones hand out the same.
#[derive(Debug)]
pub struct Turns<K>(Arc<Mutex<Queues<K>>>);

impl<K> Clone for Turns<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// How many may wait.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Of one asker.
    pub each: usize,
    /// Of all.
    pub all: usize,
}

/// A turn: what it takes is free again when it is dropped.
#[derive(Debug)]
pub struct Turn<K: Eq + Hash + Clone> {
    turns: Turns<K>,
    units: usize,
}

/// No turn is to be had: too many wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Crowded {
    /// This asker has asked for too much at once.
    #[error("too many of this asker wait already")]
    Asker,
    /// Everybody together has.
    #[error("too many wait already")]
    All,
}

impl From<Crowded> for Error {
    fn from(crowded: Crowded) -> Self {
        let code = match crowded {
            Crowded::Asker => Code::TooManyRequests,
            Crowded::All => Code::Unavailable,
        };
        Problem::new(code).with_detail(crowded.to_string()).with_retry_after_s(RETRY_AFTER_S).into()
    }
}

#[derive(Debug)]
struct Queues<K> {
    free: usize,
    bounds: Bounds,
    waiting: HashMap<K, VecDeque<Waiter<K>>>,
    /// Whoever waits, in the order they are served; each once.
    ring: VecDeque<K>,
}

#[derive(Debug)]
struct Waiter<K> {
    units: usize,
    told: oneshot::Sender<Turns<K>>,
}

impl<K: Eq + Hash + Clone> Turns<K> {
    /// So many units to hand out.
    #[must_use]
    pub fn new(units: usize, bounds: Bounds) -> Self {
        let queues = Queues { free: units, bounds, waiting: HashMap::new(), ring: VecDeque::new() };
        Self(Arc::new(Mutex::new(queues)))
    }

    /// Waits for so many units, at most as many as there are.
    ///
    /// # Errors
    /// At once, when too many wait already.
    pub async fn take(&self, asker: &K, units: usize) -> Result<Turn<K>, Crowded> {
        let told = {
            let mut queues = self.lock();
            queues.forget_those_who_left();
            if queues.ring.is_empty() && queues.free >= units {
                queues.free -= units;
                return Ok(Turn { turns: self.clone(), units });
            }
            queues.wait(asker, units)?
        };
        let mut turn = Waiting { told, units };
        // The sender is dropped only with the turns, of which this is one.
        let turns = (&mut turn.told).await.map_err(|_| Crowded::All)?;
        Ok(Turn { turns, units })
    }

    fn lock(&self) -> MutexGuard<'_, Queues<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes units back and hands out what can be handed out.
    fn give_back(&self, units: usize) {
        let mut queues = self.lock();
        queues.free += units;
        while let Some(waiter) = queues.next() {
            let units = waiter.units;
            if waiter.told.send(self.clone()).is_err() {
                queues.free += units;
            }
        }
    }
}

impl<K: Eq + Hash + Clone> Drop for Turn<K> {
    fn drop(&mut self) {
        self.turns.give_back(self.units);
    }
}

/// Somebody who waits; a turn that comes as they leave goes to the next.
struct Waiting<K: Eq + Hash + Clone> {
    told: oneshot::Receiver<Turns<K>>,
    units: usize,
}

impl<K: Eq + Hash + Clone> Drop for Waiting<K> {
    fn drop(&mut self) {
        self.told.close();
        if let Ok(turns) = self.told.try_recv() {
            turns.give_back(self.units);
        }
    }
}

impl<K: Eq + Hash + Clone> Queues<K> {
    fn wait(&mut self, asker: &K, units: usize) -> Result<oneshot::Receiver<Turns<K>>, Crowded> {
        let all: usize = self.waiting.values().map(VecDeque::len).sum();
        let own = self.waiting.get(asker).map_or(0, VecDeque::len);
        if own >= self.bounds.each {
            return Err(Crowded::Asker);
        }
        if all >= self.bounds.all {
            return Err(Crowded::All);
        }
        let (told, turn) = oneshot::channel();
        if own == 0 {
            self.ring.push_back(asker.clone());
        }
        self.waiting.entry(asker.clone()).or_default().push_back(Waiter { units, told });
        Ok(turn)
    }

    /// The next to be served, if there is enough for them. Whoever needs much is waited for: others do not slip past.
    fn next(&mut self) -> Option<Waiter<K>> {
        self.forget_those_who_left();
        let asker = self.ring.front()?.clone();
        let queue = self.waiting.get_mut(&asker)?;
        if queue.front()?.units > self.free {
            return None;
        }
        let waiter = queue.pop_front()?;
        self.free -= waiter.units;
        self.ring.pop_front();
        if queue.is_empty() {
            self.waiting.remove(&asker);
        } else {
            self.ring.push_back(asker);
        }
        Some(waiter)
    }

    fn forget_those_who_left(&mut self) {
        self.waiting.retain(|_, queue| {
            queue.retain(|waiter| !waiter.told.is_closed());
            !queue.is_empty()
        });
        let Self { waiting, ring, .. } = self;
        ring.retain(|asker| waiting.contains_key(asker));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const WIDE: Bounds = Bounds { each: 100, all: 1000 };

    /// Asks, and is in the queue when this returns.
    async fn ask(
        turns: &Turns<&'static str>,
        who: &'static str,
        units: usize,
        served: &Arc<Mutex<Vec<&'static str>>>,
    ) -> tokio::task::JoinHandle<Result<(), Crowded>> {
        let (turns, served) = (turns.clone(), Arc::clone(served));
        let asked = tokio::spawn(async move {
            let turn = turns.take(&who, units).await?;
            served.lock().expect("whole").push(who);
            drop(turn);
            Ok(())
        });
        tokio::task::yield_now().await;
        asked
    }

    #[tokio::test]
    async fn nobody_waits_behind_all_that_another_asked_for() {
        let turns = Turns::new(1, WIDE);
        let first = turns.take(&"busy", 1).await.expect("free");
        let served = Arc::default();
        let mut asked = Vec::new();
        for who in ["busy", "busy", "busy", "busy", "other", "third"] {
            asked.push(ask(&turns, who, 1, &served).await);
        }
        drop(first);
        for done in asked {
            done.await.expect("joins").expect("served");
        }
        assert_eq!(*served.lock().expect("whole"), ["busy", "other", "third", "busy", "busy", "busy"]);
    }

    #[tokio::test]
    async fn whoever_asks_for_too_much_is_refused_and_others_are_not() {
        let turns = Turns::new(1, Bounds { each: 2, all: 3 });
        let first = turns.take(&"a", 1).await.expect("free");
        let served = Arc::default();
        let a = [ask(&turns, "a", 1, &served).await, ask(&turns, "a", 1, &served).await];
        assert_eq!(turns.take(&"a", 1).await.err(), Some(Crowded::Asker));
        let b = ask(&turns, "b", 1, &served).await;
        assert_eq!(turns.take(&"c", 1).await.err(), Some(Crowded::All));
        // Those who leave make room for others.
        a[0].abort();
        tokio::task::yield_now().await;
        let c = ask(&turns, "c", 1, &served).await;
        drop(first);
        b.await.expect("joins").expect("served");
        c.await.expect("joins").expect("served");
        assert_eq!(served.lock().expect("whole").len(), 3);
    }

    #[tokio::test]
    async fn whoever_needs_much_is_not_passed_for_ever() {
        let turns = Turns::new(4, WIDE);
        let mut held =
            vec![turns.take(&"small", 1).await.expect("free"), turns.take(&"small", 1).await.expect("free")];
        let served = Arc::default();
        let large = ask(&turns, "large", 4, &served).await;
        let small = ask(&turns, "small", 1, &served).await;
        assert!(served.lock().expect("whole").is_empty(), "there is room for one, but it is not its turn");
        held.clear();
        large.await.expect("joins").expect("served");
        small.await.expect("joins").expect("served");
        assert_eq!(*served.lock().expect("whole"), ["large", "small"]);
    }

    #[tokio::test]
    async fn a_turn_that_comes_as_somebody_leaves_is_not_lost() {
        let turns = Turns::new(1, WIDE);
        let first = turns.take(&"a", 1).await.expect("free");
        let mut left = Box::pin(turns.take(&"b", 1));
        assert!(tokio::time::timeout(Duration::ZERO, &mut left).await.is_err());
        // It is b's now, who does not know it yet.
        drop(first);
        drop(left);
        let next = tokio::time::timeout(Duration::from_secs(20), turns.take(&"c", 1)).await;
        next.expect("not held by nobody").expect("free");
    }
}
