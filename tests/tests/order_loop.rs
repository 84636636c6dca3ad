//! The loop through the API: reported, dispatched, accepted, replied, confirmed, re-checked, closed, and the ways back.

use app::event::Sealed;
use app::issue::{Issue, IssueAnswer};
use app::order::{ClosingKind, State, StepKind};
use app::problem::Code;
use app::rate::Rates;
use app::routing::Way;
use app::time::{DAY, HOUR, MINUTE};
use serde_json::json;
use server::db::query;
use server::{issue, rate};
use tests::county::{self, LAMP, LITTER, MARKET, MINOR, NIGHT, STALL};
use tests::scene::{self, OTHER_UNIT, UNIT};
use tests::work::report;
use tests::{TestApp, on_both_engines};
use uuid::Uuid;

on_both_engines!(
    an_order_goes_round_and_moves_the_rate,
    a_failed_recheck_begins_another_round,
    a_returned_order_continues_or_moves_on,
    what_is_fixed_on_the_spot_is_closed_and_no_units_failure,
    what_nothing_reaches_waits_in_the_pool,
    a_void_issue_leaves_the_rates,
    a_problem_that_comes_back_is_linked,
    a_problem_of_certain_hours_passes_in_those,
    a_minor_problem_needs_no_photo,
    everything_may_be_asked_twice,
    two_steps_at_once_are_taken_one_after_the_other,
    the_chain_proves_itself,
);

async fn rates(app: &TestApp) -> Rates {
    app.manager().get("/api/rates?from=2026-01-01&to=2026-12-31").await.expect(200).json()
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    state: String,
    unit_id: Option<Uuid>,
    due_at: Option<i64>,
    overdue_from: Option<i64>,
    last_seq: i64,
}

/// The rows say what the events say, and the counters what both say.
async fn proved(app: &TestApp) {
    assert_eq!(rate::store::recount(&app.state.db).await.expect("counted"), Vec::<String>::new());
    let rows: Vec<Row> = app
        .state
        .db
        .fetch_all(query("select id, state, unit_id, due_at, overdue_from, last_seq from issue"))
        .await
        .expect("read");
    for Row { id, state, unit_id, due_at, overdue_from, last_seq } in rows {
        let chain = issue::store::chain(&app.state.db, id.into()).await.expect("whole");
        let rebuilt = Issue::replay(chain.iter().map(Sealed::event)).expect("begins with a report");
        let order = rebuilt.order();
        assert_eq!(state, rebuilt.state.code());
        assert_eq!(unit_id, order.map(|it| it.unit_id.0));
        assert_eq!(due_at, order.map(|it| it.due_at.millis()));
        assert_eq!(overdue_from, order.and_then(|it| it.overdue_from()).map(|at| at.millis()));
        assert_eq!(last_seq, i64::from(rebuilt.last_seq));
    }
}

