//! `spotfix-device-time`: a wrong clock is told from a late sending, kept in the chain, and no part of what is asked for.

use crate::{DEVICE_TIME, ahead, new_issue};
use app::device_time::{Late, Skew};
use app::issue::{Flag, IssueAnswer};
use app::problem::{Code, FieldCode};
use app::time::{DAY, HOUR, MINUTE, Timestamp};
use serde_json::{Value, json};
use server::db::query;
use server::rate::store::recount;
use tests::app::only_field;
use tests::county::{self, LAMP, MARKET, STALL};
use tests::scene::UNIT;
use tests::work::{jpeg, report};
use tests::{TestApp, on_both_engines, scene};
use uuid::Uuid;

on_both_engines!(
    a_wrong_clock_is_flagged_and_corrected,
    the_same_request_may_be_sent_with_another_time,
    a_time_that_is_none_is_refused_everywhere,
    a_late_step_says_whether_it_was_taken_or_sent_late,
    an_answer_tells_the_clock_to_the_office_and_the_sender_alone,
    the_offices_steps_tell_the_time_too,
);

fn minor(observed_at: Timestamp) -> Value {
    let mut sent = report(MARKET, LAMP, observed_at);
    sent["severity"] = json!("minor");
    sent
}

async fn a_wrong_clock_is_flagged_and_corrected(app: TestApp) {
    county::lay(&app.state).await;
    let now = app.state.clock.now();
    // How far the clock is off, how long ago it was seen, and what is said of it.
    let cases = [
        (0, 5 * MINUTE, vec![]),
        (9 * MINUTE, 5 * MINUTE, vec![]),
        (3 * HOUR, 5 * MINUTE, vec![Flag::ClockWrong]),
        (-400 * DAY, 5 * MINUTE, vec![Flag::ClockWrong]),
        (0, 30 * HOUR, vec![Flag::SentLate]),
        (365 * DAY, 30 * HOUR, vec![Flag::ClockWrong, Flag::SentLate]),
        (-2 * HOUR, 8 * DAY, vec![Flag::ObservedLongAgo, Flag::ClockWrong, Flag::SentLate]),
        (0, -HOUR, vec![Flag::ObservedInFuture]),
    ];
    for (off, held, flags) in cases {
        let by_device = now.plus(off - held);
        let inspector = ahead(&app, app.inspector(), off);
        let taken: IssueAnswer = inspector.put(&new_issue(), &minor(by_device)).await.expect(201).json();
        assert_eq!(taken.flags, flags, "{off} {held}");
        let is_wrong = flags.contains(&Flag::ClockWrong);
        assert_eq!(
            taken.observed_at,
            Some(if is_wrong { now.plus(-held) } else { by_device }),
            "{off} {held}"
        );
        assert_eq!(taken.timeline[0].device_at, Some(by_device), "as it was said");
        assert_eq!(taken.timeline[0].clock_skew_ms.map(Skew::millis), Some(off));
        assert_eq!(taken.reported_at, now);
        assert_eq!(taken.order.expect("dispatched").dispatched_at, now, "the server's time decides");
        assert_eq!(app.manager().issue(taken.id).await.flags, flags, "and stays");
    }
    // Any offset is the same moment.
    let utc = app.inspector().with_header(DEVICE_TIME, "2026-03-02T01:00:00.000Z");
    let taken: IssueAnswer = utc.put(&new_issue(), &minor(now)).await.expect(201).json();
    assert_eq!(taken.timeline[0].clock_skew_ms.map(Skew::millis), Some(0));
    assert_eq!(recount(&app.state.db).await.expect("counted"), Vec::<String>::new());
}

