//! The accounts of an import: who is there, and who is to be.

use super::finding::Report;
use super::plan::Codes;
use super::row::UserRow;
use super::summary::Count;
use super::table::Rows;
use app::account::username_key;
use app::id::{UnitId, UserId};
use app::role::Role;
use std::collections::HashMap;
use uuid::Uuid;

/// An account, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) id: UserId,
    pub(super) username: String,
    pub(super) name: String,
    pub(super) role: Role,
    /// In the order of the ids.
    pub(super) units: Vec<UnitId>,
    pub(super) disabled: bool,
}

/// The accounts that have to be written.
pub(super) fn plan(
    rows: &Rows<UserRow>,
    before: Vec<Account>,
    units: &Codes<UnitId>,
    new_id: &dyn Fn() -> Uuid,
    report: &mut Report,
    count: &mut Count,
) -> Vec<Account> {
    let before: HashMap<String, Account> =
        before.into_iter().map(|account| (username_key(&account.username), account)).collect();
    let mut changed = Vec::new();
    for (at, row) in &rows.rows {
        let old = before.get(&username_key(&row.username));
        let mut speaks_for: Vec<UnitId> = Vec::new();
        for code in &row.units {
            match units.find(code) {
                Some(unit) if speaks_for.contains(&unit) => {
                    report.bad.add(&rows.source, *at, Some("units"), format!("{code} stands there twice"));
                }
                Some(unit) => speaks_for.push(unit),
                None => units.note_missing(&rows.source, *at, "units", code, &mut report.bad),
            }
        }
        speaks_for.sort_unstable();
        let account = Account {
            id: old.map_or_else(|| UserId(new_id()), |old| old.id),
            username: row.username.clone(),
            name: row.name.clone(),
            role: row.role,
            units: speaks_for,
            disabled: row.active.map_or_else(|| old.is_some_and(|old| old.disabled), |active| !active),
        };
        if count.note(old, &account) {
            changed.push(account);
        }
    }
    changed
}
