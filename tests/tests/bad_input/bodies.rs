//! Bodies, types, methods and ids that do not fit, at the paths that move issues.

use crate::{events, field, minor, new_issue};
use app::issue::IssueAnswer;
use app::problem::{Code, FieldCode};
use axum::body::Body;
use axum::http::header;
use serde_json::{Value, json};
use tests::county;
use tests::{TestApp, on_both_engines, scene};
use uuid::Uuid;

on_both_engines!(
    fields_nobody_knows_are_named,
    values_of_the_wrong_type_are_named,
    bodies_must_be_json,
    other_methods_are_refused,
    ids_are_ids,
    the_same_id_is_the_same_report,
);

async fn fields_nobody_knows_are_named(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let with = |path: &[&str]| {
        let mut sent = minor(&app);
        sent["fixed_on_spot"] = json!({ "photo_ids": [], "note": "" });
        let mut at = &mut sent;
        for part in path {
            at = &mut at[*part];
        }
        *at = json!(true);
        sent
    };
    let cases: [(&[&str], &str); 5] = [
        (&["colour"], "colour"),
        (&["state"], "state"),
        (&["reporter_id"], "reporter_id"),
        (&["location", "altitude_m"], "location.altitude_m"),
        (&["fixed_on_spot", "unit_id"], "fixed_on_spot.unit_id"),
    ];
    for (path, named) in cases {
        let problem = inspector.put(&new_issue(), &with(path)).await.problem(Code::UnknownField);
        assert_eq!(field(&problem), (named, FieldCode::Unknown));
    }
    let step = format!("/api/orders/{}/steps/{}", scene::new_id(), scene::new_id());
    let sent = json!({ "step": "accept", "state": "closed" });
    let problem = app.liaison().put(&step, &sent).await.problem(Code::UnknownField);
    assert_eq!(field(&problem), ("state", FieldCode::Unknown));
    assert_eq!(events(&app).await, 0);
}

async fn values_of_the_wrong_type_are_named(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let cases = [
        ("spot_id", json!("NMSC-001")),
        ("spot_id", json!("../../etc/passwd")),
        ("spot_id", json!(7)),
        ("clause_code", json!(["T01"])),
        ("description", json!(null)),
        ("description", json!({ "html": "x" })),
        ("severity", json!("catastrophic")),
        ("location", json!("here")),
        ("location.lng", json!("113.72")),
        ("location.lat", json!(null)),
        ("location.source", json!("guess")),
        ("observed_at", json!(1_772_000_000)),
        ("observed_at", json!("2026-03-02")),
        ("observed_at", json!("2026-02-30T09:00:00+08:00")),
        ("observed_at", json!("1800-01-01T00:00:00Z")),
        ("photo_ids", json!("none")),
        ("photo_ids[0]", json!("not an id")),
        ("fixed_on_spot", json!(true)),
    ];
    for (name, value) in cases {
        let mut sent = minor(&app);
        match name {
            "photo_ids[0]" => sent["photo_ids"] = json!([value]),
            _ => {
                let mut at = &mut sent;
                for part in name.split('.') {
                    at = &mut at[part];
                }
                *at = value;
            }
        }
        let reply = inspector.put(&new_issue(), &sent).await;
        assert_eq!(reply.status, 422, "{name}: {}", reply.text());
        assert_eq!(field(&reply.problem(Code::InvalidFields)), (name, FieldCode::Invalid), "{sent}");
    }
    for missing in ["spot_id", "clause_code", "severity"] {
        let mut sent = minor(&app);
        sent.as_object_mut().expect("an object").remove(missing);
        let problem = inspector.put(&new_issue(), &sent).await.problem(Code::InvalidFields);
        assert_eq!(field(&problem), (missing, FieldCode::Required));
    }
    let text = minor(&app).to_string().replacen('{', "{\"severity\":\"minor\",", 1);
    let twice = inspector.put_bytes(&new_issue(), "application/json", text).await;
    assert_eq!(field(&twice.problem(Code::InvalidFields)), ("severity", FieldCode::Repeated));
    for whole in [json!([]), json!("report"), json!(null), json!(1)] {
        inspector.put(&new_issue(), &whole).await.problem(Code::InvalidFields);
    }
    let step = || format!("/api/orders/{}/steps/{}", scene::new_id(), scene::new_id());
    for (name, value) in [("step", json!("close")), ("note", json!(1)), ("unit_id", json!("JIA"))] {
        let mut sent = json!({ "step": "accept" });
        sent[name] = value;
        let problem = app.manager().put(&step(), &sent).await.problem(Code::InvalidFields);
        assert_eq!(field(&problem), (name, FieldCode::Invalid));
    }
    assert_eq!(events(&app).await, 0);
}

