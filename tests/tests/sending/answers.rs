//! Answers as a queue that sends until it has one needs them: the same id again, everything that is missing at once, and
//! problems that are told from whatever else may answer.

use crate::new_issue;
use app::id::PhotoId;
use app::problem::Code;
use axum::body::Body;
use axum::http::header;
use serde_json::{Value, json};
use server::cli::serve::serve_on;
use std::time::Duration;
use tests::county::{self, LAMP, MARKET, STALL};
use tests::scene::{OTHER_UNIT, UNIT};
use tests::work::{jpeg, report};
use tests::{Client, TestApp, on_both_engines, scene};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

on_both_engines!(
    what_was_carried_out_is_answered_with_its_id,
    every_missing_photo_is_named_at_once,
    waiting_is_asked_for_in_a_header_too,
    a_refusal_reaches_whoever_is_still_sending,
);

/// Sent twice: 201 and then 200, both with this id.
async fn twice(client: &Client, path: &str, body: &Value, id: &str) {
    for status in [201, 200] {
        let reply = client.put(path, body).await.expect(status);
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(reply.value()["id"], id, "{path}");
    }
}

async fn what_was_carried_out_is_answered_with_its_id(app: TestApp) {
    county::lay(&app.state).await;
    let (inspector, liaison) = (app.inspector(), app.liaison());
    let mut photos = Vec::new();
    for (client, seed) in [(&inspector, 1), (&liaison, 2), (&liaison, 3)] {
        let id = scene::new_id();
        for status in [201, 200] {
            let path = format!("/api/photos/{id}");
            let reply = client.put_bytes(&path, "image/jpeg", jpeg(seed)).await.expect(status);
            assert_eq!(reply.header("content-type"), Some("application/json"));
            assert_eq!(reply.value()["id"], id.to_string());
        }
        photos.push(id);
    }
    let issue = scene::new_id();
    let mut sent = report(MARKET, LAMP, app.state.clock.now());
    sent["photo_ids"] = json!([photos[0]]);
    twice(&inspector, &format!("/api/issues/{issue}"), &sent, &issue.to_string()).await;

    let order = inspector.issue(issue).await.order.expect("dispatched").id.to_string();
    let step = || format!("/api/orders/{order}/steps/{}", scene::new_id());
    let reply = json!({ "step": "reply", "note": "已整改", "photo_ids": [photos[1]] });
    let mended = json!({ "step": "reply", "note": "已全部整改", "photo_ids": [photos[2]] });
    let confirm = json!({ "step": "confirm", "device_at": app.state.clock.now() });
    for body in [json!({ "step": "accept" }), reply, mended, confirm] {
        twice(&liaison, &step(), &body, &order).await;
    }
    // A re-check, the rework after it, a return, a ruling for another unit: the order's id each time.
    twice(&app.other_inspector(), &step(), &json!({ "step": "fail", "note": "仍有残留" }), &order).await;
    let last = step();
    let again = json!({ "step": "reply", "note": "再次整改", "photo_ids": [liaison.photo(4).await] });
    twice(&liaison, &last, &again, &order).await;
    twice(&app.manager(), &step(), &json!({ "step": "void", "note": "重复" }), &order).await;
    let late = liaison.put(&last, &again).await.expect(200).value();
    assert_eq!((&late["id"], &late["state"]), (&json!(order), &json!("closed")), "however late");

    let second = inspector.report(MARKET, LAMP, app.state.clock.now()).await.order.expect("dispatched").id;
    let path = |id| format!("/api/orders/{second}/steps/{id}");
    let returned = path(scene::new_id());
    let asked = json!({ "step": "return", "note": "不属于我单位" });
    twice(&liaison, &returned, &asked, &second.to_string()).await;
    let ruling = json!({ "step": "rule", "unit_id": OTHER_UNIT, "note": "改派" });
    twice(&app.manager(), &path(scene::new_id()), &ruling, &second.to_string()).await;
    let late = liaison.put(&returned, &asked).await.expect(200).value();
    assert_eq!((&late["id"], &late["state"]), (&json!(second), &json!("reassigned")), "not its any more");

    // Without an order it is the issue that answers.
    let mut sent = report(STALL, LAMP, app.state.clock.now());
    sent["severity"] = json!("minor");
    let pool = scene::new_id().to_string();
    twice(&inspector, &format!("/api/issues/{pool}"), &sent, &pool).await;
    let assign = format!("/api/issues/{pool}/steps/{}", scene::new_id());
    twice(&app.manager(), &assign, &json!({ "step": "assign", "unit_id": UNIT }), &pool).await;
}

