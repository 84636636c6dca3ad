//! The working hours of a day, the same on every working day.

use crate::time::{DAY, HOUR, MINUTE};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// More ranges than any day has; keeps hostile configuration small.
const MAX_RANGES: usize = 12;

/// A time of day in milliseconds, 00:00 to 24:00; written `08:00`, and `08:00:07.250` where it is finer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(i64);

impl TimeOfDay {
    /// `millis` into the day, held between 00:00 and 24:00.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        if millis < 0 {
            Self(0)
        } else if millis > DAY {
            Self(DAY)
        } else {
            Self(millis)
        }
    }

    /// Milliseconds into the day, 0 to 86 400 000.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, rest) = (self.0 / HOUR, self.0 % HOUR / MINUTE, self.0 % MINUTE);
        write!(f, "{hours:02}:{minutes:02}")?;
        match (rest / 1000, rest % 1000) {
            (0, 0) => Ok(()),
            (seconds, 0) => write!(f, ":{seconds:02}"),
            (seconds, millis) => write!(f, ":{seconds:02}.{millis:03}"),
        }
    }
}

impl FromStr for TimeOfDay {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        let bad = || HoursError::BadTime(text.chars().take(20).collect());
        let number = |at: std::ops::Range<usize>, below: i64| {
            let digits = text.get(at).filter(|s| s.bytes().all(|b| b.is_ascii_digit()))?;
            digits.parse::<i64>().ok().filter(|n| *n < below)
        };
        let shaped = match text.len() {
            5 => true,
            8 => text.get(5..6) == Some(":"),
            12 => text.get(5..6) == Some(":") && text.get(8..9) == Some("."),
            _ => false,
        } && text.get(2..3) == Some(":");
        if !shaped {
            return Err(bad());
        }
        let mut millis =
            number(0..2, 25).ok_or_else(bad)? * HOUR + number(3..5, 60).ok_or_else(bad)? * MINUTE;
        if text.len() >= 8 {
            millis += number(6..8, 60).ok_or_else(bad)? * 1000;
        }
        if text.len() == 12 {
            millis += number(9..12, 1000).ok_or_else(bad)?;
        }
        if millis > DAY { Err(bad()) } else { Ok(Self(millis)) }
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The ranges of a working day, in order and apart; written `08:00-12:00,14:00-18:00`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(TimeOfDay, TimeOfDay)>", into = "Vec<(TimeOfDay, TimeOfDay)>")]
pub struct WorkingHours {
    ranges: Vec<(TimeOfDay, TimeOfDay)>,
}

/// Why working hours were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// Not a time like `08:00`.
    #[error("{0:?} is not a time of day like 08:00")]
    BadTime(String),
    /// Not a range like `08:00-12:00`.
    #[error("{0:?} is not a range like 08:00-12:00")]
    BadRange(String),
    /// No range, or more than twelve.
    #[error("a working day has 1 to 12 ranges, not {0}")]
    BadCount(usize),
    /// A range that does not end after it starts.
    #[error("the range {0}-{1} does not end after it starts")]
    Reversed(TimeOfDay, TimeOfDay),
    /// A range that starts before the one before it ended.
    #[error("the range {0}-{1} starts before the one before it ended")]
    Overlapping(TimeOfDay, TimeOfDay),
}

impl WorkingHours {
    /// Checked working hours.
    ///
    /// # Errors
    /// When there is no range, a range is empty, or two overlap or are out of order.
    pub fn new(ranges: Vec<(TimeOfDay, TimeOfDay)>) -> Result<Self, HoursError> {
        if ranges.is_empty() || ranges.len() > MAX_RANGES {
            return Err(HoursError::BadCount(ranges.len()));
        }
        if let Some(&(from, to)) = ranges.iter().find(|(from, to)| to <= from) {
            return Err(HoursError::Reversed(from, to));
        }
        if let Some(pair) = ranges.windows(2).find(|pair| pair[1].0 < pair[0].1) {
            return Err(HoursError::Overlapping(pair[1].0, pair[1].1));
        }
        Ok(Self { ranges })
    }

    /// The ranges, in order.
    #[must_use]
    pub fn ranges(&self) -> &[(TimeOfDay, TimeOfDay)] {
        &self.ranges
    }

    /// Working milliseconds in a whole day.
    #[must_use]
    pub fn per_day(&self) -> i64 {
        self.before(DAY)
    }

