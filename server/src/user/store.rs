//! Accounts in the database.

use crate::AppState;
use crate::access::{Granted, ManagesUsers, OwnsAccount, SignedIn};
use crate::db::{self, Db, Tx, query};
use crate::user::Verified;
use app::account::{MyUnit, username_key};
use app::id::{UnitId, UserId};
use app::role::{Actor, Role};
use app::time::Timestamp;
use uuid::Uuid;

/// What a sign-in is checked against.
#[derive(Debug, sqlx::FromRow)]
pub struct Credentials {
    pub(super) id: Uuid,
    pub(super) password_hash: String,
    pub(super) disabled_at: Option<i64>,
    pub(super) sign_in_epoch: i64,
    /// The device's hash where the device is known to the account.
    pub(super) known_device: Option<String>,
}

/// An account to be.
#[derive(Debug, Clone)]
pub struct NewUser<'a> {
    /// Its id.
    pub id: UserId,
    /// What the person will type to sign in.
    pub username: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// What the person is to the campaign.
    pub role: Role,
    /// The units the person will speak for.
    pub units: &'a [UnitId],
    /// From [`super::password::Passwords::hash`].
    pub password_hash: &'a str,
}

/// The account with this name in its compared form, disabled or not, and whether it knows this device from a time after
/// `known_since`.
pub async fn find_credentials(
    db: &Db,
    username_key: &str,
    device_hash: Option<&str>,
    known_since: Timestamp,
) -> Result<Option<Credentials>, db::Error> {
    db.fetch_optional(
        query(
            "select a.id, a.password_hash, a.disabled_at, a.sign_in_epoch, d.device_hash as known_device
             from account a
             left join known_device d on d.user_id = a.id and d.device_hash = $2 and d.used_at > $3
             where a.username_key = $1",
        )
        .bind(username_key)
        .bind(device_hash.unwrap_or_default())
        .bind(known_since),
    )
    .await
}

#[derive(sqlx::FromRow)]
struct ActorRow {
    id: Uuid,
    role: String,
    disabled_at: Option<i64>,
    unit_id: Option<Uuid>,
}

/// The person with this name in its compared form, and whether the account is disabled.
pub async fn find_actor(
    db: &Db,
    _: &Granted<ManagesUsers>,
    username_key: &str,
) -> Result<Option<(Actor, bool)>, db::Error> {
    let rows: Vec<ActorRow> = db
        .fetch_all(
            query(
                "select a.id, a.role, a.disabled_at, m.unit_id
                 from account a left join membership m on m.user_id = a.id
                 where a.username_key = $1 order by m.unit_id",
            )
            .bind(username_key),
        )
        .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let Some(role) = Role::from_code(&first.role) else { return Ok(None) };
    let units = rows.iter().filter(|_| role == Role::Unit).filter_map(|row| row.unit_id).map(UnitId);
    let actor = Actor { user_id: UserId(first.id), role, units: units.collect() };
    Ok(Some((actor, first.disabled_at.is_some())))
}

#[derive(sqlx::FromRow)]
struct UnitRow {
    id: Uuid,
    name: String,
}

/// The units the person signed in speaks for. A membership may be there before its unit; it has no name then.
pub async fn my_units(db: &Db, me: &SignedIn) -> Result<Vec<MyUnit>, db::Error> {
    let rows: Vec<UnitRow> = db
        .fetch_all(
            query(
                "select m.unit_id as id, coalesce(u.name, '') as name
                 from membership m left join unit u on u.id = m.unit_id
                 where m.user_id = $1 order by m.unit_id",
            )
            .bind(me.actor().user_id),
        )
        .await?;
    Ok(rows.into_iter().map(|row| MyUnit { id: UnitId(row.id), name: row.name }).collect())
}

/// Adds an account; [`db::is_taken`] when the name or the id is.
pub async fn create(
    tx: &mut Tx,
    _: &Granted<ManagesUsers>,
    user: &NewUser<'_>,
    now: Timestamp,
) -> Result<(), db::Error> {
    tx.execute(
        query(
            "insert into account
                 (id, username, username_key, name, role, password_hash, created_at, password_changed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $7)",
        )
        .bind(user.id)
        .bind(user.username)
        .bind(username_key(user.username))
        .bind(user.name)
        .bind(user.role)
        .bind(user.password_hash)
        .bind(now),
    )
    .await?;
    for unit in user.units {
        tx.execute(
            query("insert into membership (user_id, unit_id) values ($1, $2)").bind(user.id).bind(*unit),
        )
        .await?;
    }
    Ok(())
}

