//! Wrong clocks and late sendings: what is reckoned of them, what is flagged, what the timeline says, and that neither a
//! due time nor a rate moves by any of it.

#[path = "support/county.rs"]
#[expect(dead_code, reason = "every suite uses its own part of the county")]
mod county;

use app::device_time::{Late, Skew, late};
use app::event::{Event, Sealed};
use app::issue::{Flag, Issue, IssueAnswer, Names, Policy, Refusal, Report, TimelineEntry, Viewer};
use app::order::StepKind::{Accept, Confirm, Fail, Pass, Reply, Return, Rule};
use app::order::{StepKind, StepRequest};
use app::role::Actor;
use app::time::{DAY, HOUR, MINUTE, Timestamp};
use county::{Case, County, MARKET, at, inspector, liaison, manager, report, step, step_to};
use proptest::prelude::*;
use std::collections::HashMap;

const NOW: &str = "2026-03-02T09:00";

/// A clock that is ahead by so much.
fn ahead(millis: i64) -> Option<Skew> {
    let server = at(NOW);
    Some(Skew::between(server.plus(millis), server))
}

fn flags(observed_at: Timestamp, skew: Option<Skew>) -> Vec<Flag> {
    let county = County::new(NOW);
    report(observed_at).flags(&county.spot, &county.policy, county.now, skew)
}

/// A step that the device says was done at `device_at`.
fn done(step_kind: StepKind, device_at: Timestamp) -> StepRequest {
    StepRequest { device_at: Some(device_at), ..step(step_kind) }
}

fn names(county: &County) -> Names<'_> {
    Names { catalogue: &county.catalogue, people: HashMap::new() }
}

fn timeline(county: &County, case: &Case, viewer: &Actor) -> Vec<TimelineEntry> {
    let viewer = Viewer { actor: viewer, policy: &county.policy };
    IssueAnswer::new(&case.issue, &case.events(), &names(county), viewer).timeline
}

fn last(county: &County, case: &Case, viewer: &Actor) -> TimelineEntry {
    timeline(county, case, viewer).pop().expect("an entry")
}

#[test]
fn a_clock_is_compared_and_what_it_said_corrected() {
    let server = at("2026-03-02T09:00");
    let skew = Skew::between(at("2026-03-02T12:00"), server);
    assert_eq!(skew.millis(), 3 * HOUR);
    assert_eq!(skew.correct(at("2026-03-02T11:30")), at("2026-03-02T08:30"));
    assert_eq!(skew.held_ms(at("2026-03-02T11:30"), server), 30 * MINUTE);
    let behind = Skew::between(at("2025-03-02T09:00"), server);
    assert_eq!(behind.millis(), -365 * DAY);
    assert_eq!(behind.held_ms(at("2025-03-01T09:00"), server), DAY);
}

#[test]
fn a_clock_is_wrong_beyond_what_is_allowed_either_way() {
    let allowed = 10 * MINUTE;
    for (millis, wrong) in
        [(0, false), (allowed, false), (-allowed, false), (allowed + 1, true), (-allowed - 1, true)]
    {
        assert_eq!(ahead(millis).expect("told").is_wrong(allowed), wrong, "{millis}");
    }
}

#[test]
fn a_wrong_clock_is_flagged_as_such_and_as_nothing_else() {
    let now = at(NOW);
    // Seen five minutes ago by any of these clocks.
    let seen = |skew: i64| flags(now.plus(skew - 5 * MINUTE), ahead(skew));
    assert_eq!(seen(0), []);
    assert_eq!(seen(10 * MINUTE), []);
    for skew in [3 * HOUR, -3 * HOUR, 400 * DAY, -400 * DAY, -20_000 * DAY] {
        assert_eq!(seen(skew), [Flag::ClockWrong], "{skew}");
    }
}

