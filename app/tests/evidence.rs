//! What an issue was called on its day, where its photos come from, and what a re-check has to show.

#[path = "support/county.rs"]
#[expect(dead_code, reason = "every suite uses its own part of the county")]
mod county;

use app::clause::Severity;
use app::id::PhotoId;
use app::issue::{Flag, IssueAnswer, Names, Refusal, Report, Viewer};
use app::order::StepKind::{Accept, Confirm, Fail, Pass, Reply};
use app::order::{State, StepKind, StepRequest};
use app::photo::{Oddity, PhotoSource, Provenance, Shows};
use app::problem::{FieldCode, FieldProblem};
use app::role::Actor;
use app::spot::{Location, LocationSource};
use app::time::{DAY, HOUR, MINUTE, Timestamp};
use county::{
    Case, County, MARKET, STREET, at, inspector, liaison, manager, photo, report, standing, step, step_to,
};
use proptest::prelude::*;
use std::collections::HashMap;

const NOW: &str = "2026-03-02T09:00";

fn shown(county: &County, case: &Case, viewer: &Actor) -> IssueAnswer {
    let names = Names { catalogue: &county.catalogue, people: HashMap::new() };
    let viewer = Viewer { actor: viewer, policy: &county.policy };
    IssueAnswer::new(&case.issue, &case.events(), &names, viewer)
}

/// The catalogue as another day's import has left it: everything has another name.
fn rename_everything(county: &mut County) {
    let catalogue = &mut county.catalogue;
    catalogue.spots[0].name = "新市场".into();
    catalogue.spots[0].address = "新址".into();
    catalogue.clauses[0].text = "新条款".into();
    catalogue.clauses[0].limit = "5work_day".parse().expect("a limit");
    catalogue.units.iter_mut().for_each(|unit| unit.name = format!("新{}", unit.name));
    catalogue.spot_types[0].name = "新类型".into();
    catalogue.areas[0].name = "新区".into();
}

#[test]
fn an_issue_keeps_the_names_and_the_limit_of_its_day() {
    let mut county = County::new(NOW);
    let mut case = county.reported(Some(MARKET));
    county.take(&mut case, &liaison(&[MARKET]), step(Accept));
    let before = shown(&county, &case, &manager());
    assert_eq!(before.named.spot_name, "城关农贸市场");
    assert_eq!((before.named.area_name.as_str(), before.named.spot_type_name.as_str()), ("城关", "农贸市场"));
    assert_eq!(before.named.clause_text, "地面干净");
    rename_everything(&mut county);
    assert_eq!(shown(&county, &case, &manager()), before);
}

#[test]
fn an_order_has_the_name_its_unit_had_when_it_got_it() {
    let mut county = County::new(NOW);
    let mut case = county.reported(Some(MARKET));
    county.take(&mut case, &liaison(&[MARKET]), step(StepKind::Return));
    rename_everything(&mut county);
    county.take(&mut case, &manager(), step_to(StepKind::Rule, STREET));
    let answer = shown(&county, &case, &manager());
    assert_eq!(answer.order.expect("an order").unit_name, "新城关街道");
    let receivers: Vec<_> = answer.timeline.iter().filter_map(|entry| entry.receiver.as_deref()).collect();
    assert_eq!(receivers, ["市场公司", "新城关街道"]);
}

#[test]
fn events_that_tell_no_names_are_shown_with_todays() {
    let mut county = County::new(NOW);
    let mut case = county.reported(Some(MARKET));
    case.issue.named = None;
    case.issue.orders[0].unit_name.clear();
    rename_everything(&mut county);
    let answer = shown(&county, &case, &manager());
    assert_eq!((answer.named.spot_name.as_str(), answer.named.clause_text.as_str()), ("新市场", "新条款"));
    assert_eq!(answer.order.expect("an order").unit_name, "新市场公司");
    county.catalogue.clauses.clear();
    county.catalogue.spots.clear();
    let answer = shown(&county, &case, &manager());
    assert_eq!((answer.named.spot_name.as_str(), answer.named.clause_text.as_str()), ("", "G04"));
}

#[test]
fn a_common_problem_is_the_title_in_the_words_of_its_day() {
    let mut county = County::new(NOW);
    let named = |code: &str| Report { phrase_code: Some(code.to_owned()), ..report(at(NOW)) };
    let came = county.decide_report(&inspector(1), named("G04a"), Some(MARKET)).expect("taken in");
    let case = Case { issue: came.after().clone(), chain: came.events().to_vec() };
    county.catalogue.clauses[0].phrases[0].text = "改了说法".into();
    let answer = shown(&county, &case, &liaison(&[MARKET]));
    assert_eq!((answer.named.title(), answer.named.clause_text.as_str()), ("地面有垃圾", "地面干净"));
    for (code, why) in
        [("G04b", FieldCode::Withdrawn), ("G05a", FieldCode::NotFound), ("", FieldCode::NotFound)]
    {
        let refused = county.decide_report(&inspector(1), named(code), Some(MARKET)).map(drop);
        assert_eq!(refused, Err(Refusal::Invalid(vec![FieldProblem::new("phrase_code", why)])), "{code}");
    }
    let plain = county.reported(Some(MARKET));
    assert_eq!(shown(&county, &plain, &manager()).named.title(), "地面干净");
}

