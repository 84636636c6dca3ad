//! The renditions, as files behind `object_store`: a folder by default.

use anyhow::{Context, Result};
use app::id::PhotoId;
use app::photo::PhotoSize;
use app::time::Timestamp;
use axum::body::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::sync::Arc;

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

/// Where the renditions are kept. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
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
        Ok(Self { store: Arc::new(store) })
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

    /// Reads one rendition; `None` when it is not there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn get(&self, key: &Key, size: PhotoSize) -> Result<Option<Bytes>> {
        match self.store.get(&path(key, size)).await {
            Ok(found) => Ok(Some(found.bytes().await.context("reading a photo")?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(anyhow::Error::from(error).context("reading a photo")),
        }
    }

    /// Keeps both renditions of one photo under another id too.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn copy(&self, from: &Key, to: &Key) -> Result<()> {
        for size in [PhotoSize::Thumb, PhotoSize::Full] {
            self.store.copy(&path(from, size), &path(to, size)).await.context("copying a photo")?;
        }
        Ok(())
    }

    /// Removes both renditions; that one of them is gone already is no error.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete(&self, key: &Key) -> Result<()> {
        for size in [PhotoSize::Thumb, PhotoSize::Full] {
            match self.store.delete(&path(key, size)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(anyhow::Error::from(error).context("removing a photo")),
            }
        }
        Ok(())
    }
}

/// `ab/018f…ab/19c…-0123456789abcdef-full.jpg`: the last byte of a UUIDv7 is random, so folders fill evenly.
fn path(key: &Key, size: PhotoSize) -> Path {
    let id = key.id.0.simple().to_string();
    let size = match size {
        PhotoSize::Thumb => "thumb",
        PhotoSize::Full => "full",
    };
    let name = format!("{:x}-{}-{size}.jpg", key.kept_at.millis(), &key.sha256[..16]);
    Path::from_iter([&id[30..], &id, &name])
}
