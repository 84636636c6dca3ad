//! Making a backup: the database first, as it is at one moment, then every photo that this moment names.

use super::disk;
use super::manifest::{self, DATABASE, FORMAT, LIST, Listed, MANIFEST, Manifest, PHOTOS, Part};
use super::postgres::Programs;
use super::prove::photo_page;
use crate::clock::Clock;
use crate::config::Settings;
use crate::db::copy::{Kind, Snapshot, copy_sqlite, sqlite_file};
use crate::db::query;
use crate::photo::Files;
use crate::photo::files::{Key, Name, SIZES};
use crate::photo::store;
use anyhow::{Context, Result, ensure};
use app::photo::PhotoSize;
use futures_util::{StreamExt, TryStreamExt, stream};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// What shows that a folder is for backups, so that nothing else is ever removed.
pub const MARK: &str = "this-is-a-spotfix-backup";
/// Photos copied at once: a disk syncs several files in the time of one.
const AT_ONCE: usize = 8;

/// How to make it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether photos are linked rather than copied where both are on one disk.
    pub hard_link: bool,
    /// PostgreSQL's programs.
    pub programs: Programs,
}

/// What was made.
#[derive(Debug)]
pub struct Made {
    /// The backup.
    pub manifest: Manifest,
    /// Photo files that are new in it.
    pub copied: u64,
}

/// Makes a backup in an empty folder, or in the place of an earlier one, which stays whole until this one is.
///
/// # Errors
/// When the folder holds something else, another backup is being made in it, or the database, the photos or the disk fail.
pub async fn create(settings: &Settings, clock: &Clock, dir: &Path, options: &Options) -> Result<Made> {
    let _lock = prepare(dir)?;
    let earlier = Manifest::find(dir)?;
    clear(dir, earlier.as_ref())?;
    let made = make(settings, clock, dir, options, earlier.as_ref()).await;
    // Whichever of the two is the backup now: what belongs to neither goes.
    clear(dir, made.as_ref().ok().map(|made| &made.manifest).or(earlier.as_ref()))?;
    let made = made?;
    let listed = made.manifest.listed(dir)?;
    clear_photos(&dir.join(PHOTOS), &listed)?;
    Ok(made)
}

async fn make(
    settings: &Settings,
    clock: &Clock,
    dir: &Path,
    options: &Options,
    earlier: Option<&Manifest>,
) -> Result<Made> {
    let url = settings.database_url.as_str();
    let engine = Kind::of(url)?;
    let (made_at, id) = (clock.now(), clock.new_id().simple());
    let (mut snapshot, database, postgres_schema) = match engine {
        Kind::Sqlite => {
            let live = sqlite_file(url)?;
            ensure!(live.is_file(), "{} is not there", live.display());
            let file = format!("{DATABASE}{id}.sqlite");
            let path = dir.join(&file);
            copy_sqlite(url, &disk::part(&path)).await.context("copying the database")?;
            disk::finish(&path).context("copying the database")?;
            (Snapshot::of_file(&path).await?, file, None)
        }
        Kind::Postgres => {
            let mut snapshot = Snapshot::of_postgres(url).await.context("opening the database")?;
            let moment = snapshot.export().await?;
            let file = format!("{DATABASE}{id}.dump");
            let path = dir.join(&file);
            options.programs.dump(url, &moment, &disk::part(&path)).await?;
            disk::finish(&path).context("copying the database")?;
            (snapshot, file, Some(moment.1))
        }
    };
    let schema = snapshot.schema().await.context("the database is not one of spotfix")?;
    let counts = query(
        "select (select count(*) from issue), (select count(*) from event), (select count(*) from photo)",
    );
    let (issues, events, photos): (i64, i64, i64) = snapshot.fetch_one(counts).await?;

    let list = format!("{LIST}{id}.sha256");
    // Where the earlier list cannot be read, everything is copied anew.
    let known = earlier.and_then(|earlier| earlier.listed(dir).ok()).unwrap_or_default();
    let files = Files::open(&settings.photos)?;
    let copier = Copier { files, known, dir: dir.join(PHOTOS), hard_link: options.hard_link };
    let sum = copier.copy_all(&mut snapshot, &dir.join(&list)).await?;

    let folder = dir.to_owned();
    let parts = tokio::task::spawn_blocking(move || {
        anyhow::Ok((Part::of(&folder, database)?, Part::of(&folder, list)?))
    });
    let (database, photo_list) = parts.await??;
    let manifest = Manifest {
        format: FORMAT,
        spotfix: env!("CARGO_PKG_VERSION").to_owned(),
        engine,
        schema,
        postgres_schema,
        made_at,
        issues: u64::try_from(issues)?,
        events: u64::try_from(events)?,
        photos: u64::try_from(photos)?,
        photo_files: sum.files,
        photo_bytes: sum.bytes,
        lost: sum.lost,
        database,
        photo_list,
    };
    disk::write(&dir.join(MANIFEST), &serde_json::to_vec_pretty(&manifest)?)?;
    Ok(Made { manifest, copied: sum.copied })
}

#[derive(Default)]
struct Sum {
    files: u64,
    bytes: u64,
    copied: u64,
    lost: Vec<String>,
}

/// A file in the backup: its hash and length, and whether it came now.
type Kept = ([u8; 32], u64, bool);

struct Copier {
    files: Files,
    known: Listed,
    dir: PathBuf,
    hard_link: bool,
}

