//! The contract: the OpenAPI document is locked by a snapshot, complete, and every path in it asks who is there.
//!
//! After a change that is meant, `SPOTFIX_UPDATE=1 cargo test -p spotfix-tests --test contract` writes the snapshot.

use app::problem::{Code, Problem};
use axum::body::Body;
use axum::http::header;
use serde_json::Value;
use std::path::Path;
use tests::{TestApp, scene};

tests::on_both_engines!(
    the_document_is_the_one_agreed_on,
    every_reference_leads_somewhere,
    every_operation_says_what_it_is,
    nobody_gets_past_any_path_without_a_session,
);

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

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
        assert!(responses.contains_key("default"), "{name} never fails");
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
        if operation["security"] == serde_json::json!([{}]) {
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
