//! What each viewer may know of an issue: units never learn who inspected, nor what became of it at another unit.

#[path = "support/county.rs"]
#[expect(dead_code, reason = "every suite uses its own part of the county")]
mod county;

use app::issue::{FixedOnSpot, IssueAnswer, Names, OrderAnswer, Party, Report, Viewer};
use app::order::StepKind::{Accept, Confirm, Fail, Pass, Reply, Return, Rule, Void};
use app::order::{State, StepKind, StepRequest};
use app::role::{Actor, Role};
use county::walk::walks;
use county::{
    BUREAU, Case, County, MARKET, STREET, admin, at, everybody, inspector, liaison, manager, step, step_to,
};
use proptest::prelude::*;

/// The name of a person: it holds the id, so that it is found by the same search.
fn name_of(actor: &Actor) -> String {
    format!("姓名{}", actor.user_id)
}

/// All names there are: more than a careful server hands over.
fn all_names(county: &County) -> Names<'_> {
    let people = everybody().iter().chain(&[inspector(4)]).map(|it| (it.user_id, name_of(it))).collect();
    Names { catalogue: &county.catalogue, people }
}

fn shown(county: &County, case: &Case, viewer: &Actor) -> IssueAnswer {
    let events = case.events();
    let answer = IssueAnswer::new(
        &case.issue,
        &events,
        &all_names(county),
        Viewer { actor: viewer, policy: &county.policy },
    );
    let json = serde_json::to_string(&answer).expect("JSON");
    assert_eq!(serde_json::from_str::<IssueAnswer>(&json).expect("reads back"), answer);
    answer
}

fn text(county: &County, case: &Case, viewer: &Actor) -> String {
    serde_json::to_string(&shown(county, case, viewer)).expect("JSON")
}

fn whats(answer: &IssueAnswer) -> Vec<&str> {
    answer.timeline.iter().map(|entry| entry.what.as_str()).collect()
}

/// Reported by inspector 1, done by the market, failed by inspector 2, passed by inspector 3.
fn reworked() -> (County, Case) {
    let mut county = County::new("2026-03-02T09:00");
    let mut case = county.reported(Some(MARKET));
    let unit = liaison(&[MARKET]);
    county.take(&mut case, &unit, step(Accept));
    for (re_checker, kind) in [(inspector(2), Fail), (inspector(3), Pass)] {
        county.take(&mut case, &unit, step(Reply));
        county.take(&mut case, &unit, step(Confirm));
        let device_at = Some(at("2026-03-02T10:11"));
        county.take(&mut case, &re_checker, StepRequest { device_at, ..step(kind) });
    }
    (county, case)
}

/// Returned by the market and given to the street, which accepted.
fn moved() -> (County, Case) {
    let mut county = County::new("2026-03-02T09:00");
    let mut case = county.reported(Some(MARKET));
    let reason = StepRequest { note: "围墙外归街道".into(), ..step(Return) };
    county.take(&mut case, &liaison(&[MARKET]), reason);
    let ruling = StepRequest { note: "同意改派".into(), ..step_to(Rule, STREET) };
    county.take_at("2026-03-02T11:00", &mut case, &manager(), ruling);
    county.take(&mut case, &liaison(&[STREET]), step(Accept));
    (county, case)
}

#[test]
fn a_unit_sees_what_was_found_but_not_by_whom() {
    let (county, case) = reworked();
    let answer = shown(&county, &case, &liaison(&[MARKET]));
    let whole = [
        "reported",
        "dispatched",
        "accepted",
        "replied",
        "confirmed",
        "failed",
        "replied",
        "confirmed",
        "passed",
    ];
    assert_eq!(whats(&answer), whole);
    assert_eq!(answer.reporter, None);
    assert_eq!(answer.timeline[5].note, "理由", "the reason of a step back is for the unit");
    let handed =
        |what: &str| answer.timeline.iter().filter(|it| it.what == what).all(|it| it.receiver.is_some());
    assert!(handed("dispatched") && handed("failed"));
    assert_eq!(answer.timeline[8].receiver, None, "a passed re-check hands nothing over");
    for entry in &answer.timeline {
        match entry.what.as_str() {
            "dispatched" => assert_eq!((&entry.by, entry.device_at), (&Party::System, None), "{entry:?}"),
            "reported" | "failed" | "passed" => {
                assert_eq!((&entry.by, entry.device_at), (&Party::Office, None), "{entry:?}");
            }
            _ => assert!(
                matches!(&entry.by, Party::Unit { unit_id: MARKET, person: Some(name), .. }
                    if *name == name_of(&liaison(&[MARKET]))),
                "{entry:?}"
            ),
        }
    }
    let json = text(&county, &case, &liaison(&[MARKET]));
    for hidden in [inspector(1), inspector(2), inspector(3)] {
        assert!(!json.contains(&hidden.user_id.to_string()), "{json}");
    }
    assert!(!json.contains("inspector"), "not even the word: {json}");
}

