//! What holds for every clock: properties on random clocks, and equality with a simulation minute by minute.

#[path = "clock_laws/lunar.rs"]
mod lunar;
#[path = "clock_laws/simulation.rs"]
mod simulation;

use app::calendar::{Calendar, TimeOfDay, WorkingHours, WorkingTime, days_off_by_law};
use app::clock::{Clock, End, Limit, LimitKind, Measure, Move, Reading};
use app::time::{DAY, MINUTE, Timestamp};
use proptest::prelude::*;
use simulation::simulated_due;
use std::collections::BTreeSet;
use time::{Date, Duration};

/// Clocks that start from 2023 to 2042, half of them at a whole minute, with up to eight moves. The built-in calendar
/// knows only some of these years.
fn clocks(most: u32) -> impl Strategy<Value = Clock> {
    let kind = prop::sample::select(LimitKind::ALL.to_vec());
    let reading = prop::sample::select(vec![Reading::Rolling, Reading::EndOfDay]);
    let gap = prop_oneof![Just(0i64), 0..2 * 1440i64, 0..30 * 1440i64];
    let moves = prop::collection::vec((gap, 0..3u8, 1..=most.div_ceil(4)), 0..8);
    let fine = prop_oneof![Just(0i64), 0..MINUTE];
    let start = prop_oneof![0..5 * 365 * 1440i64, 0..20 * 365 * 1440i64];
    (start, 1..=most, kind, reading, moves, fine).prop_map(|(start, value, kind, reading, moves, fine)| {
        let first = Timestamp::parse("2023-01-01T00:00:00+08:00").expect("a time");
        let mut at = first.plus(start * MINUTE + fine);
        let mut clock = Clock::new(at, Limit::new(value, kind).expect("a limit"), reading);
        for (gap, action, by) in moves {
            at = at.plus(gap * MINUTE);
            // A move that is impossible here makes a clock without it.
            let _ = match action {
                0 => clock.pause(at),
                1 => clock.resume(at),
                _ => clock.extend(at, Limit::new(by, kind).expect("a limit")),
            };
        }
        clock
    })
}

/// The same clock moved to start at a whole minute.
fn at_whole_minutes(clock: &Clock) -> Clock {
    let whole = |at: Timestamp| Timestamp::from_millis(at.millis().div_euclid(MINUTE) * MINUTE);
    let mut made = Clock::new(whole(clock.started_at()), clock.limit(), clock.reading());
    for step in clock.moves() {
        let step = match *step {
            Move::Pause { at } => Move::Pause { at: whole(at) },
            Move::Resume { at } => Move::Resume { at: whole(at) },
            Move::Extend { at, by } => Move::Extend { at: whole(at), by },
        };
        made.apply(step).expect("as before");
    }
    made
}

/// The built-in calendar, one with an arrangement in the midst of years without, and one without any.
fn calendars() -> impl Strategy<Value = Calendar> {
    let own = r#"{"years":[{"year":2027,"off":["2027-01-01","2027-02-05","2027-05-03"],"work":["2027-05-01","2027-02-08"]}]}"#;
    let none = r#"{"years":[]}"#;
    let [own, none] = [own, none].map(|text| Calendar::parse(text).expect("a calendar"));
    prop::sample::select(vec![Calendar::builtin(), own, none])
}

/// One to four ranges of at least two hours together, to five minutes.
fn hours() -> impl Strategy<Value = WorkingHours> {
    let points = prop::collection::btree_set(0..=288i64, 2..=8);
    let random = points.prop_filter_map("too short a day", |points| {
        let points: Vec<_> = points.into_iter().map(|n| TimeOfDay::from_millis(n * 5 * MINUTE)).collect();
        let hours = WorkingHours::new(points.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect());
        hours.ok().filter(|hours| hours.per_day() >= 120 * MINUTE)
    });
    prop_oneof![Just(WorkingHours::default()), random]
}

