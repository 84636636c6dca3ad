//! `spotfix backup`: a consistent copy of everything, made while the server runs.

use crate::backup::create::{Options, create};
use crate::backup::{Manifest, Programs};
use crate::clock::Clock;
use crate::config::{Flags, Settings};
use anyhow::Result;
use std::path::PathBuf;

/// Copies the database and every photo it names into a folder, while the server runs
///
/// The folder must be empty or hold an earlier backup. Photos that the earlier one has are not copied again, and it stays
/// whole until the new one is. A PostgreSQL database is copied by pg_dump; where the database URL has no password,
/// PGPASSWORD and PGPASSFILE are used.
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// The folder for the backup
    dir: PathBuf,
    /// Links photos instead of copying them where both folders are on one disk: quick and small, but lost with that disk
    #[arg(long)]
    hard_link: bool,
    #[command(flatten)]
    programs: ProgramsFlag,
    #[command(flatten)]
    flags: Flags,
}

/// Where PostgreSQL's programs are.
#[derive(Debug, clap::Args)]
pub struct ProgramsFlag {
    /// The folder of pg_dump and pg_restore, where they are not on PATH
    #[arg(long, env = "SPOTFIX_POSTGRES_PROGRAMS", value_name = "DIR")]
    postgres_programs: Option<PathBuf>,
}

impl From<ProgramsFlag> for Programs {
    fn from(flag: ProgramsFlag) -> Self {
        Self { folder: flag.postgres_programs }
    }
}

impl Backup {
    /// Runs the command.
    ///
    /// # Errors
    /// When the folder holds something else, or the database, the photos or the disk fail.
    pub async fn run(self) -> Result<()> {
        let Self { dir, hard_link, programs, flags } = self;
        let settings = Settings::load(flags)?;
        let options = Options { hard_link, programs: programs.into() };
        let made = create(&settings, &Clock::system(), &dir, &options).await?;
        tell_lost(&made.manifest);
        let Manifest { issues, events, photos, photo_files, .. } = made.manifest;
        println!(
            "backed up {issues} issues with {events} events, and {photos} photos in {photo_files} files, {} of them new",
            made.copied
        );
        Ok(())
    }
}

/// Names photo files that were lost before the backup was made.
pub(super) fn tell_lost(manifest: &Manifest) {
    for file in &manifest.lost {
        eprintln!("{file} was lost or damaged before; it is not in the backup");
    }
}
