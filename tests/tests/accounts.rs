//! Accounts: signing in and out, sessions and their ends, passwords, lock-out.

use app::account::Me;
use app::id::UnitId;
use app::problem::{Code, FieldCode};
use app::role::Role;
use app::time::{DAY, HOUR, MINUTE};
use serde_json::json;
use server::cli::{Operator, user};
use server::db::query;
use tests::scene::{self, PASSWORD, PEOPLE};
use tests::{Client, TestApp};

tests::on_both_engines!(
    everybody_signs_in_and_is_themselves,
    wrong_names_and_passwords_get_the_same_answer,
    the_cookie_is_out_of_reach,
    tokens_are_not_stored,
    signing_out_ends_this_session_alone,
    signing_out_everywhere_ends_all,
    sessions_end_when_unused_and_when_old,
    a_session_is_written_once_an_hour,
    five_wrong_passwords_lock_for_fifteen_minutes,
    tries_at_the_same_moment_are_counted,
    a_new_password_ends_the_other_sessions,
    a_new_password_must_fit,
    guesses_at_the_old_password_are_counted,
    disabling_ends_sessions_at_once,
    the_operator_cannot_add_what_cannot_be,
    what_has_ended_is_swept_away,
);

async fn signed_in(app: &TestApp, username: &str) -> Client {
    let mut client = app.anonymous();
    let _ = client.sign_in(username, PASSWORD).await.expect(204);
    client
}

async fn everybody_signs_in_and_is_themselves(app: TestApp) {
    for (username, role, units) in PEOPLE {
        let mut client = app.anonymous();
        client.get("/api/me").await.problem(Code::NotSignedIn);
        // Case and outer spaces do not matter.
        let reply = client.sign_in(&format!(" {} ", username.to_uppercase()), PASSWORD).await.expect(204);
        assert!(reply.bytes.is_empty());
        let before = app.state.db.statements();
        let me: Me = client.get("/api/me").await.expect(200).json();
        assert!(app.state.db.statements() - before <= 2);
        assert_eq!((me.username.as_str(), me.role, me.demo), (username, role, false));
        assert_eq!(me.units.iter().map(|unit| unit.id).collect::<Vec<UnitId>>(), units);
    }
}

async fn wrong_names_and_passwords_get_the_same_answer(app: TestApp) {
    let mut client = app.anonymous();
    let wrong = client.sign_in("inspector", "not the password").await;
    wrong.problem(Code::WrongCredentials);
    let unknown = client.sign_in("nobody", "not the password").await;
    assert_eq!((wrong.status, &wrong.bytes), (unknown.status, &unknown.bytes));
    client.sign_in("\0", PASSWORD).await.problem(Code::InvalidJson);
    for name in ["", "' or 1=1 --", &"长".repeat(200), &"x".repeat(100_000)] {
        client.sign_in(name, PASSWORD).await.problem(Code::WrongCredentials);
    }
    client.sign_in("inspector", &"x".repeat(100_000)).await.problem(Code::WrongCredentials);
    client.cookie = Some("spotfix=made-up".to_owned());
    client.get("/api/me").await.problem(Code::NotSignedIn);
    assert_eq!(client.delete("/api/session").await.status, 401);
}

async fn the_cookie_is_out_of_reach(app: TestApp) {
    let plain = app.anonymous().sign_in("admin", PASSWORD).await;
    let cookie = plain.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("spotfix="), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");

    let app = app.with_settings(|settings| settings.public_url = "https://spotfix.example.cn".to_owned());
    let tls = app.anonymous().sign_in("admin", PASSWORD).await;
    let cookie = tls.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-spotfix=") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(tls.header("strict-transport-security").is_some());
    let _ = app.client("admin").get("/api/me").await.expect(200);
}

async fn tokens_are_not_stored(app: TestApp) {
    let client = signed_in(&app, "admin").await;
    let cookie = client.cookie.expect("signed in");
    let token = cookie.split_once('=').expect("name and value").1;
    assert_eq!(token.len(), 64);
    let stored: Vec<(String,)> =
        app.state.db.fetch_all(query("select token_hash from session")).await.expect("reads");
    assert!(stored.iter().all(|(hash,)| hash != token));
    let (password,): (String,) = app
        .state
        .db
        .fetch_one(query("select password_hash from account where username_key = $1").bind("admin"))
        .await
        .expect("reads");
    assert!(password.starts_with("$argon2id$"));
}

