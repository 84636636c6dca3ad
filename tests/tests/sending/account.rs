//! `spotfix-account`: what is sent for one account is never done by another.

use crate::{ACCOUNT, id_of, new_issue};
use app::problem::{Code, FieldCode};
use app::role::Role;
use serde_json::json;
use server::db::query;
use tests::app::only_field;
use tests::county::{self, LAMP, MARKET};
use tests::work::{jpeg, report};
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(
    nothing_is_done_for_another_account,
    the_refusal_tells_nothing_of_who_is_there,
    an_old_tab_signs_nobody_else_out,
    the_account_must_be_an_id,
);

async fn nothing_is_done_for_another_account(app: TestApp) {
    county::lay(&app.state).await;
    let (mine, other) = (id_of(&app, "inspector").await, id_of(&app, "inspector2").await);
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let order = issue.order.expect("dispatched").id;
    let events = async || -> i64 {
        let (count,) = app.state.db.fetch_one(query("select count(*) from event")).await.expect("counted");
        count
    };
    let before = events().await;
    let mut sent = report(MARKET, LAMP, app.state.clock.now());
    sent["severity"] = json!("minor");
    let stranger = app.inspector().with_header(ACCOUNT, &other);
    let photo = format!("/api/photos/{}", scene::new_id());
    for reply in [
        stranger.get("/api/me").await,
        stranger.get("/api/field-bundle").await,
        stranger.get("/api/issues").await,
        stranger.put(&new_issue(), &sent).await,
        stranger.put_bytes(&photo, "image/jpeg", jpeg(1)).await,
        stranger.try_step(order, &json!({ "step": "pass" })).await,
        stranger.put("/api/me/password", &json!({ "old": scene::PASSWORD, "new": "another secret" })).await,
        stranger.delete("/api/sessions").await,
    ] {
        reply.problem(Code::OtherAccount);
    }
    assert_eq!(events().await, before);
    app.inspector().get(&photo).await.problem(Code::NotFound);
    // For oneself, however the id is written, and without the header, nothing changes.
    let me = app.inspector().with_header(ACCOUNT, &mine);
    let _ = me.put_bytes(&photo, "image/jpeg", jpeg(1)).await.expect(201);
    let _ = me.put(&new_issue(), &sent).await.expect(201);
    let _ = app.inspector().with_header(ACCOUNT, mine.to_uppercase()).get("/api/me").await.expect(200);
    let _ = app.inspector().put(&new_issue(), &sent).await.expect(201);
}

async fn the_refusal_tells_nothing_of_who_is_there(app: TestApp) {
    let (unit, inspector) = (id_of(&app, "liaison").await, id_of(&app, "inspector").await);
    // A unit's page on the phone of somebody who inspects, and an account that nobody has.
    let replies = [
        app.inspector().with_header(ACCOUNT, &unit).get("/api/me").await,
        app.admin().with_header(ACCOUNT, scene::new_id()).get("/api/me").await,
    ];
    for reply in &replies {
        let problem = reply.problem(Code::OtherAccount);
        assert_eq!((problem.detail, problem.fields, problem.allowed), (None, Vec::new(), None));
        let headers = format!("{:?}", reply.headers);
        for secret in [inspector.as_str(), unit.as_str(), "liaison", Role::Inspector.code()] {
            assert!(!reply.text().contains(secret) && !headers.contains(secret), "{secret}: {headers}");
        }
        assert!(reply.header("set-cookie").is_none(), "nobody is signed out");
    }
    assert_eq!(replies[0].bytes, replies[1].bytes);
    // Without a session nobody is there, whoever is meant.
    app.anonymous().with_header(ACCOUNT, &unit).get("/api/me").await.problem(Code::NotSignedIn);
    app.anonymous().with_header(ACCOUNT, "x").get("/api/me").await.problem(Code::NotSignedIn);
}

async fn an_old_tab_signs_nobody_else_out(app: TestApp) {
    let other = id_of(&app, "inspector2").await;
    for path in ["/api/session", "/api/sessions"] {
        app.inspector().with_header(ACCOUNT, &other).delete(path).await.problem(Code::OtherAccount);
        let _ = app.inspector().get("/api/me").await.expect(200);
    }
    let mine = id_of(&app, "inspector").await;
    let _ = app.inspector().with_header(ACCOUNT, mine).delete("/api/session").await.expect(204);
    app.inspector().get("/api/me").await.problem(Code::NotSignedIn);
}

async fn the_account_must_be_an_id(app: TestApp) {
    for wrong in ["", "inspector", "1", "null", "018f0000-0000-7000-8000-00000000000"] {
        let reply = app.inspector().with_header(ACCOUNT, wrong).get("/api/me").await;
        assert_eq!(only_field(&reply.problem(Code::InvalidHeader)), (ACCOUNT, FieldCode::Invalid), "{wrong}");
    }
    let mine = id_of(&app, "inspector").await;
    let twice = app.inspector().with_header(ACCOUNT, &mine).with_header(ACCOUNT, &mine);
    let problem = twice.get("/api/me").await.problem(Code::InvalidHeader);
    assert_eq!(only_field(&problem), (ACCOUNT, FieldCode::Repeated));
}
