//! The guards of the loop: who may take which step when, and what a step must bring.

#[path = "support/county.rs"]
#[expect(dead_code, reason = "every suite uses its own part of the county")]
mod county;

use app::clause::Severity;
use app::issue::{MAX_NOTE_CHARS, MAX_PHOTOS, Refusal, Report, allowed_steps};
use app::order::StepKind::{Accept, Assign, Confirm, Fail, Pass, Reply, Return, Rule, Void};
use app::order::{State, StepKind, StepRequest, unit_state_after, unit_steps_after};
use app::problem::{FieldCode, FieldProblem};
use app::role::{Actor, Role};
use county::{
    BUREAU, Case, County, MARKET, STREET, admin, at, inspector, liaison, manager, photo, report, step,
    step_to,
};

/// Every state an issue can be in.
const STATES: [State; 8] = [
    State::Pool,
    State::Dispatched,
    State::Accepted,
    State::Replied,
    State::Confirmed,
    State::Rework,
    State::Returned,
    State::Closed,
];

/// The steps of a kind of person: those ever theirs on this issue, and those of them that fit each state.
struct Rights {
    who: Actor,
    ever: &'static [StepKind],
    now: fn(State) -> &'static [StepKind],
}

const fn nothing(_: State) -> &'static [StepKind] {
    &[]
}

fn office(state: State) -> &'static [StepKind] {
    match state {
        State::Pool => &[Assign, Void],
        State::Dispatched | State::Accepted | State::Replied | State::Rework => &[Void],
        State::Confirmed => &[Pass, Fail, Void],
        State::Returned => &[Rule],
        State::Reassigned | State::Closed => &[],
    }
}

fn other_inspector(state: State) -> &'static [StepKind] {
    if state == State::Confirmed { &[Pass, Fail] } else { &[] }
}

fn own_unit(state: State) -> &'static [StepKind] {
    match state {
        State::Dispatched => &[Accept, Return],
        State::Accepted => &[Reply, Return],
        State::Replied => &[Reply, Confirm],
        State::Rework => &[Reply],
        _ => &[],
    }
}

fn everybodys_rights() -> Vec<Rights> {
    let office_ever = &[Assign, Rule, Pass, Fail, Void];
    let inspector_with_units = Actor { units: vec![MARKET], ..inspector(3) };
    vec![
        Rights { who: manager(), ever: office_ever, now: office },
        Rights { who: admin(), ever: office_ever, now: office },
        Rights { who: inspector(1), ever: &[], now: nothing },
        Rights { who: inspector(2), ever: &[Pass, Fail], now: other_inspector },
        Rights { who: inspector_with_units, ever: &[Pass, Fail], now: other_inspector },
        Rights { who: liaison(&[MARKET]), ever: &[Accept, Reply, Confirm, Return], now: own_unit },
        Rights { who: liaison(&[BUREAU, MARKET]), ever: &[Accept, Reply, Confirm, Return], now: own_unit },
        Rights { who: liaison(&[STREET]), ever: &[], now: nothing },
        Rights { who: liaison(&[]), ever: &[], now: nothing },
    ]
}

#[test]
fn exactly_the_allowed_steps_succeed_for_everybody_in_every_state() {
    let mut county = County::new("2026-03-02T09:00");
    for state in STATES {
        let case = county.in_state(state);
        assert_eq!(case.issue.state, state);
        for Rights { who, ever, now } in everybodys_rights() {
            let ever = if state == State::Pool && who.role == Role::Unit { &[] } else { ever };
            let allowed = now(state);
            assert_eq!(allowed_steps(&case.issue, &who, &county.policy), allowed, "{state:?} {who:?}");
            for &kind in StepKind::ALL {
                let request = if kind.names_unit() { step_to(kind, STREET) } else { step(kind) };
                let came = county.decide(&case, &who, request);
                let says = format!("{kind:?} by {who:?} in {state:?}: {came:?}");
                match came {
                    Ok(decided) => {
                        assert!(allowed.contains(&kind), "{says}");
                        assert_eq!(decided.before(), Some(&case.issue));
                    }
                    Err(Refusal::Forbidden) => assert!(!ever.contains(&kind), "{says}"),
                    Err(Refusal::NotAllowed { allowed: instead }) => {
                        assert!(ever.contains(&kind) && !allowed.contains(&kind), "{says}");
                        assert_eq!(instead, allowed, "{says}");
                    }
                    Err(_) => panic!("{says}"),
                }
            }
        }
    }
}

