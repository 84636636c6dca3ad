//! Whether a backup is what it says: every file to its last byte, the database, each issue's chain, each photo's files.

use super::disk;
use super::manifest::{Listed, MANIFEST, Manifest, PHOTOS, key};
use super::postgres::Programs;
use super::scratch::Scratch;
use crate::db::copy::{Kind, Snapshot};
use crate::db::query;
use crate::photo::files::{Name, SIZES};
use crate::photo::store;
use anyhow::{Context, Result, bail, ensure};
use app::event::Sealed;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use uuid::Uuid;

/// Issues whose chains are read by one statement.
const CHAINS_AT_ONCE: i64 = 200;
/// Photos whose rows are read by one statement.
const PHOTOS_AT_ONCE: i64 = 500;

/// What was proved.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// Issues whose chains are whole.
    pub issues: u64,
    /// Their events.
    pub events: u64,
    /// Photos whose files are here.
    pub photos: u64,
}

/// Proves a backup and names the first fault. Changes nothing.
///
/// # Errors
/// The first fault.
pub async fn prove(dir: &Path, programs: &Programs, id: Uuid) -> Result<(Manifest, Proof)> {
    let manifest = Manifest::find(dir)?
        .with_context(|| format!("{} has no {MANIFEST}: no backup, or an unfinished one", dir.display()))?;
    let newest = manifest.engine.newest_schema()?;
    ensure!(
        manifest.schema <= newest,
        "the backup is of a newer spotfix ({}, schema {}); this one knows schema {newest}",
        manifest.spotfix,
        manifest.schema
    );
    let (folder, told) = (dir.to_owned(), manifest.clone());
    let listed = tokio::task::spawn_blocking(move || files(&folder, &told)).await??;
    let database = dir.join(&manifest.database.file);
    let (_scratch, mut snapshot) = match manifest.engine {
        Kind::Sqlite => (None, Snapshot::of_file(&database).await?),
        Kind::Postgres => {
            let (scratch, snapshot) = Scratch::read(programs, &database, id).await?;
            (Some(scratch), snapshot)
        }
    };
    let verdict = snapshot.integrity().await.context("the database cannot be read")?;
    ensure!(verdict == "ok", "the database is damaged: {verdict}");
    let (issues, events) = chains(&mut snapshot).await?;
    let photos = photos(&mut snapshot, &manifest, &listed).await?;
    let found = (issues, events);
    let told = (manifest.issues, manifest.events);
    ensure!(found == told, "the database has {found:?} issues and events, the manifest says {told:?}");
    Ok((manifest, Proof { issues, events, photos }))
}

/// Every file is what was backed up.
fn files(dir: &Path, manifest: &Manifest) -> Result<Listed> {
    manifest.database.check(dir)?;
    manifest.photo_list.check(dir)?;
    let mut listed = Listed::new();
    manifest.each_photo(dir, |name, sha256| {
        let file = format!("{PHOTOS}/{name}");
        let (_, found) = disk::hash(&dir.join(&file)).with_context(|| file.clone())?;
        ensure!(found == hex::encode(sha256), "{file} is not what was backed up");
        listed.insert(key(&name), sha256);
        Ok(())
    })?;
    Ok(listed)
}

/// Every issue has its chain, whole and to its end, and no event is without its issue.
async fn chains(snapshot: &mut Snapshot) -> Result<(u64, u64)> {
    let (mut last, mut issues, mut events) = (Uuid::nil(), 0, 0);
    loop {
        let page = query("select id, last_seq from issue where id > $1 order by id limit $2");
        let page: Vec<(Uuid, i64)> = snapshot.fetch_all(page.bind(last).bind(CHAINS_AT_ONCE)).await?;
        // After the last issue there may still be events, of issues that are gone.
        let until = page.last().map_or(Uuid::max(), |(id, _)| *id);
        let rows = query(
            "select issue_id, body, hash from event where issue_id > $1 and issue_id <= $2 order by issue_id, seq",
        );
        let rows: Vec<(Uuid, String, String)> = snapshot.fetch_all(rows.bind(last).bind(until)).await?;
        events += rows.len();
        let mut chains: HashMap<Uuid, Vec<(String, String)>> = HashMap::new();
        for (issue, body, hash) in rows {
            chains.entry(issue).or_default().push((body, hash));
        }
        for (id, last_seq) in &page {
            let chain = Sealed::read_chain(chains.remove(id).unwrap_or_default());
            let chain = chain.with_context(|| format!("issue {id}"))?;
            let is_whole = i64::try_from(chain.len()).is_ok_and(|length| length == *last_seq);
            ensure!(is_whole, "issue {id}: {} events where {last_seq} should be", chain.len());
        }
        if let Some(issue) = chains.keys().min() {
            bail!("issue {issue}: its events are here, its row is not");
        }
        issues += page.len();
        if page.is_empty() {
            return Ok((u64::try_from(issues)?, u64::try_from(events)?));
        }
        last = until;
    }
}

/// Every photo has its files here, but those that were lost before and photos that no issue names yet. Such a one may
/// have been swept away while the backup was made; its phone sends it again.
async fn photos(snapshot: &mut Snapshot, manifest: &Manifest, listed: &Listed) -> Result<u64> {
    let lost: HashSet<&str> = manifest.lost.iter().map(String::as_str).collect();
    let (mut last, mut count) = (Uuid::nil(), 0);
    loop {
        let page = photo_page(snapshot, last).await?;
        let Some((id, ..)) = page.last() else { return Ok(count) };
        last = *id;
        for (id, sha256, created_at, issue) in page {
            let key_of_row = store::key((id, sha256, created_at));
            for size in SIZES {
                let name = Name::new(&key_of_row, size);
                let file = format!("{PHOTOS}/{name}");
                let is_here = listed.contains_key(&key(&name)) || lost.contains(file.as_str());
                ensure!(is_here || issue.is_none(), "{file} is named by the database and not in the backup");
            }
            count += 1;
        }
    }
}

/// The next photos by their ids: id, hash, moment, and the issue that names it.
pub(super) async fn photo_page(
    snapshot: &mut Snapshot,
    after: Uuid,
) -> Result<Vec<(Uuid, String, i64, Option<Uuid>)>> {
    let page = query("select id, sha256, created_at, issue_id from photo where id > $1 order by id limit $2");
    Ok(snapshot.fetch_all(page.bind(after).bind(PHOTOS_AT_ONCE)).await?)
}
