//! Photos that no report and no step ever named are removed after a day. Files that belong to no photo are collected: what
//! a kill, a hang-up or a failed removal left behind.

use crate::AppState;
use crate::error::Result;
use crate::photo::files::{Name, SHARDS, SIZES};
use crate::photo::store;
use app::time::{DAY, HOUR, Timestamp};
use futures_util::TryStreamExt;
use object_store::ObjectMeta;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// How long a photo may wait for the report that names it. A phone that comes back later sends it again.
const ORPHANED_AFTER: i64 = DAY;

/// How old a file without a row must be. A photo's row follows its files within minutes; a day also covers processes
/// whose clocks differ by hours.
const STRAY_AFTER: i64 = DAY;

/// Files about which the database is asked by one statement.
const BATCH: usize = 500;

/// Folders that are looked through in an hour: all of them come round in a day, and none takes long.
const SHARDS_AN_HOUR: i64 = 11;

/// What a sweep removed, and what it could not remove.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// Photos, or files where files were collected.
    pub removed: usize,
    /// Those whose files stay for now: the collector tries again.
    pub failed: usize,
}

impl Swept {
    /// Counts one; the first that fails is told with its reason.
    fn count(&mut self, outcome: anyhow::Result<()>) {
        let Err(error) = outcome else {
            self.removed += 1;
            return;
        };
        if self.failed == 0 {
            let error = format!("{error:#}");
            tracing::warn!(%error, "a file cannot be removed; it is tried again");
        }
        self.failed += 1;
    }

    fn add(&mut self, other: Self) {
        self.removed += other.removed;
        self.failed += other.failed;
    }
}

/// Removes orphans. The row goes first: a file that stays behind harms nobody, a row without its file would.
///
/// # Errors
/// When the database fails. A file that cannot be removed holds up no other.
pub async fn sweep(state: &AppState) -> Result<Swept> {
    let orphans = store::delete_orphans(&state.db, state.clock.now().plus(-ORPHANED_AFTER)).await?;
    let mut swept = Swept::default();
    for key in &orphans {
        swept.count(state.files.delete(key).await);
    }
    Ok(swept)
}

/// Collects the folders whose turn it is in this hour. The hour alone decides, so that nothing has to be remembered.
///
/// # Errors
/// When the database fails or the store cannot be listed.
pub async fn collect_some(state: &AppState) -> Result<Swept> {
    let first = state.clock.now().millis().div_euclid(HOUR) * SHARDS_AN_HOUR;
    let shards = i64::try_from(SHARDS).unwrap_or(i64::MAX);
    let turn = (first..first + SHARDS_AN_HOUR).filter_map(|at| u8::try_from(at.rem_euclid(shards)).ok());
    let mut swept = collect(state, turn).await?;
    let (probes, before) = (state.files.probes(), state.clock.now().plus(-STRAY_AFTER));
    swept.add(tokio::task::spawn_blocking(move || collect_probes(&probes, before)).await?);
    Ok(swept)
}

/// Removes files of these folders that belong to no photo and are older than a day. What is not named as we name files
/// is left alone.
///
/// # Errors
/// When the database fails or the store cannot be listed.
pub async fn collect(state: &AppState, shards: impl IntoIterator<Item = u8>) -> Result<Swept> {
    let mut swept = Swept::default();
    let before = state.clock.now().plus(-STRAY_AFTER);
    for shard in shards {
        let mut listed = state.files.list(shard).try_chunks(BATCH);
        while let Some(files) = listed.try_next().await.map_err(|failed| anyhow::Error::from(failed.1))? {
            swept.add(collect_batch(state, &files, before).await?);
        }
        let folder = state.files.folder(shard);
        let temporary = tokio::task::spawn_blocking(move || collect_temporary(&folder, before)).await?;
        swept.add(temporary);
    }
    Ok(swept)
}

/// Removes those of the files that are old and that no row names.
async fn collect_batch(state: &AppState, files: &[ObjectMeta], before: Timestamp) -> Result<Swept> {
    let is_old = |file: &ObjectMeta, name: &Name| {
        name.kept_at < before && Timestamp::from_millis(file.last_modified.timestamp_millis()) < before
    };
    let old: Vec<(&ObjectMeta, Name)> = files
        .iter()
        .filter_map(|file| Some((file, Name::parse(file.location.as_ref())?)))
        .filter(|(file, name)| is_old(file, name))
        .collect();
    if old.is_empty() {
        return Ok(Swept::default());
    }
    let ids: HashSet<_> = old.iter().map(|(_, name)| name.id).collect();
    let keys = store::find_keys(&state.db, ids).await?;
    let named: HashSet<Name> = keys.iter().flat_map(|key| SIZES.map(|size| Name::new(key, size))).collect();
    let mut swept = Swept::default();
    for (file, _) in old.iter().filter(|(_, name)| !named.contains(name)) {
        swept.count(state.files.delete_file(&file.location).await);
    }
    Ok(swept)
}

/// Removes what the store was writing when it was cut off, which it hides from lists, and folders that are empty.
fn collect_temporary(shard: &Path, before: Timestamp) -> Swept {
    let mut swept = Swept::default();
    for folder in entries(shard).filter(|folder| folder.is_dir()) {
        for file in entries(&folder).filter(|file| is_temporary(file) && is_older(file, before)) {
            swept.count(remove(&file));
        }
        if is_older(&folder, before) {
            // Refused by the system where anything is in it.
            std::fs::remove_dir(&folder).ok();
        }
    }
    swept
}

/// Removes what a proof of the store left when it was cut off.
fn collect_probes(folder: &Path, before: Timestamp) -> Swept {
    let mut swept = Swept::default();
    for file in entries(folder).filter(|file| file.is_file() && is_older(file, before)) {
        swept.count(remove(&file));
    }
    swept
}

fn remove(file: &Path) -> anyhow::Result<()> {
    std::fs::remove_file(file).map_err(|error| anyhow::anyhow!("removing {}: {error}", file.display()))
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    // A folder that is not there has nothing in it.
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

/// `…-full.jpg#1`: one of our names with a number of the store's behind it.
fn is_temporary(file: &Path) -> bool {
    let mut parts = file.components().rev().filter_map(|part| part.as_os_str().to_str());
    let (Some(last), Some(id), Some(shard)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let Some((name, number)) = last.rsplit_once('#') else { return false };
    let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    is_number && Name::parse(&format!("{shard}/{id}/{name}")).is_some()
}

/// Whether it was changed last before the moment; what cannot be looked at is not.
fn is_older(path: &Path, before: Timestamp) -> bool {
    let changed = path.symlink_metadata().and_then(|meta| meta.modified()).ok();
    let since = changed.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let millis = since.and_then(|since| i64::try_from(since.as_millis()).ok());
    millis.is_some_and(|millis| Timestamp::from_millis(millis) < before)
}