#[test]
fn the_one_who_reported_does_not_re_check_whatever_the_role() {
    let mut county = County::new("2026-03-02T09:00");
    let filed = county.decide_report(&manager(), report(county.now), Some(MARKET)).expect("taken in");
    let mut case = Case { issue: filed.after().clone(), chain: filed.events().to_vec() };
    for kind in [Accept, Reply, Confirm] {
        county.take(&mut case, &liaison(&[MARKET]), step(kind));
    }
    assert_eq!(county.decide(&case, &manager(), step(Pass)), Err(Refusal::Forbidden));
    assert_eq!(county.decide(&case, &manager(), step(Fail)), Err(Refusal::Forbidden));
    assert!(county.decide(&case, &admin(), step(Pass)).is_ok());

    county.policy.may_reporter_recheck = true;
    assert!(county.decide(&case, &manager(), step(Pass)).is_ok());
    assert_eq!(county.decide(&case, &liaison(&[MARKET]), step(Pass)), Err(Refusal::Forbidden));
}

#[test]
fn a_unit_that_gave_an_issue_back_has_no_more_to_say() {
    let mut county = County::new("2026-03-02T09:00");
    let mut case = county.in_state(State::Returned);
    county.take(&mut case, &manager(), step_to(Rule, STREET));
    for &kind in StepKind::ALL {
        let request = if kind.names_unit() { step_to(kind, MARKET) } else { step(kind) };
        assert_eq!(county.decide(&case, &liaison(&[MARKET]), request), Err(Refusal::Forbidden));
    }
}

fn fields(came: Result<app::issue::Decided, Refusal>) -> Vec<(String, FieldCode)> {
    match came {
        Ok(_) => Vec::new(),
        Err(Refusal::Invalid(fields)) => {
            fields.into_iter().map(|FieldProblem { field, code }| (field, code)).collect()
        }
        Err(other) => panic!("{other:?}"),
    }
}

fn one(field: &str, code: FieldCode) -> Vec<(String, FieldCode)> {
    vec![(field.to_owned(), code)]
}

#[test]
fn steps_back_and_endings_need_a_reason() {
    let mut county = County::new("2026-03-02T09:00");
    let unit = liaison(&[MARKET]);
    for (state, who, kind) in [
        (State::Dispatched, &unit, Return),
        (State::Accepted, &unit, Return),
        (State::Returned, &manager(), Rule),
        (State::Confirmed, &inspector(2), Fail),
        (State::Pool, &manager(), Void),
        (State::Confirmed, &manager(), Void),
    ] {
        let case = county.in_state(state);
        let unit_id = kind.names_unit().then_some(MARKET);
        for reason in ["", "  \n\t", "\u{3000}"] {
            let request = StepRequest { note: reason.into(), unit_id, ..step(kind) };
            assert_eq!(
                fields(county.decide(&case, who, request)),
                one("note", FieldCode::Required),
                "{kind:?}"
            );
        }
    }
    for (state, who, kind) in [
        (State::Dispatched, &unit, Accept),
        (State::Replied, &unit, Confirm),
        (State::Confirmed, &inspector(2), Pass),
    ] {
        let case = county.in_state(state);
        assert_eq!(fields(county.decide(&case, who, step(kind))), []);
    }
}

#[test]
fn a_note_has_a_length_in_characters_and_is_text() {
    let mut county = County::new("2026-03-02T09:00");
    let case = county.in_state(State::Dispatched);
    let mut note = |note: String| {
        fields(county.decide(&case, &liaison(&[MARKET]), StepRequest { note, ..step(Accept) }))
    };
    assert_eq!(note("好".repeat(MAX_NOTE_CHARS)), []);
    assert_eq!(note("好".repeat(MAX_NOTE_CHARS + 1)), one("note", FieldCode::TooLong));
    assert_eq!(note("a\0b".into()), one("note", FieldCode::Invalid));
    assert_eq!(note("'; drop table issue; -- <script>alert(1)</script>".into()), []);
}

