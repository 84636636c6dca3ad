//! What every test finds: the time, two units, and one or two people of every role.

use app::id::UnitId;
use app::role::Role;
use app::time::Timestamp;
use server::AppState;
use server::cli::{Operator, user};
use server::db::query;
use server::session;
use uuid::{Uuid, uuid};

/// The password of everybody.
pub const PASSWORD: &str = "a long enough secret";

/// The unit the first liaison speaks for.
pub const UNIT: UnitId = UnitId(uuid!("01900000-0000-7000-8000-0000000000a1"));
/// The unit the second liaison speaks for.
pub const OTHER_UNIT: UnitId = UnitId(uuid!("01900000-0000-7000-8000-0000000000a2"));

/// Everybody: user name, role, units.
pub const PEOPLE: [(&str, Role, &[UnitId]); 7] = [
    ("inspector", Role::Inspector, &[]),
    ("inspector2", Role::Inspector, &[]),
    ("liaison", Role::Unit, &[UNIT]),
    ("liaison2", Role::Unit, &[OTHER_UNIT]),
    ("manager", Role::Manager, &[]),
    ("manager2", Role::Manager, &[]),
    ("admin", Role::Admin, &[]),
];

/// A Monday morning of ordinary work: 2026-03-02 09:00 in Shanghai.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::parse("2026-03-02T09:00:00+08:00").expect("a moment")
}

/// The token of the session everybody has from the start, so that tests need not sign in.
#[must_use]
pub fn token(username: &str) -> String {
    format!("session-of-{username}")
}

/// Puts it all into a new database.
pub async fn lay(state: &AppState) {
    let operator = Operator::for_tests();
    for (username, role, units) in PEOPLE {
        let id = user::add(state, &operator, username, username, role, units, PASSWORD).await.expect("added");
        let opened = query(
            "insert into session (token_hash, user_id, created_at, used_at, expires_at) values ($1, $2, $3, $3, $4)",
        );
        let (from, until) = (state.clock.now(), state.clock.now().plus(14 * app::time::DAY));
        let opened = opened.bind(session::hash_token(&token(username))).bind(id).bind(from).bind(until);
        state.db.execute(opened).await.expect("a session opens");
    }
}

/// An id nobody else has.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "ids of tests only have to differ")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
