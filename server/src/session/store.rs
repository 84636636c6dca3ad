//! Sessions and failed sign-ins in the database.

use crate::AppState;
use crate::access::{Granted, OwnsAccount};
use crate::db::{self, query};
use app::id::{UnitId, UserId};
use app::role::{Actor, Role};
use app::time::{DAY, HOUR, MINUTE, Timestamp};
use uuid::Uuid;

/// Wrong passwords in a row before an account is locked.
const FAILURES_ALLOWED: i64 = 5;
/// How long it stays locked; also how long a wrong password is remembered.
const LOCKED_FOR: i64 = 15 * MINUTE;
/// A session's last use is written at most this often.
const USE_WRITTEN_EVERY: i64 = HOUR;

/// Whoever a session belongs to.
#[derive(Debug)]
pub struct Holder {
    pub(crate) actor: Actor,
    pub(crate) username: String,
    pub(crate) name: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    user_id: Uuid,
    username: String,
    name: String,
    role: String,
    created_at: i64,
    used_at: i64,
    unit_id: Option<Uuid>,
}

/// Whose session this is, if it has not ended and the account is not disabled. Moves the session's end on.
pub async fn find(state: &AppState, token_hash: &str) -> Result<Option<Holder>, db::Error> {
    let now = state.clock.now();
    // One row per unit the person speaks for, one row where there is none: a request costs one statement here.
    let rows: Vec<Row> = state
        .db
        .fetch_all(
            query(
                "select a.id as user_id, a.username, a.name, a.role, s.created_at, s.used_at, m.unit_id
                 from session s
                 join account a on a.id = s.user_id
                 left join membership m on m.user_id = a.id
                 where s.token_hash = $1 and s.expires_at > $2 and a.disabled_at is null
                 order by m.unit_id",
            )
            .bind(token_hash)
            .bind(now),
        )
        .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let Some(role) = Role::from_code(&first.role) else { return Ok(None) };
    if now.millis() - first.used_at >= USE_WRITTEN_EVERY {
        touch(state, token_hash, first.created_at).await?;
    }
    let units = rows.iter().filter(|_| role == Role::Unit).filter_map(|row| row.unit_id).map(UnitId);
    Ok(Some(Holder {
        actor: Actor { user_id: UserId(first.user_id), role, units: units.collect() },
        username: first.username.clone(),
        name: first.name.clone(),
    }))
}

async fn touch(state: &AppState, token_hash: &str, created_at: i64) -> Result<(), db::Error> {
    let now = state.clock.now();
    state
        .db
        .execute(
            query("update session set used_at = $2, expires_at = $3 where token_hash = $1")
                .bind(token_hash)
                .bind(now)
                .bind(end_of_session(state, Timestamp::from_millis(created_at))),
        )
        .await?;
    Ok(())
}

/// Opens a session for somebody whose password has just been checked.
pub(super) async fn create(state: &AppState, user_id: UserId, token_hash: &str) -> Result<(), db::Error> {
    let now = state.clock.now();
    state
        .db
        .execute(
            query("insert into session (token_hash, user_id, created_at, used_at, expires_at) values ($1, $2, $3, $3, $4)")
                .bind(token_hash)
                .bind(user_id)
                .bind(now)
                .bind(end_of_session(state, now)),
        )
        .await?;
    Ok(())
}

/// When a session that is used now ends: some days from now, and never later than its age allows.
fn end_of_session(state: &AppState, created_at: Timestamp) -> Timestamp {
    let days = |days: u64| i64::try_from(days).unwrap_or(i64::MAX).saturating_mul(DAY);
    let idle = state.clock.now().plus(days(state.settings.session_idle_days));
    idle.min(created_at.plus(days(state.settings.session_max_days)))
}

/// Ends one session.
pub async fn delete(state: &AppState, _: &Granted<OwnsAccount>, token_hash: &str) -> Result<(), db::Error> {
    state.db.execute(query("delete from session where token_hash = $1").bind(token_hash)).await?;
    Ok(())
}

/// Ends every session of the person the right was granted to.
pub async fn delete_own(state: &AppState, granted: &Granted<OwnsAccount>) -> Result<(), db::Error> {
    state.db.execute(query("delete from session where user_id = $1").bind(granted.user_id())).await?;
    Ok(())
}

/// Forgets sessions that have ended and failures that no longer count.
pub async fn sweep(state: &AppState) -> Result<(), db::Error> {
    let now = state.clock.now();
    state.db.execute(query("delete from session where expires_at <= $1").bind(now)).await?;
    state
        .db
        .execute(query("delete from sign_in_failure where failed_at <= $1").bind(now.plus(-LOCKED_FOR)))
        .await?;
    Ok(())
}

/// Counts a try at this name as failed before the password is looked at, so that tries made at the same moment cannot
/// slip past the count. [`forget_failures`] takes it back when the password was right.
///
/// `Err` holds the seconds until the name is free again.
pub(crate) async fn count_try(state: &AppState, username_key: &str) -> Result<Result<(), u64>, db::Error> {
    let now = state.clock.now();
    let mut tx = state.db.begin().await?;
    let (failures, failed_at): (i64, i64) = tx
        .fetch_one(
            query(
                "insert into sign_in_failure (username_key, failures, failed_at) values ($1, 1, $2)
                 on conflict (username_key) do update set
                     failures = case when sign_in_failure.failed_at <= $3 then 1
                                     else sign_in_failure.failures + 1 end,
                     failed_at = case when sign_in_failure.failed_at > $3 and sign_in_failure.failures >= $4
                                      then sign_in_failure.failed_at else $2 end
                 returning failures, failed_at",
            )
            .bind(username_key)
            .bind(now)
            .bind(now.plus(-LOCKED_FOR))
            .bind(FAILURES_ALLOWED),
        )
        .await?;
    tx.commit().await?;
    if failures <= FAILURES_ALLOWED {
        return Ok(Ok(()));
    }
    let left = Timestamp::from_millis(failed_at).plus(LOCKED_FOR).since(now);
    Ok(Err(u64::try_from(left).unwrap_or(0).div_ceil(1000).max(1)))
}

/// Starts the count for this name anew.
pub(crate) async fn forget_failures(state: &AppState, username_key: &str) -> Result<(), db::Error> {
    state.db.execute(query("delete from sign_in_failure where username_key = $1").bind(username_key)).await?;
    Ok(())
}
