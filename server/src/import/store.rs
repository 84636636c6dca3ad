//! The accounts in the database, as an import reads and writes them.

use super::people::Account;
use crate::access::{Granted, ManagesUsers};
use crate::db::{self, Tx, query};
use crate::user::password::UNKNOWN_PASSWORD;
use app::account::username_key;
use app::id::{UnitId, UserId};
use app::role::Role;
use app::time::Timestamp;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    username: String,
    name: String,
    role: String,
    disabled_at: Option<i64>,
}

/// Every account.
pub(super) async fn list_accounts(tx: &mut Tx) -> Result<Vec<Account>, db::Error> {
    let rows: Vec<Row> =
        tx.fetch_all(query("select id, username, name, role, disabled_at from account")).await?;
    let memberships: Vec<(Uuid, Uuid)> =
        tx.fetch_all(query("select user_id, unit_id from membership order by unit_id")).await?;
    let mut units: HashMap<Uuid, Vec<UnitId>> = HashMap::new();
    for (user, unit) in memberships {
        units.entry(user).or_default().push(UnitId(unit));
    }
    let account = |row: Row| {
        let role = Role::from_code(&row.role);
        Ok(Account {
            role: role.ok_or_else(|| db::Error::Decode(format!("role holds {:?}", row.role).into()))?,
            units: units.remove(&row.id).unwrap_or_default(),
            id: UserId(row.id),
            username: row.username,
            name: row.name,
            disabled: row.disabled_at.is_some(),
        })
    };
    rows.into_iter().map(account).collect()
}

/// Adds an account that nobody can sign in to yet, or updates one, whose password stays.
pub(super) async fn put_account(
    tx: &mut Tx,
    _: &Granted<ManagesUsers>,
    account: &Account,
    now: Timestamp,
) -> Result<(), db::Error> {
    tx.execute(
        query(
            "insert into account
                 (id, username, username_key, name, role, password_hash, created_at, password_changed_at, disabled_at)
             values ($1, $2, $3, $4, $5, $6, $7, $7, $8)
             on conflict (id) do update set
                 username = excluded.username, name = excluded.name, role = excluded.role,
                 disabled_at = case when excluded.disabled_at is null then null
                                    else coalesce(account.disabled_at, excluded.disabled_at) end",
        )
        .bind(account.id)
        .bind(&account.username)
        .bind(username_key(&account.username))
        .bind(&account.name)
        .bind(account.role)
        .bind(UNKNOWN_PASSWORD)
        .bind(now)
        .bind(account.disabled.then_some(now)),
    )
    .await?;
    if account.disabled {
        tx.execute(query("delete from session where user_id = $1").bind(account.id)).await?;
    }
    tx.execute(query("delete from membership where user_id = $1").bind(account.id)).await?;
    for unit in &account.units {
        tx.execute(
            query("insert into membership (user_id, unit_id) values ($1, $2)").bind(account.id).bind(*unit),
        )
        .await?;
    }
    Ok(())
}