async fn every_missing_photo_is_named_at_once(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let here = inspector.photo(1).await;
    let used = inspector.report(MARKET, LAMP, app.state.clock.now()).await.photo_ids[0];
    let missing = [(); 4].map(|()| PhotoId(scene::new_id()));
    let mut sent = report(MARKET, LAMP, app.state.clock.now());
    sent["photo_ids"] = json!([missing[0], here, missing[1], used]);
    sent["fixed_on_spot"] = json!({ "photo_ids": [missing[2], missing[3]] });
    let address = new_issue();
    let problem = inspector.put(&address, &sent).await.problem(Code::PhotoMissing);
    assert_eq!(problem.photo_ids, missing, "before and after");
    // Only then what cannot be used at all, and nothing of it was kept.
    for (seed, id) in (3..).zip(missing) {
        let path = format!("/api/photos/{id}");
        let _ = inspector.put_bytes(&path, "image/jpeg", jpeg(seed)).await.expect(201);
    }
    let problem = inspector.put(&address, &sent).await.problem(Code::PhotoNotYours);
    assert_eq!(problem.photo_ids, [used]);
    sent["photo_ids"] = json!([missing[0], here, missing[1]]);
    let _ = inspector.put(&address, &sent).await.expect(201);
    let _ = inspector.put(&address, &sent).await.expect(200);
}

async fn waiting_is_asked_for_in_a_header_too(app: TestApp) {
    let mut client = app.anonymous();
    for _ in 0..5 {
        client.sign_in("inspector", "wrong password").await.problem(Code::WrongCredentials);
    }
    let locked = client.sign_in("inspector", scene::PASSWORD).await;
    let seconds = locked.problem(Code::LockedOut).retry_after_s.expect("how long");
    assert!((1..=5).contains(&seconds), "{seconds}: the first wait is five seconds");
    assert_eq!(locked.header("retry-after"), Some(&*seconds.to_string()));
    app.state.db.close().await;
    for reply in [app.inspector().get("/api/me").await, app.anonymous().get("/readyz").await] {
        let seconds = reply.problem(Code::Unavailable).retry_after_s.expect("how long");
        assert_eq!(reply.header("retry-after"), Some(&*seconds.to_string()));
    }
    let sent = report(MARKET, LAMP, app.state.clock.now());
    let away = app.inspector().put(&new_issue(), &sent).await;
    away.problem(Code::Unavailable);
    assert!(away.header("retry-after").is_some());
}

/// A phone is still sending its photo when the server has already seen that it will not take it: the reason arrives all
/// the same, as a problem, or the phone would take it for a network that failed and send for ever.
async fn a_refusal_reaches_whoever_is_still_sending(app: TestApp) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(serve_on(listener, app.state.clone(), async {
        let _ = stopped.await;
    }));
    let cookie = app.inspector().cookie.expect("signed in");
    let mib = 1024 * 1024;
    let other = "spotfix-account: 018f0000-0000-7000-8000-000000000000\r\n";
    let cases = [
        ("no session", String::new(), 8 * mib, "", Code::NotSignedIn),
        ("another account", format!("cookie: {cookie}\r\n"), 8 * mib, other, Code::OtherAccount),
        ("too large", format!("cookie: {cookie}\r\n"), 40 * mib, "", Code::PayloadTooLarge),
    ];
    for (name, cookie, length, header, code) in cases {
        let id = scene::new_id();
        let head = format!(
            "PUT /api/photos/{id} HTTP/1.1\r\nhost: {address}\r\ncontent-type: image/jpeg\r\n{cookie}{header}\
             content-length: {length}\r\n\r\n"
        );
        let (mut reading, mut writing) = TcpStream::connect(address).await.expect("listening").into_split();
        let sending = tokio::spawn(async move {
            writing.write_all(head.as_bytes()).await?;
            writing.write_all(&vec![7; length]).await
        });
        let mut answer = Vec::new();
        let mut part = [0; 4096];
        while !String::from_utf8_lossy(&answer).contains(r#""code""#) {
            let read = reading.read(&mut part).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(read > 0, "{name}: closed after {}", String::from_utf8_lossy(&answer));
            answer.extend_from_slice(&part[..read]);
        }
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.contains("content-type: application/problem+json"), "{name}: {answer}");
        assert!(answer.contains(&format!(r#""code":"{}""#, code.as_str())), "{name}: {answer}");
        sending.abort();
    }
    // On a slow network everything is sent before the answer is looked at.
    let (mut reading, mut writing) = TcpStream::connect(address).await.expect("listening").into_split();
    let head = format!(
        "PUT /api/photos/{} HTTP/1.1\r\nhost: {address}\r\ncontent-type: image/jpeg\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n",
        scene::new_id(),
        10 * 20_000,
    );
    writing.write_all(head.as_bytes()).await.expect("sent");
    for piece in 0..10 {
        writing.write_all(&[7; 20_000]).await.unwrap_or_else(|error| panic!("after {piece} pieces: {error}"));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut answer = String::new();
    reading.read_to_string(&mut answer).await.expect("the answer, then the end");
    assert!(answer.starts_with("HTTP/1.1 401 ") && answer.contains(r#""code":"not_signed_in""#), "{answer}");
    drop(stop);
    // The same without a network in between, for every limit.
    let large = app.inspector().request("PUT", "/api/me/password", Body::from(vec![b' '; 2 * mib]));
    let mut large = large;
    large.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().expect("a header"));
    app.inspector().send(large).await.problem(Code::PayloadTooLarge);
}
