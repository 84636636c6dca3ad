//! Photos: where to see them.

use app::id::PhotoId;

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
