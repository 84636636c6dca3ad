//! The loop from the report to the closing, and what the clock does meanwhile. 2026-03-06 is a Friday; nothing in that
//! March is a holiday.

#[path = "support/county.rs"]
mod county;

use app::clock::Reading;
use app::event::Change;
use app::order::StepKind::{Accept, Assign, Confirm, Fail, Pass, Reply, Return, Rule, Void};
use app::order::{ClosingKind, State};
use app::role::{Actor, Role};
use app::routing::Way;
use app::time::Timestamp;
use county::walk::walks;
use county::{Case, County, MARKET, STREET, at, inspector, liaison, manager, step, step_to};
use proptest::prelude::*;

/// Sixteen working hours from Friday 09:00: 7 on Friday, 8 on Monday, 1 on Tuesday.
const DISPATCHED: &str = "2026-03-06T09:00";
const DUE: &str = "2026-03-10T09:00";

fn market() -> Actor {
    liaison(&[MARKET])
}

fn dispatched() -> (County, Case) {
    let mut county = County::new(DISPATCHED);
    let case = county.reported(Some(MARKET));
    (county, case)
}

/// Accepted and answered at once, confirmed at `confirmed`.
fn confirmed(confirmed: &str) -> (County, Case) {
    let (mut county, mut case) = dispatched();
    county.take(&mut case, &market(), step(Accept));
    county.take(&mut case, &market(), step(Reply));
    county.take_at(confirmed, &mut case, &market(), step(Confirm));
    (county, case)
}

#[test]
fn a_report_is_dispatched_with_a_due_time_and_its_reasons() {
    let (_, case) = dispatched();
    let order = case.order();
    assert_eq!(
        (order.state, case.issue.state, order.unit_id),
        (State::Dispatched, State::Dispatched, MARKET)
    );
    assert_eq!((order.dispatched_at, order.due_at, order.round), (at(DISPATCHED), at(DUE), 1));
    assert_eq!(order.due.at(), Some(at(DUE)));
    assert_eq!(order.due.lines.iter().map(|line| line.counted).sum::<i64>(), 16 * app::time::HOUR);
    assert_eq!(order.assignment.way, Way::ClauseDefault);
    assert_eq!(order.overdue_from(), Some(at(DUE)));
    assert_eq!(order.is_on_time(), None);
    assert_eq!(case.issue.reporter_id, inspector(1).user_id);
}

#[test]
fn what_no_rule_reaches_waits_in_the_pool_for_the_office() {
    let mut county = County::new(DISPATCHED);
    let mut case = county.reported(None);
    assert_eq!((case.issue.state, case.issue.order()), (State::Pool, None));
    assert!(matches!(case.events()[1].change, Change::Pooled { .. }));
    county.take_at("2026-03-09T10:00", &mut case, &manager(), step_to(Assign, STREET));
    let order = case.order();
    assert_eq!((order.unit_id, order.state), (STREET, State::Dispatched));
    assert_eq!(order.assignment.way, Way::Office);
    // The unit's time begins with its order: 6 hours on Monday, 8 on Tuesday, 2 on Wednesday.
    assert_eq!((order.dispatched_at, order.due_at), (at("2026-03-09T10:00"), at("2026-03-11T10:00")));
}

#[test]
fn fixed_on_the_spot_is_closed_and_nobodys_order() {
    let mut county = County::new(DISPATCHED);
    let fixed = app::issue::FixedOnSpot { photo_ids: vec![county::photo(9)], note: "当场清走".into() };
    let report = app::issue::Report { fixed_on_spot: Some(fixed), ..county::report(county.now) };
    let decided = county.decide_report(&inspector(1), report, Some(MARKET)).expect("taken in");
    let issue = decided.after();
    assert_eq!((issue.state, issue.order()), (State::Closed, None));
    assert_eq!(issue.closing, Some((ClosingKind::FixedOnSpot, at(DISPATCHED))));
    let events = decided.events();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0].event().photo_ids, [county::photo(1)]);
    assert_eq!(
        (events[1].event().photo_ids.as_slice(), events[1].event().note.as_str()),
        (&[county::photo(9)][..], "当场清走")
    );
}

#[test]
fn the_whole_loop_ends_in_a_closing() {
    let (mut county, mut case) = confirmed("2026-03-09T17:00");
    assert_eq!(case.issue.state, State::Confirmed);
    assert!(case.order().is_standing());
    county.take_at("2026-03-20T10:00", &mut case, &inspector(2), step(Pass));
    let order = case.order();
    assert_eq!(case.issue.closing, Some((ClosingKind::Verified, at("2026-03-20T10:00"))));
    assert_eq!((order.state, order.ended_at), (State::Closed, Some(at("2026-03-20T10:00"))));
    assert_eq!((order.accepted_at, order.confirmed_at), (Some(at(DISPATCHED)), Some(at("2026-03-09T17:00"))));
    // However late the re-checker comes: the due time is met at the unit's confirmation.
    assert_eq!((order.is_on_time(), order.overdue_from()), (Some(true), None));
    assert_eq!((order.rechecker_id, order.first_recheck_passed), (Some(inspector(2).user_id), Some(true)));
}