/// Gives an account a new password, ends all its sessions, knows none of its devices any more and voids the wrong passwords
/// counted for it; `false` when there is no such account.
pub async fn set_password(
    tx: &mut Tx,
    _: &Granted<ManagesUsers>,
    username_key: &str,
    password_hash: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    // The account before the sessions: whoever is opening one is waited for here.
    let touched = tx
        .execute(
            query(
                "update account
                 set password_hash = $2, password_changed_at = $3, sign_in_epoch = sign_in_epoch + 1
                 where username_key = $1",
            )
            .bind(username_key)
            .bind(password_hash)
            .bind(now),
        )
        .await?;
    end_sessions(tx, username_key).await?;
    forget_devices(tx, username_key).await?;
    Ok(touched > 0)
}

/// Gives one's own account a new password, ends its other sessions and knows none of its other devices any more. `false`,
/// and nothing has happened, when the old password is no longer the one that was verified.
pub async fn change_own_password(
    state: &AppState,
    granted: &Granted<OwnsAccount>,
    verified: &Verified,
    password_hash: &str,
    keep_token_hash: &str,
) -> Result<bool, db::Error> {
    let mut tx = state.db.begin().await?;
    if !set_own_password(&mut tx, granted, verified, password_hash, state.clock.now()).await? {
        return Ok(false);
    }
    tx.execute(
        query("delete from session where user_id = $1 and token_hash <> $2")
            .bind(granted.user_id())
            .bind(keep_token_hash),
    )
    .await?;
    tx.execute(
        query("delete from known_device where user_id = $1 and device_hash <> $2")
            .bind(granted.user_id())
            .bind(verified.device_hash.as_deref().unwrap_or_default()),
    )
    .await?;
    tx.commit().await?;
    Ok(true)
}

async fn set_own_password(
    tx: &mut Tx,
    granted: &Granted<OwnsAccount>,
    verified: &Verified,
    password_hash: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let touched = tx
        .execute(
            query(
                "update account set password_hash = $2, password_changed_at = $3
                 where id = $1 and password_hash = $4 and disabled_at is null",
            )
            .bind(granted.user_id())
            .bind(password_hash)
            .bind(now)
            .bind(&*verified.password_hash),
        )
        .await?;
    Ok(touched > 0)
}

/// Disables an account and ends all its sessions; `false` when there is no such account.
pub async fn disable(
    tx: &mut Tx,
    _: &Granted<ManagesUsers>,
    username_key: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let touched = tx
        .execute(
            query("update account set disabled_at = coalesce(disabled_at, $2) where username_key = $1")
                .bind(username_key)
                .bind(now),
        )
        .await?;
    end_sessions(tx, username_key).await?;
    Ok(touched > 0)
}

/// Lets a disabled account sign in again, with the password it had; `false` when there is no such account.
pub async fn enable(tx: &mut Tx, _: &Granted<ManagesUsers>, username_key: &str) -> Result<bool, db::Error> {
    let touched = tx
        .execute(
            query(
                "update account set disabled_at = null, sign_in_epoch = sign_in_epoch + 1
                 where username_key = $1",
            )
            .bind(username_key),
        )
        .await?;
    Ok(touched > 0)
}

/// Voids the wrong passwords counted for an account, in every process; `false` when there is no such account.
pub async fn unlock(tx: &mut Tx, _: &Granted<ManagesUsers>, username_key: &str) -> Result<bool, db::Error> {
    let touched = tx
        .execute(
            query("update account set sign_in_epoch = sign_in_epoch + 1 where username_key = $1")
                .bind(username_key),
        )
        .await?;
    Ok(touched > 0)
}

async fn forget_devices(tx: &mut Tx, username_key: &str) -> Result<(), db::Error> {
    tx.execute(
        query("delete from known_device where user_id in (select id from account where username_key = $1)")
            .bind(username_key),
    )
    .await?;
    Ok(())
}

async fn end_sessions(tx: &mut Tx, username_key: &str) -> Result<(), db::Error> {
    tx.execute(
        query("delete from session where user_id in (select id from account where username_key = $1)")
            .bind(username_key),
    )
    .await?;
    Ok(())
}
