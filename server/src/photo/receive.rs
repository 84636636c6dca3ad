//! Taking a photo in: developed, its files synced, its row committed; or answered as before, if it came before.

use crate::AppState;
use crate::access::{Granted, SendsPhotos};
use crate::error::Result;
use crate::photo::files::Key;
use crate::photo::store::{self, Arrival, Kept};
use app::device_time::Skew;
use app::id::{PhotoId, UserId};
use app::photo::{PhotoAnswer, PhotoSize, Shot};
use app::problem::Code;
use axum::body::Bytes;
use sha2::{Digest, Sha256};

/// Whoever sends a photo, and what the device tells of it.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    /// The person.
    pub uploader: UserId,
    /// What the device tells of the photo; checked.
    pub shot: &'a Shot,
    /// How far the device's clock is ahead of ours, where it told.
    pub skew: Option<Skew>,
}

/// What came of it.
#[derive(Debug)]
pub struct Received {
    /// What the sender is told.
    pub answer: PhotoAnswer,
    /// Whether it came now; `false` when it had come before.
    pub is_new: bool,
}

/// Takes a photo in. The same bytes under the same id by the same person are answered again, whatever is told of them;
/// others are refused.
///
/// # Errors
/// `id_taken`; what the pipeline refuses.
pub async fn receive(
    state: &AppState,
    granted: &Granted<SendsPhotos>,
    id: PhotoId,
    sender: Sender<'_>,
    bytes: Bytes,
) -> Result<Received> {
    let Sender { uploader, shot, skew } = sender;
    let sha256 = hex::encode(Sha256::digest(&bytes));
    if let Some(kept) = store::find_kept(&state.db, id, granted).await? {
        return again(kept, uploader, &sha256);
    }
    let length = bytes.len();
    let mut photo = state.darkroom.develop(bytes).await?;
    let key = Key { id, sha256: sha256.clone(), kept_at: state.clock.now() };
    let (thumb, full) = (std::mem::take(&mut photo.thumb.jpeg), std::mem::take(&mut photo.full.jpeg));
    tokio::try_join!(
        state.files.put(&key, PhotoSize::Thumb, thumb),
        state.files.put(&key, PhotoSize::Full, full),
    )?;
    let mut tx = state.db.begin().await?;
    let arrival = Arrival { uploader, at: key.kept_at, bytes: length, shot, skew };
    if store::create(&mut tx, id, &photo, arrival, granted).await? {
        tx.commit().await?;
    } else {
        drop(tx);
        let kept = store::find_kept(&state.db, id, granted).await?.ok_or(Code::Internal)?;
        if kept.key() != key {
            // Somebody was quicker: these files belong to nothing.
            state.files.delete(&key).await?;
        }
        return again(kept, uploader, &sha256);
    }
    let answer = PhotoAnswer { id, sha256, width: photo.width, height: photo.height };
    Ok(Received { answer, is_new: true })
}

fn again(kept: Kept, uploader: UserId, sha256: &str) -> Result<Received> {
    if kept.is_same(uploader, sha256) {
        Ok(Received { answer: kept.answer(), is_new: false })
    } else {
        Err(Code::IdTaken.into())
    }
}