#[test]
fn photos_are_few_and_none_twice() {
    let mut county = County::new("2026-03-02T09:00");
    let case = county.in_state(State::Accepted);
    let mut reply = |photo_ids: Vec<_>| {
        fields(county.decide(&case, &liaison(&[MARKET]), StepRequest { photo_ids, ..step(Reply) }))
    };
    assert_eq!(reply((0..12).map(photo).collect()), []);
    assert_eq!(reply((0..13).map(photo).collect()), one("photo_ids", FieldCode::TooLong));
    assert_eq!(reply(vec![photo(5), photo(6), photo(5)]), one("photo_ids", FieldCode::Repeated));
    assert_eq!(reply(Vec::new()), one("photo_ids", FieldCode::Required));
    assert_eq!(MAX_PHOTOS, 12);
}

/// Unnecessary photos are forbidden: a minor problem shown by none needs none afterwards.
#[test]
fn a_reply_needs_a_photo_unless_the_problem_is_minor_and_has_none() {
    let mut county = County::new("2026-03-02T09:00");
    for severity in Severity::ALL {
        for before in [Vec::new(), vec![photo(1)]] {
            let needs = severity != Severity::Minor || !before.is_empty();
            let report = Report { severity, photo_ids: before, ..report(county.now) };
            let came = county.decide_report(&inspector(1), report.clone(), Some(MARKET));
            let Ok(filed) = came else {
                assert!(needs && report.photo_ids.is_empty());
                assert_eq!(fields(came), one("photo_ids", FieldCode::Required));
                continue;
            };
            let mut case = Case { issue: filed.after().clone(), chain: filed.events().to_vec() };
            let unit = liaison(&[MARKET]);
            county.take(&mut case, &unit, step(Accept));
            let bare = StepRequest { photo_ids: Vec::new(), ..step(Reply) };
            let wants = if needs { one("photo_ids", FieldCode::Required) } else { Vec::new() };
            assert_eq!(fields(county.decide(&case, &unit, bare)), wants, "{severity:?}");
            assert_eq!(fields(county.decide(&case, &unit, step(Reply))), []);
        }
    }
}

#[test]
fn a_unit_is_named_where_one_is_asked_for_and_nowhere_else() {
    let mut county = County::new("2026-03-02T09:00");
    let (pool, returned) = (county.in_state(State::Pool), county.in_state(State::Returned));
    assert_eq!(fields(county.decide(&pool, &manager(), step(Assign))), one("unit_id", FieldCode::Required));
    assert_eq!(fields(county.decide(&returned, &manager(), step(Rule))), one("unit_id", FieldCode::Required));
    assert_eq!(
        fields(county.decide(&pool, &manager(), step_to(Void, MARKET))),
        one("unit_id", FieldCode::Unknown)
    );
}

#[test]
fn everything_wrong_with_a_step_is_said_at_once() {
    let mut county = County::new("2026-03-02T09:00");
    let case = county.in_state(State::Returned);
    let photo_ids = vec![photo(1), photo(1)];
    let request = StepRequest { note: String::new(), photo_ids, ..step(Rule) };
    let wrong = fields(county.decide(&case, &manager(), request));
    assert_eq!(
        wrong,
        [
            one("note", FieldCode::Required),
            one("photo_ids", FieldCode::Repeated),
            one("unit_id", FieldCode::Required)
        ]
        .concat()
    );
}

/// A night market is re-checked at night: two hours around the hour at which it was seen, across midnight too.
#[test]
fn a_problem_of_certain_hours_passes_only_in_those() {
    let mut county = County::new("2026-03-02T23:30");
    county.clause.hours_sensitive = true;
    county.clause.limit = "3calendar_day".parse().expect("a limit");
    let case = county.in_state(State::Confirmed);
    for (now, passes) in [
        ("2026-03-03T21:30", true),
        ("2026-03-03T21:29", false),
        ("2026-03-04T01:30", true),
        ("2026-03-04T01:31", false),
        ("2026-03-04T11:30", false),
        ("2026-04-01T00:00", true),
    ] {
        county.now = at(now);
        let pass = county.decide(&case, &inspector(2), step(Pass));
        assert_eq!(pass.is_ok(), passes, "{now}");
        if !passes {
            assert_eq!(pass, Err(Refusal::NotSameHours));
        }
        // That it is still there may be seen at any hour.
        assert!(county.decide(&case, &inspector(2), step(Fail)).is_ok(), "{now}");
        assert_eq!(allowed_steps(&case.issue, &inspector(2), &county.policy), [Pass, Fail]);
    }
    county.policy.same_hours_ms = 12 * app::time::HOUR;
    county.now = at("2026-03-04T11:30");
    assert!(county.decide(&case, &inspector(2), step(Pass)).is_ok());
}

