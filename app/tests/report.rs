//! The report: who may send one, what is refused, what is kept and flagged.

#[path = "support/county.rs"]
#[expect(dead_code, reason = "every suite uses its own part of the county")]
mod county;

use app::clause::{Clause, Severity};
use app::id::{IssueId, PhotoId};
use app::issue::{Context, FixedOnSpot, Flag, Issue, MAX_NOTE_CHARS, Refusal, Report};
use app::photo::{PhotoSource, Shot};
use app::problem::{FieldCode, FieldProblem};
use app::role::Role;
use app::spot::{Location, LocationSource};
use app::time::{DAY, MINUTE, Timestamp};
use county::{County, MARKET, at, everybody, inspector, photo, report};
use proptest::prelude::*;
use uuid::Uuid;

const NOW: &str = "2026-03-02T09:00";

fn wrong(report: &Report) -> Vec<(String, FieldCode)> {
    report.check().into_iter().map(|FieldProblem { field, code }| (field, code)).collect()
}

fn one(field: &str, code: FieldCode) -> Vec<(String, FieldCode)> {
    vec![(field.to_owned(), code)]
}

fn standing(lng: f64, lat: f64, accuracy_m: f64) -> Option<Location> {
    Some(Location { lng, lat, accuracy_m, source: LocationSource::Device })
}

fn flags(report: &Report) -> Vec<Flag> {
    let county = County::new(NOW);
    report.flags(&county.spot, &county.policy, county.now, None)
}

/// A name that is left out here would be lost on the way from a phone's file.
#[test]
fn what_may_be_told_of_a_photo_is_called_by_its_name() {
    let told = Shot {
        captured_at: Some(Timestamp::from_millis(0)),
        lng: Some(113.7),
        lat: Some(33.5),
        accuracy_m: Some(8.0),
        source: Some(PhotoSource::Camera),
        shot_sha256: Some("ab".repeat(32)),
        copy_of: Some(PhotoId(Uuid::max())),
    };
    let told = serde_json::to_value(told).expect("plain data");
    let mut names = told.as_object().expect("an object").keys().map(String::as_str).collect::<Vec<_>>();
    let mut members = Shot::MEMBERS.to_vec();
    names.sort_unstable();
    members.sort_unstable();
    assert_eq!(names, members);
}

#[test]
fn inspectors_and_the_office_report_and_units_do_not() {
    for actor in everybody() {
        let mut county = County::new(NOW);
        let came = county.decide_report(&actor, report(county.now), Some(MARKET));
        match actor.role {
            Role::Unit => assert_eq!(came, Err(Refusal::Forbidden)),
            _ => assert!(came.is_ok()),
        }
    }
}

#[test]
fn what_is_wrong_with_a_report_is_named_field_by_field() {
    let good = report(at(NOW));
    assert_eq!(wrong(&good), []);
    assert_eq!(
        wrong(&Report { description: String::new(), ..good.clone() }),
        [],
        "the clause may say enough"
    );
    let described = |description: String| wrong(&Report { description, ..good.clone() });
    assert_eq!(described("问".repeat(MAX_NOTE_CHARS)), []);
    assert_eq!(described("问".repeat(MAX_NOTE_CHARS + 1)), one("description", FieldCode::TooLong));
    assert_eq!(described("x".repeat(1_000_000)), one("description", FieldCode::TooLong));
    assert_eq!(described("\0".into()), one("description", FieldCode::Invalid));
    let located = |location| wrong(&Report { location, ..good.clone() });
    assert_eq!(located(None), []);
    assert_eq!(located(standing(180.1, 33.0, 5.0)), one("location.lng", FieldCode::OutOfRange));
    assert_eq!(located(standing(113.0, f64::NAN, 5.0)), one("location.lat", FieldCode::OutOfRange));
    assert_eq!(located(standing(113.0, 33.0, -0.5)), one("location.accuracy_m", FieldCode::OutOfRange));
    let shown = |photo_ids| wrong(&Report { photo_ids, ..good.clone() });
    assert_eq!(shown(Vec::new()), one("photo_ids", FieldCode::Required));
    assert_eq!(shown((0..13).map(photo).collect()), one("photo_ids", FieldCode::TooLong));
    assert_eq!(shown(vec![photo(1), photo(1)]), one("photo_ids", FieldCode::Repeated));
    let minor = Report { severity: Severity::Minor, photo_ids: Vec::new(), ..good };
    assert_eq!(wrong(&minor), [], "a minor problem needs no photo");
}