fn camera(id: PhotoId, taken_at: Timestamp) -> Provenance {
    Provenance {
        id,
        source: Some(PhotoSource::Camera),
        taken_at: Some(taken_at),
        place: None,
        distance_m: None,
    }
}

fn gallery(id: PhotoId, taken_at: Option<Timestamp>) -> Provenance {
    Provenance { id, source: Some(PhotoSource::Gallery), taken_at, place: None, distance_m: None }
}

#[test]
fn a_report_with_a_photo_from_the_gallery_says_so() {
    let mut county = County::new(NOW);
    county.photos = vec![gallery(photo(1), None)];
    let sent = Report { observed_at: None, location: None, ..report(county.now) };
    let came = county.decide_report(&inspector(1), sent, Some(MARKET)).expect("never a reason to refuse");
    assert_eq!(came.after().flags, [Flag::NoPosition, Flag::NoTime, Flag::FromGallery]);
    let case = Case { issue: came.after().clone(), chain: came.events().to_vec() };
    let answer = shown(&county, &case, &manager());
    assert_eq!(answer.observed_at, None, "unknown is not now");
    assert_eq!(answer.photos[0].oddities, [Oddity::FromGallery, Oddity::NoTime]);
    let unit = shown(&county, &case, &liaison(&[MARKET]));
    assert!(
        unit.photos.is_empty() && unit.flags.is_empty(),
        "a unit learns nothing of the inspector's phone"
    );
}

#[test]
fn an_after_photo_older_than_the_problem_is_pointed_at() {
    let mut county = County::new(NOW);
    let mut case = county.reported(Some(MARKET));
    county.photos = vec![gallery(photo(2), Some(at(NOW).plus(-DAY)))];
    let unit = liaison(&[MARKET]);
    county.take(&mut case, &unit, step(Accept));
    county.take(&mut case, &unit, step(Reply));
    for viewer in [inspector(2), manager(), unit] {
        let notes = shown(&county, &case, &viewer).photos;
        assert_eq!(notes.len(), 1, "{viewer:?}");
        assert_eq!(notes[0].oddities, [Oddity::FromGallery, Oddity::TakenBefore], "{viewer:?}");
    }
}

#[test]
fn a_photo_is_judged_by_what_it_is_to_show() {
    let policy = County::new(NOW).policy;
    let now = at(NOW);
    let odd = |taken_at, shows| camera(photo(1), taken_at).oddities(shows, &policy);
    let after = Shows::After { since: now };
    assert_eq!(odd(now.plus(-10 * MINUTE), after), [], "clocks differ a little");
    assert_eq!(odd(now.plus(-10 * MINUTE - 1), after), [Oddity::TakenBefore]);
    assert_eq!(odd(now.plus(HOUR), after), []);
    let problem = Shows::Problem { reported_at: now };
    assert_eq!(odd(now.plus(-7 * DAY), problem), []);
    assert_eq!(odd(now.plus(-7 * DAY - 1), problem), [Oddity::TakenLongAgo]);
    let place = Location { accuracy_m: 100.0, ..standing() };
    let far = |distance_m| {
        let it = Provenance { place: Some(place), distance_m: Some(distance_m), ..camera(photo(1), now) };
        it.oddities(after, &policy)
    };
    assert_eq!(far(1_100), [], "the phone's own doubt is in its favour");
    assert_eq!(far(1_101), [Oddity::FarFromSpot]);
}

fn confirmed(county: &mut County) -> Case {
    county.in_state(State::Confirmed)
}

