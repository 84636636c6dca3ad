//! How long a sign-in waits after wrong passwords: examples, and what holds whatever is tried.

use app::account::delay::{CLIENT, KNOWN_DEVICE, NAME, NAME_FROM_CLIENT, Rule, Tally};
use app::time::{DAY, HOUR, MINUTE};
use proptest::prelude::*;

const RULES: [Rule; 4] = [NAME_FROM_CLIENT, KNOWN_DEVICE, NAME, CLIENT];

#[test]
fn five_tries_are_free_and_then_the_wait_doubles_up_to_two_minutes() {
    let waits: Vec<i64> = (0..13).map(|n| NAME_FROM_CLIENT.delay_after(n) / 1000).collect();
    assert_eq!(waits, [0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 120, 120, 120]);
    assert_eq!(CLIENT.delay_after(u32::MAX), 10_000);
}

#[test]
fn a_wrong_password_is_forgotten_in_ten_minutes() {
    let mut tally = Tally::default();
    for _ in 0..5 {
        tally.add(&NAME_FROM_CLIENT, 0);
    }
    assert_eq!((tally.failures(&NAME_FROM_CLIENT, 0), tally.wait(0), tally.wait(5_000)), (5, 5_000, 0));
    assert_eq!(tally.failures(&NAME_FROM_CLIENT, 10 * MINUTE), 4);
    assert!(!tally.is_forgotten(50 * MINUTE - 1) && tally.is_forgotten(50 * MINUTE));
}

#[test]
fn what_the_owner_mistyped_is_taken_back_everywhere() {
    let mut name = Tally::default();
    for _ in 0..NAME.free {
        name.add(&NAME, 0);
    }
    assert!(name.wait(0) > 0);
    name.take_back(&NAME, 4, 0);
    assert_eq!((name.failures(&NAME, 0), name.wait(0)), (NAME.free - 4, 0));
    name.take_back(&NAME, 100, 0);
    assert_eq!(name.failures(&NAME, 0), 0);
}

/// Tries as often as the rule lets one through, and tells `other` of each.
fn guess_for(length: i64, rule: &Rule, mut other: impl FnMut(i64)) -> u32 {
    let (mut tally, mut now, mut tries) = (Tally::default(), 0, 0);
    while now < length {
        now += tally.wait(now);
        tally.add(rule, now);
        other(now);
        tries += 1;
    }
    tries
}

#[test]
fn one_address_never_makes_a_name_wait_for_others() {
    let mut name = Tally::default();
    guess_for(DAY, &NAME_FROM_CLIENT, |now| {
        name.add(&NAME, now);
        assert_eq!(name.wait(now), 0, "after {now} ms");
    });
}

#[test]
fn guessing_for_a_day_gets_nowhere() {
    assert!(guess_for(DAY, &NAME_FROM_CLIENT, |_| {}) < 800);
    assert!(guess_for(DAY, &NAME, |_| {}) < 1_500);
}

#[test]
fn people_who_share_an_address_may_mistype_every_ten_seconds() {
    let mut county = Tally::default();
    for n in 0..8_640 {
        county.add(&CLIENT, n * 10_000);
        assert_eq!(county.wait(n * 10_000), 0);
    }
}

proptest! {
    #[test]
    fn a_wait_is_never_longer_than_the_longest_and_never_shorter_than_the_one_before(
        rule in prop::sample::select(RULES.to_vec()),
        gaps in prop::collection::vec(0..HOUR, 1..200),
        start in -DAY..1_000 * DAY,
    ) {
        let (mut tally, mut now) = (Tally::default(), start.max(0));
        for gap in gaps {
            now += gap;
            let before = tally.failures(&rule, now);
            let waited = tally.wait(now);
            tally.add(&rule, now);
            prop_assert!(tally.wait(now) <= rule.longest);
            prop_assert!(tally.wait(now) >= waited);
            prop_assert!(tally.failures(&rule, now) >= before.min(1));
            prop_assert_eq!(tally.wait(now + rule.longest), 0);
            // However long it went on, it is over within a few hours.
            prop_assert!(tally.is_forgotten(now + 3 * HOUR));
        }
    }

    #[test]
    fn more_failures_never_wait_less(rule in prop::sample::select(RULES.to_vec()), n in 0..10_000_u32) {
        prop_assert!(rule.delay_after(n) <= rule.delay_after(n + 1));
        prop_assert_eq!(rule.delay_after(n) == 0, n < rule.free);
    }
}