async fn an_order_goes_round_and_moves_the_rate(app: TestApp) {
    county::lay(&app.state).await;
    let before = rates(&app).await;
    let inspector = app.inspector();
    let photo = inspector.photo(7).await;
    let mut sent = report(MARKET, LAMP, app.state.clock.now());
    sent["photo_ids"] = json!([photo]);
    let id = scene::new_id();
    let answer: IssueAnswer = inspector.put(&format!("/api/issues/{id}"), &sent).await.expect(201).json();
    let order = answer.order.expect("dispatched at once");
    assert_eq!((order.unit_id, order.state), (UNIT, State::Dispatched));
    assert!(matches!(order.assignment.way, Way::SpotRole { .. }));
    assert!(!order.assignment.beaten.is_empty(), "the territory was beaten");
    // Two working days from Monday nine o'clock.
    assert_eq!(order.due.at().expect("running").to_string(), "2026-03-04T09:00:00+08:00");
    assert!(!order.due.lines.is_empty());

    // The unit has it, and nobody else's liaison.
    let listed = app.liaison().get("/api/issues?sort=due_at").await.expect(200).value();
    assert_eq!(listed["items"][0]["id"], json!(id));
    assert_eq!(app.other_liaison().get("/api/issues").await.expect(200).value()["items"], json!([]));
    app.other_liaison().get(&format!("/api/issues/{id}")).await.problem(Code::NotFound);
    let _ = app.liaison().get(&format!("/api/photos/{photo}?size=thumb")).await.expect(200);
    app.other_liaison().get(&format!("/api/photos/{photo}")).await.problem(Code::NotFound);

    app.state.clock.advance(30 * MINUTE);
    let accepted = app.liaison().step(order.id, json!({ "step": "accept" })).await;
    assert_eq!(
        (accepted.state, accepted.allowed_steps),
        (State::Accepted, vec![StepKind::Reply, StepKind::Return])
    );
    app.state.clock.advance(HOUR);
    let confirmed = app.liaison().answer(order.id).await;
    assert_eq!(
        (confirmed.state, confirmed.is_on_time, confirmed.is_standing),
        (State::Confirmed, Some(true), true)
    );

    // Not by the one who reported, not by the unit: by somebody else.
    let refused = inspector.try_step(order.id, &json!({ "step": "pass" })).await.problem(Code::Forbidden);
    assert_eq!(refused.allowed, Some(Vec::new()));
    app.liaison().try_step(order.id, &json!({ "step": "pass" })).await.problem(Code::Forbidden);
    let waiting = app.other_inspector().get("/api/issues?recheck=true").await.expect(200).value();
    assert_eq!(waiting["items"][0]["id"], json!(id));
    assert_eq!(inspector.get("/api/issues?recheck=true").await.expect(200).value()["items"], json!([]));
    app.state.clock.advance(HOUR);
    let closed = app.other_inspector().step(order.id, json!({ "step": "pass", "note": "到位" })).await;
    assert_eq!(closed.state, State::Closed);

    let after = rates(&app).await;
    assert_eq!(before.total.tally.closed + 1, after.total.tally.closed);
    assert_eq!((after.total.closure_rate.of, after.total.closure_rate.out_of), (1, 1));
    assert_eq!((after.total.on_time_rate.of, after.total.first_pass_rate.of), (1, 1));
    assert_eq!(after.items.len(), 1);
    assert_eq!(after.items[0].key, UNIT.to_string());
    let seen = app.manager().issue(id).await;
    assert_eq!((seen.state, seen.closing_kind), (State::Closed, Some(ClosingKind::Verified)));
    let what: Vec<&str> = seen.timeline.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(what, ["reported", "dispatched", "accepted", "replied", "confirmed", "passed"]);
    proved(&app).await;
}

async fn a_failed_recheck_begins_another_round(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let order = issue.order.expect("dispatched").id;
    let liaison = app.liaison();
    let _ = liaison.step(order, json!({ "step": "accept" })).await;
    app.state.clock.advance(HOUR);
    let first = liaison.answer(order).await;
    // A day passes before somebody looks: not the unit's time.
    app.state.clock.advance(DAY);
    app.other_inspector().try_step(order, &json!({ "step": "fail" })).await.problem(Code::InvalidFields);
    let failed = app.other_inspector().step(order, json!({ "step": "fail", "note": "仍有残留" })).await;
    assert_eq!((failed.state, failed.round, failed.is_on_time), (State::Rework, 2, None));
    let (then, now) = (first.due.at().expect("due"), failed.due.at().expect("due"));
    assert_eq!(now.since(then), DAY, "the clock stood for a working day and a night");
    // No way to closure but through another reply.
    let refused = app.other_inspector().try_step(order, &json!({ "step": "pass" })).await;
    refused.problem(Code::StepNotAllowed);
    let _ = liaison.answer(order).await;
    let _ = app.other_inspector().step(order, json!({ "step": "pass" })).await;
    let rates = rates(&app).await;
    assert_eq!((rates.total.rework_rate.of, rates.total.rework_rate.out_of), (1, 1));
    assert_eq!((rates.total.first_pass_rate.of, rates.total.first_pass_rate.out_of), (0, 1));
    proved(&app).await;
}