#[test]
fn at_the_due_time_is_in_time_and_a_minute_later_is_not() {
    for (moment, in_time) in [(DUE, true), ("2026-03-10T09:01", false)] {
        let (mut county, mut case) = confirmed(moment);
        assert_eq!(case.order().is_on_time(), Some(in_time));
        assert_eq!(
            case.order().overdue_from(),
            (!in_time).then_some(at(DUE)),
            "late, it stays past due until it ends"
        );
        county.take(&mut case, &inspector(2), step(Pass));
        assert_eq!((case.order().is_on_time(), case.order().overdue_from()), (Some(in_time), None));
    }
}

#[test]
fn a_reply_does_not_stop_the_clock_and_may_be_mended() {
    let (mut county, mut case) = dispatched();
    county.take(&mut case, &market(), step(Accept));
    county.take(&mut case, &market(), step(Reply));
    assert!(!case.order().is_standing());
    assert_eq!(case.order().overdue_from(), Some(at(DUE)));
    let better =
        app::order::StepRequest { note: "补拍".into(), photo_ids: vec![county::photo(7)], ..step(Reply) };
    county.take_at("2026-03-06T10:00", &mut case, &market(), better);
    let order = case.order();
    assert_eq!(
        (order.reply_note.as_str(), order.reply_photo_ids.as_slice()),
        ("补拍", &[county::photo(7)][..])
    );
    assert_eq!((order.replied_at, order.round), (Some(at("2026-03-06T10:00")), 1));
}

/// Confirmed after 2 of 16 hours; the re-check fails on Tuesday, and 14 hours are left from there.
#[test]
fn a_rework_has_the_time_that_was_left() {
    let (mut county, mut case) = confirmed("2026-03-06T11:00");
    assert_eq!((case.order().is_on_time(), case.order().overdue_from()), (Some(true), None));
    county.take_at("2026-03-10T10:00", &mut case, &inspector(2), step(Fail));
    let again = at("2026-03-11T18:00");
    let order = case.order();
    assert_eq!((order.state, order.round, order.due_at), (State::Rework, 2, again));
    assert_eq!((order.is_on_time(), order.overdue_from()), (None, Some(again)));
    assert_eq!(case.issue.orders.len(), 1, "the same order, the next round");

    // The last confirmation decides.
    county.take_at("2026-03-12T08:30", &mut case, &market(), step(Reply));
    county.take_at("2026-03-12T09:00", &mut case, &market(), step(Confirm));
    assert_eq!((case.order().is_on_time(), case.order().overdue_from()), (Some(false), Some(again)));
    county.take_at("2026-03-12T10:00", &mut case, &inspector(3), step(Pass));
    assert_eq!((case.order().is_on_time(), case.order().first_recheck_passed), (Some(false), Some(false)));
    assert_eq!(case.order().rechecker_id, Some(inspector(3).user_id));
}

#[test]
fn a_second_rework_goes_on_from_the_first() {
    let (mut county, mut case) = confirmed("2026-03-06T11:00");
    county.take_at("2026-03-10T10:00", &mut case, &inspector(2), step(Fail));
    // Two more hours are used: 12 are left.
    county.take_at("2026-03-10T12:00", &mut case, &market(), step(Reply));
    county.take_at("2026-03-10T12:00", &mut case, &market(), step(Confirm));
    county.take_at("2026-03-13T14:00", &mut case, &inspector(2), step(Fail));
    // Friday afternoon 4, Monday 8.
    assert_eq!((case.order().round, case.order().due_at), (3, at("2026-03-16T18:00")));
    county.take_at("2026-03-16T09:00", &mut case, &market(), step(Reply));
    county.take_at("2026-03-16T18:00", &mut case, &market(), step(Confirm));
    county.take_at("2026-03-18T09:00", &mut case, &inspector(2), step(Pass));
    assert_eq!((case.order().is_on_time(), case.order().first_recheck_passed), (Some(true), Some(false)));
}

#[test]
fn a_missed_due_time_stays_missed_through_a_rework() {
    let (mut county, mut case) = confirmed("2026-03-10T15:00");
    county.take_at("2026-03-11T09:00", &mut case, &inspector(2), step(Fail));
    assert_eq!((case.order().due_at, case.order().overdue_from()), (at(DUE), Some(at(DUE))));
    county.take(&mut case, &market(), step(Reply));
    county.take(&mut case, &market(), step(Confirm));
    assert_eq!(case.order().is_on_time(), Some(false));
}

