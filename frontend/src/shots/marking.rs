//! The photos of a form as they are sent: with time, spot and hash written into them.

use app::id::UserId;
use uuid::Uuid;

use super::{Shot, keep};
use crate::api;
use crate::device;
use crate::device::photo::Watermark;
use crate::fmt;
use crate::outbox::{self, Meta, Source, Trouble};

/// Photos of a form as they were when it was sent.
#[derive(Debug)]
pub struct Unfinished {
    pub(super) owner: Option<(UserId, Uuid)>,
    pub(super) shots: Vec<Shot>,
}

/// Writes time, spot and hash on every photo that has not got them yet, as they are sent.
///
/// # Errors
/// When one could not be written; those before it are done, and are not done again.
pub async fn finish(photos: Unfinished, spot: &str) -> Result<(), Trouble> {
    let Some(owner) = photos.owner else { return Ok(()) };
    let kept = outbox::list_photos(owner.1).await?;
    for shot in photos.shots {
        // What an attempt before this one has marked is not marked twice, unless it belongs to another spot now.
        let meta = kept.iter().find(|it| it.id == shot.id).map(|it| &it.meta);
        let marked = meta.and_then(|meta| meta.shot_sha256.clone());
        let is_right = meta.is_some_and(|meta| meta.marked_spot.as_deref().is_none_or(|it| it == spot));
        if shot.sha256.is_empty() || (marked.is_some() && is_right) {
            continue;
        }
        let bytes = outbox::photo_bytes(&shot.id.to_string()).await.map_err(outbox::trouble)?;
        if bytes.is_null() {
            return Err(Trouble::Failed("a photo is no longer on this phone".to_owned()));
        }
        let is_again = marked.is_some();
        let original = marked.unwrap_or(shot.sha256);
        let skew = if shot.meta.source == Source::Camera { api::last_skew() } else { 0 };
        let mark = Watermark {
            // What nobody knows is not written. The camera's time is by a clock that may be wrong.
            time: shot.meta.captured_at.map(|at| fmt::stamp(at.millis() - skew)).unwrap_or_default(),
            spot: spot.to_owned(),
            hash: original.chars().take(8).collect(),
            is_again,
        };
        let picture = device::photo::finish(&bytes, &mark).await.map_err(outbox::trouble)?;
        let meta = Meta { shot_sha256: Some(original), marked_spot: Some(spot.to_owned()), ..shot.meta };
        keep(shot.id, owner, &picture, meta).await?;
    }
    Ok(())
}