async fn the_same_request_may_be_sent_with_another_time(app: TestApp) {
    county::lay(&app.state).await;
    let (address, sent) = (new_issue(), minor(app.state.clock.now()));
    let first = ahead(&app, app.inspector(), 0).put(&address, &sent).await.expect(201).value();
    for off in [1, DAY, -DAY] {
        let again = ahead(&app, app.inspector(), off).put(&address, &sent).await.expect(200).value();
        assert_eq!(again, first, "the first time stays");
    }
    assert_eq!(app.inspector().put(&address, &sent).await.expect(200).value(), first);
    let order = first["order"]["id"].as_str().expect("an order");
    let step = format!("/api/orders/{order}/steps/{}", scene::new_id());
    let accept = json!({ "step": "accept", "device_at": app.state.clock.now() });
    let taken = ahead(&app, app.liaison(), 0).put(&step, &accept).await.expect(201).value();
    app.state.clock.advance(HOUR);
    assert_eq!(ahead(&app, app.liaison(), DAY).put(&step, &accept).await.expect(200).value(), taken);
    let id = scene::new_id();
    let photo = format!("/api/photos/{id}");
    let skew = async || -> Option<i64> {
        let one = query("select clock_skew_ms from photo where id = $1").bind(id);
        let (skew,) = app.state.db.fetch_one(one).await.expect("kept");
        skew
    };
    let first = ahead(&app, app.liaison(), -5).put_bytes(&photo, "image/jpeg", jpeg(1)).await.expect(201);
    assert_eq!(skew().await, Some(-5));
    let again = ahead(&app, app.liaison(), 7).put_bytes(&photo, "image/jpeg", jpeg(1)).await.expect(200);
    assert_eq!((again.bytes, skew().await), (first.bytes, Some(-5)));
}

async fn a_time_that_is_none_is_refused_everywhere(app: TestApp) {
    county::lay(&app.state).await;
    let pooled = report(STALL, LAMP, app.state.clock.now());
    let mut pooled_sent = pooled;
    pooled_sent["severity"] = json!("minor");
    let pool: IssueAnswer = app.inspector().put(&new_issue(), &pooled_sent).await.expect(201).json();
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let order = issue.order.expect("dispatched").id;
    let assign = format!("/api/issues/{}/steps/{}", pool.id, scene::new_id());
    let step = format!("/api/orders/{order}/steps/{}", scene::new_id());
    let photo = format!("/api/photos/{}", scene::new_id());
    for wrong in ["", "now", "1772413200000", "2026-03-02", "2026-03-02T09:00:00", "1700-01-01T00:00:00Z"] {
        let with = |client: tests::Client| client.with_header(DEVICE_TIME, wrong);
        let assigned = json!({ "step": "assign", "unit_id": UNIT });
        for reply in [
            with(app.inspector()).put(&new_issue(), &minor(app.state.clock.now())).await,
            with(app.liaison()).put(&step, &json!({ "step": "accept" })).await,
            with(app.manager()).put(&assign, &assigned).await,
            with(app.inspector()).put_bytes(&photo, "image/jpeg", jpeg(1)).await,
        ] {
            let problem = reply.problem(Code::InvalidHeader);
            assert_eq!(only_field(&problem), (DEVICE_TIME, FieldCode::Invalid), "{wrong}");
        }
    }
    let twice = ahead(&app, ahead(&app, app.liaison(), 0), 0);
    let problem = twice.put(&step, &json!({ "step": "accept" })).await.problem(Code::InvalidHeader);
    assert_eq!(only_field(&problem), (DEVICE_TIME, FieldCode::Repeated));
    let _ = ahead(&app, app.liaison(), 0).put(&step, &json!({ "step": "accept" })).await.expect(201);
}

