//! Steps by the wrong people, at the wrong time, on the wrong thing: refused with what is allowed instead.

use crate::{events, field, minor, new_issue};
use app::id::{OrderId, UnitId};
use app::issue::IssueAnswer;
use app::order::State;
use app::problem::{Code, FieldCode};
use serde_json::{Value, json};
use server::rate::store::recount;
use tests::county::{self, CLOSED_UNIT, LAMP, MARKET, STALL};
use tests::scene::{OTHER_UNIT, PEOPLE, UNIT};
use tests::work::report;
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(
    each_state_allows_its_steps_and_no_others,
    a_closed_issue_takes_no_step,
    the_wrong_unit_and_the_wrong_role_are_told_what_they_may,
    what_does_not_exist_takes_no_step,
    a_step_is_taken_once,
    a_step_says_what_it_must_and_no_more,
    the_unit_named_must_take_orders,
);

/// Everything an order can be asked for, complete.
fn every_step() -> Vec<(&'static str, Value)> {
    vec![
        ("accept", json!({ "step": "accept" })),
        ("reply", json!({ "step": "reply", "note": "已整改" })),
        ("confirm", json!({ "step": "confirm" })),
        ("return", json!({ "step": "return", "note": "不属于我单位" })),
        ("rule", json!({ "step": "rule", "note": "仍由原单位办理", "unit_id": UNIT })),
        ("pass", json!({ "step": "pass" })),
        ("fail", json!({ "step": "fail", "note": "仍有残留" })),
        ("void", json!({ "step": "void", "note": "重复" })),
    ]
}

/// Who may take which step, whatever the state.
const RIGHTS: [(&str, &[&str]); 5] = [
    ("inspector", &[]),
    ("inspector2", &["pass", "fail"]),
    ("liaison", &["accept", "reply", "confirm", "return"]),
    ("liaison2", &[]),
    ("manager", &["rule", "pass", "fail", "void"]),
];

/// Which steps each state starts.
const STATES: [(State, &[&str]); 7] = [
    (State::Dispatched, &["accept", "return", "void"]),
    (State::Accepted, &["reply", "return", "void"]),
    (State::Replied, &["reply", "confirm", "void"]),
    (State::Confirmed, &["pass", "fail", "void"]),
    (State::Rework, &["reply", "void"]),
    (State::Returned, &["rule"]),
    (State::Closed, &[]),
];

/// A minor issue of the inspector's in this state, and its order.
async fn brought_to(app: &TestApp, state: State) -> (IssueAnswer, OrderId) {
    let issue: IssueAnswer = app.inspector().put(&new_issue(), &minor(app)).await.expect(201).json();
    let order = issue.order.as_ref().expect("dispatched").id;
    let way: &[(&str, &str)] = match state {
        State::Dispatched => &[],
        State::Accepted => &[("liaison", "accept")],
        State::Replied => &[("liaison", "accept"), ("liaison", "reply")],
        State::Confirmed => &[("liaison", "accept"), ("liaison", "reply"), ("liaison", "confirm")],
        State::Rework => {
            &[("liaison", "accept"), ("liaison", "reply"), ("liaison", "confirm"), ("inspector2", "fail")]
        }
        State::Returned => &[("liaison", "return")],
        State::Closed => {
            &[("liaison", "accept"), ("liaison", "reply"), ("liaison", "confirm"), ("inspector2", "pass")]
        }
        State::Pool | State::Reassigned => unreachable!("no order is in this state"),
    };
    for (username, step) in way {
        let (_, body) = every_step().into_iter().find(|(name, _)| name == step).expect("a step");
        let answer = app.client(username).step(order, body).await;
        assert_eq!(answer.id, order);
    }
    (issue, order)
}

async fn each_state_allows_its_steps_and_no_others(app: TestApp) {
    county::lay(&app.state).await;
    for (state, starts) in STATES {
        let (issue, order) = brought_to(&app, state).await;
        let before = events(&app).await;
        for (username, rights) in RIGHTS {
            let client = app.client(username);
            let may: Vec<&str> = starts.iter().copied().filter(|step| rights.contains(step)).collect();
            // What the answer offers as buttons is what is allowed.
            let seen = client.get(&format!("/api/issues/{}", issue.id)).await;
            if seen.status == 200 {
                let mut offered: Vec<String> = seen
                    .json::<IssueAnswer>()
                    .allowed_steps
                    .iter()
                    .map(|step| step.code().to_owned())
                    .collect();
                offered.sort_unstable();
                let mut expected = may.clone();
                expected.sort_unstable();
                assert_eq!(offered, expected, "{username} in {state:?}");
            }
            for (step, body) in every_step().into_iter().filter(|(step, _)| !may.contains(step)) {
                let reply = client.try_step(order, &body).await;
                if seen.status == 404 {
                    assert_eq!(reply.problem(Code::NotFound).allowed, None, "{username} {step} in {state:?}");
                    continue;
                }
                let code = if rights.contains(&step) { Code::StepNotAllowed } else { Code::Forbidden };
                assert_eq!(reply.status, code.status(), "{username} {step} in {state:?}: {}", reply.text());
                let mut allowed = reply.problem(code).allowed.expect("what is allowed");
                allowed.sort_unstable();
                let mut expected = may.clone();
                expected.sort_unstable();
                assert_eq!(allowed, expected, "{username} {step} in {state:?}");
            }
        }
        assert_eq!(events(&app).await, before, "{state:?}: nothing happened");
    }
    assert_eq!(recount(&app.state.db).await.expect("counted"), Vec::<String>::new());
}

