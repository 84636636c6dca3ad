//! Numbers, moments and durations as a person reads them.
//!
//! Dates go through the browser's `Intl` (a date library would weigh more than the whole dictionary); rates are computed
//! in integers, because a published rate must survive an argument.

use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::words::{Words, use_words};

/// Business time is the field's, wherever the phone thinks it is.
const ZONE: &str = "Asia/Shanghai";

/// A moment with date and time: `2026年2月13日 16:00`, `13 Feb 2026, 16:00`. Unix milliseconds.
#[must_use]
pub fn date_time(millis: i64) -> String {
    intl(millis, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// A day: `2026年2月13日`, `13 Feb 2026`.
#[must_use]
pub fn date(millis: i64) -> String {
    intl(millis, &[("dateStyle", "medium")])
}

/// A day with its weekday and time but without the year, for what is near: `2月13日周五 16:00`.
#[must_use]
pub fn near(millis: i64) -> String {
    intl(
        millis,
        &[
            ("month", "short"),
            ("day", "numeric"),
            ("weekday", "short"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
        ],
    )
}

/// A moment as it is stamped on a photo, the same in every language: `2026-02-13 16:00`.
#[must_use]
pub fn stamp(millis: i64) -> String {
    // Shanghai keeps one offset all year; as if it were UTC, the browser's own ISO text is the local time.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of any year stay below 2^53")]
    let at = Date::new(&JsValue::from_f64((millis + 8 * 3_600_000) as f64));
    let iso = String::from(at.to_iso_string());
    iso.get(..16).unwrap_or_default().replace('T', " ")
}

/// A time of day: `16:00`.
#[must_use]
pub fn time_of_day(millis: i64) -> String {
    intl(millis, &[("timeStyle", "short")])
}

fn intl(millis: i64, options: &[(&str, &str)]) -> String {
    let object = Object::new();
    for (key, value) in options.iter().chain(&[("timeZone", ZONE), ("hourCycle", "h23")]) {
        // Setting a property of an object of our own cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    let locales = Array::of1(&JsValue::from_str(use_words().lang.tag()));
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of any year stay below 2^53")]
    let at = Date::new(&JsValue::from_f64(millis as f64));
    let format = Intl::DateTimeFormat::new(&locales, &object).format();
    format.call1(&JsValue::UNDEFINED, &at).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A count with its thousands set apart: `12,345`.
#[must_use]
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `n ÷ d` with two decimals, half away from zero: `93.72%`. A rate of nothing is a dash, never zero.
#[must_use]
pub fn percent(n: u64, d: u64) -> String {
    if d == 0 {
        return "–".to_owned();
    }
    let hundredths = (u128::from(n) * 20_000 + u128::from(d)) / (2 * u128::from(d));
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// A duration by the wall clock, in words: `2 天 4 小时`, `3 小时 20 分`.
#[must_use]
pub fn duration(words: &Words, millis: u64) -> String {
    let minutes = millis / 60_000;
    let (hours, rest) = (minutes / 60, minutes % 60);
    if hours >= 48 {
        (words.time.days_hours)(hours / 24, hours % 24)
    } else if hours > 0 {
        (words.time.hours_minutes)(hours, rest)
    } else {
        (words.time.minutes)(rest)
    }
}

/// Hours of a working day.
const WORK_DAY_HOURS: u64 = 8;

/// A duration in the order's own time; `working` when that runs only inside working hours, of which 8 make a day.
fn own(words: &Words, millis: u64, working: bool) -> String {
    if !working {
        return duration(words, millis);
    }
    let minutes = millis / 60_000;
    let (hours, rest) = (minutes / 60, minutes % 60);
    // Below two days, hours are nearer to what people plan with.
    if hours >= 2 * WORK_DAY_HOURS {
        (words.time.work)(hours / WORK_DAY_HOURS, hours % WORK_DAY_HOURS, rest)
    } else {
        (words.time.work)(0, hours, rest)
    }
}

/// What is left of a limit, or by how much it is overrun, in words. `left` in milliseconds of the order's own time,
/// negative when overdue.
#[must_use]
pub fn left(words: &Words, left: i64, working: bool) -> String {
    let text = own(words, left.unsigned_abs(), working);
    if left < 0 { (words.time.over)(&text) } else { (words.time.left)(&text) }
}

/// By how much something was late, milliseconds of the order's own time.
#[must_use]
pub fn late(words: &Words, late: i64, working: bool) -> String {
    own(words, late.unsigned_abs(), working)
}

/// How long ago something happened, by the wall clock: `刚刚`, `3 小时 20 分前`.
#[must_use]
pub fn ago(words: &Words, millis: u64) -> String {
    if millis < 60_000 { words.time.just_now.to_owned() } else { (words.time.ago)(&duration(words, millis)) }
}

/// A size as a person reads it: `3.4 MB`.
#[must_use]
pub fn bytes(bytes: f64) -> String {
    const MEGA: f64 = 1024.0 * 1024.0;
    if bytes < 1024.0 * MEGA {
        format!("{:.1} MB", bytes / MEGA)
    } else {
        format!("{:.1} GB", bytes / MEGA / 1024.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn a_rate_is_rounded_from_integers() {
        assert_eq!(percent(911, 972), "93.72%");
        assert_eq!(percent(737, 972), "75.82%");
        assert_eq!(percent(1, 3), "33.33%");
        assert_eq!(percent(2, 3), "66.67%");
        assert_eq!(percent(1, 1), "100.00%");
        assert_eq!(percent(0, 5), "0.00%");
        assert_eq!(percent(0, 0), "–");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(number(20_000_000), "20,000,000");
    }

    #[test]
    fn what_is_left_says_which_time_it_is() {
        let (zh, en) = (Words::of(Lang::Zh), Words::of(Lang::En));
        let t = (3 * 60 + 20) * 60_000;
        assert_eq!(left(zh, t, true), "剩余 3 个工作时 20 分");
        assert_eq!(left(zh, 4 * 3_600_000, true), "剩余 4 个工作时");
        assert_eq!(left(en, t, true), "3 h 20 min of working time left");
        assert_eq!(left(zh, -t, false), "已超期 3 小时 20 分");
        assert_eq!(left(zh, 20 * 3_600_000, true), "剩余 2 个工作日 4 小时");
        assert_eq!(left(zh, -(50 * 8 + 3) * 3_600_000, true), "已超期 50 个工作日");
        assert_eq!(left(en, 30 * 3_600_000, false), "30 h left");
        assert_eq!(left(zh, 59_000, true), "剩余 0 分钟（工作时间）");
        assert_eq!(late(zh, 9 * 3_600_000, true), "9 个工作时");
    }
}