#[test]
fn the_days_off_by_law_are_those_of_the_lunar_calendar() {
    for year in 1990..=2100 {
        let first = Date::from_ordinal_date(year, 1).expect("a date");
        let days = (0..366).map(|days| first + Duration::days(days)).filter(|date| date.year() == year);
        let off: BTreeSet<Date> = days.filter(|date| lunar::is_off_by_law(*date)).collect();
        assert_eq!(days_off_by_law(year), off, "{year}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_closed_form_equals_a_simulation_minute_by_minute(
        clock in clocks(300),
        hours in hours(),
        calendar in calendars(),
    ) {
        let time = WorkingTime { hours, calendar };
        let clock = at_whole_minutes(&clock);
        prop_assert_eq!(clock.due(&time).end, simulated_due(&clock, &time));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_later_dispatch_is_never_due_earlier(clock in clocks(400), hours in hours(), later in 0..20 * DAY) {
        let time = WorkingTime { hours, ..WorkingTime::default() };
        let due = |start| Clock::new(start, clock.limit(), clock.reading()).due(&time).at();
        prop_assert!(due(clock.started_at()) <= due(clock.started_at().plus(later)));
    }

    #[test]
    fn what_elapsed_and_what_is_left_make_the_limit(clock in clocks(400), hours in hours(), after in -DAY..600 * DAY) {
        let time = WorkingTime { hours, ..WorkingTime::default() };
        let now = clock.started_at().plus(after);
        let read = clock.remaining(now, &time);
        prop_assert_eq!(read.elapsed + read.left, read.limit);
        match clock.end(now, &time) {
            End::At(due) => {
                prop_assert_eq!(clock.remaining(due.max(now), &time).overdue, due < now);
                if now >= clock.started_at() && due >= now && read.measure == Measure::WorkingMs {
                    prop_assert_eq!(read.left, time.between(now, due));
                }
                // Reaching the due time by moves known now is reaching the limit, neither sooner nor later.
                let mut known = Clock::new(clock.started_at(), clock.limit(), clock.reading());
                clock.moves().iter().filter(|m| m.at() <= now).for_each(|m| known.apply(*m).expect("valid"));
                prop_assert_eq!(known.due(&time).at(), Some(due));
                let granted = known.remaining(Timestamp::MAX, &time).limit;
                if known.moves().iter().all(|m| m.at() <= due) {
                    prop_assert_eq!(known.elapsed(due, &time), granted);
                    prop_assert!(known.elapsed(due.plus(-1), &time) < granted);
                }
            }
            End::Standing { left } => {
                prop_assert!(read.paused && !read.overdue && left >= read.left);
            }
        }
    }

    #[test]
    fn a_due_time_lies_inside_working_time(clock in clocks(400), hours in hours()) {
        let time = WorkingTime { hours, ..WorkingTime::default() };
        if let (Some(due), true) = (clock.due(&time).at(), clock.measure() != Measure::WallMs) {
            // The moment before it belongs to working hours, so it lies in (opening, closing].
            prop_assert_eq!(time.between(due.plus(-1), due), 1);
            if clock.measure() == Measure::WorkingDays {
                prop_assert_eq!(time.closings_between(due.plus(-1), due), 1);
            }
        }
    }

    #[test]
    fn the_explanation_adds_up(clock in clocks(3000), hours in hours()) {
        let time = WorkingTime { hours, ..WorkingTime::default() };
        let due = clock.due(&time);
        let counted: i64 = due.lines.iter().map(|line| line.counted).sum();
        let extended: i64 = due.lines.iter().map(|line| line.granted).sum();
        let granted = clock.limit().amount(clock.reading()) + extended;
        match due.end {
            End::At(_) => prop_assert_eq!(counted, granted),
            End::Standing { left } => prop_assert!((0..=1).contains(&(counted + left - granted)), "{counted} {left} {granted}"),
        }
        prop_assert!(due.lines.len() < 150);
        prop_assert!(due.lines.iter().all(|line| line.first <= line.last_day()));
        prop_assert!(due.lines.iter().all(|line| !line.provisional) || due.provisional);
        let json = serde_json::to_string(&due).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<app::clock::Due>(&json).expect("readable"), due);
    }

    #[test]
    fn pausing_and_resuming_at_one_instant_changes_nothing(clock in clocks(400), hours in hours(), after in 0..100 * DAY) {
        let time = WorkingTime { hours, ..WorkingTime::default() };
        let last = clock.moves().last().map_or(clock.started_at(), |m| m.at());
        let mut twice = clock.clone();
        if clock.is_paused() {
            prop_assert_eq!(twice.resume(last.plus(after)), Ok(()));
        }
        let before = twice.due(&time).end;
        let at = last.plus(after + after / 2);
        prop_assert_eq!(twice.pause(at), Ok(()));
        prop_assert_eq!(twice.resume(at), Ok(()));
        prop_assert_eq!(twice.due(&time).end, before);
    }

    #[test]
    fn an_extension_adds_the_same_whenever_it_is_granted(clock in clocks(200), hours in hours(), by in 1u32..50) {
        let time = WorkingTime { hours, ..WorkingTime::default() };
        let by = Limit::new(by, clock.limit().kind()).expect("a limit");
        let base = |moves: &[Move]| {
            let mut made = Clock::new(clock.started_at(), clock.limit(), clock.reading());
            moves.iter().try_for_each(|m| made.apply(*m)).map(|()| made.due(&time).end)
        };
        let mut first = vec![Move::Extend { at: clock.started_at(), by }];
        first.extend_from_slice(clock.moves());
        let mut last = clock.moves().to_vec();
        last.push(Move::Extend { at: clock.moves().last().map_or(clock.started_at(), |m| m.at()), by });
        prop_assert_eq!(base(&first), base(&last));
    }

    #[test]
    fn a_clock_survives_json(clock in clocks(10_000)) {
        let json = serde_json::to_string(&clock).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Clock>(&json).expect("readable"), clock);
    }

    #[test]
    fn a_time_of_day_survives_text(millis in 0..=DAY, whole in any::<bool>()) {
        let time = TimeOfDay::from_millis(if whole { millis / MINUTE * MINUTE } else { millis });
        prop_assert_eq!(time.to_string().parse::<TimeOfDay>(), Ok(time));
    }
}