async fn signing_out_ends_this_session_alone(app: TestApp) {
    let (here, there) = (signed_in(&app, "admin").await, signed_in(&app, "admin").await);
    let reply = here.delete("/api/session").await.expect(204);
    assert!(reply.header("set-cookie").expect("cleared").contains("Max-Age=0"));
    here.get("/api/me").await.problem(Code::NotSignedIn);
    let _ = there.get("/api/me").await.expect(200);
}

async fn signing_out_everywhere_ends_all(app: TestApp) {
    let (here, there) = (signed_in(&app, "admin").await, signed_in(&app, "admin").await);
    let _ = here.delete("/api/sessions").await.expect(204);
    here.get("/api/me").await.problem(Code::NotSignedIn);
    there.get("/api/me").await.problem(Code::NotSignedIn);
    let _ = app.manager().get("/api/me").await.expect(200);
}

async fn sessions_end_when_unused_and_when_old(app: TestApp) {
    let client = signed_in(&app, "admin").await;
    app.state.clock.advance(14 * DAY - 1);
    let _ = client.get("/api/me").await.expect(200);
    // Used every ten days from here on, it still ends at ninety.
    for _ in 0..7 {
        app.state.clock.advance(10 * DAY);
        let _ = client.get("/api/me").await.expect(200);
    }
    app.state.clock.advance(6 * DAY + 1);
    client.get("/api/me").await.problem(Code::NotSignedIn);

    let unused = signed_in(&app, "admin").await;
    app.state.clock.advance(14 * DAY);
    unused.get("/api/me").await.problem(Code::NotSignedIn);
}

async fn a_session_is_written_once_an_hour(app: TestApp) {
    let client = signed_in(&app, "admin").await;
    let cost = async |client: &Client| {
        let before = app.state.db.statements();
        let _ = client.get("/api/me").await.expect(200);
        app.state.db.statements() - before
    };
    let usual = cost(&client).await;
    app.state.clock.advance(HOUR - 1);
    assert_eq!(cost(&client).await, usual);
    app.state.clock.advance(1);
    assert_eq!(cost(&client).await, usual + 1);
    assert_eq!(cost(&client).await, usual);
}

async fn five_wrong_passwords_lock_for_fifteen_minutes(app: TestApp) {
    // A name without an account behaves the same, so that the lock does not tell which names exist.
    for name in ["inspector", "nobody"] {
        let mut client = app.anonymous();
        for _ in 0..5 {
            client.sign_in(name, "wrong password").await.problem(Code::WrongCredentials);
        }
        let locked = client.sign_in(name, PASSWORD).await;
        assert_eq!(locked.problem(Code::LockedOut).retry_after_s, Some(900));
        assert_eq!(locked.header("retry-after"), Some("900"));
        // Trying on does not make it longer.
        app.state.clock.advance(10 * MINUTE);
        assert_eq!(client.sign_in(name, PASSWORD).await.problem(Code::LockedOut).retry_after_s, Some(300));
        app.state.clock.advance(5 * MINUTE);
    }
    let _ = app.anonymous().sign_in("inspector", PASSWORD).await.expect(204);

    // In a row: a right one starts the count anew.
    let mut client = app.anonymous();
    for _ in 0..3 {
        for _ in 0..4 {
            client.sign_in("manager", "wrong password").await.problem(Code::WrongCredentials);
        }
        let _ = client.sign_in("manager", PASSWORD).await.expect(204);
    }
    // And others are not touched.
    let _ = signed_in(&app, "admin").await;
}

async fn tries_at_the_same_moment_are_counted(app: TestApp) {
    let tries = (0..20).map(|_| {
        let mut client = app.anonymous();
        tokio::spawn(async move { client.sign_in("inspector", "wrong password").await.status })
    });
    let mut looked_at = 0;
    for attempt in tries.collect::<Vec<_>>() {
        looked_at += usize::from(attempt.await.expect("answered") == 401);
    }
    assert_eq!(looked_at, 5);
}

