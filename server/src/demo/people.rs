//! Who works in the demo county.

use crate::db::{Db, query};
use anyhow::{Context, Result};
use app::id::{UnitId, UserId};
use app::role::{Actor, Role};
use std::collections::HashMap;
use uuid::Uuid;

/// The people, by what they do.
pub(super) struct People {
    /// Those who photograph and re-check.
    pub(super) inspectors: Vec<Actor>,
    /// The office.
    pub(super) managers: Vec<Actor>,
    liaisons: HashMap<UnitId, Actor>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    role: String,
    unit_id: Option<Uuid>,
}

impl People {
    /// Reads the accounts.
    pub(super) async fn load(db: &Db) -> Result<Self> {
        let rows: Vec<Row> = db
            .fetch_all(query(
                "select a.id, a.role, m.unit_id from account a left join membership m on m.user_id = a.id
                 order by a.username_key, m.unit_id",
            ))
            .await?;
        let mut people = Self { inspectors: Vec::new(), managers: Vec::new(), liaisons: HashMap::new() };
        for row in rows {
            let role = Role::from_code(&row.role).context("an account without a role")?;
            let unit = row.unit_id.map(UnitId);
            let actor = Actor { user_id: UserId(row.id), role, units: unit.into_iter().collect() };
            match (role, unit) {
                (Role::Inspector, _) => people.inspectors.push(actor),
                (Role::Manager, _) => people.managers.push(actor),
                (Role::Unit, Some(unit)) => {
                    people.liaisons.entry(unit).or_insert(actor);
                }
                (Role::Unit | Role::Admin, _) => {}
            }
        }
        Ok(people)
    }

    /// Who speaks for a unit.
    pub(super) fn liaison(&self, unit: UnitId) -> Option<&Actor> {
        self.liaisons.get(&unit)
    }
}
