//! A password that changes while somebody signs in with the old one.

use crate::signed_in;
use app::problem::Code;
use app::role::{Actor, Role};
use server::access::Granted;
use server::cli::{Operator, user};
use server::db::query;
use server::session::origin::Origin;
use server::session::store;
use server::user::store::change_own_password;
use server::user::{Verified, check_credentials};
use tests::scene::PASSWORD;
use tests::{TestApp, on_both_engines};

on_both_engines!(
    the_old_password_opens_no_session_after_a_reset,
    a_disabled_account_opens_no_session,
    a_reset_under_way_is_waited_for,
    one_s_own_change_does_not_undo_a_reset,
);

async fn verified(app: &TestApp) -> Verified {
    check_credentials(&app.state, &Origin::for_tests(), "inspector", PASSWORD).await.expect("right")
}

async fn sessions(app: &TestApp) -> i64 {
    let count = query(
        "select count(*) from session s join account a on a.id = s.user_id where a.username_key = 'inspector'",
    );
    app.state.db.fetch_one::<(i64,)>(count).await.expect("counts").0
}

async fn the_old_password_opens_no_session_after_a_reset(app: TestApp) {
    let verified = verified(&app).await;
    let operator = Operator::for_tests();
    // The same password again: what counts is that it was set anew.
    user::change_password(&app.state, &operator, "inspector", PASSWORD).await.expect("changed");
    assert!(!store::create(&app.state, &verified, "a session", "a device").await.expect("answers"));
    assert_eq!(sessions(&app).await, 0);
    let _ = signed_in(&app, "inspector").await;
}

async fn a_disabled_account_opens_no_session(app: TestApp) {
    let verified = verified(&app).await;
    user::disable(&app.state, &Operator::for_tests(), "inspector").await.expect("disabled");
    assert!(!store::create(&app.state, &verified, "a session", "a device").await.expect("answers"));
    user::enable(&app.state, &Operator::for_tests(), "inspector").await.expect("enabled");
    assert_eq!(sessions(&app).await, 0);
}

async fn a_reset_under_way_is_waited_for(app: TestApp) {
    let verified = verified(&app).await;
    // As a reset does it, up to the moment before it is committed.
    let mut reset = app.state.db.begin().await.expect("begins");
    let change = query("update account set password_hash = $1 where username_key = 'inspector'");
    reset.execute(change.bind("another")).await.expect("updates");
    reset
        .execute(query(
            "delete from session where user_id in (select id from account where username_key = 'inspector')",
        ))
        .await
        .expect("ends sessions");
    let state = app.state.clone();
    let opening =
        tokio::spawn(async move { store::create(&state, &verified, "a session", "a device").await });
    // Time enough for a session to be opened that waits for nobody.
    for _ in 0..200 {
        let _: (i64,) = app.state.db.fetch_one(query("select count(*) from session")).await.expect("reads");
    }
    assert!(!opening.is_finished(), "it did not wait");
    reset.commit().await.expect("commits");
    assert!(!opening.await.expect("joins").expect("answers"), "the old password opened a session");
    assert_eq!(sessions(&app).await, 0);
}

async fn one_s_own_change_does_not_undo_a_reset(app: TestApp) {
    let verified = verified(&app).await;
    let operator = Operator::for_tests();
    let actor = Actor { user_id: verified.user_id, role: Role::Inspector, units: Vec::new() };
    let granted = Granted::to_operator_for(&operator, &actor).expect("everybody may");
    user::change_password(&app.state, &operator, "inspector", "set by the office").await.expect("changed");
    let hash = app.state.passwords.hash("meanwhile", "chosen by a stranger").await.expect("hashes");
    let change =
        async |of: &Verified| change_own_password(&app.state, &granted, of, &hash, "no session").await;
    assert!(!change(&verified).await.expect("answers"));
    app.anonymous().sign_in("inspector", "chosen by a stranger").await.problem(Code::WrongCredentials);
    let origin = Origin::for_tests();
    let now = check_credentials(&app.state, &origin, "inspector", "set by the office").await.expect("right");
    assert!(change(&now).await.expect("answers"));
}