#[test]
fn the_office_sees_everybody_by_name() {
    let (county, case) = reworked();
    for viewer in [manager(), admin()] {
        let answer = shown(&county, &case, &viewer);
        let person = |actor: Actor| Party::Person {
            name: name_of(&actor),
            user_id: actor.user_id,
            role: Role::Inspector,
        };
        assert_eq!(answer.reporter, Some(person(inspector(1))));
        assert_eq!(answer.timeline[0].by, person(inspector(1)));
        assert_eq!(answer.timeline[5].by, person(inspector(2)));
        assert_eq!(answer.timeline[8].by, person(inspector(3)));
        assert_eq!(answer.timeline[8].device_at, Some(at("2026-03-02T10:11")));
        assert!(text(&county, &case, &viewer).contains(&name_of(&liaison(&[MARKET]))));
    }
}

#[test]
fn an_inspector_knows_only_oneself() {
    let (county, case) = reworked();
    let answer = shown(&county, &case, &inspector(2));
    assert_eq!(answer.reporter, Some(Party::Office));
    assert_eq!(answer.timeline[5].by, Party::Me);
    assert_eq!(answer.timeline[8].by, Party::Office);
    assert!(matches!(answer.timeline[2].by, Party::Unit { person: None, .. }));
    assert_eq!(shown(&county, &case, &inspector(1)).reporter, Some(Party::Me));
}

#[test]
fn a_manager_who_acts_is_the_office_to_everybody_else() {
    let (county, case) = moved();
    assert_eq!(shown(&county, &case, &manager()).timeline[3].by, Party::Me);
    assert!(matches!(
        shown(&county, &case, &admin()).timeline[3].by,
        Party::Person { role: Role::Manager, .. }
    ));
    for viewer in [liaison(&[MARKET]), liaison(&[STREET]), inspector(1)] {
        assert!(!text(&county, &case, &viewer).contains(&manager().user_id.to_string()));
    }
}

#[test]
fn the_next_unit_sees_the_report_and_its_own_order() {
    let (county, case) = moved();
    let answer = shown(&county, &case, &liaison(&[STREET]));
    assert_eq!(whats(&answer), ["reported", "dispatched", "accepted"]);
    assert_eq!(
        answer.order.as_ref().map(|order| (order.unit_id, order.state)),
        Some((STREET, State::Accepted))
    );
    assert_eq!(answer.allowed_steps, [Reply, Return]);
    let json = text(&county, &case, &liaison(&[STREET]));
    for hidden in
        [MARKET.to_string(), case.issue.orders[0].id.to_string(), "围墙外".into(), "同意改派".into()]
    {
        assert!(!json.contains(&hidden), "{hidden}: {json}");
    }
}

/// Its liaison may still ask: a step that is sent again is answered, whoever has the issue by now.
#[test]
fn the_unit_it_was_taken_from_sees_its_own_order_ended() {
    let (mut county, mut case) = moved();
    county.take(&mut case, &manager(), step(Void));
    let answer = shown(&county, &case, &liaison(&[MARKET]));
    assert_eq!(whats(&answer), ["reported", "dispatched", "returned", "reassigned"]);
    assert_eq!((answer.state, answer.closing_kind, answer.closed_at), (State::Reassigned, None, None));
    assert_eq!(
        answer.order.as_ref().map(|order| (order.unit_id, order.state)),
        Some((MARKET, State::Reassigned))
    );
    assert_eq!(answer.timeline[3].note, "同意改派", "the ruling is its answer");
    assert_eq!(answer.allowed_steps, []);
    let json = text(&county, &case, &liaison(&[MARKET]));
    assert!(!json.contains(&STREET.to_string()), "{json}");
}

#[test]
fn a_unit_that_never_had_it_sees_no_order() {
    let (county, case) = moved();
    let answer = shown(&county, &case, &liaison(&[BUREAU]));
    assert_eq!((answer.order, answer.timeline.len()), (None, 1));
}

