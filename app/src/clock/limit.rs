//! Limits: how much time an order has, in which of the four kinds of time (handbook §3).

use crate::time::{DAY, HOUR};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The four kinds of limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// 紧急工作时: an hour that runs through nights and holidays.
    UrgentHour,
    /// 工作时: an hour inside working hours.
    WorkHour,
    /// 工作日: a working day, in one of two [`Reading`]s.
    WorkDay,
    /// 自然日: 24 hours.
    CalendarDay,
}

impl LimitKind {
    /// Every kind, in the order of the handbook.
    pub const ALL: [Self; 4] = [Self::UrgentHour, Self::WorkHour, Self::WorkDay, Self::CalendarDay];

    /// The name in JSON and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UrgentHour => "urgent_hour",
            Self::WorkHour => "work_hour",
            Self::WorkDay => "work_day",
            Self::CalendarDay => "calendar_day",
        }
    }
}

/// How a county reads a limit in working days. Other kinds have one reading only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// 8 work hours each.
    #[default]
    Rolling,
    /// The end of working hours of the Nth working day after the day of dispatch.
    EndOfDay,
}

impl FromStr for Reading {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        match text {
            "rolling" => Ok(Self::Rolling),
            "end_of_day" => Ok(Self::EndOfDay),
            _ => Err(LimitError::UnknownReading),
        }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rolling => "rolling",
            Self::EndOfDay => "end_of_day",
        })
    }
}

/// A limit: 1 to 10 000 of a kind; written `2work_day`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Unchecked")]
pub struct Limit {
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10_000))]
    value: u32,
    kind: LimitKind,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    value: u32,
    kind: LimitKind,
}

/// Why a limit was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// The number is missing, 0 or above 10 000.
    #[error("a limit is 1 to 10000 of its kind")]
    OutOfRange,
    /// Not one of the four kinds.
    #[error("a limit is a number and a kind: 2work_day, 4work_hour, 2urgent_hour, 3calendar_day")]
    UnknownKind,
    /// Not one of the two readings.
    #[error("a reading is rolling or end_of_day")]
    UnknownReading,
}

impl Limit {
    /// The most a limit may be, in its own kind.
    pub const MAX: u32 = 10_000;

    /// A limit of `value` of `kind`.
    ///
    /// # Errors
    /// When `value` is 0 or above [`Self::MAX`].
    pub const fn new(value: u32, kind: LimitKind) -> Result<Self, LimitError> {
        if value == 0 || value > Self::MAX { Err(LimitError::OutOfRange) } else { Ok(Self { value, kind }) }
    }

    /// How many, 1 to 10 000.
    #[must_use]
    pub const fn value(self) -> u32 {
        self.value
    }

    /// Of what.
    #[must_use]
    pub const fn kind(self) -> LimitKind {
        self.kind
    }

    /// What is counted for this limit.
    #[must_use]
    pub const fn measure(self, reading: Reading) -> Measure {
        match (self.kind, reading) {
            (LimitKind::UrgentHour | LimitKind::CalendarDay, _) => Measure::WallMs,
            (LimitKind::WorkDay, Reading::EndOfDay) => Measure::WorkingDays,
            (LimitKind::WorkHour, _) | (LimitKind::WorkDay, Reading::Rolling) => Measure::WorkingMs,
        }
    }

    /// How much of its [`Measure`] this limit grants.
    #[must_use]
    pub fn amount(self, reading: Reading) -> i64 {
        let each = match (self.kind, reading) {
            (LimitKind::UrgentHour | LimitKind::WorkHour, _) => HOUR,
            (LimitKind::CalendarDay, _) => DAY,
            (LimitKind::WorkDay, Reading::Rolling) => 8 * HOUR,
            (LimitKind::WorkDay, Reading::EndOfDay) => 1,
        };
        i64::from(self.value) * each
    }
}

impl TryFrom<Unchecked> for Limit {
    type Error = LimitError;

    fn try_from(Unchecked { value, kind }: Unchecked) -> Result<Self, LimitError> {
        Self::new(value, kind)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, self.kind.as_str())
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (value, kind) = text.split_at(digits);
        let kind = LimitKind::ALL.into_iter().find(|k| k.as_str() == kind).ok_or(LimitError::UnknownKind)?;
        Self::new(value.parse().map_err(|_| LimitError::OutOfRange)?, kind)
    }
}

/// What a clock counts: the order's own kind of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Milliseconds of any hour of any day.
    WallMs,
    /// Milliseconds inside working hours.
    WorkingMs,
    /// Working days, each counted when it closes.
    WorkingDays,
}
