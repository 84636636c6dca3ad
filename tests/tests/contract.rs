//! The contract: the OpenAPI document is locked by a snapshot, complete, every path in it asks who is there, and every
//! operation answers every role as it should. That each answer is in the document is judged wherever a test gets one.
//!
//! After a change that is meant, `SPOTFIX_UPDATE=1 cargo test -p spotfix-tests --test contract` writes the snapshot.

use app::problem::{Code, FieldCode, Problem};
use axum::body::Body;
use axum::http::header;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use tests::contract::{METHODS, Operation};
use tests::county::{self, LAMP, MARKET, MINOR, STALL};
use tests::scene::{self, PASSWORD, UNIT};
use tests::work::{jpeg, report};
use tests::{Client, Reply, TestApp};

tests::on_both_engines!(
    the_document_is_the_one_agreed_on,
    every_reference_leads_somewhere,
    every_operation_says_what_it_is,
    nobody_gets_past_any_path_without_a_session,
    codes_are_named_as_they_are_sent,
    every_operation_answers_every_role,
);

async fn document(app: &TestApp) -> Value {
    app.anonymous().get("/api/openapi.json").await.expect(200).value()
}

/// Every operation: path, method, and what the document says of it.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &Value)| {
        METHODS
            .into_iter()
            .filter_map(|method| Some((path.clone(), method.to_owned(), item.get(method)?.clone())))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

async fn the_document_is_the_one_agreed_on(app: TestApp) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let now = format!("{:#}\n", document(&app).await);
    if std::env::var_os("SPOTFIX_UPDATE").is_some() {
        std::fs::write(&file, &now).expect("the snapshot can be written");
    }
    let agreed = std::fs::read_to_string(&file).unwrap_or_default();
    let first = agreed.lines().zip(now.lines()).position(|(a, b)| a != b);
    assert!(
        agreed == now,
        "the contract changed at line {} of tests/openapi.json; if that is meant, run this test with SPOTFIX_UPDATE=1",
        first.map_or(agreed.lines().count(), |line| line + 1)
    );
}

async fn every_reference_leads_somewhere(app: TestApp) {
    fn check(document: &Value, value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(target) = fields.get("$ref").and_then(Value::as_str) {
                    let pointer = target.strip_prefix('#').expect("within the document");
                    assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
                }
                fields.values().for_each(|value| check(document, value));
            }
            Value::Array(items) => items.iter().for_each(|value| check(document, value)),
            _ => {}
        }
    }
    let document = document(&app).await;
    check(&document, &document);
}

async fn every_operation_says_what_it_is(app: TestApp) {
    let document = document(&app).await;
    let mut ids = Vec::new();
    for (path, method, operation) in operations(&document) {
        let name = format!("{method} {path}");
        assert!(path.starts_with("/api/"), "{name}");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name} has no summary");
        let responses = operation["responses"].as_object().expect("responses");
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
        assert!(responses.contains_key("500"), "{name} never fails");
        // Whatever is not listed would be listed by it.
        assert!(!responses.contains_key("default"), "{name} answers anything");
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        assert!(!ids.contains(&id), "{id} is there twice");
        ids.push(id);
        let named = path.matches('{').count();
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let described = parameters.iter().filter(|parameter| parameter["in"] == "path").count();
        assert_eq!(named, described, "{name} does not describe its path");
    }
}

async fn nobody_gets_past_any_path_without_a_session(app: TestApp) {
    let nobody = app.anonymous();
    for (path, method, operation) in operations(&document(&app).await) {
        if operation["security"] == json!([{}]) {
            assert_eq!((path.as_str(), method.as_str()), ("/api/session", "post"), "open to anybody");
            continue;
        }
        let mut segments: Vec<String> = path.split('/').map(str::to_owned).collect();
        for segment in segments.iter_mut().filter(|segment| segment.starts_with('{')) {
            *segment = scene::new_id().to_string();
        }
        let mut request = nobody.request(&method.to_uppercase(), &segments.join("/"), Body::from("{}"));
        request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().expect("a header"));
        let reply = nobody.send(request).await;
        let problem: Problem = serde_json::from_slice(&reply.bytes)
            .unwrap_or_else(|_| panic!("{method} {path} answers {}", reply.text()));
        assert_eq!(problem.code, Code::NotSignedIn, "{method} {path}");
    }
}

async fn codes_are_named_as_they_are_sent(app: TestApp) {
    let document = document(&app).await;
    let named = |schema: &str| document["components"]["schemas"][schema]["enum"].clone();
    assert_eq!(named("Code"), json!(Code::ALL));
    assert_eq!(named("Code").as_array().map(Vec::len), Some(Code::ALL.len()));
    let fields = named("FieldCode");
    let fields: Vec<FieldCode> = serde_json::from_value(fields).expect("every name is one that is read");
    assert!(fields.contains(&FieldCode::NotForSpotType));
}

/// Who asks, in the order of [`ANSWERS`].
const ROLES: [Option<&str>; 5] = [None, Some("inspector"), Some("liaison"), Some("manager"), Some("admin")];

