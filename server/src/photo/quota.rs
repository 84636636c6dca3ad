//! How much one account may send in a day, so that one person's phone cannot fill the disk for everybody.

use crate::AppState;
use crate::access::{Granted, SendsPhotos};
use crate::error::Result;
use crate::photo::store;
use app::id::{PhotoId, UserId};
use app::photo::Quota;
use app::problem::{Code, Problem};

/// Whether this account may send a photo of so many bytes now. One that came before may come again: it takes no room.
///
/// # Errors
/// `quota_exceeded` with the seconds until the next business day.
pub async fn check(
    state: &AppState,
    granted: &Granted<SendsPhotos>,
    uploader: UserId,
    id: PhotoId,
    bytes: u64,
) -> Result<()> {
    let quota = Quota { photos: state.settings.photos_per_day, bytes: state.settings.photo_bytes_per_day };
    let now = state.clock.now();
    let sent = store::sum_sent(&state.db, uploader, Quota::day_of(now), granted).await?;
    if quota.has_room(sent, bytes) || store::find_kept(&state.db, id, granted).await?.is_some() {
        return Ok(());
    }
    Err(Problem::new(Code::QuotaExceeded).with_retry_after_s(Quota::seconds_to_next_day(now)).into())
}
