//! The renditions, as files behind `object_store`: a folder by default.

mod name;
mod shown;

pub use name::{Name, SHARDS, shard};
pub use shown::Shown;

use anyhow::{Context, Result};
use app::id::PhotoId;
use app::photo::PhotoSize;
use app::time::Timestamp;
use axum::body::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, PutPayload};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// What the files of a photo are found by. The moment is part of it, so that a photo that was swept away and is sent
/// again while its old files are being removed does not lose its new ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The photo.
    pub id: PhotoId,
    /// SHA-256 of the bytes that were sent, in hex.
    pub sha256: String,
    /// When it was taken in.
    pub kept_at: Timestamp,
}

/// The folder of files that only prove that the store works; no photo's folder has such a name.
const PROBES: &str = "probe";

/// Both renditions.
pub const SIZES: [PhotoSize; 2] = [PhotoSize::Thumb, PhotoSize::Full];

/// How a JPEG begins and ends: all of ours do, so a file that was cut off does not.
const BEGIN: [u8; 2] = [0xFF, 0xD8];
const END: [u8; 2] = [0xFF, 0xD9];

/// Photos whose lost files are remembered as told; beyond, nothing more is told before a restart.
const TOLD_AT_MOST: usize = 1000;

/// Where the renditions are kept. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    folder: PathBuf,
    /// Photos of which the log has been told that a file is lost.
    told: Arc<Mutex<HashSet<PhotoId>>>,
}

impl Files {
    /// Opens the folder, making it where there is none.
    ///
    /// # Errors
    /// When it cannot be made or used.
    pub fn open(folder: &str) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("making the photo folder {folder}"))?;
        // A phone deletes its copy once it has our answer: files are synced before it is given.
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: PathBuf::from(folder), told: Arc::default() })
    }

    /// Proves that the store keeps, gives back and removes a file.
    ///
    /// # Errors
    /// When it does not.
    pub async fn prove(&self, name: &str) -> Result<()> {
        let path = Path::from_iter([PROBES, name]);
        let told = name.as_bytes().to_vec();
        self.store.put(&path, PutPayload::from(told)).await.context("proving that photos can be kept")?;
        let kept = self.store.get(&path).await?.bytes().await?;
        self.store.delete(&path).await?;
        anyhow::ensure!(kept == name.as_bytes(), "the photo store gave back something else");
        Ok(())
    }

    /// Keeps one rendition. Two uploads that race under one id have other names and never mix.
    ///
    /// # Errors
    /// When the store fails: full, gone, not writable.
    pub async fn put(&self, key: &Key, size: PhotoSize, jpeg: Vec<u8>) -> Result<()> {
        self.store.put(&path(key, size), PutPayload::from(jpeg)).await.context("keeping a photo")?;
        Ok(())
    }

    /// Keeps both renditions, or neither: what was written of them is removed again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put_both(&self, key: &Key, thumb: Vec<u8>, full: Vec<u8>) -> Result<()> {
        // Both to their end: one that was given up on would go on writing behind the removal.
        let (thumb, full) =
            tokio::join!(self.put(key, PhotoSize::Thumb, thumb), self.put(key, PhotoSize::Full, full));
        let kept = thumb.and(full);
        if kept.is_err() {
            self.discard(key).await;
        }
        kept
    }

    /// Reads one rendition whole, at most a few megabytes; `None` when it is not there, or was cut off.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn get(&self, key: &Key, size: PhotoSize) -> Result<Option<Bytes>> {
        match self.store.get(&path(key, size)).await {
            Ok(found) => {
                let jpeg = found.bytes().await.context("reading a photo")?;
                Ok(Some(jpeg).filter(|jpeg| jpeg.starts_with(&BEGIN) && jpeg.ends_with(&END)))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(anyhow::Error::from(error).context("reading a photo")),
        }
    }

    /// One rendition, to be read piece by piece; `None` when it is not there, or was cut off.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn show(&self, key: &Key, size: PhotoSize) -> Result<Option<Shown>> {
        shown::open(&*self.store, &path(key, size)).await
    }

    /// Whether both renditions are there to their end. Reads only the last bytes of each.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn has_both(&self, key: &Key) -> Result<bool> {
        for size in SIZES {
            let path = path(key, size);
            let length = match self.store.head(&path).await {
                Ok(meta) => meta.size,
                Err(object_store::Error::NotFound { .. }) => return Ok(false),
                Err(error) => return Err(anyhow::Error::from(error).context("looking at a photo")),
            };
            let Some(from) = length.checked_sub(2) else { return Ok(false) };
            let end = self.store.get_range(&path, from..length).await.context("looking at a photo")?;
            if end[..] != END {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tells the log that a file is lost, once for each photo.
    pub fn tell_lost(&self, key: &Key) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() < TOLD_AT_MOST && told.insert(key.id) {
            tracing::error!(photo = %key.id, "a photo's file is lost or damaged; bring it back from a backup");
        }
    }

    /// Keeps both renditions of one photo under another id too.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn copy(&self, from: &Key, to: &Key) -> Result<()> {
        for size in SIZES {
            self.store.copy(&path(from, size), &path(to, size)).await.context("copying a photo")?;
        }
        Ok(())
    }

    /// Removes both renditions, the second also where the first fails; that one of them is gone already is no error.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete(&self, key: &Key) -> Result<()> {
        let mut outcome = Ok(());
        for size in SIZES {
            outcome = outcome.and(self.delete_file(&path(key, size)).await);
        }
        outcome
    }

    /// Removes files that no row will name. What fails is told and left to the collector.
    pub async fn discard(&self, key: &Key) {
        if let Err(error) = self.delete(key).await {
            let error = format!("{error:#}");
            tracing::warn!(%error, "files of a refused photo stay for now");
        }
    }

    /// Removes one file; that it is gone already is no error.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete_file(&self, path: &Path) -> Result<()> {
        match self.store.delete(path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(anyhow::Error::from(error).context(format!("removing {path}"))),
        }
    }

    /// The files of one of the [`SHARDS`], as they are found; a temporary file of the store's is not among them.
    pub fn list(
        &self,
        shard: u8,
    ) -> futures_util::stream::BoxStream<'static, object_store::Result<ObjectMeta>> {
        self.store.list(Some(&Path::from(name::folder(shard))))
    }

    /// Where one of the [`SHARDS`] lies on this machine's disk.
    #[must_use]
    pub fn folder(&self, shard: u8) -> PathBuf {
        self.folder.join(name::folder(shard))
    }

    /// Where proofs lie on this machine's disk: one that was cut off leaves its file.
    #[must_use]
    pub fn probes(&self) -> PathBuf {
        self.folder.join(PROBES)
    }

    /// Where a rendition lies on this machine's disk.
    #[must_use]
    pub fn local(&self, name: &Name) -> PathBuf {
        self.folder.join(name.to_string())
    }
}

fn path(key: &Key, size: PhotoSize) -> Path {
    Path::from(Name::new(key, size).to_string())
}
