//! Wrong passwords, counted in the memory of this process: a try costs the database no write, and a restart forgets all.
//!
//! How long they make one wait is decided in [`app::account::delay`]. Several processes each count their own.

use crate::clock::Clock;
use app::account::delay::{CLIENT, KNOWN_DEVICE, NAME, NAME_FROM_CLIENT, Rule, Tally};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Counters kept at most, a few megabytes. A password takes tens of milliseconds to check, so filling them takes a flood
/// many minutes.
const COUNTERS: usize = 32_768;

/// The counters. Cheap to clone; clones are the same ones.
#[derive(Debug, Clone, Default)]
pub struct Throttle(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    counters: Mutex<HashMap<Key, Counter>>,
    /// Told whenever a try that was under way has ended.
    settled: Notify,
    /// Names are kept as keyed hashes: of one size, and nobody can make two alike.
    hasher: RandomState,
}

/// A password that somebody wants to have checked.
#[derive(Debug, Clone, Copy)]
pub struct Try<'a> {
    /// The name that was typed, in its compared form; it need not exist.
    pub username_key: &'a str,
    /// The address it comes from, as it is counted.
    pub client: IpAddr,
    /// The known device or the session it comes from, by its hash.
    pub known: Option<&'a str>,
    /// The account's `sign_in_epoch`; 0 where there is no account.
    pub epoch: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    /// A device that is known to the account.
    Known(u64),
    NameFromClient(u64, IpAddr),
    Name(u64),
    Client(IpAddr),
}

#[derive(Debug, Default)]
struct Counter {
    tally: Tally,
    /// Tries let through whose outcome is not known yet.
    under_way: u32,
    epoch: i64,
}

enum Verdict {
    Admitted,
    /// So many milliseconds from now.
    Later(i64),
    /// When it is known what has become of those before.
    AfterOthers,
}

impl Key {
    const fn rule(self) -> &'static Rule {
        match self {
            Self::Known(_) => &KNOWN_DEVICE,
            Self::NameFromClient(..) => &NAME_FROM_CLIENT,
            Self::Name(_) => &NAME,
            Self::Client(_) => &CLIENT,
        }
    }
}

impl Throttle {
    /// Lets a try through, at once or after those under way that could forbid it. Several right passwords at once are all
    /// let through; of many wrong ones, as many as one after the other.
    ///
    /// `Err` holds the milliseconds to wait.
    pub async fn admit(&self, clock: &Clock, attempt: Try<'_>) -> Result<Admitted, i64> {
        let keys = self.keys(attempt);
        loop {
            let mut settled = pin!(self.0.settled.notified());
            // Before looking, so that nothing that ends meanwhile is missed.
            settled.as_mut().enable();
            match self.judge(&keys, attempt.epoch, clock.steady()) {
                Verdict::Admitted => {
                    return Ok(Admitted { throttle: self.clone(), clock: clock.clone(), keys });
                }
                Verdict::Later(millis) => return Err(millis),
                Verdict::AfterOthers => settled.await,
            }
        }
    }

    /// What this try counts for; its own mistakes first.
    fn keys(&self, attempt: Try<'_>) -> Vec<Key> {
        let hash = |text: &str| self.0.hasher.hash_one(text);
        let name = hash(attempt.username_key);
        attempt.known.map_or_else(
            || vec![Key::NameFromClient(name, attempt.client), Key::Name(name), Key::Client(attempt.client)],
            // Nobody else's tries hold up a device that is known.
            |known| vec![Key::Known(self.0.hasher.hash_one((attempt.username_key, known)))],
        )
    }

    fn judge(&self, keys: &[Key], epoch: i64, now: i64) -> Verdict {
        let mut counters = self.counters();
        for key in keys {
            if let Some(counter) = counters.get_mut(key)
                && counter.epoch < epoch
                && !matches!(key, Key::Client(_))
            {
                (counter.tally, counter.epoch) = (Tally::default(), epoch);
            }
        }
        let found = || keys.iter().filter_map(|key| counters.get(key).map(|counter| (key.rule(), counter)));
        let wait = found().map(|(_, counter)| counter.tally.wait(now)).max().unwrap_or(0);
        if wait > 0 {
            return Verdict::Later(wait);
        }
        let is_full = |(rule, counter): (&Rule, &Counter)| {
            counter.under_way > 0 && counter.tally.failures(rule, now) + counter.under_way >= rule.free
        };
        if found().any(is_full) {
            return Verdict::AfterOthers;
        }
        for key in keys {
            if counters.len() >= COUNTERS && !counters.contains_key(key) {
                make_room(&mut counters, now);
            }
            let fresh = Counter { epoch, ..Counter::default() };
            counters.entry(*key).or_insert(fresh).under_way += 1;
        }
        Verdict::Admitted
    }

    fn counters(&self) -> MutexGuard<'_, HashMap<Key, Counter>> {
        self.0.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets an eighth of the counters: those that would be forgotten soonest, so that whoever guesses much stays counted.
fn make_room(counters: &mut HashMap<Key, Counter>, now: i64) {
    counters.retain(|_, counter| counter.under_way > 0 || !counter.tally.is_forgotten(now));
    if counters.len() < COUNTERS {
        return;
    }
    let idle = counters.values().filter(|counter| counter.under_way == 0);
    let mut ends: Vec<i64> = idle.map(|counter| counter.tally.forgotten_at()).collect();
    if ends.is_empty() {
        return;
    }
    let eighth = ends.len() / 8;
    let (_, last, _) = ends.select_nth_unstable(eighth);
    let last = *last;
    counters.retain(|_, counter| counter.under_way > 0 || counter.tally.forgotten_at() > last);
}

/// A try that was let through. Dropped without an outcome – the person hung up, the database failed – it was none.
#[derive(Debug)]
pub struct Admitted {
    throttle: Throttle,
    clock: Clock,
    keys: Vec<Key>,
}

impl Admitted {
    /// The password was wrong, or there is no such account.
    pub fn was_wrong(self) {
        let now = self.clock.steady();
        let mut counters = self.throttle.counters();
        for key in &self.keys {
            if let Some(counter) = counters.get_mut(key) {
                counter.tally.add(key.rule(), now);
            }
        }
    }