async fn bodies_must_be_json(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let good = serde_json::to_vec(&minor(&app)).expect("plain data");
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "image/jpeg", "text/json"] {
        let reply = inspector.put_bytes(&new_issue(), content_type, good.clone()).await;
        reply.problem(Code::UnsupportedMediaType);
    }
    let text = String::from_utf8(good.clone()).expect("text");
    let damaged: [(&str, Vec<u8>); 9] = [
        ("nothing", Vec::new()),
        ("cut off", good[..good.len() / 2].to_vec()),
        ("something behind it", [&good[..], b"{}"].concat()),
        (
            "malformed UTF-8",
            text.replace("测试", "\u{1}")
                .into_bytes()
                .into_iter()
                .map(|b| if b == 1 { 0xFF } else { b })
                .collect(),
        ),
        (
            "a UTF-8 letter cut in half",
            good.iter()
                .copied()
                .enumerate()
                .filter(|(i, _)| *i != text.find('测').expect("there") + 1)
                .map(|(_, b)| b)
                .collect(),
        ),
        ("half a surrogate pair", text.replace("测试", "\\ud83d").into_bytes()),
        ("NUL as an escape", text.replace("测试", "\\u0000").into_bytes()),
        ("NUL as it is", text.replace("测试", "\0").into_bytes()),
        ("a number beyond all numbers", text.replace("33.56", "1e999").into_bytes()),
    ];
    for (name, body) in damaged {
        let reply = inspector.put_bytes(&new_issue(), "application/json", body).await;
        assert_eq!(reply.status, 400, "{name}: {}", reply.text());
        reply.problem(Code::InvalidJson);
    }
    let deep = text.replace("\"测试问题\"", &"[".repeat(200_000));
    let reply = inspector.put_bytes(&new_issue(), "application/json", deep).await;
    assert_eq!(field(&reply.problem(Code::InvalidFields)), ("description", FieldCode::Invalid));
    assert_eq!(events(&app).await, 0);
    let _ = inspector.put_bytes(&new_issue(), "application/json; charset=UTF-8", good).await.expect(201);
}

async fn other_methods_are_refused(app: TestApp) {
    let manager = app.manager();
    let (issue, step) = (scene::new_id(), scene::new_id());
    let cases = [
        ("POST", "/api/issues".to_owned(), vec!["GET"]),
        ("DELETE", format!("/api/issues/{issue}"), vec!["GET", "PUT"]),
        ("PATCH", format!("/api/issues/{issue}"), vec!["GET", "PUT"]),
        ("GET", format!("/api/issues/{issue}/steps/{step}"), vec!["PUT"]),
        ("DELETE", format!("/api/orders/{issue}"), vec!["GET"]),
        ("POST", format!("/api/orders/{issue}/steps/{step}"), vec!["PUT"]),
        ("PUT", "/api/rates".to_owned(), vec!["GET"]),
        ("TRACE", "/api/issues".to_owned(), vec!["GET"]),
    ];
    for (method, address, allowed) in cases {
        let mut request = manager.request(method, &address, Body::from("{}"));
        request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().expect("a header"));
        let reply = manager.send(request).await;
        assert_eq!(reply.status, 405, "{method} {address}: {}", reply.text());
        reply.problem(Code::MethodNotAllowed);
        let allow = reply.header("allow").expect("named");
        let named: Vec<&str> = allow.split(',').map(str::trim).filter(|name| *name != "HEAD").collect();
        for method in &allowed {
            assert!(named.contains(method), "{address}: {allow}");
        }
        assert_eq!(named.len(), allowed.len(), "{address}: {allow}");
    }
}

