//! Taking a photo in: developed, its files synced, its row committed; or answered as before, if it came before.

use crate::AppState;
use crate::access::{Granted, SendsPhotos};
use crate::crew::turns::Turn;
use crate::db;
use crate::error::{Error, Result};
use crate::photo::files::Key;
use crate::photo::pipeline::Processed;
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

/// A photo as it was sent.
#[derive(Debug)]
pub struct Sent {
    /// The bytes.
    pub bytes: Bytes,
    /// The turn at the memory, which is given back once the photo is developed.
    pub turn: Option<Turn<UserId>>,
}

impl From<Bytes> for Sent {
    /// For programs, which send one after the other.
    fn from(bytes: Bytes) -> Self {
        Self { bytes, turn: None }
    }
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
/// `id_taken`; what the pipeline refuses. A photo that is refused leaves no file behind.
pub async fn receive(
    state: &AppState,
    granted: Granted<SendsPhotos>,
    id: PhotoId,
    sender: Sender<'_>,
    sent: impl Into<Sent>,
) -> Result<Received> {
    let Sender { uploader, shot, skew } = sender;
    let Sent { bytes, turn } = sent.into();
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let known = store::find_kept(&state.db, id, &granted).await?;
    if let Some(kept) = &known {
        if !kept.is_same(uploader, &sha256) {
            return Err(Code::IdTaken.into());
        }
        if state.files.has_both(&kept.key()).await? {
            return Ok(Received { answer: kept.clone().answer(), is_new: false });
        }
    }
    let length = bytes.len();
    let photo = state.darkroom.develop(uploader, bytes).await?;
    drop(turn);
    if let Some(kept) = known {
        return bring_back(state, kept, photo).await;
    }
    let (state, shot) = (state.clone(), shot.clone());
    // A task of its own: whoever hangs up now does not leave files without their row.
    let keeping = async move {
        let key = Key { id, sha256, kept_at: state.clock.now() };
        let arrival = Arrival { uploader, at: key.kept_at, bytes: length, shot: &shot, skew };
        keep(&state, &granted, &key, arrival, photo).await
    };
    tokio::spawn(keeping).await?
}

/// Writes the files anew of a photo that was known and has lost one. The same bytes make the same pictures.
async fn bring_back(state: &AppState, kept: Kept, photo: Processed) -> Result<Received> {
    let key = kept.key();
    tracing::warn!(photo = %key.id, "a photo whose file was lost came again and is written anew");
    // Each by itself, and neither is taken back: what is there belongs to a row.
    state.files.put(&key, PhotoSize::Thumb, photo.thumb.jpeg).await?;
    state.files.put(&key, PhotoSize::Full, photo.full.jpeg).await?;
    Ok(Received { answer: kept.answer(), is_new: false })
}

/// Files first, then the row: a row whose files are not there would be a promise that was not kept.
async fn keep(
    state: &AppState,
    granted: &Granted<SendsPhotos>,
    key: &Key,
    arrival: Arrival<'_>,
    mut photo: Processed,
) -> Result<Received> {
    let (thumb, full) = (std::mem::take(&mut photo.thumb.jpeg), std::mem::take(&mut photo.full.jpeg));
    state.files.put_both(key, thumb, full).await?;
    let uploader = arrival.uploader;
    let written = match write(state, granted, key.id, arrival, &photo).await {
        Ok(is_new) => Ok(is_new),
        Err((never_was, error)) => {
            if never_was {
                state.files.discard(key).await;
            }
            Err(error)
        }
    };
    if written? {
        let (width, height) = (photo.width, photo.height);
        let answer = PhotoAnswer { id: key.id, sha256: key.sha256.clone(), width, height };
        return Ok(Received { answer, is_new: true });
    }
    let kept = store::find_kept(&state.db, key.id, granted).await?.ok_or(Code::Internal)?;
    if kept.key() != *key {
        // Somebody was quicker: these files belong to nothing.
        state.files.discard(key).await;
    }
    if kept.is_same(uploader, &key.sha256) {
        Ok(Received { answer: kept.answer(), is_new: false })
    } else {
        Err(Code::IdTaken.into())
    }
}

/// Commits the row; `false` when the id was taken meanwhile. An error says whether the row surely is not there. Where
/// the database went away amid the commit nobody knows; the files then wait for the collector.
async fn write(
    state: &AppState,
    granted: &Granted<SendsPhotos>,
    id: PhotoId,
    arrival: Arrival<'_>,
    photo: &Processed,
) -> Result<bool, (bool, Error)> {
    let before = |error: db::Error| (true, Error::from(error));
    let mut tx = state.db.begin().await.map_err(before)?;
    if !store::create(&mut tx, id, photo, arrival, granted).await.map_err(before)? {
        return Ok(false);
    }
    let Err(error) = tx.commit().await else { return Ok(true) };
    let was_refused = error.as_database_error().is_some();
    let is_there = store::find_kept(&state.db, id, granted).await;
    Err((was_refused && matches!(is_there, Ok(None)), error.into()))
}
