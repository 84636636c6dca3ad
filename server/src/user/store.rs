//! Accounts in the database.

use crate::access::{Granted, ManagesUsers, OwnsAccount, SignedIn};
use crate::db::{self, Db, Tx, query};
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

/// The account with this name in its compared form, disabled or not.
pub async fn find_credentials(db: &Db, username_key: &str) -> Result<Option<Credentials>, db::Error> {
    db.fetch_optional(
        query("select id, password_hash, disabled_at from account where username_key = $1")
            .bind(username_key),
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

/// Gives an account a new password and ends all its sessions; `false` when there is no such account.
pub async fn set_password(
    tx: &mut Tx,
    _: &Granted<ManagesUsers>,
    username_key: &str,
    password_hash: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    end_sessions(tx, username_key).await?;
    let touched = tx
        .execute(
            query("update account set password_hash = $2, password_changed_at = $3 where username_key = $1")
                .bind(username_key)
                .bind(password_hash)
                .bind(now),
        )
        .await?;
    Ok(touched > 0)
}

/// Gives one's own account a new password and ends its other sessions.
pub async fn set_own_password(
    tx: &mut Tx,
    granted: &Granted<OwnsAccount>,
    password_hash: &str,
    keep_token_hash: &str,
    now: Timestamp,
) -> Result<(), db::Error> {
    tx.execute(
        query("update account set password_hash = $2, password_changed_at = $3 where id = $1")
            .bind(granted.user_id())
            .bind(password_hash)
            .bind(now),
    )
    .await?;
    tx.execute(
        query("delete from session where user_id = $1 and token_hash <> $2")
            .bind(granted.user_id())
            .bind(keep_token_hash),
    )
    .await?;
    Ok(())
}

/// Disables an account and ends all its sessions; `false` when there is no such account.
pub async fn disable(
    tx: &mut Tx,
    _: &Granted<ManagesUsers>,
    username_key: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    end_sessions(tx, username_key).await?;
    let touched = tx
        .execute(
            query("update account set disabled_at = coalesce(disabled_at, $2) where username_key = $1")
                .bind(username_key)
                .bind(now),
        )
        .await?;
    Ok(touched > 0)
}

async fn end_sessions(tx: &mut Tx, username_key: &str) -> Result<(), db::Error> {
    tx.execute(
        query("delete from session where user_id in (select id from account where username_key = $1)")
            .bind(username_key),
    )
    .await?;
    Ok(())
}
