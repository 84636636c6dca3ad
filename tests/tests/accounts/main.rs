//! Accounts: signing in and out, sessions and their ends, passwords. What wrong passwords cost is in `lock_out`, what a
//! change of password meets under way in `meanwhile`.

mod lock_out;
mod meanwhile;

use app::account::Me;
use app::id::UnitId;
use app::problem::{Code, FieldCode};
use app::role::Role;
use app::time::{DAY, HOUR};
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
    a_new_password_ends_the_other_sessions,
    a_new_password_must_fit,
    disabling_ends_sessions_at_once,
    the_operator_cannot_add_what_cannot_be,
    what_has_ended_is_swept_away,
);

pub(crate) async fn signed_in(app: &TestApp, username: &str) -> Client {
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
    for name in ["", "' or 1=1 --", &"长".repeat(200), &"x".repeat(10_000)] {
        client.sign_in(name, PASSWORD).await.problem(Code::WrongCredentials);
    }
    client.sign_in("inspector", &"x".repeat(10_000)).await.problem(Code::WrongCredentials);
    // Nobody has such a password, and nobody without a session sends so much.
    client.sign_in("inspector", &"x".repeat(100_000)).await.problem(Code::PayloadTooLarge);
    client.cookie = Some("spotfix=made-up".to_owned());
    client.get("/api/me").await.problem(Code::NotSignedIn);
    assert_eq!(client.delete("/api/session").await.status, 401);
}

async fn the_cookie_is_out_of_reach(app: TestApp) {
    let plain = app.anonymous().sign_in("admin", PASSWORD).await;
    let cookies = plain.cookies();
    assert_eq!(cookies.len(), 2, "the session's and the device's");
    for (cookie, name) in cookies.into_iter().zip(["spotfix=", "spotfix-device="]) {
        assert!(cookie.starts_with(name), "{cookie}");
        for part in ["; Path=/", "; HttpOnly", "; SameSite=Strict"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Secure"), "{cookie}");
    }

    let app = app.with_settings(|settings| settings.public_url = "https://spotfix.example.cn".to_owned());
    let tls = app.anonymous().sign_in("admin", PASSWORD).await;
    for (cookie, name) in tls.cookies().into_iter().zip(["__Host-spotfix=", "__Host-spotfix-device="]) {
        assert!(cookie.starts_with(name) && cookie.ends_with("; Secure"), "{cookie}");
    }
    assert!(tls.header("strict-transport-security").is_some());
    let _ = app.client("admin").get("/api/me").await.expect(200);
}

async fn tokens_are_not_stored(app: TestApp) {
    let client = signed_in(&app, "admin").await;
    let cookies = client.cookie.expect("signed in");
    let tokens: Vec<&str> = cookies.split("; ").filter_map(|pair| Some(pair.split_once('=')?.1)).collect();
    assert!(tokens.len() == 2 && tokens.iter().all(|token| token.len() == 64), "{tokens:?}");
    let all = query("select token_hash from session union all select device_hash from known_device");
    let stored: Vec<(String,)> = app.state.db.fetch_all(all).await.expect("reads");
    assert!(stored.iter().all(|(hash,)| !tokens.contains(&hash.as_str())));
    assert!(stored.iter().any(|(hash,)| *hash == server::session::hash_token(tokens[1])));
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
    let kept = signed_in(&app, "manager").await;
    let left = async || {
        server::session::store::sweep(&app.state).await.expect("sweeps");
        let counts = "select (select count(*) from session), (select count(*) from known_device)";
        app.state.db.fetch_one::<(i64, i64)>(query(counts)).await.expect("counts")
    };
    app.state.clock.advance(14 * DAY - HOUR);
    let _ = kept.get("/api/me").await.expect(200);
    app.state.clock.advance(2 * HOUR);
    assert_eq!(left().await, (1, 1));
    app.state.clock.advance(400 * DAY);
    assert_eq!(left().await, (0, 0));
}