async fn a_new_password_ends_the_other_sessions(app: TestApp) {
    let (here, there) = (signed_in(&app, "admin").await, signed_in(&app, "admin").await);
    let change = json!({ "old": PASSWORD, "new": "another long secret" });
    let _ = here.put("/api/me/password", &change).await.expect(204);
    let _ = here.get("/api/me").await.expect(200);
    there.get("/api/me").await.problem(Code::NotSignedIn);
    app.anonymous().sign_in("admin", PASSWORD).await.problem(Code::WrongCredentials);
    let _ = app.anonymous().sign_in("admin", "another long secret").await.expect(204);
}

async fn a_new_password_must_fit(app: TestApp) {
    let admin = app.admin();
    for (new, code) in [("short", FieldCode::TooShort), (&*"x".repeat(257), FieldCode::TooLong)] {
        let reply = admin.put("/api/me/password", &json!({ "old": PASSWORD, "new": new })).await;
        let fields = reply.problem(Code::InvalidFields).fields;
        assert_eq!((fields[0].field.as_str(), fields[0].code), ("new", code));
    }
    app.anonymous()
        .put("/api/me/password", &json!({ "old": PASSWORD, "new": "another long secret" }))
        .await
        .problem(Code::NotSignedIn);
}

async fn guesses_at_the_old_password_are_counted(app: TestApp) {
    let admin = app.admin();
    let guess = json!({ "old": "a wrong guess", "new": "another long secret" });
    for _ in 0..5 {
        let fields = admin.put("/api/me/password", &guess).await.problem(Code::InvalidFields).fields;
        assert_eq!((fields[0].field.as_str(), fields[0].code), ("old", FieldCode::Wrong));
    }
    admin.put("/api/me/password", &guess).await.problem(Code::LockedOut);
}

async fn disabling_ends_sessions_at_once(app: TestApp) {
    let client = signed_in(&app, "inspector").await;
    user::disable(&app.state, &Operator::for_tests(), "Inspector").await.expect("disabled");
    client.get("/api/me").await.problem(Code::NotSignedIn);
    app.anonymous().sign_in("inspector", PASSWORD).await.problem(Code::WrongCredentials);
}

async fn the_operator_cannot_add_what_cannot_be(app: TestApp) {
    let operator = Operator::for_tests();
    let add = async |name: &str, role, units: &[UnitId]| {
        user::add(&app.state, &operator, name, name, role, units, PASSWORD).await.map_err(|e| e.to_string())
    };
    assert!(add("ADMIN", Role::Admin, &[]).await.expect_err("taken").contains("already"));
    assert!(add("a b", Role::Admin, &[]).await.is_err());
    assert!(add("王小明", Role::Manager, &[scene::UNIT]).await.is_err());
    let _ = add("王小明", Role::Unit, &[scene::UNIT, scene::OTHER_UNIT]).await.expect("fits");
    let client = signed_in(&app, "王小明").await;
    assert_eq!(client.get("/api/me").await.json::<Me>().units.len(), 2);
    user::change_password(&app.state, &operator, "王小明", "another long secret").await.expect("changed");
    client.get("/api/me").await.problem(Code::NotSignedIn);
    assert!(user::disable(&app.state, &operator, "nobody").await.is_err());
}

async fn what_has_ended_is_swept_away(app: TestApp) {
    app.anonymous().sign_in("admin", "wrong password").await.problem(Code::WrongCredentials);
    let kept = signed_in(&app, "manager").await;
    app.state.clock.advance(14 * DAY - HOUR);
    let _ = kept.get("/api/me").await.expect(200);
    app.state.clock.advance(2 * HOUR);
    server::session::store::sweep(&app.state).await.expect("sweeps");
    let left: (i64, i64) = app
        .state
        .db
        .fetch_one(query("select (select count(*) from session), (select count(*) from sign_in_failure)"))
        .await
        .expect("counts");
    assert_eq!(left, (1, 0));
}