async fn a_returned_order_continues_or_moves_on(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let order = issue.order.expect("dispatched");
    let liaison = app.liaison();
    liaison.try_step(order.id, &json!({ "step": "return" })).await.problem(Code::InvalidFields);
    let _ = liaison.step(order.id, json!({ "step": "return", "note": "不属于我单位" })).await;
    // Whoever receives a step back may not push the issue straight to closure.
    app.manager()
        .try_step(order.id, &json!({ "step": "void", "note": "x" }))
        .await
        .problem(Code::StepNotAllowed);
    app.state.clock.advance(2 * HOUR);
    let ruling = json!({ "step": "rule", "unit_id": UNIT, "note": "仍由原单位办理" });
    let same = app.manager().step(order.id, ruling).await;
    assert_eq!((same.state, same.id), (State::Dispatched, order.id));
    assert_eq!(same.due.at().expect("runs").since(order.due.at().expect("ran")), 2 * HOUR);

    // What was ruled upon is not sent back once more.
    let again = json!({ "step": "return", "note": "确不属于" });
    liaison.try_step(order.id, &again).await.problem(Code::StepNotAllowed);
    let _ = liaison.step(order.id, json!({ "step": "accept" })).await;
    liaison.try_step(order.id, &again).await.problem(Code::StepNotAllowed);

    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let order = issue.order.expect("dispatched");
    let _ = liaison.step(order.id, json!({ "step": "return", "note": "属于街道" })).await;
    let wrong = json!({ "step": "rule", "unit_id": county::CLOSED_UNIT, "note": "改派" });
    app.manager().try_step(order.id, &wrong).await.problem(Code::InvalidFields);
    let ruling = json!({ "step": "rule", "unit_id": OTHER_UNIT, "note": "改由属地办理" });
    let ended = app.manager().step(order.id, ruling).await;
    assert_eq!(ended.state, State::Reassigned);
    liaison.try_step(order.id, &json!({ "step": "accept" })).await.problem(Code::NotFound);
    let moved = app.other_liaison().issue(issue.id).await;
    let anew = moved.order.expect("a new order");
    assert_ne!(anew.id, order.id);
    assert_eq!((anew.unit_id, anew.dispatched_at), (OTHER_UNIT, app.state.clock.now()));
    assert!(
        moved.timeline.iter().all(|entry| entry.what != "returned"),
        "what the first unit did is not shown"
    );
    app.liaison().get(&format!("/api/issues/{}", issue.id)).await.problem(Code::NotFound);
    let rates = rates(&app).await;
    assert_eq!((rates.total.tally.dispatched, rates.items.len()), (2, 2), "only orders in force count");
    assert!(rates.items.iter().all(|row| row.tally.dispatched == 1), "{:?}", rates.items);
    proved(&app).await;
}

async fn what_is_fixed_on_the_spot_is_closed_and_no_units_failure(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let mut sent = report(MARKET, LITTER, app.state.clock.now());
    sent["photo_ids"] = json!([inspector.photo(1).await]);
    sent["fixed_on_spot"] = json!({ "photo_ids": [inspector.photo(2).await], "note": "当场清理" });
    let answer: IssueAnswer =
        inspector.put(&format!("/api/issues/{}", scene::new_id()), &sent).await.expect(201).json();
    assert_eq!((answer.state, answer.closing_kind), (State::Closed, Some(ClosingKind::FixedOnSpot)));
    assert!(answer.order.is_none());
    assert_eq!(rates(&app).await.total.tally.dispatched, 0);
    let seen = app.manager().issue(answer.id).await;
    assert_eq!(seen.fixed_photo_ids.len(), 1);
    proved(&app).await;
}

async fn what_nothing_reaches_waits_in_the_pool(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(STALL, LAMP, app.state.clock.now()).await;
    assert_eq!((issue.state, issue.order.is_none()), (State::Pool, true));
    assert!(!issue.assignment.expect("says what was tried").beaten.is_empty());
    let pool = app.manager().get("/api/issues?state=pool").await.expect(200).value();
    assert_eq!(pool["items"][0]["id"], json!(issue.id));
    let path = || format!("/api/issues/{}/steps/{}", issue.id, scene::new_id());
    app.liaison().put(&path(), &json!({ "step": "assign", "unit_id": UNIT })).await.problem(Code::NotFound);
    app.manager().put(&path(), &json!({ "step": "assign" })).await.problem(Code::InvalidFields);
    app.manager().put(&path(), &json!({ "step": "accept" })).await.problem(Code::InvalidFields);
    app.state.clock.advance(HOUR);
    let assigned: IssueAnswer =
        app.manager().put(&path(), &json!({ "step": "assign", "unit_id": UNIT })).await.expect(201).json();
    let order = assigned.order.expect("an order");
    assert_eq!(
        (order.unit_id, order.dispatched_at, order.assignment.way),
        (UNIT, app.state.clock.now(), Way::Office)
    );
    let _ = app.liaison().step(order.id, json!({ "step": "accept" })).await;
    proved(&app).await;
}

async fn a_void_issue_leaves_the_rates(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    app.state.clock.advance(10 * DAY);
    let overdue = rates(&app).await;
    assert_eq!((overdue.total.open_overdue, overdue.total.closure_rate.out_of), (1, 1));
    let path = format!("/api/issues/{}/steps/{}", issue.id, scene::new_id());
    app.manager().put(&path, &json!({ "step": "void", "note": " " })).await.problem(Code::InvalidFields);
    app.liaison().put(&path, &json!({ "step": "void", "note": "x" })).await.problem(Code::Forbidden);
    let _ = app.manager().put(&path, &json!({ "step": "void", "note": "重复" })).await.expect(201);
    let void = rates(&app).await.total;
    assert_eq!(
        (void.tally.void, void.tally.dispatched, void.open_overdue, void.closure_rate.out_of),
        (1, 0, 0, 0)
    );
    proved(&app).await;
}

