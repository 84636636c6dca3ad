//! The clock against the worked cases and against examples of every rule; its laws are in `clock_laws.rs`.

use app::calendar::WorkingTime;
use app::clock::{Clock, ClockError, End, Limit, LimitKind, Reading, Reason, Warning, WarningThresholds};
use app::time::{DAY, HOUR, Timestamp};
use serde_json::Value;

/// `2026-02-13T16:00`, in Shanghai.
fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}:00+08:00")).expect("a time")
}

fn limit(text: &str) -> Limit {
    text.parse().expect("a limit")
}

#[test]
fn every_worked_case_is_due_as_written() {
    let file: Value = serde_json::from_str(include_str!("../../data/deadline-cases.json")).expect("JSON");
    let time = WorkingTime {
        hours: serde_json::from_value(file["working_hours"].clone()).expect("hours"),
        ..WorkingTime::default()
    };
    let cases = file["cases"].as_array().expect("cases");
    assert!(cases.len() >= 8);
    for case in cases {
        let moment = |value: &Value| at(value.as_str().expect("a time"));
        let value = u32::try_from(case["limit"]["value"].as_u64().expect("a value")).expect("small");
        let kind: LimitKind = serde_json::from_value(case["limit"]["kind"].clone()).expect("a kind");
        let reading =
            case["limit"]["reading"].as_str().map_or(Reading::Rolling, |r| r.parse().expect("a reading"));
        let mut clock = Clock::new(moment(&case["at"]), Limit::new(value, kind).expect("a limit"), reading);
        for event in case["events"].as_array().into_iter().flatten() {
            let (name, value) = event.as_object().and_then(|o| o.iter().next()).expect("one event");
            match name.as_str() {
                "suspend" => clock.pause(moment(value)).expect("running"),
                "resume" => clock.resume(moment(value)).expect("paused"),
                "extend" => {
                    assert_eq!(value, "one original limit");
                    clock.extend(clock.started_at(), clock.limit()).expect("same kind");
                }
                other => panic!("unknown event {other}"),
            }
        }
        let due = clock.due(&time);
        assert_eq!(due.at(), Some(moment(&case["due"])), "{case}");
        assert!(!due.provisional);
    }
}

#[test]
fn the_explanation_tells_the_handbooks_example() {
    let clock = Clock::new(at("2026-02-13T16:00"), limit("2work_day"), Reading::Rolling);
    let due = clock.due(&WorkingTime::default());
    let json = serde_json::to_value(&due.lines).expect("JSON");
    let hour = HOUR;
    assert_eq!(
        json,
        serde_json::json!([
            {"first": "2026-02-13", "from": "16:00", "to": "18:00", "reason": "weekday", "counted": 2 * hour},
            {"first": "2026-02-14", "reason": "make_up_day", "counted": 8 * hour},
            {"first": "2026-02-15", "last": "2026-02-23", "reason": "holiday"},
            {"first": "2026-02-24", "from": "08:00", "to": "12:00", "reason": "weekday", "counted": 4 * hour},
            {"first": "2026-02-24", "from": "12:00", "to": "14:00", "reason": "break"},
            {"first": "2026-02-24", "from": "14:00", "to": "16:00", "reason": "weekday", "counted": 2 * hour},
        ])
    );
    let clock = Clock::new(at("2026-02-13T16:00"), limit("2work_day"), Reading::EndOfDay);
    let due = clock.due(&WorkingTime::default());
    assert_eq!(
        serde_json::to_value(&due).expect("JSON"),
        serde_json::json!({
            "end": {"at": "2026-02-24T18:00:00+08:00"},
            "measure": "working_days",
            "calendar_version": WorkingTime::default().calendar.version(),
            "lines": [
                {"first": "2026-02-13", "reason": "dispatch_day"},
                {"first": "2026-02-14", "reason": "make_up_day", "counted": 1},
                {"first": "2026-02-15", "last": "2026-02-23", "reason": "holiday"},
                {"first": "2026-02-24", "reason": "weekday", "counted": 1},
            ],
        })
    );
}

