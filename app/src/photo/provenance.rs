//! Where a photo comes from, and what is odd about that. Kept with the event that names the photo, for people to look at.

use crate::id::PhotoId;
use crate::issue::Policy;
use crate::photo::PhotoSource;
use crate::spot::Location;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What is known of a photo's making. Claims of the device and of the camera, not proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The photo.
    pub id: PhotoId,
    /// What it was taken with; missing where the device did not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<PhotoSource>,
    /// When it was taken, corrected where the device told what its clock shows; missing where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
    /// Where it was taken, WGS-84; missing where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Location>,
    /// Metres from there to the spot, as the catalogue had it that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
}

/// What is odd about a photo: for re-checkers and the office to look at, never a reason to refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Oddity {
    /// It was chosen from what was on the device.
    FromGallery,
    /// Nobody knows when it was taken.
    NoTime,
    /// It was taken before what it is to show: an after-photo before the problem was seen, a re-check's before the unit
    /// confirmed.
    TakenBefore,
    /// A before-photo that was taken long before the report.
    TakenLongAgo,
    /// It was taken far from the spot.
    FarFromSpot,
}

/// A photo's making as the campaign side is shown it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoNote {
    /// The photo.
    pub id: PhotoId,
    /// What it was taken with; missing where the device did not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<PhotoSource>,
    /// When it was taken; missing where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
    /// Metres from the spot; missing where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
    /// What is odd about it, in a fixed order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub oddities: Vec<Oddity>,
}

/// What a photo is to show, which says when it may have been taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// The problem, reported at this moment.
    Problem {
        /// When the server took the report in.
        reported_at: Timestamp,
    },
    /// What became of it after this moment.
    After {
        /// The problem was seen, or the unit confirmed.
        since: Timestamp,
    },
}

impl Provenance {
    /// What is odd about it. A device's clock may be off by the policy's allowance before a time is held against it.
    #[must_use]
    pub fn oddities(&self, shows: Shows, policy: &Policy) -> Vec<Oddity> {
        let mut odd = Vec::new();
        if self.source == Some(PhotoSource::Gallery) {
            odd.push(Oddity::FromGallery);
        }
        match (self.taken_at, shows) {
            (None, _) => odd.push(Oddity::NoTime),
            (Some(taken_at), Shows::After { since }) if since.since(taken_at) > policy.clock_skew_ms => {
                odd.push(Oddity::TakenBefore);
            }
            (Some(taken_at), Shows::Problem { reported_at })
                if reported_at.since(taken_at) > policy.observed_long_ago_ms =>
            {
                odd.push(Oddity::TakenLongAgo);
            }
            _ => {}
        }
        if self.is_far(policy.far_from_spot_m) {
            odd.push(Oddity::FarFromSpot);
        }
        odd
    }

    /// What the campaign side is shown.
    #[must_use]
    pub fn note(&self, shows: Shows, policy: &Policy) -> PhotoNote {
        PhotoNote {
            id: self.id,
            source: self.source,
            taken_at: self.taken_at,
            distance_m: self.distance_m,
            oddities: self.oddities(shows, policy),
        }
    }

    fn is_far(&self, most_m: u32) -> bool {
        let accuracy_m = self.place.map_or(0.0, |place| place.accuracy_m);
        self.distance_m.is_some_and(|distance| f64::from(distance) - accuracy_m > f64::from(most_m))
    }
}
