//! The clock in somebody's hand: how far it is from the server's, when something was really done, and how long it lay on
//! the device before it was sent.
//!
//! A device says when something was done, and again what its clock shows while it sends. The second can be compared with
//! the server's own time, and so the first can be corrected. Nothing here moves a due time or a rate: the server's time
//! alone decides those. What is reckoned here is for people who look at a late step or an odd report.
//!
//! It is as good as the device's word. A clock that was set between the doing and the sending is corrected by the wrong
//! measure, and a program may say what it likes; hence a remark to look at, never a verdict. One rule asks for the moment
//! of the doing all the same: a problem of certain hours is re-checked in those, and what was seen at ten in the evening
//! without a network was seen then, whenever it is sent.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How far a device's clock is ahead of the server's, in milliseconds; negative where it is behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Skew(i64);

/// Why a unit's step reached the server after the due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// It was done after the due time.
    TakenLate,
    /// It was done in time and lay on the device.
    SentLate,
}

impl Skew {
    /// What the device's clock showed while it sent, against the server's when the request began to arrive.
    #[must_use]
    pub const fn between(device: Timestamp, server: Timestamp) -> Self {
        Self(device.since(server))
    }

    /// Milliseconds that the device is ahead.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// A moment told by the device, as the server's clock would have told it.
    #[must_use]
    pub const fn correct(self, device_at: Timestamp) -> Timestamp {
        device_at.plus(self.0.saturating_neg())
    }

    /// Milliseconds between the doing and the arrival; negative where the device claims to have done it later still.
    #[must_use]
    pub const fn held_ms(self, device_at: Timestamp, arrived_at: Timestamp) -> i64 {
        arrived_at.since(self.correct(device_at))
    }

    /// Whether the clock is farther from the server's than is allowed, either way.
    #[must_use]
    pub const fn is_wrong(self, allowed_ms: i64) -> bool {
        self.0.unsigned_abs() > allowed_ms.unsigned_abs()
    }
}

/// When something was done: as the device says, corrected where it told what its clock shows; never after it arrived, and
/// when it arrived where the device said nothing.
#[must_use]
pub fn done_at(device_at: Option<Timestamp>, skew: Option<Skew>, arrived_at: Timestamp) -> Timestamp {
    let told = device_at.map(|at| skew.map_or(at, |skew| skew.correct(at)));
    told.map_or(arrived_at, |at| at.min(arrived_at))
}

/// Why something arrived after the due time; `None` when it did not, and when nobody can tell because the device said
/// too little.
#[must_use]
pub fn late(
    device_at: Option<Timestamp>,
    skew: Option<Skew>,
    arrived_at: Timestamp,
    due_at: Timestamp,
) -> Option<Late> {
    if arrived_at <= due_at {
        return None;
    }
    let done_at = done_at(Some(device_at?), Some(skew?), arrived_at);
    Some(if done_at > due_at { Late::TakenLate } else { Late::SentLate })
}
