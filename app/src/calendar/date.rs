//! Dates as day numbers, for arithmetic, and as text, for JSON.

use time::{Date, Month};

/// The Julian day of 1970-01-01.
const EPOCH: i64 = 2_440_588;

/// Days since 1970-01-01.
pub(crate) fn day_of(date: Date) -> i64 {
    i64::from(date.to_julian_day()) - EPOCH
}

/// The date `day` days after 1970-01-01, held inside what a [`Date`] can be.
pub(crate) fn date_of(day: i64) -> Date {
    let fallback = if day < 0 { Date::MIN } else { Date::MAX };
    i32::try_from(day.saturating_add(EPOCH))
        .ok()
        .and_then(|n| Date::from_julian_day(n).ok())
        .unwrap_or(fallback)
}

/// Reads `2026-02-14` and nothing else.
pub(crate) fn parse(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, b)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() });
    if !shaped {
        return None;
    }
    let month = Month::try_from(text[5..7].parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(text[..4].parse().ok()?, month, text[8..].parse().ok()?).ok()
}

/// A date in JSON, for `#[serde(with)]`.
pub(crate) mod text {
    use serde::{Deserialize, Deserializer, Serializer, de};
    use std::borrow::Cow;
    use time::Date;

    pub(crate) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(date)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        super::parse(&text).ok_or_else(|| de::Error::custom("not a date like 2026-02-14"))
    }

    /// The same where the date may be missing.
    pub(crate) mod option {
        use super::{Date, Deserializer, Serializer};

        pub(crate) fn serialize<S: Serializer>(
            date: &Option<Date>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match date {
                Some(date) => serializer.collect_str(date),
                None => serializer.serialize_none(),
            }
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<Date>, D::Error> {
            super::deserialize(deserializer).map(Some)
        }
    }
}