#[test]
fn without_the_clocks_word_only_what_the_report_says_is_looked_at() {
    let now = at(NOW);
    assert_eq!(flags(now.plus(3 * HOUR), None), [Flag::ObservedInFuture]);
    assert_eq!(flags(now.plus(-3 * DAY), None), [], "late sending is not known");
    assert_eq!(flags(now.plus(-8 * DAY), None), [Flag::ObservedLongAgo]);
}

#[test]
fn what_lay_on_the_device_for_more_than_a_day_was_sent_late() {
    let now = at(NOW);
    assert_eq!(flags(now.plus(-DAY), ahead(0)), []);
    assert_eq!(flags(now.plus(-DAY - 1), ahead(0)), [Flag::SentLate]);
    assert_eq!(flags(now.plus(-8 * DAY), ahead(0)), [Flag::ObservedLongAgo, Flag::SentLate]);
    // By the corrected clock: a phone a year behind that sends at once has held nothing.
    assert_eq!(flags(now.plus(-365 * DAY - 2 * HOUR), ahead(-365 * DAY)), [Flag::ClockWrong]);
    let held = flags(now.plus(365 * DAY - 26 * HOUR), ahead(365 * DAY));
    assert_eq!(held, [Flag::ClockWrong, Flag::SentLate]);
    // A right clock, and a report from the future all the same.
    assert_eq!(flags(now.plus(HOUR), ahead(0)), [Flag::ObservedInFuture]);
}

