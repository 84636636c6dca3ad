//! Photos as the API shows them, and what a device tells of one beside its bytes.

mod provenance;

pub use provenance::{Oddity, PhotoNote, Provenance, Shows};

use crate::id::PhotoId;
use crate::problem::{FieldCode, FieldProblem};
use crate::spot::{Location, LocationSource};
use crate::time::{DAY, Timestamp};
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

/// What one account may send on one business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Photos.
    pub photos: u64,
    /// Bytes of them, as they are sent.
    pub bytes: u64,
}

/// What an account has sent on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sent {
    /// Photos.
    pub photos: u64,
    /// Bytes of them, as they were sent.
    pub bytes: u64,
}

impl Quota {
    /// Whether one more photo of so many bytes may come after what was sent.
    #[must_use]
    pub const fn has_room(&self, sent: Sent, bytes: u64) -> bool {
        sent.photos < self.photos && sent.bytes < self.bytes && bytes <= self.bytes - sent.bytes
    }

    /// When the business day of this moment began.
    #[must_use]
    pub fn day_of(now: Timestamp) -> Timestamp {
        Timestamp::at(now.date(), 0)
    }

    /// Seconds until the next business day begins, at least 1.
    #[must_use]
    pub fn seconds_to_next_day(now: Timestamp) -> u64 {
        let left = Self::day_of(now).plus(DAY).since(now);
        u64::try_from(left).unwrap_or(0).div_ceil(1000).max(1)
    }
}

/// What a photo was taken with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhotoSource {
    /// The camera, on the spot.
    Camera,
    /// Chosen from what was on the device.
    Gallery,
}

/// What a device tells of a photo it sends; all of it optional, kept and never shown to a unit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct Shot {
    /// When it was taken, by the device's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captured_at: Option<Timestamp>,
    /// Degrees east at the shutter, WGS-84; together with `lat`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lng: Option<f64>,
    /// Degrees north at the shutter, WGS-84; together with `lng`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// The radius the device vouches for, metres; only with a position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// What it was taken with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<PhotoSource>,
    /// SHA-256 of the picture before anything was written on it, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shot_sha256: Option<String>,
    /// The photo of which this is a copy with marks drawn on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<PhotoId>,
}

impl PhotoSource {
    /// What a word in JSON and the database means.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Camera, Self::Gallery].into_iter().find(|source| source.code() == code)
    }

    /// The word in JSON and the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::Gallery => "gallery",
        }
    }
}

impl Shot {
    /// What can be told, by its name. A device may keep more than that beside its photos, for itself.
    pub const MEMBERS: [&str; 7] =
        ["captured_at", "lng", "lat", "accuracy_m", "source", "shot_sha256", "copy_of"];

    /// Everything wrong with what is told of the photo with this id.
    #[must_use]
    pub fn check(&self, id: PhotoId) -> Vec<FieldProblem> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, code| errors.push(FieldProblem::new(field, code));
        if let (Some(lng), Some(lat)) = (self.lng, self.lat) {
            let accuracy_m = self.accuracy_m.unwrap_or(0.0);
            let at = Location { lng, lat, accuracy_m, source: LocationSource::Device };
            if let Some(field) = at.out_of_range() {
                wrong(field, FieldCode::OutOfRange);
            }
        } else if self.lng.is_some() || self.lat.is_some() || self.accuracy_m.is_some() {
            // Half a position is none.
            for (field, value) in [("lng", self.lng), ("lat", self.lat)] {
                if value.is_none() {
                    wrong(field, FieldCode::Required);
                }
            }
        }
        let is_sha256 = |text: &String| text.len() == 64 && text.bytes().all(|it| it.is_ascii_hexdigit());
        if self.shot_sha256.as_ref().is_some_and(|text| !is_sha256(text)) {
            wrong("shot_sha256", FieldCode::Invalid);
        }
        if self.copy_of.is_some_and(|original| original == id || original.0.is_nil()) {
            wrong("copy_of", FieldCode::Invalid);
        }
        errors
    }
}

/// Which rendition of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhotoSize {
    /// For lists.
    Thumb,
    /// For looking closely.
    #[default]
    Full,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_used_up_by_photos_or_by_bytes() {
        let quota = Quota { photos: 3, bytes: 1000 };
        let sent = |photos, bytes| Sent { photos, bytes };
        assert!(quota.has_room(sent(0, 0), 1000) && !quota.has_room(sent(0, 0), 1001));
        assert!(quota.has_room(sent(2, 900), 100) && !quota.has_room(sent(2, 900), 101));
        assert!(!quota.has_room(sent(3, 0), 0), "no photo more");
        assert!(!quota.has_room(sent(1, 1000), 0), "no byte more, however few are said to come");
        assert!(!quota.has_room(sent(1, 2000), u64::MAX), "lowered meanwhile");
    }

    #[test]
    fn it_goes_on_at_midnight_in_shanghai() {
        let at = |text| Timestamp::parse(text).expect("a moment");
        for (now, seconds) in [
            ("2026-03-02T00:00:00+08:00", 86_400),
            ("2026-03-02T23:59:59.001+08:00", 1),
            ("2026-03-01T16:00:00Z", 86_400),
            ("2026-03-01T15:59:00Z", 60),
        ] {
            assert_eq!(Quota::seconds_to_next_day(at(now)), seconds, "{now}");
        }
        assert_eq!(Quota::day_of(at("2026-03-01T15:59:00Z")), at("2026-03-01T00:00:00+08:00"));
    }
}
