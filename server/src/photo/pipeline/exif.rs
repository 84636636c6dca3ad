//! Reads what the camera wrote beside the picture: orientation, time and position, and nothing else.
//!
//! EXIF is a TIFF file: directories of twelve-byte entries that point anywhere. General readers materialise
//! every entry of every directory: 48 KB of overlapping directories made one hold 1.8 million fields in 150 MB. A handful
//! of tags is looked up here instead, without recursion and without memory; whatever is malformed is absent.

use time::{Date, Month, PrimitiveDateTime, Time, UtcOffset};

use super::Orientation;

/// What is kept beside a photo. Claims of the camera, not proof.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Facts {
    /// How the pixels lay in the file; the renditions are upright.
    pub orientation: Orientation,
    pub captured_at: Option<CapturedAt>,
    pub position: Option<Position>,
}

/// When the shutter was released, by the camera's clock, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CapturedAt {
    pub local: PrimitiveDateTime,
    /// Absent in many files: then the reader must assume a zone.
    pub offset: Option<UtcOffset>,
}

impl CapturedAt {
    /// Unix milliseconds; `zone` is assumed where the camera did not say.
    #[must_use]
    pub fn unix_ms(self, zone: UtcOffset) -> i64 {
        self.local.assume_offset(self.offset.unwrap_or(zone)).unix_timestamp() * 1000
    }
}

/// WGS-84 degrees, as GPS receivers give them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// −180–180, east is positive.
    pub lng: f64,
    /// −90–90, north is positive.
    pub lat: f64,
}

// Tags and types of CIPA DC-008 (EXIF), 4.6.
const ORIENTATION: u16 = 0x0112;
const EXIF_DIRECTORY: u16 = 0x8769;
const GPS_DIRECTORY: u16 = 0x8825;
const DATE_TIME_ORIGINAL: u16 = 0x9003;
const OFFSET_TIME_ORIGINAL: u16 = 0x9011;
const LATITUDE: (u16, u16) = (1, 2);
const LONGITUDE: (u16, u16) = (3, 4);
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const SIGNED_RATIONAL: u16 = 10;

/// From a TIFF block as found in JPEG, PNG or WebP.
pub(super) fn read(block: &[u8]) -> Facts {
    // WebP files in the wild keep JPEG's prefix.
    let bytes = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    let big_endian = match bytes.get(..4) {
        Some(b"MM\0*") => true,
        Some(b"II*\0") => false,
        _ => return Facts::default(),
    };
    let tiff = Tiff { bytes, big_endian };
    let Some(main) = tiff.u32(4) else { return Facts::default() };
    Facts {
        orientation: tiff.short(main, ORIENTATION).map(Orientation::from_exif).unwrap_or_default(),
        captured_at: tiff.long(main, EXIF_DIRECTORY).and_then(|directory| captured_at(&tiff, directory)),
        position: tiff.long(main, GPS_DIRECTORY).and_then(|directory| position(&tiff, directory)),
    }
}

fn captured_at(tiff: &Tiff<'_>, directory: u32) -> Option<CapturedAt> {
    let local = parse_local(tiff.ascii(directory, DATE_TIME_ORIGINAL)?)?;
    let offset = tiff.ascii(directory, OFFSET_TIME_ORIGINAL).and_then(parse_offset);
    Some(CapturedAt { local, offset })
}

fn position(tiff: &Tiff<'_>, directory: u32) -> Option<Position> {
    let lat = degrees(tiff, directory, LATITUDE, b'S')?;
    let lng = degrees(tiff, directory, LONGITUDE, b'W')?;
    let is_on_earth = lat.abs() <= 90.0 && lng.abs() <= 180.0;
    // Cameras without a fix write zeros.
    let is_blank = lat == 0.0 && lng == 0.0;
    (is_on_earth && !is_blank).then_some(Position { lng, lat })
}

/// Degrees, minutes and seconds, each a fraction; the sign is a letter in a tag of its own. Some phones write the
/// fractions signed. What is not known of the smaller parts, 0/0 or left out, counts as none.
fn degrees(tiff: &Tiff<'_>, directory: u32, (reference, value): (u16, u16), negative: u8) -> Option<f64> {
    let is_signed = tiff.find(directory, value, RATIONAL, 1).is_none();
    let kind = if is_signed { SIGNED_RATIONAL } else { RATIONAL };
    let at = tiff.find(directory, value, kind, 1)?;
    let count = tiff.u32(tiff.entry(directory, value)? + 4)?;
    let part = |index: u32| {
        if index >= count {
            return Some(Fraction { over: 0.0, under: 0.0 });
        }
        tiff.fraction(at.checked_add(index * 8)?, is_signed)
    };
    let [degrees, minutes, seconds] = [part(0)?, part(1)?, part(2)?];
    // Whole degrees alone are no place, but a hundred kilometres.
    let has_minutes = !minutes.is_unknown() || degrees.under > 1.0;
    let parts = [degrees.value()?, minutes.or_zero()? / 60.0, seconds.or_zero()? / 3600.0];
    let magnitude: f64 = parts.iter().map(|part| part.abs()).sum();
    // Either says south or west, and both together say it once.
    let is_negative =
        parts.iter().any(|&part| part < 0.0) || tiff.ascii(directory, reference)?.first() == Some(&negative);
    has_minutes.then_some(if is_negative { -magnitude } else { magnitude })
}