#[test]
fn how_long_is_late_is_the_countys_to_settle() {
    let county = County::new(NOW);
    let policy = Policy { sent_late_ms: HOUR, ..Policy::default() };
    let held = report(at("2026-03-02T07:59")).flags(&county.spot, &policy, county.now, ahead(0));
    assert_eq!(held, [Flag::SentLate]);
    let old: Policy = serde_json::from_str(r#"{"clock_skew_ms":60000}"#).expect("older settings are read");
    assert_eq!(old.sent_late_ms, DAY);
}

#[test]
fn late_is_told_only_where_the_device_told_enough() {
    let due = at("2026-03-04T09:00");
    let arrived = due.plus(3 * HOUR);
    let tell = |device_at: Timestamp, skew| late(Some(device_at), skew, arrived, due);
    assert_eq!(tell(due.plus(-1), ahead(0)), Some(Late::SentLate));
    assert_eq!(tell(due, ahead(0)), Some(Late::SentLate), "at the due time is in time");
    assert_eq!(tell(due.plus(1), ahead(0)), Some(Late::TakenLate));
    // A clock set back does not make it early, nor one set ahead late.
    assert_eq!(tell(due.plus(-HOUR), ahead(-2 * HOUR)), Some(Late::TakenLate));
    assert_eq!(tell(due.plus(HOUR), ahead(2 * HOUR)), Some(Late::SentLate));
    assert_eq!(tell(arrived.plus(DAY), ahead(0)), Some(Late::TakenLate), "done before it arrives");
    assert_eq!(late(None, ahead(0), arrived, due), None);
    assert_eq!(late(Some(due), None, arrived, due), None);
    assert_eq!(late(Some(arrived), ahead(0), due, due), None, "it arrived in time");
}

#[test]
fn a_units_steps_after_the_due_time_say_why() {
    let mut county = County::new(NOW);
    let mut case = county.reported(Some(MARKET));
    let unit = liaison(&[MARKET]);
    let due = case.order().due_at;
    county.skew = ahead(0);
    county.now = due.plus(HOUR);
    county.take(&mut case, &unit, done(Accept, due.plus(-HOUR)));
    let entry = last(&county, &case, &unit);
    assert_eq!((entry.late, entry.device_at), (Some(Late::SentLate), Some(due.plus(-HOUR))));
    county.skew = ahead(-4 * HOUR);
    county.take(&mut case, &unit, done(Reply, due.plus(-HOUR)));
    let entry = last(&county, &case, &unit);
    assert_eq!((entry.late, entry.clock_skew_ms), (Some(Late::TakenLate), ahead(-4 * HOUR)));
    assert_eq!(entry.device_at, Some(due.plus(-HOUR)), "as the device said it");
    county.skew = None;
    county.take(&mut case, &unit, done(Confirm, due.plus(-HOUR)));
    assert_eq!(last(&county, &case, &unit).late, None, "a clock nobody compared proves nothing");
    // The server's time decides all the same.
    assert_eq!(case.order().is_on_time(), Some(false));
}

/// The due time of the round that runs, not of the one before.
#[test]
fn late_means_the_due_time_in_force() {
    let mut county = County::new(NOW);
    let mut case = county.reported(Some(MARKET));
    let unit = liaison(&[MARKET]);
    let first_due = case.order().due_at;
    county.skew = ahead(0);
    for kind in [Accept, Reply, Confirm] {
        county.take(&mut case, &unit, done(kind, county.now));
    }
    county.now = first_due.plus(DAY);
    county.take(&mut case, &inspector(2), done(Fail, county.now));
    assert!(case.order().due_at > county.now);
    county.take(&mut case, &unit, done(Reply, county.now));
    assert_eq!(last(&county, &case, &unit).late, None, "the failed re-check has moved it");
    // Another unit's order has a due time of its own.
    let mut case = county.reported(Some(MARKET));
    county.now = case.order().due_at.plus(HOUR);
    county.take(&mut case, &unit, done(Return, county.now));
    assert_eq!(last(&county, &case, &unit).late, None, "a return is not what is due");
    county.take(&mut case, &manager(), step_to(Rule, county::STREET));
    let street = liaison(&[county::STREET]);
    county.take(&mut case, &street, done(Accept, county.now));
    assert_eq!(last(&county, &case, &street).late, None);
}

#[test]
fn only_the_office_and_the_sender_see_the_clock() {
    let mut county = County::new(NOW);
    county.skew = ahead(3 * HOUR);
    let mut case = county.reported(Some(MARKET));
    let unit = liaison(&[MARKET]);
    county.skew = ahead(-2 * HOUR);
    county.take(&mut case, &unit, done(Accept, county.now));
    let skews = |viewer: &Actor| {
        let whats = timeline(&county, &case, viewer);
        whats.into_iter().map(|entry| entry.clock_skew_ms.map(Skew::millis)).collect::<Vec<_>>()
    };
    let (inspectors, units) = (Some(3 * HOUR), Some(-2 * HOUR));
    assert_eq!(skews(&manager()), [inspectors, inspectors, units]);
    assert_eq!(skews(&inspector(1)), [inspectors, inspectors, None]);
    assert_eq!(skews(&inspector(2)), [None, None, None]);
    assert_eq!(skews(&unit), [None, None, units]);
    assert_eq!(timeline(&county, &case, &unit)[0].device_at, None);
}

#[test]
fn when_it_was_seen_is_corrected_where_the_clock_was_wrong() {
    let seen_by = |skew: i64, viewer: &Actor| {
        let mut county = County::new(NOW);
        county.skew = ahead(skew);
        let sent = report(county.now.plus(skew - 5 * MINUTE));
        let came = county.decide_report(&inspector(1), sent.clone(), Some(MARKET)).expect("taken in");
        assert_eq!(came.after().report, sent, "kept as it was said");
        assert_eq!(came.events()[0].event().device_at, sent.observed_at);
        let viewer = Viewer { actor: viewer, policy: &county.policy };
        let events = came.events().iter().map(Sealed::event);
        IssueAnswer::new(came.after(), events, &names(&county), viewer).observed_at
    };
    assert_eq!(seen_by(3 * HOUR, &manager()), Some(at("2026-03-02T08:55")));
    assert_eq!(seen_by(-300 * DAY, &inspector(1)), Some(at("2026-03-02T08:55")));
    assert_eq!(seen_by(2 * MINUTE, &manager()), Some(at("2026-03-02T08:57")), "right enough to be believed");
    assert_eq!(seen_by(3 * HOUR, &liaison(&[MARKET])), Some(at(NOW)));
}

#[test]
fn the_same_hours_are_those_of_the_corrected_clock() {
    let mut county = County::new("2026-03-02T21:00");
    county.clause.hours_sensitive = true;
    county.skew = ahead(-9 * HOUR);
    let by_phone = at("2026-03-02T12:00");
    let came = county.decide_report(&inspector(1), report(by_phone), Some(MARKET)).expect("taken in");
    let mut case = Case { issue: came.after().clone(), chain: came.events().to_vec() };
    county.skew = None;
    county.now = at("2026-03-03T09:00");
    for kind in [Accept, Reply, Confirm] {
        county.take(&mut case, &liaison(&[MARKET]), step(kind));
    }
    county.now = at("2026-03-03T12:00");
    assert_eq!(county.decide(&case, &inspector(2), step(Pass)), Err(Refusal::NotSameHours));
    county.now = at("2026-03-03T21:30");
    assert!(county.decide(&case, &inspector(2), step(Pass)).is_ok());

    // Looked at in the evening in a place without a network, sent in the morning.
    county.now = at("2026-03-04T07:00");
    let looked_at = |at: &str| StepRequest { device_at: Some(self::at(at)), ..step(Pass) };
    assert!(county.decide(&case, &inspector(2), looked_at("2026-03-03T21:30")).is_ok());
    assert_eq!(
        county.decide(&case, &inspector(2), looked_at("2026-03-03T15:30")),
        Err(Refusal::NotSameHours)
    );
    // By a clock that is six hours ahead.
    county.skew = ahead(6 * HOUR);
    assert!(county.decide(&case, &inspector(2), looked_at("2026-03-04T03:30")).is_ok());
    assert_eq!(
        county.decide(&case, &inspector(2), looked_at("2026-03-03T21:30")),
        Err(Refusal::NotSameHours)
    );
    county.skew = None;
    // Nobody looks before the unit has confirmed, or after it arrived.
    assert_eq!(
        county.decide(&case, &inspector(2), looked_at("2026-03-02T21:30")),
        Err(Refusal::NotSameHours)
    );
    assert_eq!(
        county.decide(&case, &inspector(2), looked_at("2026-03-05T21:00")),
        Err(Refusal::NotSameHours)
    );
}

/// Written before events knew of clocks: text and hash as they were then.
#[test]
fn events_without_a_clock_are_read_and_hashed_as_they_were_written() {
    let body = concat!(
        r#"{"id":"01970000-0000-7000-8000-000000000001","issue_id":"01970000-0000-7000-8000-000000000001","#,
        r#""order_id":null,"seq":1,"step":null,"actor_id":"01970000-0000-7000-8000-0000000000a1","#,
        r#""role":"inspector","unit_id":null,"device_at":"2026-03-02T08:58:00+08:00","#,
        r#""server_at":"2026-03-02T09:00:00+08:00","from":null,"to":"pool","note":"x","photo_ids":[],"#,
        r#""receiver":null,"change":{"what":"reported","report":{"#,
        r#""spot_id":"01970000-0000-7000-8000-0000000000c1","clause_code":"T01","description":"x","#,
        r#""severity":"minor","observed_at":"2026-03-02T08:58:00+08:00","photo_ids":[]},"#,
        r#""spot_type":"NMSC","area_id":"01970000-0000-7000-8000-0000000000b1","hours_sensitive":false,"#,
        r#""flags":["no_position"],"recurs":null}}"#,
    );
    let hash = "e41397c47302fec354bb38619ea4635270e8e582c0d9b46ef7926c560b8ac7f8";
    let chain = Sealed::read_chain([(body.to_owned(), hash.to_owned())]).expect("whole");
    let event = chain[0].event();
    assert_eq!(event.clock_skew_ms, None);
    assert_eq!(serde_json::to_string(event).expect("JSON"), body);
    let issue = Issue::replay([event]).expect("an issue");
    assert_eq!(issue.seen_at, issue.report.observed_at);
}

#[test]
fn an_event_keeps_the_clock_and_reads_it_back() {
    let mut county = County::new(NOW);
    county.skew = ahead(-754_321);
    let case = county.reported(Some(MARKET));
    let body = case.chain[0].body();
    assert!(body.contains(r#""clock_skew_ms":-754321,"#), "{body}");
    let read: Event = serde_json::from_str(body).expect("an event");
    assert_eq!(read.clock_skew_ms, ahead(-754_321));
}

fn moments() -> impl Strategy<Value = Timestamp> {
    (-5_000 * DAY..5_000 * DAY).prop_map(|apart| at(NOW).plus(apart))
}

proptest! {
    /// Whatever a device's clock shows, as long as it runs: the same work is judged alike.
    #[test]
    fn a_clock_that_runs_is_corrected_exactly(done_at in moments(), sent_after in 0..40 * DAY, due in moments(),
            apart in -5_000 * DAY..5_000 * DAY) {
        let arrived = done_at.plus(sent_after);
        let skew = Skew::between(arrived.plus(apart), arrived);
        prop_assert_eq!(skew.millis(), apart);
        prop_assert_eq!(skew.correct(done_at.plus(apart)), done_at);
        prop_assert_eq!(skew.held_ms(done_at.plus(apart), arrived), sent_after);
        let right = Skew::between(arrived, arrived);
        prop_assert_eq!(
            late(Some(done_at.plus(apart)), Some(skew), arrived, due),
            late(Some(done_at), Some(right), arrived, due)
        );
    }

    /// Late is said of what arrived after the due time and of nothing else, and one of the two words fits.
    #[test]
    fn late_is_what_arrived_late(device_at in moments(), device_now in moments(), arrived in moments(), due in moments()) {
        let skew = Skew::between(device_now, arrived);
        let why = late(Some(device_at), Some(skew), arrived, due);
        prop_assert_eq!(why.is_some(), arrived > due);
        if let Some(why) = why {
            let done_in_time = skew.correct(device_at) <= due;
            prop_assert_eq!(why == Late::SentLate, done_in_time);
        }
    }

    /// Two clocks, one truth: the flags of a report do not depend on how far a clock is off, but for saying so.
    #[test]
    fn flags_tell_a_wrong_clock_apart_from_a_late_report(held in -2 * DAY..20 * DAY, apart in -5_000 * DAY..5_000 * DAY) {
        let now = at(NOW);
        let right = flags(now.plus(-held), ahead(0));
        let mut off = flags(now.plus(apart - held), ahead(apart));
        let is_wrong = apart.abs() > Policy::default().clock_skew_ms;
        prop_assert_eq!(off.contains(&Flag::ClockWrong), is_wrong);
        off.retain(|flag| *flag != Flag::ClockWrong);
        prop_assert_eq!(off, right);
    }

    /// The clock in hand moves no due time, no state and no order.
    #[test]
    fn no_clock_moves_what_is_decided(apart in prop::option::of(-5_000 * DAY..5_000 * DAY), seen in moments()) {
        let decided = |skew: Option<Skew>, observed_at: Timestamp| {
            let mut county = County::new(NOW);
            county.skew = skew;
            let came = county.decide_report(&inspector(1), report(observed_at), Some(MARKET)).expect("taken in");
            let mut case = Case { issue: came.after().clone(), chain: came.events().to_vec() };
            county.now = case.order().due_at.plus(-HOUR);
            for kind in [Accept, Reply, Confirm] {
                county.take(&mut case, &liaison(&[MARKET]), done(kind, observed_at));
            }
            county.take(&mut case, &inspector(2), done(Pass, observed_at));
            let bare = Issue { flags: Vec::new(), seen_at: Some(at(NOW)), ..case.issue };
            Issue { report: Report { observed_at: Some(at(NOW)), ..bare.report.clone() }, ..bare }
        };
        prop_assert_eq!(decided(apart.and_then(ahead), seen), decided(None, at(NOW)));
    }
}
