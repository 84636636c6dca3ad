//! What the county may settle: every number inside its range, and none outside it.

#[path = "support/county.rs"]
#[expect(dead_code, reason = "every suite uses its own part of the county")]
mod county;

use app::device_time::Skew;
use app::issue::{Policy, allowed_steps, is_same_hours};
use app::order::StepKind::{Accept, Confirm, Pass, Reply};
use app::time::{HOUR, MINUTE, Timestamp};
use county::{County, MARKET, at, inspector, liaison, report, step};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: &str = "2026-03-02T09:00";

/// A policy with one number other than the default.
fn with(field: &str, value: i64) -> Policy {
    let mut all = serde_json::to_value(Policy::default()).expect("JSON");
    all[field] = json!(value);
    serde_json::from_value(all).expect("a policy")
}

#[test]
fn every_number_of_a_policy_has_a_range_that_holds_its_default() {
    let all = serde_json::to_value(Policy::default()).expect("JSON");
    let numbers: Vec<&String> = all
        .as_object()
        .expect("an object")
        .iter()
        .filter(|(_, value)| value.is_number())
        .map(|(key, _)| key)
        .collect();
    let mut known: Vec<&str> = Policy::NUMBERS.iter().map(|number| number.field).collect();
    known.sort_unstable();
    let mut numbers: Vec<&str> = numbers.into_iter().map(String::as_str).collect();
    numbers.sort_unstable();
    assert_eq!(known, numbers);
    assert_eq!(Policy::default().out_of_range(), []);
}

#[test]
fn a_number_is_taken_to_both_ends_of_its_range_and_no_further() {
    for number in Policy::NUMBERS {
        let (least, most) = (*number.range.start(), *number.range.end());
        for value in [least, most] {
            assert_eq!(with(number.field, value).out_of_range(), [], "{} {value}", number.field);
        }
        for value in [least - 1, most + 1].into_iter().filter(|value| *value >= 0) {
            let [fault] = &with(number.field, value).out_of_range()[..] else {
                panic!("{} {value}", number.field)
            };
            assert_eq!((fault.number, fault.value), (number, value));
        }
    }
}

#[test]
fn the_description_of_the_file_tells_every_range() {
    let page = include_str!("../../data/README.md");
    let defaults = serde_json::to_value(Policy::default()).expect("JSON");
    for number in Policy::NUMBERS {
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| `{}` |", number.field)))
            .expect(number.field);
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let range = format!("{}–{}", number.range.start(), number.range.end());
        assert_eq!(cells[2..5], [number.unit, &range, &defaults[number.field].to_string()], "{row}");
    }
}

#[test]
fn what_is_out_of_range_is_said_with_its_unit() {
    let policy = Policy { recurrence_days: 3_651, same_hours_ms: -1, ..Policy::default() };
    let said: Vec<String> = policy.out_of_range().iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "recurrence_days must be 0 to 3650 days, not 3651",
            "same_hours_ms must be 3600000 to 43200000 milliseconds, not -1"
        ]
    );
}

#[test]
fn with_twelve_hours_any_hour_is_the_same_hour() {
    let widest = Policy::NUMBERS.iter().find(|number| number.field == "same_hours_ms").expect("known");
    let seen = at(NOW);
    let hours =
        |apart: i64| (0..24).filter(|hour| is_same_hours(seen, seen.plus(hour * HOUR), apart)).count();
    assert_eq!((hours(*widest.range.start()), hours(*widest.range.end())), (3, 24));
}

/// Numbers near the ends of their types and anywhere between.
fn whole() -> impl Strategy<Value = i64> {
    prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(0), -10 * MINUTE..10 * MINUTE, any::<i64>()]
}

/// Any policy that a database may hold, sound or not.
fn policies() -> impl Strategy<Value = Policy> {
    let small = || prop_oneof![Just(0), Just(u32::MAX), any::<u32>()];
    ((small(), small()), (whole(), whole(), whole(), whole()), any::<bool>()).prop_map(
        |((recurrence_days, far_from_spot_m), (skew, long_ago, late, same_hours), may_reporter_recheck)| {
            Policy {
                recurrence_days,
                far_from_spot_m,
                clock_skew_ms: skew,
                observed_long_ago_ms: long_ago,
                sent_late_ms: late,
                same_hours_ms: same_hours,
                may_reporter_recheck,
                ..Policy::default()
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_policy_is_out_of_range_exactly_by_the_numbers_that_are(policy in policies()) {
        let json: Value = serde_json::to_value(&policy).expect("JSON");
        let expected: Vec<&str> = Policy::NUMBERS
            .iter()
            .filter(|number| !number.range.contains(&json[number.field].as_i64().expect("a number")))
            .map(|number| number.field)
            .collect();
        let faults = policy.out_of_range();
        prop_assert_eq!(faults.iter().map(|fault| fault.number.field).collect::<Vec<_>>(), expected);
        prop_assert!(faults.iter().all(|fault| json[fault.number.field] == fault.value));
    }

    /// An earlier version took any number: whatever it kept, an issue goes its way.
    #[test]
    fn no_policy_stops_an_issue(policy in policies(), seen in whole(), apart in whole()) {
        let mut county = County::new(NOW);
        county.policy = policy;
        county.skew = Some(Skew::between(county.now.plus(apart), county.now));
        let seen = Timestamp::from_millis(seen);
        let came = county.decide_report(&inspector(1), report(seen), Some(MARKET)).expect("taken in");
        let mut case = county::Case { issue: came.after().clone(), chain: came.events().to_vec() };
        for kind in [Accept, Reply, Confirm] {
            county.take(&mut case, &liaison(&[MARKET]), step(kind));
        }
        prop_assert_eq!(allowed_steps(&case.issue, &inspector(2), &county.policy).len(), 2);
        county.take(&mut case, &inspector(2), step(Pass));
        prop_assert!(case.issue.closing.is_some());
    }
}