async fn a_problem_that_comes_back_is_linked(app: TestApp) {
    county::lay(&app.state).await;
    let first = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let order = first.order.expect("dispatched").id;
    let _ = app.liaison().step(order, json!({ "step": "accept" })).await;
    let _ = app.liaison().answer(order).await;
    let _ = app.other_inspector().step(order, json!({ "step": "pass" })).await;
    app.state.clock.advance(13 * DAY);
    let again = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    assert_eq!(again.recurs, Some(first.id));
    let other = app.inspector().report(MARKET, LITTER, app.state.clock.now()).await;
    assert_eq!(other.recurs, None);
}

async fn a_problem_of_certain_hours_passes_in_those(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, NIGHT, app.state.clock.now()).await;
    let order = issue.order.expect("dispatched").id;
    let _ = app.liaison().step(order, json!({ "step": "accept" })).await;
    let _ = app.liaison().answer(order).await;
    app.state.clock.advance(6 * HOUR);
    let pass = app.other_inspector().shown(json!({ "step": "pass" })).await;
    app.other_inspector().try_step(order, &pass).await.problem(Code::NotSameHours);
    app.state.clock.advance(18 * HOUR);
    let in_time = app.state.clock.now();
    // Seen in those hours, sent when there was a network again.
    app.state.clock.advance(9 * HOUR);
    let pass = app.other_inspector().shown(json!({ "step": "pass" })).await;
    app.other_inspector().try_step(order, &pass).await.problem(Code::NotSameHours);
    let _ = app.other_inspector().step(order, json!({ "step": "pass", "device_at": in_time })).await;
}

async fn a_minor_problem_needs_no_photo(app: TestApp) {
    county::lay(&app.state).await;
    let mut sent = report(MARKET, MINOR, app.state.clock.now());
    let path = format!("/api/issues/{}", scene::new_id());
    app.inspector().put(&path, &sent).await.problem(Code::InvalidFields);
    sent["severity"] = json!("minor");
    let answer: IssueAnswer = app.inspector().put(&path, &sent).await.expect(201).json();
    let order = answer.order.expect("dispatched").id;
    let _ = app.liaison().step(order, json!({ "step": "accept" })).await;
    let _ = app.liaison().step(order, json!({ "step": "reply", "note": "已处理" })).await;
}

async fn everything_may_be_asked_twice(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let mut sent = report(MARKET, LAMP, app.state.clock.now());
    sent["photo_ids"] = json!([inspector.photo(1).await]);
    let path = format!("/api/issues/{}", scene::new_id());
    let first: IssueAnswer = inspector.put(&path, &sent).await.expect(201).json();
    app.state.clock.advance(HOUR);
    let second: IssueAnswer = inspector.put(&path, &sent).await.expect(200).json();
    assert_eq!(first, second);
    let mut other = sent.clone();
    other["description"] = json!("别的内容");
    inspector.put(&path, &other).await.problem(Code::IdTaken);
    app.other_inspector().put(&path, &sent).await.problem(Code::IdTaken);

    let order = first.order.expect("dispatched").id;
    let path = format!("/api/orders/{order}/steps/{}", scene::new_id());
    let _ = app.liaison().put(&path, &json!({ "step": "accept" })).await.expect(201);
    let again = app.liaison().put(&path, &json!({ "step": "accept" })).await.expect(200).value();
    assert_eq!(again["state"], json!("accepted"));
    app.liaison().put(&path, &json!({ "step": "return", "note": "x" })).await.problem(Code::IdTaken);
    app.other_liaison().put(&path, &json!({ "step": "accept" })).await.problem(Code::IdTaken);
    let events: (i64,) = app.state.db.fetch_one(query("select count(*) from event")).await.expect("read");
    assert_eq!(events.0, 3);
    proved(&app).await;
}

async fn two_steps_at_once_are_taken_one_after_the_other(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let order = issue.order.expect("dispatched").id;
    let tries = (0..8).map(|_| {
        let liaison = app.liaison();
        tokio::spawn(async move { liaison.try_step(order, &json!({ "step": "accept" })).await.status })
    });
    let mut statuses = Vec::new();
    for task in tries.collect::<Vec<_>>() {
        statuses.push(task.await.expect("answered"));
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    proved(&app).await;
}

async fn the_chain_proves_itself(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let forged = query("update event set body = replace(body, '测试问题', '没有问题') where seq = 1");
    app.state.db.execute(forged).await.expect("written");
    assert!(issue::store::chain(&app.state.db, issue.id).await.is_err());
    app.manager().get(&format!("/api/issues/{}", issue.id)).await.problem(Code::IssueDamaged);
}
