//! Rates: what an order counts for, counters that follow every step, and the formulas of handbook §4.

#[path = "support/county.rs"]
mod county;

use app::event::{Change, Event};
use app::id::UnitId;
use app::issue::{Decided, FixedOnSpot, Issue, Report};
use app::order::StepKind::{Confirm, Fail, Pass, Reply, Return, Rule, Void};
use app::order::{Order, State};
use app::rate::{
    Basis, CounterMove, Measure, Overdue, Quotient, RateRow, Tally, basis_at, counter_moves, day_number,
};
use app::time::Timestamp;
use county::walk::walks;
use county::{Case, County, MARKET, STREET, at, inspector, liaison, manager, step, step_to};
use proptest::prelude::*;
use std::collections::BTreeMap;

type Counters = BTreeMap<(&'static str, i64, UnitId), Tally>;

fn add(counters: &mut Counters, moves: &[CounterMove]) {
    for it in moves {
        *counters.entry((it.basis.code(), it.day, it.unit_id)).or_default() += it.tally;
    }
    counters.retain(|_, tally| !tally.is_zero());
}

/// What the counters hold when every decision moves them in turn; nothing is ever below zero on the way.
fn counted(decisions: &[Decided]) -> Counters {
    let mut counters = Counters::new();
    for decided in decisions {
        add(&mut counters, &counter_moves(decided.before(), Some(decided.after())));
        assert!(counters.values().all(|tally| tally.figures().iter().all(|figure| *figure >= 0)));
    }
    counters
}

/// The figures of an issue's live order, told from its events alone and in other words than the product's.
fn told_by(events: &[Event]) -> Tally {
    let Some(begin) = events.iter().rposition(|event| matches!(event.change, Change::Dispatched { .. }))
    else {
        return Tally::default();
    };
    let own = &events[begin..];
    let times =
        |what: &str| i64::try_from(own.iter().filter(|it| it.change.code() == what).count()).expect("few");
    if times("voided") > 0 {
        return Tally { void: 1, ..Tally::default() };
    }
    let mut due_at = None;
    let mut confirmed_in_time = false;
    for event in own {
        match &event.change {
            Change::Dispatched { due, .. } | Change::Failed { due, .. } | Change::RuledSame { due, .. } => {
                due_at = due.at();
            }
            Change::Confirmed { .. } => confirmed_in_time = Some(event.server_at) <= due_at,
            _ => {}
        }
    }
    let first_recheck = own.iter().map(|it| it.change.code()).find(|it| ["passed", "failed"].contains(it));
    Tally {
        dispatched: 1,
        closed: times("passed"),
        closed_on_time: times("passed") * i64::from(confirmed_in_time),
        replied: times("replied").min(1),
        reworked: times("failed").min(1),
        rework_rounds: times("failed"),
        first_rechecks: i64::from(first_recheck.is_some()),
        first_passed: i64::from(first_recheck == Some("passed")),
        void: 0,
    }
}

#[test]
fn nothing_is_counted_before_a_unit_has_an_order() {
    let mut county = County::new("2026-03-02T09:00");
    let pool = county.reported(None);
    assert_eq!(Tally::of(&pool.issue), Tally::default());
    assert_eq!(counter_moves(None, Some(&pool.issue)), []);

    let fixed_on_spot = Some(FixedOnSpot { photo_ids: vec![county::photo(9)], note: String::new() });
    let report = Report { fixed_on_spot, ..county::report(county.now) };
    let fixed = county.decide_report(&inspector(1), report, Some(MARKET)).expect("taken in");
    assert_eq!(counter_moves(None, Some(fixed.after())), [], "never a unit's failure");
}

#[test]
fn an_order_belongs_to_the_days_of_its_due_time_its_dispatch_and_its_closing() {
    let mut county = County::new("2026-03-06T09:00");
    let mut case = county.in_state(State::Confirmed);
    let moves = counter_moves(None, Some(&case.issue));
    let days: Vec<_> = moves.iter().map(|it| (it.basis, it.day, it.unit_id)).collect();
    assert_eq!(days, [(Basis::Due, 20_260_310, MARKET), (Basis::Dispatched, 20_260_306, MARKET)]);

    let before = case.issue.clone();
    county.take_at("2026-03-09T00:00", &mut case, &inspector(2), step(Pass));
    let moves = counter_moves(Some(&before), Some(&case.issue));
    let passed =
        Tally { closed: 1, closed_on_time: 1, first_rechecks: 1, first_passed: 1, ..Tally::default() };
    let closing = Tally { dispatched: 1, replied: 1, ..passed };
    assert_eq!(
        moves,
        [
            CounterMove { basis: Basis::Due, day: 20_260_310, unit_id: MARKET, tally: passed },
            CounterMove { basis: Basis::Dispatched, day: 20_260_306, unit_id: MARKET, tally: passed },
            CounterMove { basis: Basis::Closed, day: 20_260_309, unit_id: MARKET, tally: closing },
        ]
    );
}

#[test]
fn a_day_is_one_of_the_field() {
    assert_eq!(day_number(at("2026-12-31T23:59")), 20_261_231);
    assert_eq!(day_number(Timestamp::parse("2026-12-31T16:00:00Z").expect("a time")), 20_270_101);
}

#[test]
fn a_rework_moves_the_order_to_the_day_of_its_new_due_time() {
    let mut county = County::new("2026-03-06T09:00");
    let mut case = county.in_state(State::Confirmed);
    let before = case.issue.clone();
    county.take_at("2026-03-11T09:00", &mut case, &inspector(2), step(Fail));
    let moves = counter_moves(Some(&before), Some(&case.issue));
    let due: Vec<_> = moves.iter().filter(|it| it.basis == Basis::Due).collect();
    assert_eq!((due[0].day, due[0].tally.dispatched, due[0].tally.replied), (20_260_310, -1, -1));
    assert_eq!((due[1].day, due[1].tally.dispatched, due[1].tally.rework_rounds), (20_260_313, 1, 1));
}

#[test]
fn a_reassigned_order_counts_for_the_new_unit_only() {
    let mut county = County::new("2026-03-06T09:00");
    let mut case = county.in_state(State::Returned);
    let mut counters = Counters::new();
    add(&mut counters, &counter_moves(None, Some(&case.issue)));
    let before = case.issue.clone();
    county.take_at("2026-03-09T10:00", &mut case, &manager(), step_to(Rule, STREET));
    add(&mut counters, &counter_moves(Some(&before), Some(&case.issue)));
    let keys: Vec<_> = counters.keys().copied().collect();
    assert_eq!(keys, [("dispatched", 20_260_309, STREET), ("due", 20_260_311, STREET)]);
}

#[test]
fn a_void_order_leaves_numerator_and_denominator_and_is_shown_beside_them() {
    let mut county = County::new("2026-03-06T09:00");
    for state in [State::Dispatched, State::Replied, State::Confirmed, State::Rework] {
        let mut case = county.in_state(state);
        assert_eq!(Tally::of(&case.issue).dispatched, 1);
        county.take(&mut case, &manager(), step(Void));
        assert_eq!(Tally::of(&case.issue), Tally { void: 1, ..Tally::default() });
        assert_eq!(case.order().overdue_from(), None, "nor is it open and past due");
    }
}

/// Seven orders of one unit, looked at on Monday the 16th: the reading of "due" of handbook §4.
#[test]
fn due_is_closed_and_open_past_due() {
    let mut county = County::new("2026-03-06T09:00");
    let unit = liaison(&[MARKET]);
    let mut cases: Vec<Case> = Vec::new();
    // Closed in time; closed late; closed late after a rework.
    cases.push(county.in_state(State::Closed));
    for fails in [false, true] {
        let mut late = county.in_state(State::Replied);
        county.now = at("2026-03-11T09:00");
        county.take(&mut late, &unit, step(Confirm));
        if fails {
            county.take(&mut late, &inspector(2), step(Fail));
            county.take(&mut late, &unit, step(Reply));
            county.take(&mut late, &unit, step(Confirm));
        }
        county.take(&mut late, &inspector(2), step(Pass));
        cases.push(late);
        county.now = at("2026-03-06T09:00");
    }
    // Open and past due; confirmed in time and waiting; void; open and not yet due.
    cases.push(county.in_state(State::Accepted));
    cases.push(county.in_state(State::Confirmed));
    let mut void = county.in_state(State::Accepted);
    county.take(&mut void, &manager(), step(Void));
    cases.push(void);
    county.now = at("2026-03-13T17:00");
    cases.push(county.in_state(State::Dispatched));

    let now = at("2026-03-16T09:00");
    let mut sum = Tally::default();
    for case in &cases {
        sum += Tally::of(&case.issue);
    }
    let late = |case: &&Case| case.issue.order().and_then(Order::overdue_from).is_some_and(|from| from < now);
    let open_overdue = i64::try_from(cases.iter().filter(late).count()).expect("few");
    assert_eq!(open_overdue, 1);
    let row = RateRow::new("x".into(), "x".into(), None, sum, Overdue { in_period: open_overdue, now: 9 });
    assert_eq!(row.closure_rate, Quotient { of: 3, out_of: 4 });
    assert_eq!(row.on_time_rate, Quotient { of: 1, out_of: 4 });
    assert_eq!(row.all_in_rate, Quotient { of: 3, out_of: 6 });
    assert_eq!(row.first_pass_rate, Quotient { of: 2, out_of: 3 });
    assert_eq!(row.rework_rate, Quotient { of: 1, out_of: 4 });
    assert_eq!(row.tally.void, 1);
}

/// A published monthly bulletin: 996 filed, 972 due, 911 closed = 93.72 %, 737 in time = 75.82 %.
#[test]
fn the_bulletin_of_the_handbook() {
    let tally = Tally { dispatched: 996, closed: 911, closed_on_time: 737, ..Tally::default() };
    let row = RateRow::new(String::new(), String::new(), None, tally, Overdue { in_period: 61, now: 61 });
    assert_eq!((row.closure_rate.basis_points(), row.on_time_rate.basis_points()), (Some(9372), Some(7582)));
    assert_eq!(row.all_in_rate.basis_points(), Some(9147));
}

#[test]
fn a_percentage_is_rounded_half_up_and_nothing_over_nothing_is_none() {
    for (of, out_of, points) in [
        (1, 3, Some(3333)),
        (2, 3, Some(6667)),
        (1, 20_000, Some(1)),
        (1, 20_001, Some(0)),
        (5, 5, Some(10_000)),
        (0, 7, Some(0)),
        (0, 0, None),
    ] {
        assert_eq!(Quotient { of, out_of }.basis_points(), points, "{of}/{out_of}");
    }
}

#[test]
fn words_are_read_as_they_are_written() {
    for basis in Basis::ALL {
        assert_eq!(Basis::from_code(basis.code()), Some(basis));
        assert_eq!(serde_json::to_value(basis).expect("JSON"), basis.code());
    }
    for measure in Measure::ALL {
        assert_eq!(Measure::from_code(measure.code()), Some(measure));
        assert_eq!(serde_json::to_value(measure).expect("JSON"), measure.code());
    }
    assert_eq!(Basis::default(), Basis::Due);
}

#[test]
fn a_returned_order_counts_on_while_it_waits_for_the_ruling() {
    let mut county = County::new("2026-03-06T09:00");
    let mut case = county.in_state(State::Dispatched);
    let before = Tally::of(&case.issue);
    county.take(&mut case, &liaison(&[MARKET]), step(Return));
    assert_eq!(Tally::of(&case.issue), before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn counters_hold_what_the_last_state_counts_for(walk in walks(24)) {
        let (decisions, case) = walk.through(&mut County::new("2026-02-12T15:00"));
        let mut expected = Counters::new();
        if let Some(order) = case.issue.order() {
            for basis in Basis::ALL {
                if let Some(at) = basis_at(&case.issue, basis) {
                    expected.insert((basis.code(), day_number(at), order.unit_id), Tally::of(&case.issue));
                }
            }
        }
        prop_assert_eq!(counted(&decisions), expected);
    }

    #[test]
    fn counters_of_many_issues_agree_with_a_recount_from_their_events(all in prop::collection::vec(walks(12), 1..8)) {
        let mut county = County::new("2026-02-12T15:00");
        let (mut kept, mut recounted) = (Counters::new(), Counters::new());
        for walk in &all {
            county.now = at("2026-02-12T15:00");
            let (decisions, case) = walk.through(&mut county);
            for decided in &decisions {
                add(&mut kept, &counter_moves(decided.before(), Some(decided.after())));
            }
            let replayed = Issue::replay(&case.events());
            add(&mut recounted, &counter_moves(None, replayed.as_ref()));
        }
        prop_assert_eq!(kept, recounted);
    }

    #[test]
    fn the_figures_are_those_the_events_tell(walk in walks(24)) {
        let (decisions, case) = walk.through(&mut County::new("2026-02-12T15:00"));
        let events = case.events();
        let mut length = 0;
        for decided in &decisions {
            length += decided.events().len();
            let tally = Tally::of(decided.after());
            prop_assert_eq!(tally, told_by(&events[..length]));
            prop_assert!(tally.closed_on_time <= tally.closed && tally.closed <= tally.dispatched);
            prop_assert!(tally.first_passed <= tally.first_rechecks && tally.reworked <= tally.replied);
        }
    }

    #[test]
    fn what_goes_comes_back(walk in walks(24)) {
        let (_, case) = walk.through(&mut County::new("2026-02-12T15:00"));
        let mut counters = Counters::new();
        add(&mut counters, &counter_moves(None, Some(&case.issue)));
        add(&mut counters, &counter_moves(Some(&case.issue), None));
        prop_assert_eq!(counters, Counters::new());
        prop_assert_eq!(counter_moves(Some(&case.issue), Some(&case.issue)), []);
    }
}