#[test]
fn a_recheck_passes_only_with_a_photo_where_the_county_asks_for_one() {
    let without = StepRequest { photo_ids: Vec::new(), ..step(Pass) };
    let refused = Err(Refusal::Invalid(vec![FieldProblem::new("photo_ids", FieldCode::Required)]));
    let mut county = County::new(NOW);
    let case = confirmed(&mut county);
    assert_eq!(county.decide(&case, &inspector(2), without.clone()).map(drop), refused);
    assert!(county.decide(&case, &inspector(2), step(Pass)).is_ok());
    let plain_fail = StepRequest { photo_ids: Vec::new(), ..step(Fail) };
    assert!(county.decide(&case, &inspector(2), plain_fail).is_ok(), "failing needs a reason, not a photo");
    for (from, clauses, is_asked) in [
        (Some(Severity::Minor), vec![], true),
        (Some(Severity::Serious), vec![], false),
        (None, vec![], false),
        (None, vec!["G04".to_owned()], true),
        (None, vec!["G05".to_owned()], false),
    ] {
        county.policy.recheck_photo_from = from;
        county.policy.recheck_photo_clauses = clauses;
        let decided = county.decide(&case, &inspector(2), without.clone()).map(drop);
        assert_eq!(decided == refused, is_asked, "{from:?}");
        assert_eq!(case.issue.needs_recheck_photo(&county.policy), is_asked);
    }
}

#[test]
fn a_recheck_from_afar_or_without_a_position_is_flagged_for_the_campaign_alone() {
    let somewhere =
        |lat, accuracy_m| Some(Location { lng: 113.0, lat, accuracy_m, source: LocationSource::Device });
    for (location, flags) in [
        (Some(standing()), vec![]),
        (None, vec![Flag::NoPosition]),
        // 360 metres to the north.
        (somewhere(33.003_24, 10.0), vec![Flag::FarFromSpot]),
        (somewhere(33.003_24, 100.0), vec![]),
        (somewhere(33.0, 3_000.0), vec![Flag::PositionCoarse]),
    ] {
        let mut county = County::new(NOW);
        let mut case = confirmed(&mut county);
        county.take(&mut case, &inspector(2), StepRequest { location, ..step(Pass) });
        let last = |viewer: &Actor| shown(&county, &case, viewer).timeline.pop().expect("an entry").flags;
        assert_eq!(last(&manager()), flags);
        assert_eq!(last(&liaison(&[MARKET])), []);
        assert_eq!(case.chain.last().expect("an event").event().location, location.map(Location::to_kept));
    }
}

#[test]
fn only_a_recheck_tells_where_somebody_stood() {
    let mut county = County::new(NOW);
    let case = county.reported(Some(MARKET));
    let located = StepRequest { location: Some(standing()), ..step(Accept) };
    let errors = vec![FieldProblem::new("location", FieldCode::Unknown)];
    let decided = county.decide(&case, &liaison(&[MARKET]), located);
    assert_eq!(decided.map(drop), Err(Refusal::Invalid(errors)));
    let case = confirmed(&mut county);
    let nowhere = Location { lat: 91.0, ..standing() };
    let errors = vec![FieldProblem::new("location.lat", FieldCode::OutOfRange)];
    let decided = county.decide(&case, &inspector(2), StepRequest { location: Some(nowhere), ..step(Fail) });
    assert_eq!(decided.map(drop), Err(Refusal::Invalid(errors)));
}

#[test]
fn a_recheck_photo_is_from_after_the_confirmation() {
    let mut county = County::new(NOW);
    let mut case = confirmed(&mut county);
    county.now = at("2026-03-03T09:00");
    county.photos = vec![camera(photo(3), at("2026-03-01T09:00"))];
    county.take(&mut case, &inspector(2), step(Pass));
    let notes = shown(&county, &case, &manager()).photos;
    assert_eq!(notes[0].oddities, [Oddity::TakenBefore]);
    assert_eq!(shown(&county, &case, &liaison(&[MARKET])).photos, []);
}

#[test]
fn where_nobody_knows_when_it_was_seen_any_hour_will_do() {
    let mut county = County::new(NOW);
    county.clause.hours_sensitive = true;
    let sent = Report { observed_at: None, ..report(county.now) };
    let came = county.decide_report(&inspector(1), sent, Some(MARKET)).expect("taken in");
    let mut case = Case { issue: came.after().clone(), chain: came.events().to_vec() };
    for kind in [Accept, Reply, Confirm] {
        county.take(&mut case, &liaison(&[MARKET]), step(kind));
    }
    county.take_at("2026-03-02T21:00", &mut case, &inspector(2), step(Pass));
}

proptest! {
    /// No catalogue of a later day changes a word of what was kept.
    #[test]
    fn later_names_change_nothing(name in "\\PC{0,12}", is_after_accept in any::<bool>()) {
        let mut county = County::new(NOW);
        let mut case = county.reported(Some(MARKET));
        if is_after_accept {
            county.take(&mut case, &liaison(&[MARKET]), step(Accept));
        }
        let before = shown(&county, &case, &inspector(1));
        county.catalogue.spots[0].name.clone_from(&name);
        county.catalogue.clauses[0].text.clone_from(&name);
        county.catalogue.units.iter_mut().for_each(|unit| unit.name.clone_from(&name));
        prop_assert_eq!(shown(&county, &case, &inspector(1)), before);
    }
}
