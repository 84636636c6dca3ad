//! `spotfix restore`: a backup is proved, and put into an empty place.

use super::backup::{ProgramsFlag, tell_lost};
use crate::backup::{Programs, prove, restore};
use crate::clock::Clock;
use crate::config::{Flags, Settings};
use anyhow::Result;
use std::path::PathBuf;

/// Proves a backup and restores it into an empty database and an empty photo folder
///
/// Proved are every file by its SHA-256, the database, the chain of events of each issue and the files of each photo; the
/// first fault is named, and nothing is restored then. Nothing that is there is written over.
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The folder with the backup
    dir: PathBuf,
    /// Only proves the backup
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    programs: ProgramsFlag,
    #[command(flatten)]
    flags: Flags,
}

impl Restore {
    /// Runs the command.
    ///
    /// # Errors
    /// The first fault of the backup; when the place is not empty; when the disk or the database fails.
    pub async fn run(self) -> Result<()> {
        let Self { dir, check, programs, flags } = self;
        let (programs, clock) = (Programs::from(programs), Clock::system());
        let settings = Settings::load(flags)?;
        let (manifest, proof) = if check {
            prove(&dir, &programs, clock.new_id()).await?
        } else {
            restore(&settings, &clock, &dir, &programs).await?
        };
        tell_lost(&manifest);
        let done = if check { "proved" } else { "restored" };
        println!(
            "{done} {} issues with {} events, and {} photos, of {}",
            proof.issues, proof.events, proof.photos, manifest.made_at
        );
        Ok(())
    }
}
