//! What a person may not see is answered as if it did not exist. Every operation on an id is asked twice: with a hidden id and
//! with an id of nothing. Both answers must be equal.

use app::id::{OrderId, PhotoId};
use app::problem::Code;
use axum::body::Body;
use axum::http::header;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::county::{self, LAMP, LITTER, MARKET, STALL};
use tests::scene::{OTHER_UNIT, UNIT};
use tests::work::report;
use tests::{Client, Reply, TestApp, on_both_engines, scene};
use uuid::Uuid;

on_both_engines!(
    what_one_may_not_see_is_not_there,
    a_photo_one_may_not_see_has_not_arrived,
    ones_own_step_is_answered_again_out_of_sight,
);

/// Operations whose id the client makes. They must tell a used id from a free one, or nothing could be sent again.
const MAKING: [&str; 2] = ["create_issue", "create_photo"];

/// Something that exists, and who may not see it.
struct Hidden {
    kind: Kind,
    id: Uuid,
    from: &'static [&'static str],
    seen_by: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Issue,
    Order,
    Photo,
}

/// A case of everything that is hidden from somebody.
async fn hidden(app: &TestApp) -> Vec<Hidden> {
    let (inspector, now) = (app.other_inspector(), app.state.clock.now());
    let issue = inspector.report(MARKET, LITTER, now).await;
    let pooled = inspector.report(STALL, LAMP, now).await;
    // One whose order went from one unit to the other.
    let moved = inspector.report(MARKET, LAMP, now).await;
    let first = moved.order.expect("dispatched").id;
    let _ = app.liaison().step(first, json!({ "step": "return", "note": "不属于我单位" })).await;
    let ruling = json!({ "step": "rule", "unit_id": OTHER_UNIT, "note": "改派" });
    let _ = app.manager().step(first, ruling).await;
    let second = app.other_liaison().issue(moved.id).await.order.expect("a new order").id;
    // One that is over; its order is not asked for by whoever has neither reported nor re-checked it.
    let closed = inspector.report(MARKET, LAMP, now).await;
    let over = closed.order.expect("dispatched").id;
    let _ = app.liaison().step(over, json!({ "step": "accept" })).await;
    let _ = app.liaison().answer(over).await;
    let _ = app.manager().step(over, json!({ "step": "pass" })).await;
    let loose = inspector.photo(9).await;

    let others: &'static [&'static str] = &["inspector", "liaison"];
    let hidden = |kind, id, from: &'static [&'static str], seen_by| Hidden { kind, id, from, seen_by };
    let order = issue.order.expect("dispatched").id;
    vec![
        hidden(Kind::Issue, issue.id.0, others, "inspector2"),
        hidden(Kind::Order, order.0, others, "liaison2"),
        hidden(Kind::Photo, issue.photo_ids[0].0, others, "liaison2"),
        hidden(Kind::Issue, pooled.id.0, &["inspector", "liaison", "liaison2"], "manager"),
        hidden(Kind::Photo, pooled.photo_ids[0].0, &["inspector", "liaison", "liaison2"], "admin"),
        hidden(Kind::Issue, moved.id.0, others, "liaison2"),
        hidden(Kind::Order, first.0, &["inspector", "liaison", "liaison2"], "manager"),
        hidden(Kind::Order, second.0, others, "liaison2"),
        hidden(Kind::Issue, closed.id.0, &["inspector", "liaison2"], "liaison"),
        hidden(Kind::Order, over.0, &["inspector", "liaison2"], "liaison"),
        hidden(Kind::Photo, closed.photo_ids[0].0, &["inspector", "liaison2"], "liaison"),
        hidden(Kind::Photo, loose.0, &["inspector", "liaison", "liaison2", "manager", "admin"], "inspector2"),
    ]
}