#[test]
fn a_report_that_is_wrong_becomes_nothing() {
    let mut county = County::new(NOW);
    let bare = Report { photo_ids: Vec::new(), ..report(county.now) };
    let came = county.decide_report(&inspector(1), bare, Some(MARKET));
    let fields = vec![FieldProblem::new("photo_ids", FieldCode::Required)];
    assert_eq!(came, Err(Refusal::Invalid(fields)));
}

#[test]
fn what_was_fixed_on_the_spot_is_shown_before_and_after() {
    let fixed = |severity, before: Vec<_>, after: Vec<_>, note: &str| {
        let fixed_on_spot = Some(FixedOnSpot { photo_ids: after, note: note.into() });
        wrong(&Report { severity, photo_ids: before, fixed_on_spot, ..report(at(NOW)) })
    };
    let general = Severity::General;
    let after = "fixed_on_spot.photo_ids";
    assert_eq!(fixed(general, vec![photo(1)], vec![photo(2)], "清走"), []);
    assert_eq!(fixed(general, vec![photo(1)], vec![], ""), one(after, FieldCode::Required));
    assert_eq!(fixed(general, vec![photo(1)], vec![photo(1)], ""), one(after, FieldCode::Repeated));
    assert_eq!(
        fixed(general, vec![photo(1)], (2..20).map(photo).collect(), ""),
        one(after, FieldCode::TooLong)
    );
    let long = "长".repeat(MAX_NOTE_CHARS + 1);
    assert_eq!(
        fixed(general, vec![photo(1)], vec![photo(2)], &long),
        one("fixed_on_spot.note", FieldCode::TooLong)
    );
    // Unnecessary photos are forbidden.
    assert_eq!(fixed(Severity::Minor, vec![], vec![], "捡起"), []);
    assert_eq!(fixed(Severity::Minor, vec![photo(1)], vec![], ""), one(after, FieldCode::Required));
}

#[test]
fn a_position_far_from_the_spot_or_missing_is_kept_and_flagged() {
    let located = |location| flags(&Report { location, ..report(at(NOW)) });
    assert_eq!(located(standing(113.0, 33.0, 8.0)), []);
    assert_eq!(located(None), [Flag::NoPosition]);
    // 0.01° of latitude is 1 112 m: the device's own doubt is given to the inspector.
    assert_eq!(located(standing(113.0, 33.01, 8.0)), [Flag::FarFromSpot]);
    assert_eq!(located(standing(113.0, 33.01, 200.0)), []);
    assert_eq!(located(standing(113.0, 35.7, 50.0)), [Flag::FarFromSpot], "300 km");

    let mut county = County::new(NOW);
    let far = Report { location: standing(113.0, 35.7, 50.0), ..report(county.now) };
    let kept = county.decide_report(&inspector(1), far, Some(MARKET)).expect("never a reason to refuse");
    assert_eq!(kept.after().flags, [Flag::FarFromSpot]);
}

#[test]
fn an_observation_from_tomorrow_or_from_last_year_is_kept_and_flagged() {
    let now = at(NOW);
    let seen = |observed_at: Timestamp| flags(&report(observed_at));
    assert_eq!(seen(now.plus(10 * MINUTE)), [], "clocks differ a little");
    assert_eq!(seen(now.plus(10 * MINUTE + 1)), [Flag::ObservedInFuture]);
    assert_eq!(seen(now.plus(DAY)), [Flag::ObservedInFuture]);
    assert_eq!(seen(now.plus(-7 * DAY)), [], "a week without a network");
    assert_eq!(seen(now.plus(-7 * DAY - 1)), [Flag::ObservedLongAgo]);
    assert_eq!(seen(at("2025-03-02T09:00")), [Flag::ObservedLongAgo]);
    let both = Report { location: None, ..report(Timestamp::MAX) };
    assert_eq!(flags(&both), [Flag::NoPosition, Flag::ObservedInFuture]);
}

