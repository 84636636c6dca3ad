//! How long a sign-in waits after wrong passwords: seconds at first, doubling, never longer than a minute or two.
//!
//! The server counts four things with the same rule and other numbers. Moments are milliseconds of a clock that only goes
//! forward, counted from anywhere.

use crate::time::MINUTE;

const SECOND: i64 = 1_000;

/// How many wrong passwords are free, and what the ones after them cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Wrong passwords before the first wait; at least one.
    pub free: u32,
    /// The first wait, milliseconds; each further wrong password doubles it.
    pub first: i64,
    /// The longest wait, milliseconds.
    pub longest: i64,
    /// One wrong password is forgotten in so many milliseconds.
    pub forgotten_every: i64,
}

/// Wrong passwords for one name from one address. Somebody who mistypes gets five tries.
pub const NAME_FROM_CLIENT: Rule =
    Rule { free: 5, first: 5 * SECOND, longest: 2 * MINUTE, forgotten_every: 10 * MINUTE };

/// Wrong passwords from a device on which its owner has signed in before, which no stranger's tries hold up.
pub const KNOWN_DEVICE: Rule = NAME_FROM_CLIENT;

/// Wrong passwords for one name from everywhere. One address alone never comes to a wait: what [`NAME_FROM_CLIENT`] lets
/// through in the long run is half of what is forgotten here.
pub const NAME: Rule = Rule { free: 20, first: 5 * SECOND, longest: MINUTE, forgotten_every: MINUTE };

/// Wrong passwords from one address for any name. Mild, because a whole county may share the address of its network.
pub const CLIENT: Rule = Rule { free: 100, first: SECOND, longest: 10 * SECOND, forgotten_every: 6 * SECOND };

impl Rule {
    /// The wait after this many wrong passwords, milliseconds.
    #[must_use]
    pub fn delay_after(&self, failures: u32) -> i64 {
        let Some(beyond) = failures.checked_sub(self.free) else { return 0 };
        // Thirty doublings of a second are more than any longest wait.
        self.first.saturating_mul(1 << beyond.min(30)).min(self.longest)
    }

    /// The count from which the wait is the longest. More are not counted, so that a day of guessing is forgotten as soon
    /// as an hour of it.
    fn most(&self) -> u32 {
        (self.free..self.free + 30).find(|n| self.delay_after(*n) >= self.longest).unwrap_or(self.free)
    }
}

/// Wrong passwords counted for one thing. The default has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// When the last of them will be forgotten.
    forgotten_at: i64,
    /// From when on another try is let through.
    free_at: i64,
}

impl Tally {
    /// How many wrong passwords are not yet forgotten.
    #[must_use]
    pub fn failures(&self, rule: &Rule, now: i64) -> u32 {
        let left = self.forgotten_at.saturating_sub(now).max(0);
        u32::try_from((left + rule.forgotten_every - 1) / rule.forgotten_every).unwrap_or(u32::MAX)
    }

    /// How long a try still has to wait, milliseconds; 0 when it has not.
    #[must_use]
    pub fn wait(&self, now: i64) -> i64 {
        self.free_at.saturating_sub(now).max(0)
    }

    /// Counts one more wrong password.
    pub fn add(&mut self, rule: &Rule, now: i64) {
        let most = now.saturating_add(rule.forgotten_every.saturating_mul(i64::from(rule.most())));
        self.forgotten_at = self.forgotten_at.max(now).saturating_add(rule.forgotten_every).min(most);
        let delay = rule.delay_after(self.failures(rule, now));
        self.free_at = self.free_at.max(now.saturating_add(delay));
    }

    /// Takes back wrong passwords that turned out to be the owner's own mistakes.
    pub fn take_back(&mut self, rule: &Rule, failures: u32, now: i64) {
        self.forgotten_at =
            self.forgotten_at.saturating_sub(rule.forgotten_every.saturating_mul(i64::from(failures)));
        if self.failures(rule, now) < rule.free {
            self.free_at = now;
        }
    }

    /// When the last wrong password will be forgotten; in the past where there is none.
    #[must_use]
    pub const fn forgotten_at(&self) -> i64 {
        self.forgotten_at
    }

    /// Whether nothing is left to remember.
    #[must_use]
    pub const fn is_forgotten(&self, now: i64) -> bool {
        self.forgotten_at <= now && self.free_at <= now
    }
}