    /// When the day opens and closes, in milliseconds into it.
    pub(crate) fn open_and_close(&self) -> (i64, i64) {
        (self.ranges.first().map_or(0, |r| r.0.0), self.ranges.last().map_or(DAY, |r| r.1.0))
    }

    /// Working milliseconds before `time` of a working day.
    pub(crate) fn before(&self, time: i64) -> i64 {
        self.ranges.iter().map(|(from, to)| (time.min(to.0) - from.0).max(0)).sum()
    }

    /// The first time of day by which `amount` > 0 has passed: the end of a range rather than the start of the next.
    pub(crate) fn reached(&self, amount: i64) -> i64 {
        let mut left = amount;
        for (from, to) in &self.ranges {
            if left <= to.0 - from.0 {
                return from.0 + left;
            }
            left -= to.0 - from.0;
        }
        self.open_and_close().1
    }
}

impl Default for WorkingHours {
    /// 08:00–12:00 and 14:00–18:00.
    fn default() -> Self {
        let range = |from, to| (TimeOfDay(from * HOUR), TimeOfDay(to * HOUR));
        Self { ranges: vec![range(8, 12), range(14, 18)] }
    }
}

impl TryFrom<Vec<(TimeOfDay, TimeOfDay)>> for WorkingHours {
    type Error = HoursError;

    fn try_from(ranges: Vec<(TimeOfDay, TimeOfDay)>) -> Result<Self, HoursError> {
        Self::new(ranges)
    }
}

impl From<WorkingHours> for Vec<(TimeOfDay, TimeOfDay)> {
    fn from(hours: WorkingHours) -> Self {
        hours.ranges
    }
}

impl fmt::Display for WorkingHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (from, to)) in self.ranges.iter().enumerate() {
            write!(f, "{}{from}-{to}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl FromStr for WorkingHours {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        let range = |text: &str| {
            let (from, to) = text
                .trim()
                .split_once('-')
                .ok_or_else(|| HoursError::BadRange(text.chars().take(30).collect()))?;
            Ok((from.trim().parse()?, to.trim().parse()?))
        };
        Self::new(text.split(',').map(range).collect::<Result<_, HoursError>>()?)
    }
}

#[cfg(feature = "openapi")]
mod schema {
    use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
    use utoipa::openapi::{Ref, RefOr};
    use utoipa::{PartialSchema, ToSchema};

    impl PartialSchema for super::TimeOfDay {
        fn schema() -> RefOr<Schema> {
            let text = "A time of day, 00:00 to 24:00, like 08:00 or 08:00:07.250";
            ObjectBuilder::new().schema_type(Type::String).description(Some(text)).into()
        }
    }
    impl ToSchema for super::TimeOfDay {}

    impl PartialSchema for super::WorkingHours {
        fn schema() -> RefOr<Schema> {
            let time = || Ref::from_schema_name("TimeOfDay");
            let pair = ArrayBuilder::new().items(time()).min_items(Some(2)).max_items(Some(2));
            ArrayBuilder::new().items(pair).min_items(Some(1)).into()
        }
    }
    impl ToSchema for super::WorkingHours {
        fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
            schemas.push(("TimeOfDay".into(), super::TimeOfDay::schema()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_and_written() {
        let hours = WorkingHours::default();
        assert_eq!(hours.to_string(), "08:00-12:00,14:00-18:00");
        assert_eq!(" 08:00 - 12:00 , 14:00-18:00".parse(), Ok(hours.clone()));
        let json = serde_json::to_string(&hours).expect("JSON");
        assert_eq!(json, r#"[["08:00","12:00"],["14:00","18:00"]]"#);
        assert_eq!(serde_json::from_str::<WorkingHours>(&json).expect("hours"), hours);
    }

    #[test]
    fn impossible_hours_are_refused() {
        let error = |text: &str| text.parse::<WorkingHours>().expect_err("refused").to_string();
        assert_eq!(error("12:00-08:00"), "the range 12:00-08:00 does not end after it starts");
        assert_eq!(
            error("08:00-12:00,11:59-13:00"),
            "the range 11:59-13:00 starts before the one before it ended"
        );
        assert_eq!(error("8:00-12:00"), "\"8:00\" is not a time of day like 08:00");
        assert_eq!(error("08:00-24:01"), "\"24:01\" is not a time of day like 08:00");
        assert_eq!(error("08:00"), "\"08:00\" is not a range like 08:00-12:00");
        assert_eq!(error("0八:0-12:00"), "\"0八:0\" is not a time of day like 08:00");
        assert!(WorkingHours::new(Vec::new()).is_err());
    }
}
