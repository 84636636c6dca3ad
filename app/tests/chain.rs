//! The chain of events: what is read back is what was decided, and what was changed is found.

#[path = "support/county.rs"]
#[expect(dead_code, reason = "every suite uses its own part of the county")]
mod county;

use app::event::{ChainBroken, Event, Sealed};
use app::issue::Issue;
use app::order::{State, StepKind};
use county::walk::walks;
use county::{Case, County, MARKET, STREET, inspector, liaison, manager, step, step_to};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;

fn stored(chain: &[Sealed]) -> Vec<(String, String)> {
    chain.iter().map(|sealed| (sealed.body().to_owned(), sealed.hash().to_owned())).collect()
}

/// Every kind of event but the pool's: a return, another unit, a failed and a passed re-check.
fn long_case() -> Case {
    let mut county = County::new("2026-03-02T09:00");
    let mut case = county.reported(Some(MARKET));
    let (market, street) = (liaison(&[MARKET]), liaison(&[STREET]));
    county.take(&mut case, &market, step(StepKind::Return));
    county.take(&mut case, &manager(), step_to(StepKind::Rule, STREET));
    county.take(&mut case, &street, step(StepKind::Return));
    county.take(&mut case, &manager(), step_to(StepKind::Rule, STREET));
    for (by, kind) in [
        (&street, StepKind::Accept),
        (&street, StepKind::Reply),
        (&street, StepKind::Confirm),
        (&inspector(2), StepKind::Fail),
        (&street, StepKind::Reply),
        (&street, StepKind::Confirm),
        (&inspector(3), StepKind::Pass),
    ] {
        county.now = county.now.plus(app::time::HOUR);
        county.take(&mut case, by, step(kind));
    }
    case
}

#[test]
fn a_chain_is_read_back_as_it_was_written() {
    let case = long_case();
    assert_eq!(case.issue.state, State::Closed);
    let read = Sealed::read_chain(stored(&case.chain)).expect("whole");
    assert_eq!(read, case.chain);
    assert_eq!(Sealed::read_chain([]), Ok(Vec::new()));
}

#[test]
fn the_hash_is_one_anybody_can_reckon() {
    // echo -e -n "\n<body>" | sha256sum
    use sha2::{Digest, Sha256};
    let case = long_case();
    let mut before = String::new();
    for sealed in &case.chain {
        let digest = Sha256::digest(format!("{before}\n{}", sealed.body()));
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sealed.hash(), hex);
        before = hex;
    }
}

#[test]
fn a_chain_that_does_not_begin_with_a_report_tells_nothing() {
    let case = long_case();
    assert_eq!(Issue::replay(&case.events()[1..]), None);
    assert_eq!(Issue::replay(&[] as &[Event]), None);
}

#[test]
fn a_removed_event_is_found() {
    let whole = stored(&long_case().chain);
    for gone in 0..whole.len() - 1 {
        let mut rows = whole.clone();
        rows.remove(gone);
        let place = u32::try_from(gone + 1).expect("small");
        assert_eq!(Sealed::read_chain(rows), Err(ChainBroken::WrongSeq { seq: place + 1, expected: place }));
    }
}

/// The last event has nothing after it that would miss it: it is the row beside the chain that tells.
#[test]
fn a_chain_cut_short_is_told_by_its_length() {
    let case = long_case();
    let mut rows = stored(&case.chain);
    rows.pop();
    let read = Sealed::read_chain(rows).expect("a whole beginning");
    let short = Issue::replay(read.iter().map(Sealed::event)).expect("an issue");
    assert_eq!(short.last_seq + 1, case.issue.last_seq);
}

#[test]
fn swapped_and_doubled_events_are_found() {
    let whole = stored(&long_case().chain);
    for first in 0..whole.len() - 1 {
        let mut rows = whole.clone();
        rows.swap(first, first + 1);
        let found = Sealed::read_chain(rows);
        assert!(matches!(found, Err(ChainBroken::WrongSeq { .. })), "{found:?}");

        let mut rows = whole.clone();
        rows.insert(first + 1, whole[first].clone());
        let found = Sealed::read_chain(rows);
        assert!(matches!(found, Err(ChainBroken::WrongSeq { .. })), "{found:?}");
    }
}

