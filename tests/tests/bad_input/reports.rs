//! Reports that are JSON, and wrong or odd in what they say.

use crate::{events, field, minor, new_issue};
use app::clause::Severity;
use app::issue::{Flag, IssueAnswer};
use app::problem::{Code, FieldCode};
use app::time::{DAY, HOUR, MINUTE};
use serde_json::{Value, json};
use server::access::Granted;
use server::catalogue::{setting, write};
use server::cli::Operator;
use tests::county::{self, AT, CLOSED_MARKET, ELSEWHERE, LAMP, MARKET, WITHDRAWN};
use tests::work::report;
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(
    a_position_outside_the_globe_is_refused,
    a_position_far_away_is_kept_and_flagged,
    an_observation_at_an_odd_time_is_kept_and_flagged,
    only_what_is_offered_is_taken,
    what_was_taken_stays_taken_when_the_catalogue_moves_on,
    only_who_inspects_reports,
);

async fn a_position_outside_the_globe_is_refused(app: TestApp) {
    county::lay(&app.state).await;
    let cases = [
        ("location.lng", json!({ "lng": 180.1, "lat": 33.0, "accuracy_m": 5, "source": "device" })),
        ("location.lng", json!({ "lng": -1e300, "lat": 33.0, "accuracy_m": 5, "source": "device" })),
        ("location.lat", json!({ "lng": 113.0, "lat": 90.000_001, "accuracy_m": 5, "source": "device" })),
        ("location.lat", json!({ "lng": 33.56, "lat": 113.72, "accuracy_m": 5, "source": "manual" })),
        ("location.accuracy_m", json!({ "lng": 113.0, "lat": 33.0, "accuracy_m": -1, "source": "photo" })),
        ("location.accuracy_m", json!({ "lng": 113.0, "lat": 33.0, "accuracy_m": 1e7, "source": "device" })),
    ];
    for (named, location) in cases {
        let mut sent = minor(&app);
        sent["location"] = location;
        let problem = app.inspector().put(&new_issue(), &sent).await.problem(Code::InvalidFields);
        assert_eq!(field(&problem), (named, FieldCode::OutOfRange), "{sent}");
    }
    assert_eq!(events(&app).await, 0);
}

async fn a_position_far_away_is_kept_and_flagged(app: TestApp) {
    county::lay(&app.state).await;
    let at = |lng: f64, lat: f64| json!({ "lng": lng, "lat": lat, "accuracy_m": 10, "source": "device" });
    let cases = [
        ("300 km to the east", at(AT.0 + 3.24, AT.1), vec![Flag::FarFromSpot]),
        ("on the other side", at(AT.0 - 180.0, -AT.1), vec![Flag::FarFromSpot]),
        ("the null island of broken devices", at(0.0, 0.0), vec![Flag::FarFromSpot]),
        ("at the gate", at(AT.0 + 0.001, AT.1), Vec::new()),
        ("nowhere", json!(null), vec![Flag::NoPosition]),
    ];
    for (name, location, flags) in cases {
        let mut sent = minor(&app);
        sent["location"] = location.clone();
        let taken: IssueAnswer = app.inspector().put(&new_issue(), &sent).await.expect(201).json();
        assert_eq!(taken.flags, flags, "{name}");
        assert!(taken.order.is_some(), "{name}: it goes its way all the same");
        let seen = app.manager().issue(taken.id).await;
        assert_eq!(seen.flags, flags, "{name}");
        let kept = seen.location.map_or(json!(null), |at| json!({ "lng": at.lng, "lat": at.lat }));
        let lng_lat = |value: &Value| (value["lng"].as_f64(), value["lat"].as_f64());
        assert_eq!(lng_lat(&kept), lng_lat(&location), "{name}");
    }
}

