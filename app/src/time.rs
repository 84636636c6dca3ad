//! Moments. Kept as Unix milliseconds; written as RFC 3339 with the field's offset, +08:00.
//!
//! Business days are those of Asia/Shanghai, which has had no daylight saving since 1991: a fixed offset is exact
//! for every date the product handles.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, UtcOffset, macros::offset};

/// The offset of Asia/Shanghai.
pub const SHANGHAI: UtcOffset = offset!(+8);

/// Milliseconds in a minute, an hour and a day.
pub const MINUTE: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in a day.
pub const DAY: i64 = 24 * HOUR;

/// A moment, in Unix milliseconds, always inside the years 1900 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1900-01-01 00:00 in Shanghai, the earliest moment.
    pub const MIN: Self = Self(-2_209_017_600_000);
    /// 9999-12-31 23:59:59.999 in Shanghai, the latest moment.
    pub const MAX: Self = Self(253_402_271_999_999);

    /// The moment `millis` milliseconds after 1970-01-01 UTC, held inside [`Self::MIN`] and [`Self::MAX`].
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        if millis < Self::MIN.0 {
            Self::MIN
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This moment plus `millis` milliseconds, held inside the range.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this moment; negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The local date and time in Shanghai.
    #[must_use]
    pub fn to_shanghai(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .to_offset(SHANGHAI)
    }

    /// The business day this moment lies in.
    #[must_use]
    pub fn date(self) -> Date {
        self.to_shanghai().date()
    }

    /// The moment `millis_of_day` milliseconds into `date` in Shanghai.
    #[must_use]
    pub fn at(date: Date, millis_of_day: i64) -> Self {
        let days = i64::from(date.to_julian_day()) - EPOCH_JULIAN_DAY;
        Self::from_millis(days * DAY - 8 * HOUR + millis_of_day)
    }

    /// Reads RFC 3339; any offset is accepted, the moment is what counts.
    ///
    /// # Errors
    /// When the text is not RFC 3339 or lies outside the range.
    pub fn parse(text: &str) -> Result<Self, time::Error> {
        let at = OffsetDateTime::parse(text, &Rfc3339)?;
        let millis = at.unix_timestamp_nanos() / 1_000_000;
        match i64::try_from(millis) {
            Ok(millis) if Self::from_millis(millis).0 == millis => Ok(Self(millis)),
            _ => Err(time::Error::ConversionRange(time::error::ConversionRange)),
        }
    }
}

const EPOCH_JULIAN_DAY: i64 = 2_440_588;

impl std::fmt::Display for Timestamp {
    /// RFC 3339 with +08:00, milliseconds only when there are any.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.to_shanghai().format(&Rfc3339).map_err(|_| std::fmt::Error)?;
        f.write_str(&text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text)
            .map_err(|_| de::Error::custom("not a time in RFC 3339 between the years 1900 and 9999"))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .description(Some("RFC 3339 with offset; answers use +08:00"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Timestamp {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_with_the_fields_offset() {
        let at = Timestamp::parse("2026-02-13T08:00:00Z").expect("valid");
        assert_eq!(at.to_string(), "2026-02-13T16:00:00+08:00");
        assert_eq!(Timestamp::at(at.date(), 16 * HOUR), at);
    }

    #[test]
    fn the_range_is_held() {
        assert_eq!(Timestamp::MIN.to_string(), "1900-01-01T00:00:00+08:00");
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999+08:00");
        assert!(Timestamp::parse("1800-01-01T00:00:00Z").is_err());
        assert_eq!(Timestamp::from_millis(i64::MAX), Timestamp::MAX);
    }
}
