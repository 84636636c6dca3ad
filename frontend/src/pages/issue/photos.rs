//! Photos that are on the server.

use app::id::PhotoId;

use crate::api;
use crate::components::{Photo, PhotoState};

/// Photos to show; `alt` says what is to be seen.
#[must_use]
pub fn photos(ids: &[PhotoId], alt: &str) -> Vec<Photo> {
    ids.iter()
        .map(|id| Photo {
            id: id.to_string(),
            thumb: api::photo::thumb(*id),
            full: api::photo::full(*id),
            alt: alt.to_owned(),
            state: PhotoState::Ready,
        })
        .collect()
}
