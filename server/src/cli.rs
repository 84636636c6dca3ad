//! The command line: what an operator does without a browser. One file per command.

pub mod backup;
pub mod demo;
pub mod due;
pub mod import;
pub mod import_outbox;
pub mod lang;
pub mod restore;
pub mod route;
pub mod serve;
pub mod simulate;
pub mod user;

use crate::AppState;
use crate::clock::Clock;
use crate::config::Settings;
use crate::db::Db;
use anyhow::{Context, Result};

/// Whoever started the binary. Commands are granted everything through it; nothing outside this module can make one.
#[derive(Debug)]
pub struct Operator(());

impl Operator {
    /// For the test suites, which set their scenes as an operator would.
    #[cfg(feature = "testing")]
    #[must_use]
    pub const fn for_tests() -> Self {
        Self(())
    }

    pub(crate) const fn at_the_console() -> Self {
        Self(())
    }
}

/// Opens the database, brings it up to date and puts together what every command works with.
async fn open(settings: Settings) -> Result<AppState> {
    let db = Db::connect(&settings.database_url).await.with_context(|| {
        // Never the whole URL: it may hold a password.
        let scheme = settings.database_url.split(':').next().unwrap_or_default();
        format!("opening the {scheme} database")
    })?;
    db.migrate().await.context("bringing the database up to date")?;
    AppState::new(db, Clock::system(), settings)
}
