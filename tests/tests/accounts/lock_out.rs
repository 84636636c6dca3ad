//! What wrong passwords cost: whoever guesses waits, the owner does not, and the operator can lift it.

use crate::signed_in;
use app::problem::{Code, FieldCode};
use app::time::{DAY, HOUR, MINUTE};
use serde_json::json;
use server::cli::{Operator, user};
use tests::scene::PASSWORD;
use tests::{Client, TestApp, on_both_engines};

on_both_engines!(
    five_wrong_passwords_wait_for_seconds,
    six_right_passwords_at_once_are_six_sessions,
    tries_at_the_same_moment_are_counted,
    strangers_do_not_hold_up_a_known_device,
    a_known_device_is_known_to_its_own_account_alone,
    a_reset_forgets_the_devices,
    devices_are_bounded,
    a_wrong_password_writes_nothing,
    setting_the_clock_right_locks_nobody_out,
    the_operator_lifts_a_lock,
    guesses_at_the_old_password_are_counted,
    strangers_do_not_stop_a_change_of_password,
    behind_a_trusted_proxy_each_client_counts_alone,
);

async fn wrong(client: &mut Client, name: &str, times: usize) {
    for _ in 0..times {
        client.sign_in(name, "wrong password").await.problem(Code::WrongCredentials);
    }
}

/// Twenty wrong passwords from four addresses: the name is locked for everybody who is not known.
async fn lock(app: &TestApp, name: &str) {
    for n in 0..4 {
        wrong(&mut app.anonymous().from_address(&format!("198.51.100.{n}")), name, 5).await;
    }
    let elsewhere = app.anonymous().from_address("203.0.113.1").sign_in(name, PASSWORD).await;
    elsewhere.problem(Code::LockedOut);
}

async fn five_wrong_passwords_wait_for_seconds(app: TestApp) {
    // A name without an account behaves the same, so that the lock does not tell which names exist.
    for name in ["inspector", "nobody"] {
        let mut client = app.anonymous();
        wrong(&mut client, name, 5).await;
        for (seconds, then) in [(5, 10), (10, 20), (20, 40)] {
            let locked = client.sign_in(name, PASSWORD).await;
            assert_eq!(locked.problem(Code::LockedOut).retry_after_s, Some(seconds));
            assert_eq!(locked.header("retry-after"), Some(&*seconds.to_string()));
            // What it says is true, and trying on meanwhile does not make it longer.
            app.state.clock.advance(i64::try_from(seconds).expect("fits") * 1000 - 1);
            assert_eq!(client.sign_in(name, PASSWORD).await.problem(Code::LockedOut).retry_after_s, Some(1));
            app.state.clock.advance(1);
            wrong(&mut client, name, 1).await;
            let next = client.sign_in(name, "wrong password").await.problem(Code::LockedOut).retry_after_s;
            assert_eq!(next, Some(then));
        }
        // From another address the owner gets in at once.
        let elsewhere = app.anonymous().from_address("203.0.113.1").sign_in(name, PASSWORD).await;
        assert_eq!(elsewhere.status, if name == "nobody" { 401 } else { 204 });
    }
    app.state.clock.advance(MINUTE);
    let _ = app.anonymous().sign_in("inspector", PASSWORD).await.expect(204);

    // A right one starts the count anew.
    for _ in 0..6 {
        let mut client = app.anonymous();
        wrong(&mut client, "manager", 4).await;
        let _ = client.sign_in("manager", PASSWORD).await.expect(204);
    }
}

/// The statuses of so many tries at once.
async fn at_once(client: &Client, password: &'static str, count: usize) -> Vec<u16> {
    let tries = (0..count).map(|_| {
        let mut client = client.clone();
        tokio::spawn(async move { client.sign_in("inspector", password).await.status })
    });
    let mut statuses = Vec::new();
    for attempt in tries.collect::<Vec<_>>() {
        statuses.push(attempt.await.expect("answered"));
    }
    statuses
}

