//! Restoring: the whole backup is proved, then put into an empty place. Nothing that is there is ever written over.

use super::disk;
use super::manifest::{Manifest, PHOTOS};
use super::postgres::Programs;
use super::prove::{Proof, prove};
use crate::clock::Clock;
use crate::config::Settings;
use crate::db::copy::{Kind, postgres_is_empty, sqlite_file};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};

/// What shows that a photo folder is one that a restore has begun to fill, so that it may be begun again.
const MARK: &str = "this-restore-is-not-finished";

/// Proves a backup and puts it where the settings say. The database comes last: without it, nothing was restored.
///
/// # Errors
/// The first fault of the backup; when the place is not empty; when the disk or the database fails.
pub async fn restore(
    settings: &Settings,
    clock: &Clock,
    dir: &Path,
    programs: &Programs,
) -> Result<(Manifest, Proof)> {
    let target = Target::find(settings, dir).await?;
    let (manifest, proof) = prove(dir, programs, clock.new_id()).await?;
    let (from, told, photos) = (dir.to_owned(), manifest.clone(), PathBuf::from(&settings.photos));
    tokio::task::spawn_blocking(move || put_photos(&from, &told, &photos)).await??;
    let database = dir.join(&manifest.database.file);
    match target {
        Target::File(file) => {
            if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                disk::make_folder(folder)?;
            }
            tokio::task::spawn_blocking(move || disk::copy(&database, &file)).await??;
        }
        Target::Server(schema) => programs.restore(&database, &schema, &settings.database_url).await?,
    }
    std::fs::remove_file(Path::new(&settings.photos).join(MARK)).context("finishing the photo folder")?;
    Ok((manifest, proof))
}

enum Target {
    File(PathBuf),
    Server(String),
}

impl Target {
    /// Where the database goes; everything there must be empty.
    async fn find(settings: &Settings, dir: &Path) -> Result<Self> {
        let manifest = Manifest::find(dir)?;
        let photos = Path::new(&settings.photos);
        let is_empty = std::fs::read_dir(photos).map_or(true, |mut entries| entries.next().is_none());
        ensure!(
            is_empty || photos.join(MARK).is_file(),
            "{} is not empty: move it away, or name another folder with --photos",
            photos.display()
        );
        let engine = Kind::of(&settings.database_url)?;
        if let Some(manifest) = &manifest {
            let (from, to) = (manifest.engine, engine);
            ensure!(from == to, "the backup is of {from:?}, the database URL is of {to:?}");
        }
        if engine == Kind::Sqlite {
            let file = sqlite_file(&settings.database_url)?;
            for end in ["", "-wal", "-shm", "-journal"] {
                let mut path = file.clone().into_os_string();
                path.push(end);
                let path = PathBuf::from(path);
                ensure!(
                    !path.exists(),
                    "{} is there: stop the server and move it away, or name another with --database-url",
                    path.display()
                );
            }
            return Ok(Self::File(file));
        }
        let (is_empty, schema) =
            postgres_is_empty(&settings.database_url).await.context("opening the database")?;
        ensure!(is_empty, "the database is not empty: make a new one and name it with --database-url");
        if let Some(of) = manifest.and_then(|manifest| manifest.postgres_schema) {
            ensure!(of == schema, "the backup is of the schema {of}, the database URL uses {schema}");
        }
        Ok(Self::Server(schema))
    }
}

fn put_photos(dir: &Path, manifest: &Manifest, photos: &Path) -> Result<()> {
    disk::make_folder(photos)?;
    disk::write(&photos.join(MARK), b"")?;
    manifest.each_photo(dir, |name, _| {
        let to = photos.join(name.to_string());
        disk::make_folder(to.parent().context("a photo lies in a folder")?)?;
        disk::copy(&dir.join(PHOTOS).join(name.to_string()), &to)
    })
}