async fn a_closed_issue_takes_no_step(app: TestApp) {
    county::lay(&app.state).await;
    // Closed in each of the three ways.
    let (verified, _) = brought_to(&app, State::Closed).await;
    let (void, order) = brought_to(&app, State::Accepted).await;
    let _ = app.manager().step(order, json!({ "step": "void", "note": "重复" })).await;
    let mut sent = minor(&app);
    sent["fixed_on_spot"] = json!({ "note": "当场清理" });
    let fixed: IssueAnswer = app.inspector().put(&new_issue(), &sent).await.expect(201).json();
    let before = events(&app).await;
    for issue in [verified.id, void.id, fixed.id] {
        for step in
            [json!({ "step": "void", "note": "再作废" }), json!({ "step": "assign", "unit_id": UNIT })]
        {
            let address = format!("/api/issues/{issue}/steps/{}", scene::new_id());
            let problem = app.manager().put(&address, &step).await.problem(Code::StepNotAllowed);
            assert_eq!(problem.allowed, Some(Vec::new()));
        }
    }
    let problem =
        app.liaison().try_step(order, &json!({ "step": "accept" })).await.problem(Code::StepNotAllowed);
    assert_eq!(problem.allowed, Some(Vec::new()));
    assert_eq!(events(&app).await, before);
}

async fn the_wrong_unit_and_the_wrong_role_are_told_what_they_may(app: TestApp) {
    county::lay(&app.state).await;
    let pooled: IssueAnswer = {
        let mut sent = report(STALL, LAMP, app.state.clock.now());
        sent["severity"] = json!("minor");
        app.inspector().put(&new_issue(), &sent).await.expect(201).json()
    };
    let address = || format!("/api/issues/{}/steps/{}", pooled.id, scene::new_id());
    let assign = json!({ "step": "assign", "unit_id": UNIT });
    for step in [&assign, &json!({ "step": "void", "note": "x" })] {
        let problem = app.inspector().put(&address(), step).await.problem(Code::Forbidden);
        assert_eq!(problem.allowed, Some(Vec::new()));
        for username in ["inspector2", "liaison", "liaison2"] {
            let problem = app.client(username).put(&address(), step).await.problem(Code::NotFound);
            assert_eq!(problem.allowed, None, "{username}");
        }
    }
    app.anonymous().put(&address(), &assign).await.problem(Code::NotSignedIn);
    // Steps of orders are not taken on issues, nor the other way round.
    for (step, body) in every_step().into_iter().filter(|(step, _)| *step != "void") {
        let problem = app.manager().put(&address(), &body).await.problem(Code::InvalidFields);
        assert_eq!(field(&problem), ("step", FieldCode::Unknown), "{step}");
    }
    let (_, order) = brought_to(&app, State::Dispatched).await;
    let problem = app.manager().try_step(order, &assign).await.problem(Code::InvalidFields);
    assert_eq!(field(&problem), ("step", FieldCode::Unknown));
    // The pool's issue is voided there, and once.
    let void = json!({ "step": "void", "note": "重复" });
    let _ = app.manager().put(&address(), &void).await.expect(201);
    app.manager().put(&address(), &void).await.problem(Code::StepNotAllowed);
}

async fn what_does_not_exist_takes_no_step(app: TestApp) {
    county::lay(&app.state).await;
    for (username, ..) in PEOPLE {
        for (step, body) in every_step() {
            let reply = app.client(username).try_step(OrderId(scene::new_id()), &body).await;
            assert_eq!(reply.status, 404, "{username} {step}: {}", reply.text());
            reply.problem(Code::NotFound);
        }
        let address = format!("/api/issues/{}/steps/{}", scene::new_id(), scene::new_id());
        let void = json!({ "step": "void", "note": "x" });
        app.client(username).put(&address, &void).await.problem(Code::NotFound);
    }
    // An issue's id is not its order's.
    let (issue, _) = brought_to(&app, State::Dispatched).await;
    app.liaison().try_step(OrderId(issue.id.0), &json!({ "step": "accept" })).await.problem(Code::NotFound);
}