async fn six_right_passwords_at_once_are_six_sessions(app: TestApp) {
    assert_eq!(at_once(&app.anonymous(), PASSWORD, 6).await, [204; 6]);
    // Also from a device that is known, and where the last free try is due.
    let mut known = signed_in(&app, "inspector").await;
    assert_eq!(at_once(&known, PASSWORD, 6).await, [204; 6]);
    wrong(&mut known, "inspector", 4).await;
    assert_eq!(at_once(&known, PASSWORD, 6).await, [204; 6]);
}

async fn tries_at_the_same_moment_are_counted(app: TestApp) {
    let statuses = at_once(&app.anonymous(), "wrong password", 20).await;
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 5, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 15, "{statuses:?}");
}

async fn strangers_do_not_hold_up_a_known_device(app: TestApp) {
    let mut phone = signed_in(&app, "inspector").await;
    let _ = phone.delete("/api/session").await.expect(204);
    lock(&app, "inspector").await;
    let _ = phone.sign_in("inspector", PASSWORD).await.expect(204);
    // Even from the address of the guesser, and it is known the next time, too.
    let mut phone = phone.from_address("198.51.100.0");
    let _ = phone.sign_in("inspector", PASSWORD).await.expect(204);
    // Its own mistakes count.
    wrong(&mut phone, "inspector", 5).await;
    phone.sign_in("inspector", PASSWORD).await.problem(Code::LockedOut);
}

async fn a_known_device_is_known_to_its_own_account_alone(app: TestApp) {
    let mut phone = signed_in(&app, "inspector").await;
    lock(&app, "manager").await;
    let held = phone.sign_in("manager", PASSWORD).await;
    held.problem(Code::LockedOut);
    app.state.clock.advance(HOUR);
    // A phone that two people share is known to both.
    let _ = phone.sign_in("manager", PASSWORD).await.expect(204);
    for name in ["inspector", "manager"] {
        lock(&app, name).await;
        let _ = phone.sign_in(name, PASSWORD).await.expect(204);
    }
}

async fn a_reset_forgets_the_devices(app: TestApp) {
    let (mut here, mut there) = (signed_in(&app, "inspector").await, signed_in(&app, "inspector").await);
    let change = json!({ "old": PASSWORD, "new": "another long secret" });
    let _ = here.put("/api/me/password", &change).await.expect(204);
    lock(&app, "inspector").await;
    there.sign_in("inspector", "another long secret").await.problem(Code::LockedOut);
    let _ = here.sign_in("inspector", "another long secret").await.expect(204);

    user::change_password(&app.state, &Operator::for_tests(), "inspector", PASSWORD).await.expect("changed");
    lock(&app, "inspector").await;
    here.sign_in("inspector", PASSWORD).await.problem(Code::LockedOut);
}

async fn devices_are_bounded(app: TestApp) {
    for _ in 0..22 {
        let _ = signed_in(&app, "inspector").await;
        app.state.clock.advance(1);
    }
    let count = server::db::query("select count(*) from known_device");
    assert_eq!(app.state.db.fetch_one::<(i64,)>(count).await.expect("counts").0, 20);
}

async fn a_wrong_password_writes_nothing(app: TestApp) {
    let mut client = app.anonymous();
    wrong(&mut client, "inspector", 1).await;
    // One statement reads the account; while a writer is busy, nobody who mistypes waits for it.
    let writer = app.state.db.begin().await.expect("begins");
    let before = app.state.db.statements();
    wrong(&mut client, "inspector", 4).await;
    client.sign_in("inspector", "wrong password").await.problem(Code::LockedOut);
    assert_eq!(app.state.db.statements() - before, 5);
    drop(writer);
}

async fn setting_the_clock_right_locks_nobody_out(app: TestApp) {
    let right = app.state.clock.now();
    app.state.clock.move_to(right.plus(30 * DAY));
    let mut client = app.anonymous();
    wrong(&mut client, "inspector", 5).await;
    app.state.clock.move_to(right);
    assert_eq!(client.sign_in("inspector", PASSWORD).await.problem(Code::LockedOut).retry_after_s, Some(5));
    // Nor does a clock that leaps ahead let anybody through.
    app.state.clock.move_to(right.plus(HOUR));
    client.sign_in("inspector", PASSWORD).await.problem(Code::LockedOut);
    app.state.clock.advance(5_000);
    let _ = client.sign_in("inspector", PASSWORD).await.expect(204);
}