#[test]
fn an_event_says_who_did_it_as_which_unit_and_who_receives_it() {
    let mut county = County::new("2026-03-02T09:00");
    let mut case = county.reported(Some(STREET));
    let both = liaison(&[STREET, BUREAU]);
    let device_at = Some(at("2026-03-02T09:03"));
    county.now = at("2026-03-02T09:05");
    county.take(&mut case, &both, StepRequest { device_at, ..step(Return) });
    county.take(&mut case, &manager(), step_to(Rule, BUREAU));
    let events = case.events();
    let [_, dispatched, returned, reassigned, again] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((dispatched.step, dispatched.receiver), (None, Some(STREET)));
    assert_eq!((returned.step, returned.unit_id, returned.receiver), (Some(Return), Some(STREET), None));
    assert_eq!((returned.actor_id, returned.role), (both.user_id, Role::Unit));
    assert_eq!((returned.device_at, returned.server_at), (device_at, county.now));
    assert_eq!((reassigned.unit_id, reassigned.receiver), (None, Some(STREET)));
    assert_eq!((again.step, again.receiver, again.note.as_str()), (Some(Rule), Some(BUREAU), ""));
    assert_eq!((reassigned.order_id, again.order_id), (returned.order_id, Some(case.order().id)));
}

#[test]
fn what_the_office_has_ruled_upon_is_not_sent_back_to_it_again() {
    let unit = liaison(&[MARKET]);
    for accepts_first in [false, true] {
        let mut county = County::new("2026-03-02T09:00");
        let mut case = county.in_state(State::Dispatched);
        if accepts_first {
            county.take(&mut case, &unit, step(Accept));
        }
        county.take(&mut case, &unit, step(Return));
        county.take(&mut case, &manager(), step_to(Rule, MARKET));
        let steps = allowed_steps(&case.issue, &unit, &county.policy);
        assert!(!steps.contains(&Return) && !steps.is_empty(), "{steps:?}");
        let refusal = Refusal::NotAllowed { allowed: steps.clone() };
        assert_eq!(county.decide(&case, &unit, step(Return)), Err(refusal));
        // Nor is it offered by a phone that has steps of its own to send.
        assert_eq!(unit_steps_after(case.issue.state, &steps, &[]), steps);
        assert!(!unit_steps_after(case.issue.state, &steps, &[Accept]).contains(&Return));
    }
}

#[test]
fn a_phone_without_a_network_offers_what_the_server_will_allow() {
    // The phone knows the state it was told and the steps still on it; after each row of steps it offers what the server
    // offers once they have arrived.
    let rows: [&[StepKind]; 7] = [
        &[],
        &[Accept],
        &[Accept, Reply],
        &[Accept, Reply, Reply, Confirm],
        &[Accept, Reply, Confirm],
        &[Return],
        &[Accept, Return],
    ];
    let unit = liaison(&[MARKET]);
    for row in rows {
        let mut county = County::new("2026-03-02T09:00");
        let mut case = county.in_state(State::Dispatched);
        let (told, steps) = (case.issue.state, allowed_steps(&case.issue, &unit, &county.policy));
        for kind in row {
            county.take(&mut case, &unit, step(*kind));
        }
        assert_eq!(
            unit_steps_after(told, &steps, row),
            allowed_steps(&case.issue, &unit, &county.policy),
            "{row:?}"
        );
    }
    let mut county = County::new("2026-03-02T09:00");
    let rework = county.in_state(State::Rework).issue;
    let steps = allowed_steps(&rework, &unit, &county.policy);
    assert_eq!(unit_steps_after(rework.state, &steps, &[]), steps);
    assert_eq!(unit_steps_after(rework.state, &steps, &[Reply]), [Reply, Confirm]);
    // What was done meanwhile by others leaves nothing to add to.
    assert_eq!(unit_steps_after(State::Closed, &[], &[Accept]), []);
    assert_eq!(unit_state_after(State::Closed, &[Accept, Reply, Confirm]), State::Closed);
    assert_eq!(
        unit_state_after(State::Accepted, &[Accept, Reply]),
        State::Replied,
        "it had arrived after all"
    );
    assert_eq!(unit_state_after(State::Dispatched, &[Accept, Reply, Confirm]), State::Confirmed);
}
