//! Sessions in the database.

use crate::AppState;
use crate::access::{Granted, OwnsAccount};
use crate::db::{self, Tx, query};
use crate::session::device;
use crate::user::Verified;
use app::id::{UnitId, UserId};
use app::role::{Actor, Role};
use app::time::{DAY, HOUR, Timestamp};
use uuid::Uuid;

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

/// Opens a session on a device that is known from now on. `false`, and nothing has happened, when the account's password
/// is no longer the one that was verified, or the account has been disabled.
pub async fn create(
    state: &AppState,
    verified: &Verified,
    token_hash: &str,
    device_hash: &str,
) -> Result<bool, db::Error> {
    let now = state.clock.now();
    let mut tx = state.db.begin().await?;
    if !hold_account(&mut tx, verified).await? {
        return Ok(false);
    }
    insert(&mut tx, verified.user_id, token_hash, now, end_of_session(state, now)).await?;
    if let Some(old) = &verified.device_hash {
        device::rename(&mut tx, old, device_hash).await?;
    }
    device::create(&mut tx, verified.user_id, device_hash, now).await?;
    device::delete_surplus(&mut tx, verified.user_id).await?;
    tx.commit().await?;
    Ok(true)
}

/// Whether the account is still what was verified; if so, it stays so until the transaction ends.
async fn hold_account(tx: &mut Tx, verified: &Verified) -> Result<bool, db::Error> {
    // The write changes nothing, but it takes the row. A reset that is under way is waited for and then seen. One that
    // comes later finds the session that it has to end.
    let held = tx
        .execute(
            query(
                "update account set password_hash = password_hash
                 where id = $1 and password_hash = $2 and disabled_at is null",
            )
            .bind(verified.user_id)
            .bind(&*verified.password_hash),
        )
        .await?;
    Ok(held > 0)
}

async fn insert(
    tx: &mut Tx,
    user_id: UserId,
    token_hash: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), db::Error> {
    tx.execute(
        query("insert into session (token_hash, user_id, created_at, used_at, expires_at) values ($1, $2, $3, $3, $4)")
            .bind(token_hash)
            .bind(user_id)
            .bind(now)
            .bind(expires_at),
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

/// Forgets sessions that have ended and devices that have not been used for long.
pub async fn sweep(state: &AppState) -> Result<(), db::Error> {
    let now = state.clock.now();
    state.db.execute(query("delete from session where expires_at <= $1").bind(now)).await?;
    let known_since = device::known_since(now);
    state.db.execute(query("delete from known_device where used_at <= $1").bind(known_since)).await?;
    Ok(())
}