#[test]
fn pauses_and_extensions_are_told_where_they_happened() {
    let mut clock = Clock::new(at("2026-05-08T19:00"), limit("1work_day"), Reading::Rolling);
    clock.pause(at("2026-05-09T10:00")).expect("running");
    clock.extend(at("2026-05-10T10:00"), limit("1work_hour")).expect("same kind");
    let reasons = |clock: &Clock| -> Vec<Reason> {
        clock.due(&WorkingTime::default()).lines.iter().map(|line| line.reason).collect()
    };
    use Reason::{Extended, MakeUpDay, OutsideHours, Paused, Weekday};
    assert_eq!(reasons(&clock), [OutsideHours, MakeUpDay, Paused, Extended]);
    assert_eq!(clock.end(Timestamp::MAX, &WorkingTime::default()), End::Standing { left: 7 * HOUR });
    clock.resume(at("2026-05-13T13:00")).expect("paused");
    assert_eq!(reasons(&clock), [OutsideHours, MakeUpDay, Paused, Extended, Reason::Break, Weekday, Weekday]);
    let due = clock.due(&WorkingTime::default());
    assert_eq!(due.at(), Some(at("2026-05-14T11:00")));
    let json = serde_json::to_string(&due.lines[3]).expect("JSON");
    assert_eq!(json, r#"{"first":"2026-05-10","from":"10:00","reason":"extended","granted":3600000}"#);
}

#[test]
fn an_unpublished_year_is_provisional() {
    let time = WorkingTime::default();
    let due_of = |from: &str, text: &str| Clock::new(at(from), limit(text), Reading::Rolling).due(&time);
    assert!(!due_of("2026-12-30T08:00", "2work_day").provisional);
    let due = due_of("2026-12-31T08:00", "2work_day");
    assert!(due.provisional);
    // 1 January 2027 is a Friday, and off by law whatever the arrangement of the year will be.
    assert_eq!(due.at(), Some(at("2027-01-04T18:00")));
    assert_eq!(due.lines.iter().map(|line| line.provisional).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(due.lines[1].reason, Reason::Holiday);
    // The Spring Festival of 2027: its eve is Friday, 5 February, and the third day Monday, the 8th.
    let spring = due_of("2027-02-04T08:00", "2work_day");
    assert_eq!((spring.at(), spring.provisional), (Some(at("2027-02-09T18:00")), true));
    let end_of_day = Clock::new(at("2029-09-28T10:00"), limit("2work_day"), Reading::EndOfDay).due(&time);
    assert_eq!(end_of_day.at(), Some(at("2029-10-05T18:00")), "1 to 3 October 2029 are Monday to Wednesday");
    assert!(!due_of("2026-12-31T08:00", "48urgent_hour").provisional, "every hour counts in any year");
}

#[test]
fn impossible_moves_are_refused() {
    let start = at("2026-05-08T16:00");
    let mut clock = Clock::new(start, limit("2work_day"), Reading::EndOfDay);
    assert_eq!(clock.resume(start), Err(ClockError::NotPaused));
    assert_eq!(clock.pause(start.plus(-1)), Err(ClockError::OutOfOrder(start)));
    assert_eq!(clock.extend(start, limit("4work_hour")), Err(ClockError::OtherMeasure));
    clock.pause(start).expect("running");
    assert_eq!(clock.pause(start), Err(ClockError::AlreadyPaused));
    let json = serde_json::to_string(&clock).expect("JSON").replace("pause", "resume");
    let refused = serde_json::from_str::<Clock>(&json).expect_err("a resume without a pause");
    assert!(refused.to_string().contains("the clock is not paused"), "{refused}");
    while clock.moves().len() < 100 {
        clock.extend(start, limit("1work_day")).expect("room");
    }
    assert_eq!(clock.resume(start), Err(ClockError::TooManyMoves));
}

#[test]
fn a_limit_is_read_strictly() {
    for text in ["2work_day", "4work_hour", "2urgent_hour", "3calendar_day", "10000work_day"] {
        assert_eq!(limit(text).to_string(), text);
    }
    for text in [
        "",
        "work_day",
        "2",
        "0work_day",
        "10001work_day",
        "-1work_day",
        "+1work_day",
        "2 work_day",
        "2work_days",
        "99999999999999999999work_day",
        "२work_day",
    ] {
        assert!(text.parse::<Limit>().is_err(), "{text}");
    }
    assert_eq!(serde_json::to_string(&limit("2work_day")).expect("JSON"), r#"{"value":2,"kind":"work_day"}"#);
    assert!(serde_json::from_str::<Limit>(r#"{"value":0,"kind":"work_day"}"#).is_err());
    assert!(serde_json::from_str::<Limit>(r#"{"value":1,"kind":"week"}"#).is_err());
}

#[test]
fn warnings_rise_with_lateness_and_rest_in_a_pause() {
    let time = WorkingTime::default();
    let thresholds = WarningThresholds::default();
    let mut clock = Clock::new(at("2026-05-11T08:00"), limit("5work_day"), Reading::Rolling);
    let read = |clock: &Clock, now: &str| clock.warning(at(now), &time, &thresholds);
    assert_eq!(read(&clock, "2026-05-14T15:59"), Warning::None);
    assert_eq!(read(&clock, "2026-05-14T16:00"), Warning::DueSoon, "10 of 40 hours are left");
    assert_eq!(read(&clock, "2026-05-15T18:00"), Warning::DueSoon, "in time until the last moment");
    assert_eq!(read(&clock, "2026-05-15T18:01"), Warning::Overdue, "though no working time has passed since");
    assert_eq!(read(&clock, "2026-05-22T18:00"), Warning::Twice);
    assert_eq!(read(&clock, "2026-05-29T18:00"), Warning::Thrice);
    let late = clock.remaining(at("2026-05-19T12:00"), &time);
    assert_eq!((late.left, late.multiple().thousandths()), (-12 * HOUR, 1300));

    clock.pause(at("2026-05-15T17:00")).expect("running");
    assert_eq!(read(&clock, "2026-06-15T17:00"), Warning::None);
    let standing = clock.remaining(at("2026-06-15T17:00"), &time);
    assert_eq!((standing.left, standing.paused, standing.overdue), (HOUR, true, false));
}

#[test]
fn a_pause_after_the_due_time_does_not_undo_it() {
    let time = WorkingTime::default();
    let mut clock = Clock::new(at("2026-05-11T08:00"), limit("1work_day"), Reading::Rolling);
    clock.pause(at("2026-05-12T10:00")).expect("running");
    assert_eq!(clock.due(&time).at(), Some(at("2026-05-11T18:00")));
    let read = clock.remaining(at("2026-05-20T10:00"), &time);
    assert!(read.overdue && read.paused);
    assert_eq!(read.left, -2 * HOUR, "the pause is not counted as lateness");
    clock.resume(at("2026-05-20T10:00")).expect("paused");
    clock.extend(at("2026-05-20T10:00"), limit("4work_hour")).expect("same kind");
    assert_eq!(
        clock.due(&time).at(),
        Some(at("2026-05-20T14:00").plus(-2 * HOUR)),
        "2 h before the pause, 2 h after"
    );
}

#[test]
fn working_days_are_left_to_the_hour() {
    let time = WorkingTime::default();
    let clock = Clock::new(at("2026-05-11T10:00"), limit("2work_day"), Reading::EndOfDay);
    let read = |now: &str| clock.remaining(at(now), &time);
    assert_eq!((read("2026-05-11T10:00").left, read("2026-05-11T10:00").left_ms), (2, 22 * HOUR));
    assert_eq!((read("2026-05-12T18:00").left, read("2026-05-12T18:00").left_ms), (1, 8 * HOUR));
    assert_eq!((read("2026-05-13T17:00").left, read("2026-05-13T17:00").left_ms), (1, HOUR));
    assert_eq!((read("2026-05-14T09:00").left, read("2026-05-14T09:00").left_ms), (0, -HOUR));
    assert!(read("2026-05-14T09:00").overdue && !read("2026-05-13T18:00").overdue);
}

#[test]
fn hostile_values_neither_panic_nor_grow() {
    let tiny = "[[\"00:00\",\"00:01\"]]";
    let times = [
        WorkingTime::default(),
        WorkingTime { hours: serde_json::from_str(tiny).expect("hours"), ..WorkingTime::default() },
    ];
    let starts = [
        Timestamp::MIN,
        Timestamp::from_millis(-1),
        at("2026-02-13T16:00"),
        at("9999-12-31T17:59"),
        Timestamp::MAX,
    ];
    for time in &times {
        for start in starts {
            for kind in LimitKind::ALL {
                for reading in [Reading::Rolling, Reading::EndOfDay] {
                    let most = Limit::new(Limit::MAX, kind).expect("the most");
                    let mut clock = Clock::new(start, most, reading);
                    for step in 0..33 {
                        let _ = clock.pause(start.plus(step * 3 * DAY));
                        let _ = clock.resume(start.plus(step * 3 * DAY + HOUR));
                        let _ = clock.extend(start.plus(step * 3 * DAY + HOUR), most);
                    }
                    let due = clock.due(time);
                    assert!(due.at().is_some_and(|due| due >= start));
                    assert!(due.lines.len() < 250, "{} lines", due.lines.len());
                    for now in starts {
                        let read = clock.remaining(now, time);
                        assert_eq!(read.elapsed + read.left, read.limit);
                        let _ = clock.warning(now, time, &WarningThresholds::default());
                    }
                }
            }
        }
    }
    let long = Clock::new(at("2026-02-13T16:00"), limit("10000work_day"), Reading::Rolling).due(&times[0]);
    assert!(long.lines.len() <= 25, "{} lines", long.lines.len());
    assert_eq!(long.lines.iter().map(|line| line.counted).sum::<i64>(), 80_000 * HOUR);
}