/// Returned on Friday at 17:00 with 10 hours left; ruled upon on Monday at 10:00: 6 hours that day, 4 on Tuesday.
#[test]
fn a_return_to_the_same_unit_continues_the_remaining_time() {
    for accepts in [false, true] {
        let (mut county, mut case) = dispatched();
        if accepts {
            county.take(&mut case, &market(), step(Accept));
        }
        county.take_at("2026-03-06T17:00", &mut case, &market(), step(Return));
        assert_eq!(case.issue.state, State::Returned);
        assert!(case.order().is_standing());
        assert_eq!(case.order().overdue_from(), None);
        county.take_at("2026-03-09T10:00", &mut case, &manager(), step_to(Rule, MARKET));
        let order = case.order();
        let due = at("2026-03-10T12:00");
        assert_eq!(order.state, if accepts { State::Accepted } else { State::Dispatched });
        assert_eq!((order.due_at, order.overdue_from(), order.round), (due, Some(due), 1));
        assert_eq!(case.issue.orders.len(), 1);
    }
}

#[test]
fn a_return_to_another_unit_starts_a_new_clock() {
    let (mut county, mut case) = dispatched();
    let first = case.order().id;
    county.take_at("2026-03-06T17:00", &mut case, &market(), step(Return));
    let decided = county.take_at("2026-03-09T10:00", &mut case, &manager(), step_to(Rule, STREET));
    assert_eq!(decided.events().len(), 2);
    let [old, new] = case.issue.orders.as_slice() else { panic!("two orders") };
    assert_eq!((old.id, old.state, old.ended_at), (first, State::Reassigned, Some(at("2026-03-09T10:00"))));
    assert_eq!((old.overdue_from(), old.is_on_time()), (None, None));
    assert_eq!((new.unit_id, new.state, new.due_at), (STREET, State::Dispatched, at("2026-03-11T10:00")));
    assert_eq!(new.assignment.way, Way::Office);
    assert_eq!(case.issue.state, State::Dispatched);
}

#[test]
fn an_order_returned_after_its_due_time_stays_past_due() {
    let (mut county, mut case) = dispatched();
    county.take_at("2026-03-10T09:30", &mut case, &market(), step(Return));
    assert_eq!(case.order().overdue_from(), Some(at(DUE)));
    county.take_at("2026-03-12T09:30", &mut case, &manager(), step_to(Rule, MARKET));
    assert_eq!((case.order().due_at, case.order().overdue_from()), (at(DUE), Some(at(DUE))));
}

#[test]
fn a_void_order_is_neither_late_nor_in_time() {
    let mut county = County::new(DISPATCHED);
    for state in [State::Dispatched, State::Accepted, State::Replied, State::Rework] {
        let mut case = county.in_state(state);
        county.take(&mut case, &manager(), step(Void));
        assert_eq!(case.issue.closing.map(|(kind, _)| kind), Some(ClosingKind::Void));
        let order = case.order();
        assert_eq!(
            (order.state, order.overdue_from(), order.is_on_time()),
            (State::Closed, None, None),
            "{state:?}"
        );
        assert_eq!(order.ended_at, Some(county.now));
    }
    let mut case = county.in_state(State::Pool);
    county.take(&mut case, &manager(), step(Void));
    assert_eq!((case.issue.state, case.issue.order()), (State::Closed, None));
}

#[test]
fn the_kinds_of_limit_and_the_reading_are_the_countys() {
    let mut county = County::new("2026-03-06T15:00");
    for (limit, reading, due) in [
        ("4urgent_hour", Reading::Rolling, "2026-03-06T19:00"),
        ("4work_hour", Reading::Rolling, "2026-03-09T09:00"),
        ("2work_day", Reading::Rolling, "2026-03-10T15:00"),
        ("2work_day", Reading::EndOfDay, "2026-03-10T18:00"),
        ("3calendar_day", Reading::EndOfDay, "2026-03-09T15:00"),
    ] {
        county.clause.limit = limit.parse().expect("a limit");
        county.policy.reading = reading;
        assert_eq!(county.reported(Some(MARKET)).order().due_at, at(due), "{limit}");
    }
}

/// A clause's new limit is for new orders; what was dispatched keeps its own.
#[test]
fn an_order_keeps_the_limit_it_was_dispatched_with() {
    let (mut county, mut case) = dispatched();
    county.clause.limit = "1urgent_hour".parse().expect("a limit");
    county.take_at("2026-03-06T17:00", &mut case, &market(), step(Return));
    county.take_at("2026-03-09T10:00", &mut case, &manager(), step_to(Rule, MARKET));
    assert_eq!(case.order().due_at, at("2026-03-10T12:00"));
}

