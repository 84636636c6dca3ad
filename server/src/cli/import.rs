//! `spotfix import`: the catalogue and the accounts from files, and a workbook to fill.

use super::{Operator, open};
use crate::access::Granted;
use crate::config::{Flags, Settings};
use crate::import::{self, Findings, ImportError};
use anyhow::{Context, Result, anyhow};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Imports units, areas, spot types, clauses, check lists, spots, routing rules, users and settings from a folder
///
/// Reads any of units, areas, spot_types, clauses, spot_type_clauses, spots, routing_rules and users, each as .xlsx,
/// .csv or .json. Reads any workbook whose sheets have these names, too, and calendar.json, working_hours.json and
/// policy.json. What exists is updated, what does not is added, nothing is deleted. When something is wrong, nothing is
/// imported, and the first 200 faults are named. Accounts come without a password: give them one with `spotfix user
/// passwd`.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The folder with the files, or one file
    #[arg(required_unless_present = "template", conflicts_with = "template")]
    dir: Option<PathBuf>,
    /// Write a workbook to fill instead, with a sheet for each table
    #[arg(long, value_name = "FILE.xlsx")]
    template: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
}

impl Import {
    /// Runs the command.
    ///
    /// # Errors
    /// When a line is bad, having named every one, the database fails, or the template cannot be written.
    pub async fn run(self) -> Result<()> {
        if let Some(file) = &self.template {
            return write_template(file).with_context(|| file.display().to_string());
        }
        let files = import::read_dir(&self.dir.unwrap_or_default());
        let state = open(Settings::load(self.flags)?).await?;
        let operator = Operator::at_the_console();
        let (catalogue, users) = (Granted::to_operator(&operator), Granted::to_operator(&operator));
        match import::apply(&state, &files, &catalogue, &users).await {
            Ok(summary) => {
                note(&summary.notes);
                print!("{summary}");
                Ok(())
            }
            Err(error) => {
                note(files.notes());
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

fn note(notes: &Findings) {
    for line in notes.lines() {
        eprintln!("warning: {line}");
    }
    let more = notes.count() - notes.lines().len();
    if more > 0 {
        eprintln!("warning: {more} more like these");
    }
}

/// Never over a file that is there: it may have been filled.
fn write_template(file: &Path) -> Result<()> {
    let bytes = import::template()?;
    let mut file = std::fs::File::create_new(file)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(())
}
