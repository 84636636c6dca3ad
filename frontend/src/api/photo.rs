//! Photos: sending one, and where to see it.

use app::id::PhotoId;
use app::photo::PhotoAnswer;

use super::{Answer, put_bytes};

/// Sends a photo; with the same id it can be sent again until an answer arrives.
///
/// # Errors
/// `not_an_image`, `too_many_pixels`, `payload_too_large`, `id_taken`.
pub async fn send(id: PhotoId, bytes: &web_sys::Blob) -> Answer<PhotoAnswer> {
    let kind = bytes.type_();
    put_bytes(&format!("/api/photos/{id}"), &kind, bytes).await
}

/// The address of the small picture, for lists.
#[must_use]
pub fn thumb(id: PhotoId) -> String {
    format!("/api/photos/{id}?size=thumb")
}

/// The address of the whole picture.
#[must_use]
pub fn full(id: PhotoId) -> String {
    format!("/api/photos/{id}?size=full")
}