async fn a_late_step_says_whether_it_was_taken_or_sent_late(app: TestApp) {
    county::lay(&app.state).await;
    // A clock three hours behind: three hours before the due time by it is at the due time.
    let steps = [
        ("accept", 0, -MINUTE, Some(Late::SentLate)),
        ("reply", -3 * HOUR, MINUTE - 3 * HOUR, Some(Late::TakenLate)),
        ("confirm", -3 * HOUR, -MINUTE - 3 * HOUR, Some(Late::SentLate)),
    ];
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let order = issue.order.expect("dispatched");
    let due = order.due.at().expect("running");
    app.state.clock.move_to(due.plus(HOUR));
    let photo = app.liaison().photo(3).await;
    for (step, off, done, late) in steps {
        let photos = if step == "reply" { vec![photo] } else { Vec::new() };
        let body = json!({ "step": step, "device_at": due.plus(done), "photo_ids": photos });
        let _ = ahead(&app, app.liaison(), off).step(order.id, body).await;
        for viewer in [app.liaison(), app.manager(), app.inspector()] {
            let seen = viewer.issue(issue.id).await;
            let entry = seen.timeline.last().expect("an entry");
            assert_eq!((entry.late, entry.device_at), (late, Some(due.plus(done))), "{step}");
            assert_eq!(entry.at, due.plus(HOUR));
        }
    }
    let seen = app.liaison().issue(issue.id).await;
    assert_eq!(seen.order.expect("its own").is_on_time, Some(false), "sent late is late all the same");
    assert_eq!(recount(&app.state.db).await.expect("counted"), Vec::<String>::new());
}

async fn an_answer_tells_the_clock_to_the_office_and_the_sender_alone(app: TestApp) {
    county::lay(&app.state).await;
    let (inspectors, units) = (3 * HOUR + 1_234, -2 * HOUR - 4_321);
    let sent = minor(app.state.clock.now());
    let issue: IssueAnswer =
        ahead(&app, app.inspector(), inspectors).put(&new_issue(), &sent).await.expect(201).json();
    let order = issue.order.expect("dispatched").id;
    let liaison = ahead(&app, app.liaison(), units);
    let accepted = liaison.try_step(order, &json!({ "step": "accept" })).await.expect(201).text();
    let told = async |username: &str, millis: i64| {
        let address = format!("/api/issues/{}", issue.id);
        let text = app.client(username).get(&address).await.expect(200).text();
        text.contains(&millis.to_string())
    };
    for (username, sees_inspectors, sees_units) in
        [("manager", true, true), ("inspector", true, false), ("liaison", false, true)]
    {
        assert_eq!(told(username, inspectors).await, sees_inspectors, "{username}");
        assert_eq!(told(username, units).await, sees_units, "{username}");
    }
    for page in [accepted, app.liaison().issue(issue.id).await.flags.len().to_string()] {
        assert!(!page.contains(&inspectors.to_string()), "{page}");
    }
    let seen = app.liaison().issue(issue.id).await;
    assert_eq!((seen.flags, seen.observed_at), (Vec::new(), Some(issue.reported_at)), "nothing of the phone");
    // Whoever re-checks learns nothing of the first inspector's phone.
    let _ = app.liaison().step(order, json!({ "step": "reply", "note": "已整改" })).await;
    let _ = app.liaison().step(order, json!({ "step": "confirm" })).await;
    assert!(!told("inspector2", inspectors).await && !told("inspector2", units).await);
}

async fn the_offices_steps_tell_the_time_too(app: TestApp) {
    county::lay(&app.state).await;
    let mut sent = report(STALL, LAMP, app.state.clock.now());
    sent["severity"] = json!("minor");
    let pool: IssueAnswer = app.inspector().put(&new_issue(), &sent).await.expect(201).json();
    let address = format!("/api/issues/{}/steps/{}", pool.id, scene::new_id());
    let assign = json!({ "step": "assign", "unit_id": UNIT });
    let taken = ahead(&app, app.manager(), 42).put(&address, &assign).await.expect(201);
    let again = ahead(&app, app.manager(), 43).put(&address, &assign).await.expect(200);
    assert_eq!(taken.bytes, again.bytes);
    let rows: Vec<(String,)> = app
        .state
        .db
        .fetch_all(query("select body from event where issue_id = $1 order by seq").bind(Uuid::from(pool.id)))
        .await
        .expect("read");
    let body = &rows.last().expect("events").0;
    assert!(body.contains(r#""clock_skew_ms":42,"#), "{body}");
    assert!(!rows[0].0.contains("clock_skew_ms"), "a report without the header: {}", rows[0].0);
}