/// Bodies of steps: each that is complete, and some that are refused for themselves.
fn bodies() -> Vec<String> {
    let mut bodies: Vec<String> = ["accept", "reply", "confirm", "return", "pass", "fail", "void"]
        .map(|step| json!({ "step": step, "note": "说明" }).to_string())
        .to_vec();
    for unit in [UNIT, county::CLOSED_UNIT, app::id::UnitId(Uuid::nil())] {
        for step in ["rule", "assign"] {
            bodies.push(json!({ "step": step, "note": "说明", "unit_id": unit }).to_string());
        }
    }
    let missing = PhotoId(uuid::uuid!("01900000-0000-7000-8000-00000000dead"));
    bodies.extend([
        json!({ "step": "reply", "photo_ids": [missing] }).to_string(),
        json!({ "step": "reply", "photo_ids": [missing, missing] }).to_string(),
        json!({ "step": "fail" }).to_string(),
        json!({ "step": "return", "note": "长".repeat(2_001) }).to_string(),
        json!({ "step": "leap" }).to_string(),
        json!({ "step": "accept", "colour": "red" }).to_string(),
        "{".to_owned(),
        "[]".to_owned(),
    ]);
    bodies
}

/// One request: what is asked, with the thing's id in its place.
struct Ask {
    operation: &'static str,
    method: &'static str,
    path: String,
    body: String,
    headers: Vec<(&'static str, String)>,
}

/// Everything that can be asked of a thing. `taken` is the id of a step that whoever asks has taken elsewhere.
fn asks(kind: Kind, id: Uuid, taken: Uuid) -> Vec<Ask> {
    let get = |operation, path: String| Ask {
        operation,
        method: "GET",
        path,
        body: String::new(),
        headers: Vec::new(),
    };
    let (mut asks, steps, operation) = match kind {
        Kind::Photo => {
            let sizes = ["", "?size=thumb", "?size=full", "?size=huge", "?colour=red"];
            return sizes.map(|size| get("find_photo", format!("/api/photos/{id}{size}"))).into();
        }
        Kind::Issue => {
            let path = format!("/api/issues/{id}");
            (vec![get("find_issue", path.clone())], format!("{path}/steps"), "create_step")
        }
        Kind::Order => {
            let path = format!("/api/orders/{id}");
            (vec![get("find_order", path.clone())], format!("{path}/steps"), "create_order_step")
        }
    };
    let put = |step_id: Uuid, body: String, headers| Ask {
        operation,
        method: "PUT",
        path: format!("{steps}/{step_id}"),
        body,
        headers,
    };
    for body in bodies() {
        asks.push(put(scene::new_id(), body, Vec::new()));
    }
    let step = || json!({ "step": "void", "note": "说明" }).to_string();
    asks.push(put(Uuid::nil(), step(), Vec::new()));
    asks.push(put(taken, step(), Vec::new()));
    asks.push(put(scene::new_id(), step(), vec![("spotfix-device-time", "soon".to_owned())]));
    asks.push(put(scene::new_id(), step(), vec![("spotfix-account", scene::new_id().to_string())]));
    asks
}

async fn send(client: &Client, ask: &Ask) -> Reply {
    let mut request = client.request(ask.method, &ask.path, Body::from(ask.body.clone()));
    if ask.method == "PUT" {
        request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().expect("a header"));
    }
    for (name, value) in &ask.headers {
        request.headers_mut().insert(*name, value.parse().expect("a header"));
    }
    client.send(request).await
}

/// An answer without what must differ: the request's own ids.
fn told(reply: &Reply, id: Uuid) -> (u16, Vec<(String, String)>, String) {
    let headers = reply.headers.iter().filter(|(name, _)| *name != "x-request-id");
    let headers = headers.map(|(name, value)| (name.to_string(), format!("{value:?}")));
    (reply.status, headers.collect(), reply.text().replace(&id.to_string(), "id"))
}

