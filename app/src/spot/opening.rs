//! Opening hours as people write them, read into the one form that is kept.

use crate::calendar::{HoursError, TimeOfDay, WorkingHours};
use crate::time::{DAY, HOUR, MINUTE};
use crate::width::half_width;

/// Why opening hours were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpeningError {
    /// Not times of one day.
    #[error(transparent)]
    Hours(#[from] HoursError),
    /// A range that goes on after midnight.
    #[error("{0}-{1} goes across midnight; write it as 00:00-{1};{0}-24:00")]
    AcrossMidnight(TimeOfDay, TimeOfDay),
}

/// Words for a place that never closes.
const ALWAYS: [&str; 6] = ["全天", "全天开放", "全天候", "24小时", "24小时开放", "24小时营业"];

/// Opening hours in the form `08:00-12:00;14:00-18:00`, from the forms people and spreadsheets use: `8:00~18:00`,
/// `08：00－12：00；14：00－18：00`, `8时30分至18时`, and a spreadsheet's fraction of a day. Empty stays empty.
///
/// # Errors
/// When a time or a range cannot be read, ends before it starts, or overlaps another.
pub fn opening_hours(text: &str) -> Result<String, OpeningError> {
    let plain = plain(text);
    if plain.is_empty() {
        return Ok(plain);
    }
    if ALWAYS.contains(&plain.as_str()) {
        return Ok("00:00-24:00".to_owned());
    }
    let ranges = plain.split(';').filter(|range| !range.is_empty()).map(range).collect::<Result<_, _>>()?;
    Ok(WorkingHours::new(ranges)?.to_string().replace(',', ";"))
}

/// The text with one character for each mark that has several, and no spaces around the marks.
fn plain(text: &str) -> String {
    let mark = |c: char| match half_width(c) {
        '–' | '—' | '―' | '‐' | '‑' | '−' | '~' | '〜' | '至' | '到' => '-',
        ',' | '、' | '/' | '\n' => ';',
        '∶' | '︰' => ':',
        c if c.is_whitespace() => ' ',
        c => c,
    };
    let marked: String = text.trim().chars().map(mark).collect();
    let mut plain = String::with_capacity(marked.len());
    for piece in marked.split(' ').filter(|piece| !piece.is_empty()) {
        // A space between two times is the only mark between two ranges; beside another mark it says nothing.
        let is_between = plain.ends_with(|c: char| !"-;:".contains(c)) && !piece.starts_with(['-', ';', ':']);
        if is_between {
            plain.push(';');
        }
        plain.push_str(piece);
    }
    // A dash may have been typed twice.
    plain.replace("--", "-")
}

fn range(text: &str) -> Result<(TimeOfDay, TimeOfDay), OpeningError> {
    let bad = || HoursError::BadRange(text.chars().take(30).collect());
    let (from, to) = text.split_once('-').ok_or_else(bad)?;
    let (from, to) = (time(from)?, time(to)?);
    if to < from && to.millis() > 0 {
        return Err(OpeningError::AcrossMidnight(from, to));
    }
    Ok((from, to))
}

fn time(text: &str) -> Result<TimeOfDay, HoursError> {
    read_time(text).ok_or_else(|| HoursError::BadTime(text.chars().take(20).collect()))
}

fn read_time(text: &str) -> Option<TimeOfDay> {
    if let Some((whole, fraction)) = text.split_once('.') {
        let is_fraction =
            whole == "0" && !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
        return is_fraction.then(|| of_day(text.parse().ok()?)).flatten();
    }
    let text = text.replace("点半", ":30").replace(['时', '点'], ":").replace(['分', '整'], "");
    let mut parts = text.strip_suffix(':').map_or(text.clone(), |hour| format!("{hour}:00"));
    if parts.matches(':').count() == 1 {
        parts.push_str(":00");
    }
    let numbers: Vec<i64> = parts.split(':').map(number).collect::<Option<_>>()?;
    let [hours, minutes, seconds] = numbers.as_slice() else { return None };
    let millis = hours * HOUR + minutes * MINUTE + seconds * 1000;
    (*minutes < 60 && *seconds < 60 && millis <= DAY).then(|| TimeOfDay::from_millis(millis))
}

/// One or two digits.
fn number(text: &str) -> Option<i64> {
    let is_number = matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// The minute a spreadsheet means by a fraction of a day; none for a fraction between two minutes.
fn of_day(fraction: f64) -> Option<TimeOfDay> {
    let minutes = fraction * 1440.0;
    let near = minutes.round();
    if !(0.0..=1440.0).contains(&near) || (minutes - near).abs() > 0.02 {
        return None;
    }
    // Between 0 and 1440, so the conversion is exact.
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of at most 1440")]
    let millis = near as i64 * MINUTE;
    Some(TimeOfDay::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (text, hours) in [
            ("", ""),
            ("08:00-12:00;14:00-18:00", "08:00-12:00;14:00-18:00"),
            ("08：00－12：00；14：00－18：00", "08:00-12:00;14:00-18:00"),
            ("08:00~18:00", "08:00-18:00"),
            ("8:00-18:00", "08:00-18:00"),
            ("08:00–18:00", "08:00-18:00"),
            ("8:00 — 12:00, 14:00 — 18:00", "08:00-12:00;14:00-18:00"),
            ("8:00-12:00 14:00-18:00", "08:00-12:00;14:00-18:00"),
            ("８：３０至１８：００", "08:30-18:00"),
            ("8时30分至18时", "08:30-18:00"),
            ("8点半到18点", "08:30-18:00"),
            ("8:30:00-18:00:00", "08:30-18:00"),
            ("0.354166666666667-0.75", "08:30-18:00"),
            ("０．３５４１６６６６６６６６６６７～０．７５", "08:30-18:00"),
            ("00:00-24:00", "00:00-24:00"),
            ("24小时", "00:00-24:00"),
        ] {
            assert_eq!(opening_hours(text).as_deref(), Ok(hours), "{text}");
            assert_eq!(opening_hours(hours).as_deref(), Ok(hours), "{hours} again");
        }
    }

    #[test]
    fn hours_that_are_none_say_what_to_write() {
        let error = |text: &str| opening_hours(text).expect_err(text).to_string();
        let across = "18:00-02:00 goes across midnight; write it as 00:00-02:00;18:00-24:00";
        assert_eq!(error("18:00-02:00"), across);
        assert_eq!(error("8-9"), "\"8\" is not a time of day like 08:00");
        assert_eq!(error("0.5"), "\"0.5\" is not a range like 08:00-12:00");
        assert_eq!(error("8.30-18.00"), "\"8.30\" is not a time of day like 08:00");
        assert_eq!(error("25:00-26:00"), "\"25:00\" is not a time of day like 08:00");
        assert_eq!(error("8:60-9:00"), "\"8:60\" is not a time of day like 08:00");
        assert_eq!(error("08:00-08:00"), "the range 08:00-08:00 does not end after it starts");
        assert!(error("08:00-12:00;11:00-13:00").contains("before the one before it ended"));
        assert!(error("上午").contains("not a range"));
    }
}