/// What each operation answers nobody, an inspector, a unit, a manager and an administrator who ask as [`ask`] does. What
/// ends sessions comes last.
const ANSWERS: [(&str, [u16; 5]); 25] = [
    ("find_me", [401, 200, 200, 200, 200]),
    ("find_field_bundle", [401, 200, 200, 200, 200]),
    ("list_areas", [401, 200, 200, 200, 200]),
    ("list_clauses", [401, 200, 200, 200, 200]),
    ("list_routing_rules", [401, 200, 200, 200, 200]),
    ("list_spot_types", [401, 200, 200, 200, 200]),
    ("list_spots", [401, 200, 200, 200, 200]),
    ("list_units", [401, 200, 200, 200, 200]),
    ("find_template", [401, 403, 403, 200, 200]),
    ("find_assignment", [401, 200, 200, 200, 200]),
    ("find_simulation", [401, 403, 403, 200, 200]),
    ("list_issues", [401, 200, 200, 200, 200]),
    ("count_issues", [401, 200, 200, 200, 200]),
    ("create_issue", [401, 201, 403, 201, 201]),
    ("find_issue", [401, 200, 200, 200, 200]),
    ("create_step", [401, 403, 404, 201, 201]),
    ("find_order", [401, 200, 200, 200, 200]),
    ("create_order_step", [401, 403, 201, 403, 403]),
    ("create_photo", [401, 201, 201, 201, 201]),
    ("find_photo", [401, 200, 200, 200, 200]),
    ("find_rates", [401, 403, 200, 200, 200]),
    ("create_session", [401, 204, 204, 204, 204]),
    ("update_my_password", [401, 204, 204, 204, 204]),
    ("delete_session", [401, 204, 204, 204, 204]),
    ("delete_sessions", [401, 204, 204, 204, 204]),
];

async fn every_operation_answers_every_role(app: TestApp) {
    county::lay(&app.state).await;
    let contract = app.contract().await;
    let listed: BTreeSet<&str> = contract.operations().iter().map(|it| it.id.as_str()).collect();
    let asked: BTreeSet<&str> = ANSWERS.iter().map(|(id, _)| *id).collect();
    assert_eq!(listed, asked, "every operation of the document is asked for here, and no other");
    for (id, expected) in ANSWERS {
        assert!(expected.iter().any(|status| (200..300).contains(status)), "{id} never succeeds");
        let operation = contract.operations().iter().find(|it| it.id == id).expect("listed");
        for (role, status) in ROLES.into_iter().zip(expected) {
            let reply = ask(&app, operation, role).await;
            assert_eq!(reply.status, status, "{id} to {role:?}: {}", reply.text());
            let code = match status {
                401 if id == "create_session" => Code::WrongCredentials,
                401 => Code::NotSignedIn,
                403 => Code::Forbidden,
                404 => Code::NotFound,
                _ => continue,
            };
            reply.problem(code);
        }
    }
}

/// Asks for an operation as somebody of this role would in the course of the work.
async fn ask(app: &TestApp, operation: &Operation, role: Option<&str>) -> Reply {
    let client = role.map_or_else(|| app.anonymous(), |username| app.client(username));
    let path = operation.path.as_str();
    let new = |path: &str| path.replace("{id}", &scene::new_id().to_string());
    let now = app.state.clock.now();
    match operation.id.as_str() {
        "find_me" | "find_field_bundle" | "list_areas" | "list_clauses" | "list_routing_rules"
        | "list_spot_types" | "list_spots" | "list_units" | "find_simulation" | "find_template"
        | "list_issues" | "count_issues" | "find_rates" => client.get(path).await,
        "find_assignment" => client.get(&format!("{path}?spot=NMSC-001&clause={LAMP}")).await,
        "create_issue" => {
            let mut sent = report(MARKET, MINOR, now);
            sent["severity"] = json!("minor");
            client.put(&new(path), &sent).await
        }
        "create_photo" => client.put_bytes(&new(path), "image/jpeg", jpeg(1)).await,
        "find_issue" | "find_photo" | "find_order" => {
            let issue = app.inspector().report(MARKET, LAMP, now).await;
            let id = match operation.id.as_str() {
                "find_issue" => issue.id.to_string(),
                "find_photo" => issue.photo_ids[0].to_string(),
                _ => issue.order.expect("dispatched").id.to_string(),
            };
            client.get(&path.replace("{id}", &id)).await
        }
        "create_step" => {
            let issue = app.inspector().report(STALL, LAMP, now).await.id;
            let path = path.replace("{id}", &issue.to_string());
            let step = json!({ "step": "assign", "unit_id": UNIT });
            client.put(&path.replace("{step_id}", &scene::new_id().to_string()), &step).await
        }
        "create_order_step" => {
            let order = app.inspector().report(MARKET, LAMP, now).await.order.expect("dispatched").id;
            client.try_step(order, &json!({ "step": "accept" })).await
        }
        "create_session" => app.anonymous().sign_in(role.unwrap_or("nobody"), PASSWORD).await,
        "update_my_password" => {
            let password = json!({ "old": PASSWORD, "new": PASSWORD });
            newly_signed_in(client, role).await.put(path, &password).await
        }
        "delete_session" | "delete_sessions" => newly_signed_in(client, role).await.delete(path).await,
        other => panic!("no test asks for {other}"),
    }
}

/// The same with a session of its own: the one everybody has from the start may have ended.
async fn newly_signed_in(mut client: Client, role: Option<&str>) -> Client {
    if let Some(username) = role {
        let _ = client.sign_in(username, PASSWORD).await.expect(204);
    }
    client
}
