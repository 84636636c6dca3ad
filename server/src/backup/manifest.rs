//! What a backup holds, as its `manifest.json` and its list of photo files say it.

use super::disk;
use crate::db::copy::Kind;
use crate::photo::files::Name;
use anyhow::{Context, Result, bail, ensure};
use app::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// The form of this file. A later one is refused.
pub const FORMAT: u32 = 1;
/// The file that makes a backup one.
pub const MANIFEST: &str = "manifest.json";
/// The folder of the photos.
pub const PHOTOS: &str = "photos";
/// How the name of a database's copy begins.
pub const DATABASE: &str = "database-";
/// How the name of a list of photo files begins.
pub const LIST: &str = "photos-";

/// A backup, told in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of this file.
    pub format: u32,
    /// The version of the binary that made it.
    pub spotfix: String,
    /// The engine of the database.
    pub engine: Kind,
    /// The newest migration in the database.
    pub schema: i64,
    /// On PostgreSQL the schema that holds the tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postgres_schema: Option<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// How many issues the database has.
    pub issues: u64,
    /// How many events.
    pub events: u64,
    /// How many photos it names.
    pub photos: u64,
    /// How many files these have here.
    pub photo_files: u64,
    /// The bytes of all photo files.
    pub photo_bytes: u64,
    /// Files of issues' photos that were lost or damaged when the backup was made.
    pub lost: Vec<String>,
    /// The database's copy.
    pub database: Part,
    /// The list of the photo files.
    pub photo_list: Part,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name in the folder.
    pub file: String,
    /// How long it is, bytes.
    pub bytes: u64,
    /// SHA-256, in hex.
    pub sha256: String,
}

/// SHA-256 of photo files, by [`key`] of their names.
pub type Listed = HashMap<u128, [u8; 32]>;

/// What a file is found by in [`Listed`]: far shorter than its name.
#[must_use]
pub fn key(name: &Name) -> u128 {
    let hash: [u8; 32] = Sha256::digest(name.to_string()).into();
    hash[..16].iter().fold(0, |key, byte| key << 8 | u128::from(*byte))
}

/// A line of the list, as `sha256sum` writes and checks it.
#[must_use]
pub fn line(name: &Name, sha256: &[u8; 32]) -> String {
    format!("{}  {PHOTOS}/{name}\n", hex::encode(sha256))
}

impl Manifest {
    /// Reads the manifest of a folder; `None` where there is none.
    ///
    /// # Errors
    /// When it cannot be read, is of a later form, or names files that are not a backup's.
    pub fn find(dir: &Path) -> Result<Option<Self>> {
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let path = dir.join(MANIFEST);
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            text => text.with_context(|| path.display().to_string())?,
        };
        let form: Form = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        ensure!(
            form.format <= FORMAT,
            "{}: form {} was written by a newer spotfix; use that one",
            path.display(),
            form.format
        );
        let manifest: Self = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        let is_plain = |file: &str, begin: &str| {
            file.starts_with(begin)
                && !file.starts_with('.')
                && file.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
        };
        let (database, list) = (&manifest.database.file, &manifest.photo_list.file);
        ensure!(
            is_plain(database, DATABASE) && is_plain(list, LIST),
            "{} names files that no backup has",
            path.display()
        );
        Ok(Some(manifest))
    }

    /// Reads the list of photo files, giving each to `each`.
    ///
    /// # Errors
    /// When it cannot be read, has a line that is not one, or `each` fails.
    pub fn each_photo(&self, dir: &Path, mut each: impl FnMut(Name, [u8; 32]) -> Result<()>) -> Result<()> {
        let path = dir.join(&self.photo_list.file);
        let file = File::open(&path).with_context(|| path.display().to_string())?;
        for (at, text) in BufReader::new(file).lines().enumerate() {
            let text = text.with_context(|| path.display().to_string())?;
            let Some((name, sha256)) = read_line(&text) else {
                bail!("{}: line {} names no photo file", path.display(), at + 1)
            };
            each(name, sha256)?;
        }
        Ok(())
    }

    /// The whole list.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn listed(&self, dir: &Path) -> Result<Listed> {
        let mut listed = Listed::new();
        self.each_photo(dir, |name, sha256| {
            listed.insert(key(&name), sha256);
            Ok(())
        })?;
        Ok(listed)
    }
}

fn read_line(text: &str) -> Option<(Name, [u8; 32])> {
    let (sha256, path) = text.split_once("  ")?;
    let name = Name::parse(path.strip_prefix(PHOTOS)?.strip_prefix('/')?)?;
    Some((name, hex::decode(sha256).ok()?.try_into().ok()?))
}

impl Part {
    /// A finished file of a backup.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(dir: &Path, file: String) -> Result<Self> {
        let (bytes, sha256) = disk::hash(&dir.join(&file)).with_context(|| file.clone())?;
        Ok(Self { file, bytes, sha256 })
    }

    /// Whether the file is what was backed up.
    ///
    /// # Errors
    /// When it is not.
    pub fn check(&self, dir: &Path) -> Result<()> {
        let found = Self::of(dir, self.file.clone())?;
        ensure!(found == *self, "{} is not what was backed up", self.file);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_lead_elsewhere_are_not_read() {
        let hash = "00".repeat(32);
        let good =
            format!("{hash}  photos/ab/019000000000700080000000000000ab/19c-0123456789abcdef-full.jpg");
        let (name, sha256) = read_line(&good).expect("a line of ours");
        assert_eq!(line(&name, &sha256), format!("{good}\n"));
        for other in [
            good.replace("photos/", "photos/../"),
            good.replace("photos/", "/"),
            good.replace("photos/ab", "photos/ac"),
            good.replacen("00", "0", 1),
            String::new(),
        ] {
            assert!(read_line(&other).is_none(), "{other}");
        }
    }
}