/// `2026:03:07 09:41:00`, possibly with a NUL behind.
fn parse_local(text: &[u8]) -> Option<PrimitiveDateTime> {
    let number = |range: std::ops::Range<usize>| digits(text.get(range)?);
    let small = |range| number(range).and_then(|value| u8::try_from(value).ok());
    let year = i32::from(number(0..4)?);
    let date = Date::from_calendar_date(year, Month::try_from(small(5..7)?).ok()?, small(8..10)?).ok()?;
    let time = Time::from_hms(small(11..13)?, small(14..16)?, small(17..19)?).ok()?;
    Some(PrimitiveDateTime::new(date, time))
}

/// `+08:00`, `-03:30`.
fn parse_offset(text: &[u8]) -> Option<UtcOffset> {
    let sign = match text.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let part = |range: std::ops::Range<usize>| i8::try_from(digits(text.get(range)?)?).ok();
    UtcOffset::from_hms(sign * part(1..3)?, sign * part(4..6)?, 0).ok()
}

/// At most four decimal digits.
fn digits(text: &[u8]) -> Option<u16> {
    text.iter().try_fold(0u16, |value, digit| {
        digit.is_ascii_digit().then(|| value.checked_mul(10)?.checked_add(u16::from(digit - b'0')))?
    })
}

/// A TIFF block; every read is checked against its end.
struct Tiff<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl Tiff<'_> {
    fn array<const N: usize>(&self, at: u32) -> Option<[u8; N]> {
        self.bytes.get(at as usize..)?.first_chunk().copied()
    }

    fn u16(&self, at: u32) -> Option<u16> {
        let bytes = self.array(at)?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32(&self, at: u32) -> Option<u32> {
        let bytes = self.array(at)?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// The entry's twelve bytes are tag, type, count, then the value or where it is.
    fn entry(&self, directory: u32, tag: u16) -> Option<u32> {
        let count = u32::from(self.u16(directory)?);
        (0..count)
            .map_while(|index| directory.checked_add(2 + index * 12))
            .find(|&entry| self.u16(entry) == Some(tag))
    }

    /// Where the value of a tag of this type and at least `count` items lies.
    fn find(&self, directory: u32, tag: u16, kind: u16, count: u32) -> Option<u32> {
        let entry = self.entry(directory, tag)?;
        let is_fit = self.u16(entry + 2)? == kind && self.u32(entry + 4)? >= count;
        let size = match kind {
            SHORT => 2,
            LONG => 4,
            RATIONAL | SIGNED_RATIONAL => 8,
            _ => 1,
        };
        let is_inline = self.u32(entry + 4)?.checked_mul(size)? <= 4;
        if !is_fit {
            None
        } else if is_inline {
            Some(entry + 8)
        } else {
            self.u32(entry + 8)
        }
    }

    fn short(&self, directory: u32, tag: u16) -> Option<u16> {
        self.u16(self.find(directory, tag, SHORT, 1)?)
    }

    fn long(&self, directory: u32, tag: u16) -> Option<u32> {
        self.u32(self.find(directory, tag, LONG, 1)?)
    }

    fn ascii(&self, directory: u32, tag: u16) -> Option<&[u8]> {
        let at = self.find(directory, tag, ASCII, 1)? as usize;
        let length = self.u32(self.entry(directory, tag)? + 4)? as usize;
        self.bytes.get(at..at.checked_add(length)?)
    }

    fn fraction(&self, at: u32, is_signed: bool) -> Option<Fraction> {
        let number = |at: u32| {
            let bits = self.u32(at)?;
            Some(if is_signed { f64::from(bits.cast_signed()) } else { f64::from(bits) })
        };
        Some(Fraction { over: number(at)?, under: number(at.checked_add(4)?)? })
    }
}

#[derive(Debug, Clone, Copy)]
struct Fraction {
    over: f64,
    under: f64,
}

impl Fraction {
    /// 0/0 is how cameras write what they do not know.
    fn is_unknown(self) -> bool {
        self.over == 0.0 && self.under == 0.0
    }

    fn value(self) -> Option<f64> {
        (self.under != 0.0).then(|| self.over / self.under)
    }

    fn or_zero(self) -> Option<f64> {
        if self.is_unknown() { Some(0.0) } else { self.value() }
    }
}
