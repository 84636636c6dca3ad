//! The calendar as it is written down, in `data/calendar.json` and on its way to the phone.

use super::{Calendar, Index, Year, date, day_of};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::RangeInclusive;
use time::Date;

/// The years a calendar may speak of: those a [`Timestamp`](crate::time::Timestamp) can hold.
const YEARS: RangeInclusive<i32> = 1900..=9999;

/// Why a calendar was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not JSON, or not the shape of `data/calendar.json`.
    #[error("the calendar cannot be read: {0}")]
    Malformed(String),
    /// A year outside 1900 to 9999.
    #[error("the year {0} is outside 1900 to 9999")]
    BadYear(i32),
    /// The same year twice.
    #[error("the year {0} is listed twice")]
    YearTwice(i32),
    /// Not a date of the form `2026-02-14`.
    #[error("the year {year} lists {text:?}, which is not a date like 2026-02-14")]
    BadDate {
        /// The year whose list holds it.
        year: i32,
        /// What is written there.
        text: String,
    },
    /// A date listed under another year.
    #[error("the year {year} lists {date}, which lies outside it")]
    OutsideYear {
        /// The year whose list holds it.
        year: i32,
        /// The date.
        date: Date,
    },
    /// A date that is both off and working.
    #[error("{0} is listed both as off and as working")]
    InBothLists(Date),
}

/// The calendar as it is written down: the form of `data/calendar.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(super) struct CalendarFile {
    #[serde(default)]
    version: Option<String>,
    years: Vec<YearFile>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
struct YearFile {
    year: i32,
    off: Vec<String>,
    work: Vec<String>,
}

impl TryFrom<CalendarFile> for Calendar {
    type Error = CalendarError;

    fn try_from(file: CalendarFile) -> Result<Self, CalendarError> {
        let mut years = BTreeMap::new();
        for YearFile { year, off, work } in &file.years {
            if !YEARS.contains(year) {
                return Err(CalendarError::BadYear(*year));
            }
            let read = Year { off: dates(*year, off)?, work: dates(*year, work)? };
            if let Some(&both) = read.off.intersection(&read.work).next() {
                return Err(CalendarError::InBothLists(both));
            }
            if years.insert(*year, read).is_some() {
                return Err(CalendarError::YearTwice(*year));
            }
        }
        let version = file.version.unwrap_or_else(|| content_name(&years));
        Ok(Self { version, index: Index::of(&years), years })
    }
}

fn dates(year: i32, texts: &[String]) -> Result<BTreeSet<Date>, CalendarError> {
    let read = |text: &String| match date::parse(text) {
        Some(date) if date.year() == year => Ok(date),
        Some(date) => Err(CalendarError::OutsideYear { year, date }),
        None => Err(CalendarError::BadDate { year, text: text.clone() }),
    };
    texts.iter().map(read).collect()
}

impl From<Calendar> for CalendarFile {
    fn from(calendar: Calendar) -> Self {
        let texts = |dates: BTreeSet<Date>| dates.iter().map(Date::to_string).collect();
        let year = |(year, Year { off, work })| YearFile { year, off: texts(off), work: texts(work) };
        Self { version: Some(calendar.version), years: calendar.years.into_iter().map(year).collect() }
    }
}

/// The span of years and the beginning of a hash of every date: `2024-2026-1f0c9a3e`.
fn content_name(years: &BTreeMap<i32, Year>) -> String {
    let mut hash = Sha256::new();
    for (number, year) in years {
        hash.update(number.to_be_bytes());
        for (tag, list) in [(b'o', &year.off), (b'w', &year.work)] {
            for &date in list {
                hash.update([tag]);
                hash.update(day_of(date).to_be_bytes());
            }
        }
    }
    let mut name = String::new();
    if let (Some((first, _)), Some((last, _))) = (years.first_key_value(), years.last_key_value()) {
        let _ = write!(name, "{first}-{last}-");
    }
    for byte in &hash.finalize()[..4] {
        let _ = write!(name, "{byte:02x}");
    }
    name
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Calendar {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        CalendarFile::schema()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Calendar {
    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        CalendarFile::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_survives_json_and_is_named_after_its_content() {
        let calendar = Calendar::builtin();
        let json = serde_json::to_string(&calendar).expect("JSON");
        assert_eq!(Calendar::parse(&json), Ok(calendar.clone()));
        let other =
            Calendar::parse(r#"{"years":[{"year":2024,"off":["2024-01-01"],"work":[]}]}"#).expect("valid");
        assert_ne!(other.version(), calendar.version());
    }

    #[test]
    fn contradictions_are_named() {
        let year = |year: i32, off: &str, work: &str| {
            let entry = format!(r#"{{"year":{year},"off":[{off}],"work":[{work}]}}"#);
            Calendar::parse(&format!(r#"{{"years":[{entry}]}}"#)).expect_err("a contradiction").to_string()
        };
        assert_eq!(
            year(2026, r#""2026-02-30""#, ""),
            "the year 2026 lists \"2026-02-30\", which is not a date like 2026-02-14"
        );
        assert_eq!(
            year(2026, "", r#""2025-12-31""#),
            "the year 2026 lists 2025-12-31, which lies outside it"
        );
        let both = r#""2026-05-09""#;
        assert_eq!(year(2026, both, both), "2026-05-09 is listed both as off and as working");
        assert_eq!(year(1, "", ""), "the year 1 is outside 1900 to 9999");
        let twice = r#"{"years":[{"year":2026,"off":[],"work":[]},{"year":2026,"off":[],"work":[]}]}"#;
        assert_eq!(Calendar::parse(twice), Err(CalendarError::YearTwice(2026)));
        assert!(matches!(Calendar::parse("[1"), Err(CalendarError::Malformed(_))));
    }
}