async fn a_step_is_taken_once(app: TestApp) {
    county::lay(&app.state).await;
    let (issue, order) = brought_to(&app, State::Dispatched).await;
    let (_, second) = brought_to(&app, State::Dispatched).await;
    let id = scene::new_id();
    let address = |order: OrderId| format!("/api/orders/{order}/steps/{id}");
    let accept = json!({ "step": "accept" });
    let tasks = [(); 6].map(|()| {
        let (liaison, address, accept) = (app.liaison(), address(order), accept.clone());
        tokio::spawn(async move { liaison.put(&address, &accept).await.status })
    });
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.expect("answered"));
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 201]);
    let before = events(&app).await;
    // Under the same id: other content, another order, another person, and an issue's own id.
    let liaison = app.liaison();
    liaison.put(&address(order), &json!({ "step": "accept", "note": "好" })).await.problem(Code::IdTaken);
    liaison.put(&address(second), &accept).await.problem(Code::IdTaken);
    app.manager().put(&address(order), &accept).await.problem(Code::IdTaken);
    let own = format!("/api/orders/{second}/steps/{}", issue.id);
    liaison.put(&own, &accept).await.problem(Code::IdTaken);
    app.inspector().put(&format!("/api/issues/{id}"), &minor(&app)).await.problem(Code::IdTaken);
    assert_eq!(events(&app).await, before);
    // Asked again much later, when the order has moved on: answered as it stands, and nothing happens.
    let _ = liaison.step(order, json!({ "step": "reply", "note": "已整改" })).await;
    let again = liaison.put(&address(order), &accept).await.expect(200).value();
    assert_eq!(again["state"], "replied");
    assert_eq!(recount(&app.state.db).await.expect("counted"), Vec::<String>::new());
}

async fn a_step_says_what_it_must_and_no_more(app: TestApp) {
    county::lay(&app.state).await;
    let (_, returned) = brought_to(&app, State::Returned).await;
    let (_, confirmed) = brought_to(&app, State::Confirmed).await;
    let (_, accepted) = brought_to(&app, State::Accepted).await;
    let before = events(&app).await;
    let required = [
        (app.liaison(), accepted, json!({ "step": "return", "note": " \n\t " }), "note"),
        (app.other_inspector(), confirmed, json!({ "step": "fail" }), "note"),
        (app.manager(), confirmed, json!({ "step": "void", "note": "" }), "note"),
        (app.manager(), returned, json!({ "step": "rule", "unit_id": UNIT }), "note"),
        (app.manager(), returned, json!({ "step": "rule", "note": "x" }), "unit_id"),
    ];
    for (client, order, body, named) in required {
        let problem = client.try_step(order, &body).await.problem(Code::InvalidFields);
        assert_eq!(field(&problem), (named, FieldCode::Required), "{body}");
    }
    let reply = json!({ "step": "reply", "unit_id": OTHER_UNIT });
    let problem = app.liaison().try_step(accepted, &reply).await.problem(Code::InvalidFields);
    assert_eq!(field(&problem), ("unit_id", FieldCode::Unknown));
    let long = json!({ "step": "reply", "note": "长".repeat(2_001) });
    let problem = app.liaison().try_step(accepted, &long).await.problem(Code::InvalidFields);
    assert_eq!(field(&problem), ("note", FieldCode::TooLong));
    // A photographed problem is answered with a photo.
    let shown =
        app.inspector().report(MARKET, LAMP, app.state.clock.now()).await.order.expect("dispatched").id;
    let _ = app.liaison().step(shown, json!({ "step": "accept" })).await;
    let bare = json!({ "step": "reply", "note": "已整改" });
    let problem = app.liaison().try_step(shown, &bare).await.problem(Code::InvalidFields);
    assert_eq!(field(&problem), ("photo_ids", FieldCode::Required));
    assert_eq!(events(&app).await, before + 3, "the last report, its order, and that it was accepted");
}

async fn the_unit_named_must_take_orders(app: TestApp) {
    county::lay(&app.state).await;
    let (_, order) = brought_to(&app, State::Returned).await;
    for unit in [CLOSED_UNIT, UnitId(scene::new_id()), UnitId(uuid::Uuid::nil())] {
        let ruling = json!({ "step": "rule", "note": "改派", "unit_id": unit });
        let problem = app.manager().try_step(order, &ruling).await.problem(Code::InvalidFields);
        assert_eq!(field(&problem), ("unit_id", FieldCode::NotFound));
        // Who may not rule is not told which units there are.
        app.liaison().try_step(order, &ruling).await.problem(Code::Forbidden);
    }
    let ruling = json!({ "step": "rule", "note": "改派", "unit_id": OTHER_UNIT });
    let _ = app.manager().step(order, ruling).await;
}
