//! Photos as they are kept on the phone, with what is known of their making.

use app::id::{PhotoId, UserId};
use app::spot::{Location, LocationSource};
use app::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a photo came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The viewfinder of this page.
    Camera,
    /// A file that was chosen.
    Gallery,
}

/// What is told of a photo beside its bytes: the parameters it is sent with.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Meta {
    /// The device's time at the shutter, or what the file of a chosen one says; missing where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captured_at: Option<Timestamp>,
    /// Where the device was at the shutter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lng: Option<f64>,
    /// Where the device was at the shutter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// How well that is known, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// The place is what the file says, not what the device found.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_file_place: bool,
    /// Where it came from.
    pub source: Source,
    /// SHA-256 of the picture before the watermark; absent until that is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shot_sha256: Option<String>,
    /// The spot that the watermark names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked_spot: Option<String>,
    /// The photo of which this is a copy with something drawn on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<PhotoId>,
}

impl Meta {
    /// A photo taken then, nobody knows where.
    #[must_use]
    pub const fn new(captured_at: Option<Timestamp>, source: Source) -> Self {
        Self {
            captured_at,
            lng: None,
            lat: None,
            accuracy_m: None,
            is_file_place: false,
            source,
            shot_sha256: None,
            marked_spot: None,
            copy_of: None,
        }
    }

    /// The same, taken at this place.
    #[must_use]
    pub fn at(mut self, place: Option<Location>) -> Self {
        if let Some(at) = place {
            (self.lng, self.lat, self.accuracy_m) = (Some(at.lng), Some(at.lat), Some(at.accuracy_m));
            self.is_file_place = at.source == LocationSource::Photo;
        }
        self
    }

    /// Where it was taken.
    #[must_use]
    pub fn place(&self) -> Option<Location> {
        let source = if self.is_file_place { LocationSource::Photo } else { LocationSource::Device };
        Some(Location { lng: self.lng?, lat: self.lat?, accuracy_m: self.accuracy_m?, source })
    }
}

/// Everything about a photo but its bytes, as it is given to the phone's storage.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct About {
    /// Its id.
    pub id: PhotoId,
    /// Whose it is.
    pub user: UserId,
    /// The draft or item it belongs to.
    pub owner: Uuid,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// How many bytes.
    pub size: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// What it is sent with.
    pub meta: Meta,
}

/// A photo that is kept here.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct KeptPhoto {
    /// Its id.
    pub id: PhotoId,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// What it is sent with.
    pub meta: Meta,
}