impl Copier {
    /// Copies every photo of the moment and writes the list.
    async fn copy_all(&self, snapshot: &mut Snapshot, list: &Path) -> Result<Sum> {
        disk::make_folder(&self.dir)?;
        let mut out = BufWriter::new(File::create(disk::part(list))?);
        let (mut sum, mut last) = (Sum::default(), Uuid::nil());
        loop {
            let page = photo_page(snapshot, last).await?;
            let Some((id, ..)) = page.last() else { break };
            last = *id;
            let jobs = page.into_iter().flat_map(|(id, sha256, created_at, issue)| {
                let key = store::key((id, sha256, created_at));
                SIZES.map(|size| (key.clone(), size, issue.is_some()))
            });
            let mut done = stream::iter(jobs)
                .map(|(key, size, is_named)| async move {
                    let name = Name::new(&key, size);
                    anyhow::Ok((self.copy(&key, size, &name).await?, name, is_named))
                })
                .buffered(AT_ONCE);
            while let Some((kept, name, is_named)) = done.try_next().await? {
                match kept {
                    Some((sha256, bytes, is_new)) => {
                        out.write_all(manifest::line(&name, &sha256).as_bytes())?;
                        sum.files += 1;
                        sum.bytes += bytes;
                        sum.copied += u64::from(is_new);
                    }
                    // One that no issue names may have been swept away since that moment.
                    None if is_named => sum.lost.push(format!("{PHOTOS}/{name}")),
                    None => {}
                }
            }
        }
        out.into_inner().map_err(|error| error.into_error())?;
        disk::finish(list)?;
        Ok(sum)
    }

    /// Copies a file where it is not yet; `None` when it is lost.
    async fn copy(&self, key: &Key, size: PhotoSize, name: &Name) -> Result<Option<Kept>> {
        let target = self.dir.join(name.to_string());
        if let Some(known) = self.known.get(&manifest::key(name)) {
            let (known, target) = (*known, target.clone());
            let found = tokio::task::spawn_blocking(move || disk::hash(&target)).await?;
            // Photos never change, so what was right stays; what was damaged meanwhile is copied anew.
            if let Ok((bytes, found)) = found
                && found == hex::encode(known)
            {
                return Ok(Some((known, bytes, false)));
            }
        }
        let Some(jpeg) = self.files.get(key, size).await? else { return Ok(None) };
        let link_from = self.hard_link.then(|| self.files.local(name));
        let sha256: [u8; 32] = Sha256::digest(&jpeg).into();
        let length = u64::try_from(jpeg.len())?;
        tokio::task::spawn_blocking(move || {
            disk::make_folder(target.parent().context("a photo lies in a folder")?)?;
            match link_from {
                Some(from) if link(&from, &target).is_ok() => Ok(()),
                _ => disk::write(&target, &jpeg),
            }
        })
        .await??;
        Ok(Some((sha256, length, true)))
    }
}

/// Links a file, where the disk can.
fn link(from: &Path, target: &Path) -> Result<()> {
    let part = disk::part(target);
    std::fs::hard_link(from, &part)?;
    let linked = disk::finish(target);
    // Renaming onto another name of the same file leaves both.
    std::fs::remove_file(part).ok();
    linked
}

/// Makes the folder a backup's if it is empty or was one, and holds it against another backup at the same time.
fn prepare(dir: &Path) -> Result<File> {
    disk::make_folder(dir)?;
    let mark = dir.join(MARK);
    let is_empty = std::fs::read_dir(dir).with_context(|| dir.display().to_string())?.next().is_none();
    ensure!(
        is_empty || mark.is_file(),
        "{} holds something else; name an empty folder, or one with an earlier backup",
        dir.display()
    );
    let lock = File::options().create(true).append(true).open(&mark)?;
    ensure!(lock.try_lock().is_ok(), "another backup is being made in {}", dir.display());
    Ok(lock)
}

/// Removes databases, lists and parts that the backup does not name.
fn clear(dir: &Path, manifest: Option<&Manifest>) -> Result<()> {
    let kept =
        manifest.map(|it| [it.database.file.as_str(), it.photo_list.file.as_str()]).unwrap_or_default();
    for entry in std::fs::read_dir(dir)? {
        let name = entry?.file_name();
        let Some(name) = name.to_str() else { continue };
        let is_ours = name.starts_with(DATABASE) || name.starts_with(LIST) || name.ends_with(disk::PART);
        if is_ours && !kept.contains(&name) {
            std::fs::remove_file(dir.join(name)).with_context(|| format!("removing {name}"))?;
        }
    }
    Ok(())
}

/// Removes photo files that the backup does not list: of photos that were swept away, and parts.
fn clear_photos(photos: &Path, listed: &Listed) -> Result<()> {
    for shard in std::fs::read_dir(photos)?.flatten().filter(|it| it.path().is_dir()) {
        for folder in std::fs::read_dir(shard.path())?.flatten().filter(|it| it.path().is_dir()) {
            for file in std::fs::read_dir(folder.path())?.flatten() {
                let names = [shard.file_name(), folder.file_name(), file.file_name()];
                let path = names.map(|name| name.to_string_lossy().into_owned()).join("/");
                let is_part = path.strip_suffix(disk::PART).is_some_and(|path| Name::parse(path).is_some());
                let is_unlisted =
                    Name::parse(&path).is_some_and(|name| !listed.contains_key(&manifest::key(&name)));
                if is_part || is_unlisted {
                    std::fs::remove_file(file.path()).with_context(|| format!("removing {path}"))?;
                }
            }
            // Refused by the system where anything is in it.
            std::fs::remove_dir(folder.path()).ok();
        }
    }
    Ok(())
}