/// Whoever changes a text and reckons its own hash anew still breaks the next one.
#[test]
fn a_change_with_a_hash_to_match_is_found_at_the_next_event() {
    let mut rows = stored(&long_case().chain);
    let forged = rows[1].0.replace("2026-03", "2026-04");
    assert_ne!(forged, rows[1].0);
    let alone = Sealed::read_chain([rows[0].clone(), (forged.clone(), rows[1].1.clone())]);
    assert_eq!(alone, Err(ChainBroken::WrongHash { seq: 2 }));
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(format!("{}\n{forged}", rows[0].1));
    rows[1] = (forged, digest.iter().map(|byte| format!("{byte:02x}")).collect());
    assert_eq!(Sealed::read_chain(rows), Err(ChainBroken::WrongHash { seq: 3 }));
}

#[test]
fn an_event_of_another_issue_does_not_fit() {
    let mut county = County::new("2026-03-02T09:00");
    let (one, other) = (county.in_state(State::Accepted), county.in_state(State::Accepted));
    let mut rows = stored(&one.chain);
    let last = rows.len() - 1;
    rows[last] = stored(&other.chain)[last].clone();
    assert!(matches!(Sealed::read_chain(rows), Err(ChainBroken::WrongHash { .. })));
}

/// The walks of these suites go everywhere, or their properties would say little.
#[test]
fn random_walks_meet_every_kind_of_event() {
    let mut runner = TestRunner::deterministic();
    let mut met: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..200 {
        let walk = walks(24).new_tree(&mut runner).expect("a walk").current();
        let (_, case) = walk.through(&mut County::new("2026-02-12T15:00"));
        for event in case.events() {
            *met.entry(event.change.code()).or_default() += 1;
        }
    }
    // No walk begins with a problem that is fixed on the spot: nothing follows it.
    for what in [
        "reported",
        "pooled",
        "dispatched",
        "accepted",
        "replied",
        "confirmed",
        "returned",
        "ruled_same",
        "reassigned",
        "passed",
        "failed",
        "voided",
    ] {
        assert!(met.get(what).is_some_and(|times| *times >= 10), "{what}: {met:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn the_state_is_what_the_events_say(walk in walks(24)) {
        let mut county = County::new("2026-02-12T15:00");
        let (decisions, case) = walk.through(&mut county);
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut before: Option<Issue> = None;
        for decided in &decisions {
            rows.extend(stored(decided.events()));
            let read = Sealed::read_chain(rows.clone()).expect("whole");
            let replayed = Issue::replay(read.iter().map(Sealed::event));
            prop_assert_eq!(replayed.as_ref(), Some(decided.after()));
            prop_assert_eq!(decided.before(), before.as_ref());
            before = replayed;
        }
        prop_assert_eq!(before, Some(case.issue));
    }

    #[test]
    fn events_are_written_alike_however_often_they_are_read(walk in walks(24)) {
        let (_, case) = walk.through(&mut County::new("2026-02-12T15:00"));
        for sealed in &case.chain {
            let read: Event = serde_json::from_str(sealed.body()).expect("an event");
            prop_assert_eq!(&serde_json::to_string(&read).expect("JSON"), sealed.body());
            prop_assert_eq!(&read, sealed.event());
        }
    }

    #[test]
    fn events_follow_one_another(walk in walks(24)) {
        let (_, case) = walk.through(&mut County::new("2026-02-12T15:00"));
        let events = case.events();
        prop_assert_eq!(events[0].from, None);
        for (index, event) in events.iter().enumerate() {
            prop_assert_eq!(event.seq as usize, index + 1);
            prop_assert_eq!(event.issue_id, case.issue.id);
            prop_assert!(event.to != State::Reassigned);
        }
        for pair in events.windows(2) {
            prop_assert_eq!(pair[1].from, Some(pair[0].to));
            prop_assert!(pair[0].server_at <= pair[1].server_at, "the server's time never runs back");
        }
        let mut ids: Vec<_> = events.iter().map(|event| event.id).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), events.len());
    }

    #[test]
    fn a_changed_byte_is_found(walk in walks(10), row in any::<prop::sample::Index>(),
            byte in any::<prop::sample::Index>(), to in 0_u8..128, in_hash in any::<bool>()) {
        let (_, case) = walk.through(&mut County::new("2026-02-12T15:00"));
        let mut rows = stored(&case.chain);
        let (body, hash) = &mut rows[row.index(case.chain.len())];
        let text = if in_hash { hash } else { body };
        let place = (0..text.len()).cycle().skip(byte.index(text.len())).find(|at| text.as_bytes()[*at].is_ascii());
        let place = place.expect("JSON has ASCII in it");
        prop_assume!(text.as_bytes()[place] != to);
        text.replace_range(place..=place, &char::from(to).to_string());
        prop_assert!(Sealed::read_chain(rows).is_err());
    }
}
