//! Photos as the API shows them.

use crate::id::PhotoId;
use serde::{Deserialize, Serialize};

/// What the server says of a photo it has taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoAnswer {
    /// Its id.
    pub id: PhotoId,
    /// SHA-256 of the bytes that were sent, in hex.
    pub sha256: String,
    /// Pixels across, upright.
    pub width: u32,
    /// Pixels down, upright.
    pub height: u32,
}

/// Which rendition of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhotoSize {
    /// For lists.
    Thumb,
    /// For looking closely.
    #[default]
    Full,
}
