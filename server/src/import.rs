//! Importing the catalogue and the accounts from files: everything is looked at first, every bad line is named, and
//! either all of it is taken or nothing.
//!
//! `data/README.md` describes the files. Rows are known by their code: one that exists is brought up to date under its
//! old id, one that does not gets a new id. Nothing is ever deleted; `active` set to `false` retires a row. Accounts
//! come without a password and cannot sign in until they are given one.

// Files into rows of cells, with their places.
mod decode;
mod delimited;
mod folder;
mod grid;
mod json;
mod place;
mod source;
mod workbook;
// Rows of cells into what they mean.
mod clean;
mod fields;
mod row;
mod table;
mod tables;
// What they mean into what changes.
mod people;
mod plan;
mod policy;
mod store;
// What is said of it, and what is given to be filled.
mod finding;
mod summary;
mod template;

pub use finding::{Finding, Findings};
pub use place::At;
pub use source::{demo_county, read_dir, read_files};
pub use summary::{Count, Summary};
pub use template::template;

use crate::AppState;
use crate::access::{Granted, ManagesCatalogue, ManagesUsers};
use crate::catalogue::{self, setting, write};
use crate::db::{self, On, Tx};
use app::calendar::{Calendar, WorkingHours};
use app::issue::Policy;
use finding::Report;
use plan::Plan;
use table::Rows;
use uuid::{Uuid, uuid};

/// What was read from the files, before anything is compared with the database.
#[derive(Debug, Default)]
pub struct Import {
    units: Rows<row::UnitRow>,
    areas: Rows<row::AreaRow>,
    spot_types: Rows<row::SpotTypeRow>,
    clauses: Rows<row::ClauseRow>,
    phrases: Rows<row::PhraseRow>,
    checks: Rows<row::CheckRow>,
    spots: Rows<row::SpotRow>,
    rules: Rows<row::RuleRow>,
    users: Rows<row::UserRow>,
    calendar: Option<Calendar>,
    working_hours: Option<WorkingHours>,
    policy: Option<Policy>,
    report: Report,
}

impl Import {
    /// What cannot be taken, as far as the files alone tell.
    #[must_use]
    pub const fn bad(&self) -> &Findings {
        &self.report.bad
    }

    /// What was read otherwise than it stands there, and what was not read.
    #[must_use]
    pub const fn notes(&self) -> &Findings {
        &self.report.notes
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Lines that cannot be taken.
    #[error("nothing was imported: {}", .0.headline())]
    Bad(Findings),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// Imports of the same database take turns.
const TURN: Uuid = uuid!("019a0000-0000-7000-8000-00000000c0de");

/// Takes everything that was read, in one transaction.
///
/// # Errors
/// When a line is bad, or the database fails; then nothing has changed.
pub async fn apply(
    state: &AppState,
    import: &Import,
    catalogue: &Granted<ManagesCatalogue>,
    users: &Granted<ManagesUsers>,
) -> Result<Summary, ImportError> {
    let mut tx = state.db.begin().await?;
    tx.lock(TURN).await?;
    let before = existing(&mut tx).await?;
    let plan = Plan::new(import, before, &|| state.clock.new_id()).map_err(ImportError::Bad)?;
    carry_out(&mut tx, &plan, state, catalogue, users).await?;
    tx.commit().await?;
    state.catalogue.forget();
    Ok(plan.summary)
}

/// What the database holds.
struct Existing {
    catalogue: app::bundle::Catalogue,
    checks: Vec<catalogue::store::Check>,
    rules: Vec<(app::routing::RoutingRule, bool)>,
    accounts: Vec<people::Account>,
    calendars: Vec<Calendar>,
    calendar_in_force: Option<String>,
    working_hours: Option<WorkingHours>,
    policy: Option<Policy>,
}

async fn existing(tx: &mut Tx) -> Result<Existing, db::Error> {
    let (working_hours, policy) = setting::settled(On::Tx(tx)).await?;
    Ok(Existing {
        working_hours,
        policy,
        catalogue: catalogue::store::load_catalogue(On::Tx(tx)).await?,
        checks: catalogue::store::list_checks(&mut On::Tx(tx)).await?,
        rules: catalogue::store::list_rules(&mut On::Tx(tx)).await?,
        accounts: store::list_accounts(tx).await?,
        calendars: catalogue::store::list_calendars(&mut On::Tx(tx)).await?,
        calendar_in_force: setting::calendar_in_force(On::Tx(tx)).await?,
    })
}

async fn carry_out(
    tx: &mut Tx,
    plan: &Plan,
    state: &AppState,
    catalogue: &Granted<ManagesCatalogue>,
    users: &Granted<ManagesUsers>,
) -> Result<(), db::Error> {
    for unit in &plan.units {
        write::put_unit(tx, catalogue, unit).await?;
    }
    for area in &plan.areas {
        write::put_area(tx, catalogue, area).await?;
    }
    for spot_type in &plan.spot_types {
        write::put_spot_type(tx, catalogue, spot_type).await?;
    }
    for clause in &plan.clauses {
        write::put_clause(tx, catalogue, clause).await?;
    }
    for check in &plan.checks {
        write::put_check(tx, catalogue, check).await?;
    }
    for spot in &plan.spots {
        write::put_spot(tx, catalogue, spot).await?;
    }
    for (rule, active) in &plan.rules {
        write::put_rule(tx, catalogue, rule, *active).await?;
    }
    let now = state.clock.now();
    if let Some(calendar) = &plan.calendar {
        setting::update_calendar(tx, catalogue, calendar, now).await?;
    }
    if let Some(hours) = &plan.working_hours {
        setting::update_working_hours(tx, catalogue, hours).await?;
    }
    if let Some(policy) = &plan.policy {
        setting::update_policy(tx, catalogue, policy).await?;
    }
    for account in &plan.accounts {
        store::put_account(tx, users, account, now).await?;
    }
    if plan.changes_catalogue() {
        setting::move_version_on(tx, catalogue).await?;
    }
    Ok(())
}