#[test]
fn the_office_sees_every_order_in_the_timeline() {
    let (county, case) = moved();
    let answer = shown(&county, &case, &manager());
    assert_eq!(
        whats(&answer),
        ["reported", "dispatched", "returned", "reassigned", "dispatched", "accepted"]
    );
    assert_eq!(answer.order.map(|order| order.unit_id), Some(STREET));
    let receivers: Vec<_> = answer.timeline.iter().filter_map(|entry| entry.receiver.clone()).collect();
    // The unit whose order ended by the ruling has nothing handed to it.
    assert_eq!(receivers, ["市场公司", "城关街道"]);
    assert_eq!(answer.timeline[1].by, Party::System);
    assert!(matches!(answer.timeline[4].by, Party::Me), "the office chose: {:?}", answer.timeline[4]);
    assert!(answer.timeline[4].due_at.is_some());
}

#[test]
fn an_order_is_shown_by_its_id() {
    let (county, case) = moved();
    let viewer = liaison(&[STREET]);
    let viewer = Viewer { actor: &viewer, policy: &county.policy };
    let order =
        OrderAnswer::of(&case.issue, case.order().id, &all_names(&county), viewer).expect("the live order");
    assert_eq!(
        (order.state, order.due.at(), order.limit.to_string()),
        (State::Accepted, Some(case.order().due_at), "2work_day".into())
    );
    let unknown = app::id::OrderId(case.issue.id.0);
    assert_eq!(OrderAnswer::of(&case.issue, unknown, &all_names(&county), viewer), None);
}

#[test]
fn the_pool_says_why_and_what_was_fixed_on_the_spot_shows_both_pictures() {
    let mut county = County::new("2026-03-02T09:00");
    let pool = county.reported(None);
    let answer = shown(&county, &pool, &manager());
    assert_eq!((answer.order, answer.assignment), (None, Some(county::assigned_to(None))));
    assert_eq!(answer.allowed_steps, [StepKind::Assign, Void]);

    let fixed_on_spot = Some(FixedOnSpot { photo_ids: vec![county::photo(9)], note: "当场清走".into() });
    let report = Report { fixed_on_spot, ..county::report(county.now) };
    let decided = county.decide_report(&inspector(1), report, Some(MARKET)).expect("taken in");
    let case = Case { issue: decided.after().clone(), chain: decided.events().to_vec() };
    let answer = shown(&county, &case, &inspector(1));
    assert_eq!((answer.photo_ids, answer.fixed_photo_ids), (vec![county::photo(1)], vec![county::photo(9)]));
    assert_eq!((answer.state, answer.order), (State::Closed, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Searched as text, so that no field added later can slip through.
    #[test]
    fn nobody_learns_more_than_they_may(walk in walks(20)) {
        let mut county = County::new("2026-02-12T15:00");
        let (decisions, whole) = walk.through(&mut county);
        let mut length = 0;
        for decided in &decisions {
            length += decided.events().len();
            let case = Case { issue: decided.after().clone(), chain: whole.chain[..length].to_vec() };
            for viewer in everybody() {
                let json = text(&county, &case, &viewer);
                for person in everybody().into_iter().chain([inspector(4)]) {
                    let may_know = match viewer.role {
                        Role::Manager | Role::Admin => true,
                        // Oneself is "me", never by name.
                        Role::Inspector => false,
                        Role::Unit => person.role == Role::Unit
                            && person.units.iter().any(|unit| viewer.units.contains(unit)),
                    };
                    let is_there = json.contains(&person.user_id.to_string());
                    prop_assert!(may_know || !is_there, "{:?} learns of {:?}: {}", viewer, person, json);
                }
                for (entry, event) in shown(&county, &case, &viewer).timeline.iter().flat_map(|entry| {
                    case.chain.iter().map(app::event::Sealed::event).filter(|it| it.seq == entry.seq).map(move |it| (entry, it))
                }) {
                    let is_own = viewer.user_id == event.actor_id
                        || event.unit_id.is_some_and(|unit| viewer.speaks_for(unit));
                    let may_know = is_own || viewer.role.is_office();
                    prop_assert!(entry.clock_skew_ms.is_none() || may_know, "{:?} learns of a clock: {}", viewer, json);
                    prop_assert!(!may_know || entry.clock_skew_ms == event.clock_skew_ms);
                }
                if viewer.role == Role::Unit {
                    prop_assert!(!json.contains("inspector"));
                    let others = case.issue.orders.iter().filter(|order| !viewer.speaks_for(order.unit_id));
                    for order in others {
                        prop_assert!(!json.contains(&order.id.to_string()), "{:?}: {}", viewer, json);
                    }
                }
            }
        }
    }
}
