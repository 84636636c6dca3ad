//! What the county has settled, and between which values each number of it lies.

use crate::clause::Severity;
use crate::clock::Reading;
use crate::time::{DAY, HOUR, MINUTE};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// What the county has settled; every value is configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// How a working day is read.
    pub reading: Reading,
    /// A problem that comes back within so many days of closing is a recurrence (反弹).
    pub recurrence_days: u32,
    /// Farther from the spot than this, metres, is flagged.
    pub far_from_spot_m: u32,
    /// A device's clock may be ahead or behind by so much, milliseconds, before it is flagged.
    pub clock_skew_ms: i64,
    /// Seen longer ago than this, milliseconds, is flagged.
    pub observed_long_ago_ms: i64,
    /// Held on the device longer than this before it was sent, milliseconds, is flagged.
    pub sent_late_ms: i64,
    /// How far from the hour of the report a same-hours re-check may pass, milliseconds.
    pub same_hours_ms: i64,
    /// Whether the inspector who reported may re-check.
    pub may_reporter_recheck: bool,
    /// A re-check passes with a photo from this severity on; `null` asks for none.
    pub recheck_photo_from: Option<Severity>,
    /// Codes of clauses whose re-check passes with a photo, whatever the severity.
    pub recheck_photo_clauses: Vec<String>,
    /// A re-check farther from the spot than this, metres, is flagged.
    pub recheck_far_m: u32,
}

/// A number of a policy: what it is called, what it counts and how much that may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The field's name in JSON.
    pub field: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// The least and the most.
    pub range: RangeInclusive<i64>,
}

/// A number of a policy that lies outside its range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} must be {} to {} {}, not {value}", .number.field, .number.range.start(), .number.range.end(), .number.unit)]
pub struct OutOfRange {
    /// Which number.
    pub number: &'static Number,
    /// What it is.
    pub value: i64,
}

impl Policy {
    /// Every number with its range.
    ///
    /// No recurrence is ever found with 0 days. An hour is the least for the same hours, which people are told in
    /// hours; with twelve any hour will do.
    pub const NUMBERS: &'static [Number] = &[
        Number { field: "recurrence_days", unit: "days", range: 0..=3_650 },
        Number { field: "far_from_spot_m", unit: "metres", range: 1..=100_000 },
        Number { field: "clock_skew_ms", unit: "milliseconds", range: 1_000..=DAY },
        Number { field: "observed_long_ago_ms", unit: "milliseconds", range: MINUTE..=366 * DAY },
        Number { field: "sent_late_ms", unit: "milliseconds", range: MINUTE..=366 * DAY },
        Number { field: "same_hours_ms", unit: "milliseconds", range: HOUR..=12 * HOUR },
        Number { field: "recheck_far_m", unit: "metres", range: 1..=100_000 },
    ];

    /// Whether the re-check of such a problem passes only with a photo.
    #[must_use]
    pub fn recheck_needs_photo(&self, severity: Severity, clause_code: &str) -> bool {
        self.recheck_photo_from.is_some_and(|from| severity >= from)
            || self.recheck_photo_clauses.iter().any(|code| code == clause_code)
    }

    /// The numbers that lie outside their range, in the order of [`Self::NUMBERS`].
    #[must_use]
    pub fn out_of_range(&self) -> Vec<OutOfRange> {
        let values = [
            i64::from(self.recurrence_days),
            i64::from(self.far_from_spot_m),
            self.clock_skew_ms,
            self.observed_long_ago_ms,
            self.sent_late_ms,
            self.same_hours_ms,
            i64::from(self.recheck_far_m),
        ];
        let numbers =
            Self::NUMBERS.iter().zip(values).filter(|(number, value)| !number.range.contains(value));
        numbers.map(|(number, value)| OutOfRange { number, value }).collect()
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            reading: Reading::default(),
            recurrence_days: 30,
            far_from_spot_m: 1_000,
            clock_skew_ms: 10 * MINUTE,
            observed_long_ago_ms: 7 * DAY,
            sent_late_ms: DAY,
            same_hours_ms: 2 * HOUR,
            may_reporter_recheck: false,
            recheck_photo_from: Some(Severity::General),
            recheck_photo_clauses: Vec::new(),
            recheck_far_m: 300,
        }
    }
}