async fn what_one_may_not_see_is_not_there(app: TestApp) {
    county::lay(&app.state).await;
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    let own = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let (mut not_found, mut hidden_count) = (0, 0);
    for thing in hidden(&app).await {
        let seen = asks(thing.kind, thing.id, own.id.0).remove(0);
        let _ = send(&app.client(thing.seen_by), &seen).await.expect(200);
        for username in thing.from {
            hidden_count += 1;
            let client = app.client(username);
            let nothing = scene::new_id();
            let pairs = asks(thing.kind, thing.id, own.id.0).into_iter();
            for (of_it, of_nothing) in pairs.zip(asks(thing.kind, nothing, own.id.0)) {
                asked.insert(of_it.operation);
                let (there, gone) = (send(&client, &of_it).await, send(&client, &of_nothing).await);
                let what = format!("{username} {} {} {}", of_it.method, of_it.path, of_it.body);
                assert_eq!(told(&there, thing.id), told(&gone, nothing), "{what}");
                assert!(there.status >= 400, "{what}: {}", there.text());
                if there.status == 404 {
                    let problem = there.problem(Code::NotFound);
                    assert_eq!((problem.allowed, problem.fields.len()), (None, 0), "{what}");
                    not_found += 1;
                }
            }
        }
    }
    // At least three requests of each pair are well formed; those must be 404.
    assert!(not_found >= hidden_count * 3, "{not_found} of {hidden_count}");
    let operations = app.contract().await.operations().iter();
    let on_an_id: BTreeSet<&str> = operations
        .filter(|it| it.path.contains('{'))
        .map(|it| it.id.as_str())
        .filter(|id| !MAKING.contains(id))
        .collect();
    assert_eq!(asked, on_an_id, "every operation on an id is asked here");
}

async fn a_photo_one_may_not_see_has_not_arrived(app: TestApp) {
    county::lay(&app.state).await;
    let now = app.state.clock.now();
    let unseen = [
        app.other_inspector().photo(1).await,
        app.other_inspector().report(MARKET, LITTER, now).await.photo_ids[0],
        app.other_liaison().photo(2).await,
    ];
    let order = app.inspector().report(MARKET, LAMP, now).await.order.expect("dispatched").id;
    let _ = app.liaison().step(order, json!({ "step": "accept" })).await;
    let naming = |photo: PhotoId| {
        let mut sent = report(MARKET, LAMP, now);
        sent["photo_ids"] = json!([photo]);
        sent
    };
    let reply = |photo: PhotoId| json!({ "step": "reply", "photo_ids": [photo] });
    for photo in unseen {
        let nothing = PhotoId(scene::new_id());
        let report_of = async |photo| {
            let address = format!("/api/issues/{}", scene::new_id());
            app.inspector().put(&address, &naming(photo)).await
        };
        let reply_of = async |photo| app.liaison().try_step(order, &reply(photo)).await;
        let (there, gone) = (report_of(photo).await, report_of(nothing).await);
        assert_eq!(told(&there, photo.0), told(&gone, nothing.0));
        there.problem(Code::PhotoMissing);
        let (there, gone) = (reply_of(photo).await, reply_of(nothing).await);
        assert_eq!(told(&there, photo.0), told(&gone, nothing.0));
        there.problem(Code::PhotoMissing);
    }
}

async fn ones_own_step_is_answered_again_out_of_sight(app: TestApp) {
    county::lay(&app.state).await;
    let order =
        app.inspector().report(MARKET, LAMP, app.state.clock.now()).await.order.expect("dispatched").id;
    let address = |order: OrderId, id: Uuid| format!("/api/orders/{order}/steps/{id}");
    let (step, step_id) = (json!({ "step": "return", "note": "不属于我单位" }), scene::new_id());
    let _ = app.liaison().put(&address(order, step_id), &step).await.expect(201);
    let ruling = json!({ "step": "rule", "unit_id": OTHER_UNIT, "note": "改派" });
    let _ = app.manager().step(order, ruling).await;
    // Its answer may have been lost, so the phone sends it again.
    let again: Value = app.liaison().put(&address(order, step_id), &step).await.expect(200).value();
    assert_eq!(again["state"], "reassigned");
    app.liaison().get(&format!("/api/orders/{order}")).await.problem(Code::NotFound);
    // Under the same id nothing else is taken, of whatever it is asked.
    for order in [order, OrderId(scene::new_id())] {
        let other = json!({ "step": "accept" });
        app.liaison().put(&address(order, step_id), &other).await.problem(Code::IdTaken);
    }
}