async fn an_observation_at_an_odd_time_is_kept_and_flagged(app: TestApp) {
    county::lay(&app.state).await;
    let now = app.state.clock.now();
    let cases = [
        ("tomorrow", now.plus(DAY), vec![Flag::ObservedInFuture]),
        ("in the year 9999", app::time::Timestamp::MAX, vec![Flag::ObservedInFuture]),
        ("last year", now.plus(-200 * DAY), vec![Flag::ObservedLongAgo]),
        ("when phones had no clock", app::time::Timestamp::from_millis(0), vec![Flag::ObservedLongAgo]),
        ("a clock that is a little ahead", now.plus(5 * MINUTE), Vec::new()),
        ("this morning, without signal", now.plus(-3 * HOUR), Vec::new()),
    ];
    for (name, observed_at, flags) in cases {
        let mut sent = minor(&app);
        sent["observed_at"] = json!(observed_at);
        let taken: IssueAnswer = app.inspector().put(&new_issue(), &sent).await.expect(201).json();
        assert_eq!(taken.flags, flags, "{name}");
        assert_eq!(taken.observed_at, Some(observed_at), "{name}: kept as it was said");
        assert_eq!(taken.reported_at, now, "{name}: the server's time is its own");
        assert_eq!(taken.order.expect("dispatched").dispatched_at, now, "{name}: and the clock runs from it");
        assert_eq!(app.manager().issue(taken.id).await.flags, flags, "{name}");
    }
}

async fn only_what_is_offered_is_taken(app: TestApp) {
    county::lay(&app.state).await;
    let unknown_spot = app::id::SpotId(scene::new_id());
    let cases = [
        ("spot_id", FieldCode::NotFound, report(unknown_spot, LAMP, app.state.clock.now())),
        ("spot_id", FieldCode::Withdrawn, report(CLOSED_MARKET, LAMP, app.state.clock.now())),
        ("clause_code", FieldCode::NotFound, report(MARKET, "T99", app.state.clock.now())),
        ("clause_code", FieldCode::NotFound, report(MARKET, "", app.state.clock.now())),
        ("clause_code", FieldCode::NotFound, report(MARKET, "' or '1'='1", app.state.clock.now())),
        ("clause_code", FieldCode::NotFound, report(MARKET, "t01", app.state.clock.now())),
        ("clause_code", FieldCode::Withdrawn, report(MARKET, WITHDRAWN, app.state.clock.now())),
        ("clause_code", FieldCode::NotForSpotType, report(MARKET, ELSEWHERE, app.state.clock.now())),
    ];
    for (named, code, mut sent) in cases {
        sent["severity"] = json!("minor");
        let problem = app.inspector().put(&new_issue(), &sent).await.problem(Code::InvalidFields);
        assert_eq!(field(&problem), (named, code), "{sent}");
    }
    assert_eq!(events(&app).await, 0);
}

async fn what_was_taken_stays_taken_when_the_catalogue_moves_on(app: TestApp) {
    county::lay(&app.state).await;
    let (address, sent) = (new_issue(), minor(&app));
    let taken: IssueAnswer = app.inspector().put(&address, &sent).await.expect(201).json();
    // The clause is withdrawn before the phone, which never heard the answer, asks again.
    let operator = Operator::for_tests();
    let granted = Granted::to_operator(&operator);
    let catalogue = app.state.catalogue.get().await.expect("loaded");
    let clause = catalogue.clause(LAMP).expect("there").clone();
    let mut tx = app.state.db.begin().await.expect("begun");
    let withdrawn = app::clause::Clause { active: false, severity: Severity::Serious, ..clause };
    write::put_clause(&mut tx, &granted, &withdrawn).await.expect("kept");
    setting::move_version_on(&mut tx, &granted).await.expect("kept");
    tx.commit().await.expect("committed");
    app.state.catalogue.forget();
    let again: IssueAnswer = app.inspector().put(&address, &sent).await.expect(200).json();
    assert_eq!(again, taken);
    let problem = app.inspector().put(&new_issue(), &sent).await.problem(Code::InvalidFields);
    assert_eq!(field(&problem), ("clause_code", FieldCode::Withdrawn));
    // And the loop goes on to its end.
    let order = taken.order.expect("dispatched").id;
    let liaison = app.liaison();
    let _ = liaison.step(order, json!({ "step": "accept" })).await;
    let _ = liaison.step(order, json!({ "step": "reply", "note": "已整改" })).await;
    let _ = liaison.step(order, json!({ "step": "confirm" })).await;
    let _ = app.other_inspector().step(order, json!({ "step": "pass" })).await;
}

async fn only_who_inspects_reports(app: TestApp) {
    county::lay(&app.state).await;
    for username in ["liaison", "liaison2"] {
        app.client(username).put(&new_issue(), &minor(&app)).await.problem(Code::Forbidden);
    }
    app.anonymous().put(&new_issue(), &minor(&app)).await.problem(Code::NotSignedIn);
    assert_eq!(events(&app).await, 0);
    for username in ["inspector", "manager", "admin"] {
        let _ = app.client(username).put(&new_issue(), &minor(&app)).await.expect(201);
    }
}
