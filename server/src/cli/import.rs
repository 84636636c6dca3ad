//! `spotfix import`: the catalogue and the accounts from files.

use super::{Operator, open};
use crate::access::Granted;
use crate::config::{Flags, Settings};
use crate::import::{self, ImportError};
use anyhow::{Result, anyhow};
use std::path::PathBuf;

/// Imports units, areas, spot types, clauses, spots, routing rules and users from a folder
///
/// Reads any of units, areas, spot_types, clauses, spot_type_clauses, spots, routing_rules and users, each as .csv or
/// .json, and calendar.json. Rows are known by their code: what exists is updated, what does not is added, nothing is
/// deleted. When a line is bad, every bad line is named and nothing is imported. Accounts come without a password:
/// give them one with `spotfix user passwd`.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The folder with the files
    dir: PathBuf,
    #[command(flatten)]
    flags: Flags,
}

impl Import {
    /// Runs the command.
    ///
    /// # Errors
    /// When a line is bad, having named every one, or the database fails.
    pub async fn run(self) -> Result<()> {
        let files = import::read_dir(&self.dir);
        let state = open(Settings::load(self.flags)?).await?;
        let operator = Operator::at_the_console();
        let (catalogue, users) = (Granted::to_operator(&operator), Granted::to_operator(&operator));
        match import::apply(&state, &files, &catalogue, &users).await {
            Ok(summary) => {
                print!("{summary}");
                Ok(())
            }
            Err(error) => {
                if let ImportError::Bad(bad) = &error {
                    for line in bad.lines() {
                        eprintln!("{line}");
                    }
                }
                Err(anyhow!(error))
            }
        }
    }
}