#[test]
fn a_server_clock_set_back_makes_no_event_before_the_last() {
    let (mut county, mut case) = dispatched();
    county.take_at("2026-03-06T11:00", &mut case, &market(), step(Accept));
    for (by, kind) in [
        (market(), Reply),
        (market(), Confirm),
        (inspector(2), Fail),
        (market(), Reply),
        (market(), Confirm),
        (inspector(2), Pass),
    ] {
        county.take_at("2026-03-01T00:00", &mut case, &by, step(kind));
        assert_eq!(case.events().last().map(|event| event.server_at), Some(at("2026-03-06T11:00")));
    }
    assert_eq!(case.order().is_on_time(), Some(true));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// A pause costs nothing and gives nothing: what was left when the clock stopped is left when it runs again.
    #[test]
    fn the_clock_stands_while_others_are_at_work(walk in walks(24)) {
        let mut county = County::new("2026-02-12T15:00");
        let (decisions, _) = walk.through(&mut county);
        for decided in decisions.iter().skip(1) {
            let (Some(before), Some(event)) = (decided.before(), decided.events().first()) else { continue };
            if !matches!(event.event().change, Change::Failed { .. } | Change::RuledSame { .. }) {
                continue;
            }
            let (stood, runs) = (before.order().expect("an order"), decided.after().order().expect("an order"));
            let stopped = stood.clock.moves().last().expect("a pause").at();
            let now = event.event().server_at;
            prop_assert_eq!(
                stood.clock.remaining(stopped, &county.time).left,
                runs.clock.remaining(now, &county.time).left
            );
            prop_assert!(runs.due_at >= stood.due_at);
            prop_assert_eq!(stopped > stood.due_at, runs.due_at == stood.due_at && runs.due_at < stopped);
        }
    }

    #[test]
    fn an_order_always_agrees_with_its_clock(walk in walks(24)) {
        let mut county = County::new("2026-02-12T15:00");
        let (decisions, _) = walk.through(&mut county);
        for issue in decisions.iter().map(app::issue::Decided::after) {
            let live = issue.order();
            prop_assert!(live.is_none_or(|order| order.state == issue.state));
            for (index, order) in issue.orders.iter().enumerate() {
                let is_last = index + 1 == issue.orders.len();
                prop_assert_eq!(order.state == State::Reassigned, !is_last, "one order is live, the others have ended");
                prop_assert_eq!(order.ended_at.is_some(), matches!(order.state, State::Closed | State::Reassigned));
                if is_last && order.ended_at.is_none() {
                    prop_assert_eq!(order.clock.is_paused(), order.is_standing());
                    if !order.is_standing() {
                        prop_assert_eq!(order.clock.due(&county.time).at(), Some(order.due_at));
                    }
                }
                prop_assert_eq!(order.overdue_from(), late_from(order));
            }
            prop_assert!(issue.orders.windows(2).all(|pair| pair[0].unit_id != pair[1].unit_id));
            prop_assert_eq!(issue.closing.is_some(), issue.state == State::Closed);
        }
    }

    /// What the handbook asks of every chain, read from the events alone.
    #[test]
    fn no_chain_breaks_the_rules_of_the_loop(walk in walks(32)) {
        let (_, case) = walk.through(&mut County::new("2026-02-12T15:00"));
        let events = case.events();
        let reporter = events[0].actor_id;
        for pair in events.windows(2) {
            let (last, event) = (&pair[0], &pair[1]);
            let step_back = matches!(
                event.change,
                Change::Returned { .. } | Change::Failed { .. } | Change::RuledSame { .. }
                    | Change::Reassigned | Change::Voided
            );
            prop_assert!(!step_back || !event.note.trim().is_empty());
            match &event.change {
                Change::Passed | Change::Failed { .. } => {
                    prop_assert!(matches!(last.change, Change::Confirmed { .. }), "{last:?}");
                    prop_assert!(event.role != Role::Unit && event.actor_id != reporter);
                }
                Change::Confirmed { .. } => prop_assert!(matches!(last.change, Change::Replied)),
                Change::Voided => prop_assert!(!matches!(last.change, Change::Returned { .. }), "{event:?}"),
                _ => {}
            }
            prop_assert!(!matches!(last.change, Change::Voided | Change::Passed), "nothing follows a closing");
        }
    }
}

/// From when an order counts as past due, said in other words than the product's.
fn late_from(order: &app::order::Order) -> Option<Timestamp> {
    let stopped_in_time = match order.state {
        State::Closed | State::Reassigned => true,
        State::Confirmed | State::Returned => {
            order.clock.moves().last().is_some_and(|stop| stop.at() <= order.due_at)
        }
        _ => false,
    };
    (!stopped_in_time).then_some(order.due_at)
}