/// The due time runs from the server's dispatch, whatever the device's clock says.
#[test]
fn the_devices_clock_moves_no_due_time() {
    for observed in ["2025-01-01T00:00", "2027-01-01T00:00"] {
        let mut county = County::new(NOW);
        let came = county.decide_report(&inspector(1), report(at(observed)), Some(MARKET)).expect("taken in");
        let order = came.after().order().expect("an order");
        assert_eq!((order.dispatched_at, order.due_at), (at(NOW), at("2026-03-04T09:00")));
        assert_eq!(came.events()[0].event().device_at, Some(at(observed)));
    }
}

#[test]
fn the_event_of_a_report_carries_the_issues_id_and_what_was_said() {
    let county = County::new(NOW);
    let id: IssueId = "01970000-0000-7000-8000-000000000001".parse().expect("an id");
    let earlier: IssueId = "01970000-0000-7000-8000-000000000002".parse().expect("an id");
    let mut fresh_id = || "01970000-0000-7000-8000-000000000003".parse().expect("an id");
    let mut context = Context {
        now: county.now,
        skew: None,
        working_time: &county.time,
        policy: &county.policy,
        catalogue: &county.catalogue,
        photos: &county.photos,
        fresh_id: &mut fresh_id,
    };
    let place = (&county.spot, &county.clause);
    let sent = report(at("2026-03-02T08:58"));
    let assignment = county::assigned_to(None);
    let decided =
        Issue::report(id, sent.clone(), place, assignment, Some(earlier), &inspector(1), &mut context);
    let decided = decided.expect("taken in");
    let issue = decided.after();
    let first = decided.events()[0].event();
    assert_eq!((first.id.0, first.issue_id, first.seq), (id.0, id, 1));
    assert_eq!((first.note.as_str(), &first.photo_ids), (sent.description.as_str(), &sent.photo_ids));
    assert_eq!((issue.id, issue.recurs, &issue.report), (id, Some(earlier), &sent));
    assert_eq!((issue.spot_type.as_str(), issue.area_id, issue.reported_at), ("NMSC", county::AREA, at(NOW)));
    assert_eq!(decided.events()[1].event().note, "", "a follow-up repeats nothing");
}

#[test]
fn the_catalogue_says_which_clauses_fit() {
    let clause = county::clause();
    let withdrawn = Clause { active: false, ..clause.clone() };
    let says = |clause: Option<&Clause>, belongs| Report::clause_error(clause, belongs).map(|it| it.code);
    assert_eq!(says(Some(&clause), true), None);
    assert_eq!(says(Some(&clause), false), Some(FieldCode::NotForSpotType));
    assert_eq!(says(Some(&withdrawn), true), Some(FieldCode::Withdrawn));
    assert_eq!(says(None, false), Some(FieldCode::NotFound));
}

#[test]
fn a_report_takes_no_field_it_does_not_know() {
    let text = serde_json::to_string(&report(at(NOW))).expect("JSON");
    assert_eq!(serde_json::from_str::<Report>(&text).expect("reads back"), report(at(NOW)));
    let more = text.replacen('{', r#"{"colour":"red","#, 1);
    assert!(serde_json::from_str::<Report>(&more).expect_err("refused").to_string().contains("colour"));
}

proptest! {
    /// Phones write positions with up to seventeen digits; what is kept is a centimetre from it and reads back the same.
    #[test]
    fn a_position_is_kept_to_the_centimetre(lng in -180.0..=180.0_f64, lat in -90.0..=90.0_f64, accuracy in 0.0..=1e6_f64) {
        let mut county = County::new(NOW);
        let sent = Report { location: standing(lng, lat, accuracy), ..report(county.now) };
        let came = county.decide_report(&inspector(1), sent, Some(MARKET)).expect("taken in");
        let kept = came.after().report.location.expect("kept");
        prop_assert!((kept.lng - lng).abs() < 1e-7 && (kept.lat - lat).abs() < 1e-7);
        prop_assert!((kept.accuracy_m - accuracy).abs() < 0.01);
        prop_assert_eq!(kept.out_of_range(), None);
        let text = serde_json::to_string(&kept).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Location>(&text).expect("reads back"), kept);
    }
}