async fn the_operator_lifts_a_lock(app: TestApp) {
    let operator = Operator::for_tests();
    let mut client = app.anonymous();
    wrong(&mut client, "inspector", 5).await;
    client.sign_in("inspector", PASSWORD).await.problem(Code::LockedOut);
    user::unlock(&app.state, &operator, "Inspector").await.expect("unlocked");
    let _ = client.sign_in("inspector", PASSWORD).await.expect(204);

    lock(&app, "manager").await;
    user::change_password(&app.state, &operator, "manager", "another long secret").await.expect("changed");
    let _ = app.anonymous().sign_in("manager", "another long secret").await.expect(204);

    let mut client = app.anonymous();
    user::disable(&app.state, &operator, "liaison").await.expect("disabled");
    for _ in 0..5 {
        client.sign_in("liaison", PASSWORD).await.problem(Code::WrongCredentials);
    }
    client.sign_in("liaison", PASSWORD).await.problem(Code::LockedOut);
    user::enable(&app.state, &operator, "liaison").await.expect("enabled");
    let _ = client.sign_in("liaison", PASSWORD).await.expect(204);

    for outcome in [
        user::unlock(&app.state, &operator, "nobody").await,
        user::enable(&app.state, &operator, "nobody").await,
    ] {
        assert!(outcome.expect_err("unknown").to_string().contains("no account named nobody"));
    }
}

async fn guesses_at_the_old_password_are_counted(app: TestApp) {
    let mut admin = signed_in(&app, "admin").await;
    let guess = json!({ "old": "a wrong guess", "new": "another long secret" });
    for _ in 0..5 {
        let fields = admin.put("/api/me/password", &guess).await.problem(Code::InvalidFields).fields;
        assert_eq!((fields[0].field.as_str(), fields[0].code), ("old", FieldCode::Wrong));
    }
    assert_eq!(admin.put("/api/me/password", &guess).await.problem(Code::LockedOut).retry_after_s, Some(5));
    // The same count as at the door.
    admin.sign_in("admin", PASSWORD).await.problem(Code::LockedOut);
}

async fn strangers_do_not_stop_a_change_of_password(app: TestApp) {
    // A session from before devices were known has no device's cookie.
    let client = app.client("inspector");
    lock(&app, "inspector").await;
    let change = json!({ "old": PASSWORD, "new": "another long secret" });
    let _ = client.put("/api/me/password", &change).await.expect(204);
}

async fn behind_a_trusted_proxy_each_client_counts_alone(app: TestApp) {
    let trusting = app.with_settings(|settings| {
        settings.trusted_proxies = "127.0.0.1".parse().expect("an address");
    });
    let through = |app: &TestApp, address: &str| {
        app.anonymous().from_address("127.0.0.1").with_header("x-forwarded-for", address)
    };
    wrong(&mut through(&trusting, "198.51.100.7"), "inspector", 5).await;
    through(&trusting, "198.51.100.7").sign_in("inspector", PASSWORD).await.problem(Code::LockedOut);
    // What the client itself wrote stands in front, and changes nothing.
    let forged = through(&trusting, "1.2.3.4, 198.51.100.7").sign_in("inspector", PASSWORD).await;
    forged.problem(Code::LockedOut);
    let _ = through(&trusting, "198.51.100.8").sign_in("inspector", PASSWORD).await.expect(204);
    // Of IPv6, who has one address of a network has them all.
    wrong(&mut through(&trusting, "2001:db8:1:2::1"), "admin", 5).await;
    through(&trusting, "2001:db8:1:2:ffff::9").sign_in("admin", PASSWORD).await.problem(Code::LockedOut);
    let _ = through(&trusting, "2001:db8:1:3::1").sign_in("admin", PASSWORD).await.expect(204);
    // Where no proxy is trusted, the header says nothing.
    wrong(&mut through(&app, "203.0.113.1"), "manager", 5).await;
    through(&app, "203.0.113.2").sign_in("manager", PASSWORD).await.problem(Code::LockedOut);
}