async fn ids_are_ids(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let sent = minor(&app);
    for id in [
        "..",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e%2fissue",
        "1",
        "'%20or%201=1%20--",
        "%00",
        "%ff",
        "%F0%9F%98%80",
    ] {
        inspector.put(&format!("/api/issues/{id}"), &sent).await.problem(Code::InvalidId);
        inspector.get(&format!("/api/issues/{id}")).await.problem(Code::InvalidId);
        inspector.get(&format!("/api/orders/{id}")).await.problem(Code::InvalidId);
        let step = json!({ "step": "pass" });
        for address in [
            format!("/api/orders/{id}/steps/{}", scene::new_id()),
            format!("/api/orders/{}/steps/{id}", scene::new_id()),
        ] {
            inspector.put(&address, &step).await.problem(Code::InvalidId);
        }
    }
    inspector.put("/api/issues/a/b", &sent).await.problem(Code::NotFound);
    inspector.put("/api/issues/", &sent).await.problem(Code::NotFound);
    assert_eq!(events(&app).await, 0);

    // An id that every broken device would send is nobody's.
    let nil = Uuid::nil();
    inspector.put(&format!("/api/issues/{nil}"), &sent).await.problem(Code::InvalidId);
    let photo = inspector.put_bytes(&format!("/api/photos/{nil}"), "image/jpeg", tests::work::jpeg(1)).await;
    photo.problem(Code::InvalidId);
    inspector.get(&format!("/api/issues/{nil}")).await.problem(Code::NotFound);

    // However an id is written, it is the same one.
    let id = scene::new_id();
    let first = inspector.put(&format!("/api/issues/{id}"), &sent).await.expect(201).value();
    let upper = id.to_string().to_uppercase();
    let again = inspector.put(&format!("/api/issues/{upper}"), &sent).await.expect(200).value();
    assert_eq!(first, again);
    assert_eq!(inspector.get(&format!("/api/issues/{upper}")).await.expect(200).value()["id"], json!(id));
    let order = first["order"]["id"].as_str().expect("an order").to_uppercase();
    let step = format!("/api/orders/{order}/steps/{nil}");
    app.liaison().put(&step, &json!({ "step": "accept" })).await.problem(Code::InvalidId);
    let step = format!("/api/orders/{order}/steps/{}", scene::new_id().to_string().to_uppercase());
    let _ = app.liaison().put(&step, &json!({ "step": "accept" })).await.expect(201);
    let _ = app.liaison().put(&step.to_lowercase(), &json!({ "step": "accept" })).await.expect(200);
}

async fn the_same_id_is_the_same_report(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let (address, sent) = (new_issue(), minor(&app));
    // At the same moment too: one is taken in, the others are told the same.
    let tasks = [(); 8].map(|()| {
        let (inspector, address, sent) = (app.inspector(), address.clone(), sent.clone());
        tokio::spawn(async move { inspector.put(&address, &sent).await })
    });
    let (mut statuses, mut answers) = (Vec::new(), Vec::<IssueAnswer>::new());
    for task in tasks {
        let reply = task.await.expect("answered");
        statuses.push(reply.status);
        answers.push(reply.json());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(events(&app).await, 2, "reported and dispatched, once");

    let changes: [(&str, Value); 6] = [
        ("description", json!("测试问题 ")),
        ("severity", json!("serious")),
        ("clause_code", json!("T02")),
        ("observed_at", json!("2026-03-02T08:59:59+08:00")),
        ("location", json!(null)),
        ("fixed_on_spot", json!({ "note": "x" })),
    ];
    for (name, value) in changes {
        let mut other = sent.clone();
        other[name] = value;
        inspector.put(&address, &other).await.problem(Code::IdTaken);
    }
    // Somebody else's is taken whatever the content, and says nothing of it.
    let refused = app.other_inspector().put(&address, &sent).await;
    refused.problem(Code::IdTaken);
    assert!(!refused.text().contains("测试问题"), "{}", refused.text());
    // The same moment written with another offset, and fields left out that say nothing, are the same content.
    let mut same = sent.clone();
    same["observed_at"] = json!("2026-03-02T01:00:00Z");
    same["fixed_on_spot"] = json!(null);
    let _ = inspector.put(&address, &same).await.expect(200);
    assert_eq!(events(&app).await, 2);
}