    /// The password was right: what went wrong before, here and for this name, was its owner's mistake.
    pub fn was_right(self) {
        let now = self.clock.steady();
        let mut counters = self.throttle.counters();
        let own = self.keys.first().and_then(|key| counters.get(key).map(|it| (key.rule(), it.tally)));
        let mistakes = own.map_or(0, |(rule, tally)| tally.failures(rule, now));
        for key in &self.keys {
            if let Some(counter) = counters.get_mut(key) {
                counter.tally.take_back(key.rule(), mistakes, now);
            }
        }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let now = self.clock.steady();
        let mut counters = self.throttle.counters();
        for key in &self.keys {
            if let Some(counter) = counters.get_mut(key) {
                counter.under_way = counter.under_way.saturating_sub(1);
                if counter.under_way == 0 && counter.tally.is_forgotten(now) {
                    counters.remove(key);
                }
            }
        }
        drop(counters);
        self.throttle.0.settled.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::time::{DAY, Timestamp};
    use std::net::Ipv4Addr;

    fn clock() -> Clock {
        Clock::set_to(Timestamp::from_millis(DAY))
    }

    const fn from(number: u32, username_key: &str) -> Try<'_> {
        Try { username_key, client: IpAddr::V4(Ipv4Addr::from_bits(number)), known: None, epoch: 0 }
    }

    async fn fail(throttle: &Throttle, clock: &Clock, attempt: Try<'_>) {
        throttle.admit(clock, attempt).await.expect("let through").was_wrong();
    }

    #[tokio::test]
    async fn many_addresses_make_a_name_wait_and_no_known_device() {
        let (throttle, clock) = (Throttle::default(), clock());
        for number in 0..NAME.free {
            fail(&throttle, &clock, from(number, "wang")).await;
        }
        assert_eq!(throttle.admit(&clock, from(999, "wang")).await.expect_err("waits"), 5_000);
        assert!(throttle.admit(&clock, from(999, "li")).await.is_ok());
        let known = Try { known: Some("phone"), ..from(0, "wang") };
        throttle.admit(&clock, known).await.expect("known").was_right();
        // A known device is not known to others, and its owner's signing in helps no guesser.
        let others = Try { known: Some("phone"), ..from(0, "li") };
        for _ in 0..KNOWN_DEVICE.free {
            fail(&throttle, &clock, others).await;
        }
        assert!(throttle.admit(&clock, others).await.is_err());
        assert!(throttle.admit(&clock, known).await.is_ok());
        assert!(throttle.admit(&clock, from(999, "wang")).await.is_err());
    }

    #[tokio::test]
    async fn one_address_that_tries_many_names_waits_for_seconds() {
        let (throttle, clock) = (Throttle::default(), clock());
        for number in 0..CLIENT.free {
            fail(&throttle, &clock, from(1, &number.to_string())).await;
        }
        assert_eq!(throttle.admit(&clock, from(1, "wang")).await.expect_err("waits"), CLIENT.first);
        assert!(throttle.admit(&clock, from(2, "wang")).await.is_ok());
    }

    #[tokio::test]
    async fn an_unlocked_account_starts_anew_and_an_old_try_does_not_undo_it() {
        let (throttle, clock) = (Throttle::default(), clock());
        for _ in 0..NAME_FROM_CLIENT.free {
            fail(&throttle, &clock, from(1, "wang")).await;
        }
        assert!(throttle.admit(&clock, from(1, "wang")).await.is_err());
        let unlocked = Try { epoch: 1, ..from(1, "wang") };
        for _ in 0..NAME_FROM_CLIENT.free {
            fail(&throttle, &clock, unlocked).await;
        }
        // What was read before the unlocking counts on.
        assert!(throttle.admit(&clock, from(1, "wang")).await.is_err());
        assert!(throttle.admit(&clock, unlocked).await.is_err());
    }

    #[tokio::test]
    async fn whoever_hangs_up_leaves_nothing_behind() {
        let (throttle, clock) = (Throttle::default(), clock());
        for _ in 0..100 {
            drop(throttle.admit(&clock, from(1, "wang")).await.expect("let through"));
        }
        assert!(throttle.counters().is_empty());
    }

    #[tokio::test]
    async fn the_counters_are_bounded_and_the_worst_guesser_stays() {
        let (throttle, clock) = (Throttle::default(), clock());
        for _ in 0..NAME_FROM_CLIENT.free {
            fail(&throttle, &clock, from(0, "wang")).await;
        }
        let all = u32::try_from(COUNTERS).expect("fits");
        for number in 1..all {
            clock.advance(1);
            fail(&throttle, &clock, from(number, &number.to_string())).await;
            assert!(throttle.counters().len() <= COUNTERS);
        }
        let hash = throttle.0.hasher.hash_one("wang");
        let worst = Key::NameFromClient(hash, IpAddr::V4(Ipv4Addr::from_bits(0)));
        assert_eq!(throttle.counters()[&worst].tally.failures(&NAME_FROM_CLIENT, 0), 5);
    }
}
