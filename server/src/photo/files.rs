//! The renditions, as files behind `object_store`: a folder by default.

use anyhow::{Context, Result};
use app::id::PhotoId;
use app::photo::PhotoSize;
use axum::body::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::sync::Arc;

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

    /// Keeps one rendition. The name holds the hash of what was sent: two uploads that race under one id never mix.
    ///
    /// # Errors
    /// When the store fails: full, gone, not writable.
    pub async fn put(&self, id: PhotoId, sha256: &str, size: PhotoSize, jpeg: Vec<u8>) -> Result<()> {
        self.store.put(&path(id, sha256, size), PutPayload::from(jpeg)).await.context("keeping a photo")?;
        Ok(())
    }

    /// Reads one rendition; `None` when it is not there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn get(&self, id: PhotoId, sha256: &str, size: PhotoSize) -> Result<Option<Bytes>> {
        match self.store.get(&path(id, sha256, size)).await {
            Ok(found) => Ok(Some(found.bytes().await.context("reading a photo")?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(anyhow::Error::from(error).context("reading a photo")),
        }
    }

    /// Keeps both renditions of one photo under another id too.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn copy(&self, from: PhotoId, to: PhotoId, sha256: &str) -> Result<()> {
        for size in [PhotoSize::Thumb, PhotoSize::Full] {
            self.store
                .copy(&path(from, sha256, size), &path(to, sha256, size))
                .await
                .context("copying a photo")?;
        }
        Ok(())
    }

    /// Removes both renditions; that one of them is gone already is no error.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete(&self, id: PhotoId, sha256: &str) -> Result<()> {
        for size in [PhotoSize::Thumb, PhotoSize::Full] {
            match self.store.delete(&path(id, sha256, size)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(anyhow::Error::from(error).context("removing a photo")),
            }
        }
        Ok(())
    }
}

/// `ab/018f…ab/0123456789abcdef-full.jpg`: the last byte of a UUIDv7 is random, so folders fill evenly.
fn path(id: PhotoId, sha256: &str, size: PhotoSize) -> Path {
    let id = id.0.simple().to_string();
    let size = match size {
        PhotoSize::Thumb => "thumb",
        PhotoSize::Full => "full",
    };
    Path::from_iter([&id[30..], &id, &format!("{}-{size}.jpg", &sha256[..16])])
}
