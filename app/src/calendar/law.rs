//! The days that the law itself makes holidays (全国年节及纪念日放假办法, as revised in 2024): what is known of a year before
//! its arrangement (放假安排) is published.
//!
//! The arrangement of a year moves days off and work around these; where there is one, it alone counts.

use super::{date_of, is_weekday};
use std::collections::BTreeSet;
use time::{Date, Duration, Month};

/// The first and the last year whose moving days are in the table. The revision holds from 2025 on.
pub(super) const TABLE: (i32, i32) = (2025, 2060);

/// The moving days of a year, as month and day.
struct Moving {
    /// 春节: the first day of the lunar year; its eve and the two days after are off, too.
    spring: (u8, u8),
    /// 清明: the solar term, in April.
    qingming: u8,
    /// 端午: the fifth of the fifth lunar month.
    dragon_boat: (u8, u8),
    /// 中秋: the fifteenth of the eighth lunar month.
    mid_autumn: (u8, u8),
}

const fn year(spring: (u8, u8), qingming: u8, dragon_boat: (u8, u8), mid_autumn: (u8, u8)) -> Moving {
    Moving { spring, qingming, dragon_boat, mid_autumn }
}

/// One line for each year from 2025 to 2060, in China Standard Time.
const MOVING: [Moving; 36] = [
    year((1, 29), 4, (5, 31), (10, 6)),
    year((2, 17), 5, (6, 19), (9, 25)),
    year((2, 6), 5, (6, 9), (9, 15)),
    year((1, 26), 4, (5, 28), (10, 3)),
    year((2, 13), 4, (6, 16), (9, 22)),
    year((2, 3), 5, (6, 5), (9, 12)),
    year((1, 23), 5, (6, 24), (10, 1)),
    year((2, 11), 4, (6, 12), (9, 19)),
    year((1, 31), 4, (6, 1), (9, 8)),
    year((2, 19), 5, (6, 20), (9, 27)),
    year((2, 8), 5, (6, 10), (9, 16)),
    year((1, 28), 4, (5, 30), (10, 4)),
    year((2, 15), 4, (6, 18), (9, 24)),
    year((2, 4), 5, (6, 7), (9, 13)),
    year((1, 24), 5, (5, 27), (10, 2)),
    year((2, 12), 4, (6, 14), (9, 20)),
    year((2, 1), 4, (6, 3), (9, 10)),
    year((1, 22), 4, (6, 22), (9, 28)),
    year((2, 10), 5, (6, 11), (9, 17)),
    year((1, 30), 4, (5, 31), (10, 5)),
    year((2, 17), 4, (6, 19), (9, 25)),
    year((2, 6), 4, (6, 8), (9, 15)),
    year((1, 26), 5, (5, 29), (10, 4)),
    year((2, 14), 4, (6, 15), (9, 22)),
    year((2, 2), 4, (6, 4), (9, 11)),
    year((1, 23), 4, (6, 23), (9, 30)),
    year((2, 11), 5, (6, 13), (9, 19)),
    year((2, 1), 4, (6, 1), (9, 7)),
    year((2, 19), 4, (6, 20), (9, 26)),
    year((2, 8), 4, (6, 10), (9, 16)),
    year((1, 28), 5, (5, 30), (10, 5)),
    year((2, 15), 4, (6, 17), (9, 24)),
    year((2, 4), 4, (6, 6), (9, 13)),
    year((1, 24), 4, (6, 25), (10, 2)),
    year((2, 12), 5, (6, 14), (9, 21)),
    year((2, 2), 4, (6, 3), (9, 9)),
];

/// The fixed days as days of a common year, from 0: 1 January, 1 and 2 May, 1 to 3 October.
const FIXED: [i64; 6] = [0, 120, 121, 273, 274, 275];

/// Years after which the Gregorian calendar repeats itself, weekdays included.
const CYCLE: i32 = 400;

/// For each year of a cycle, how many fixed days before it are weekdays.
const WEEKDAYS_BEFORE: [u16; 401] = weekdays_before_years();

/// The days of `year` that are off by law, whatever weekday they are.
///
/// From 2025 to 2060 these are 元旦 1 January, 春节 the eve and the first three days of the lunar year, 清明, 劳动节 1 and 2 May,
/// 端午, 中秋, and 国庆 1 to 3 October. In any other year they are the days with a fixed date alone: 1 January, 1 and 2
/// May, 1 to 3 October. No day is given for a holiday that falls on a weekend: which one, the arrangement says.
#[must_use]
pub fn days_off_by_law(year: i32) -> BTreeSet<Date> {
    fixed_days(year).into_iter().chain(moving_days(year)).flatten().collect()
}

fn date((month, day): (u8, u8), year: i32) -> Option<Date> {
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

/// The days of `year` with a fixed date.
pub(super) fn fixed_days(year: i32) -> [Option<Date>; 6] {
    [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)].map(|day| date(day, year))
}

/// The moving days of `year`; none outside the table.
pub(super) fn moving_days(year: i32) -> [Option<Date>; 7] {
    let Some(row) = usize::try_from(year - TABLE.0).ok().and_then(|at| MOVING.get(at)) else {
        return [None; 7];
    };
    let spring = |days| date(row.spring, year)?.checked_add(Duration::days(days));
    let [qingming, dragon_boat, mid_autumn] =
        [(4, row.qingming), row.dragon_boat, row.mid_autumn].map(|day| date(day, year));
    [spring(-1), spring(0), spring(1), spring(2), qingming, dragon_boat, mid_autumn]
}

/// Whether `day` is one of the fixed days.
pub(super) fn is_fixed(day: i64) -> bool {
    let (year, of_year) = split(day);
    FIXED.iter().any(|&fixed| in_year(fixed, year) == of_year)
}

/// How many fixed days before `day` are weekdays, counted from the year 0; only differences mean anything.
pub(super) fn fixed_weekdays_before(day: i64) -> i64 {
    let (year, of_year) = split(day);
    let (cycles, at) =
        (i64::from(year.div_euclid(CYCLE)), usize::try_from(year.rem_euclid(CYCLE)).unwrap_or(0));
    let this_year = FIXED.iter().map(|&fixed| in_year(fixed, year));
    let this_year = this_year.filter(|&fixed| fixed < of_year && is_weekday(day - of_year + fixed)).count();
    cycles * i64::from(WEEKDAYS_BEFORE[400])
        + i64::from(WEEKDAYS_BEFORE[at])
        + i64::try_from(this_year).unwrap_or(0)
}

/// The year of a day, and its day of the year from 0.
fn split(day: i64) -> (i32, i64) {
    let (year, of_year) = date_of(day).to_ordinal_date();
    (year, i64::from(of_year) - 1)
}

/// A day of a common year in a year that may have a 29 February.
const fn in_year(fixed: i64, year: i32) -> i64 {
    if fixed > 58 && is_leap(year) { fixed + 1 } else { fixed }
}

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn weekdays_before_years() -> [u16; 401] {
    // 2000-01-01, with which a cycle begins.
    let (mut first, mut year) = (10_957, 0);
    let mut before = [0; 401];
    let mut at = 0;
    while at < 400 {
        let (mut weekdays, mut fixed) = (0, 0);
        while fixed < FIXED.len() {
            if is_weekday(first + in_year(FIXED[fixed], year)) {
                weekdays += 1;
            }
            fixed += 1;
        }
        before[at + 1] = before[at] + weekdays;
        first += if is_leap(year) { 366 } else { 365 };
        year += 1;
        at += 1;
    }
    before
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, day_of};

    #[test]
    fn the_count_of_fixed_days_is_the_count_day_by_day() {
        let start = day_of(Date::from_calendar_date(1900, Month::January, 1).expect("a date"));
        let mut counted = 0;
        for day in start..start + 450 * 366 {
            assert_eq!(
                fixed_weekdays_before(day) - fixed_weekdays_before(start),
                counted,
                "{}",
                date_of(day)
            );
            let date = date_of(day);
            let is_listed = matches!(
                (date.month(), date.day()),
                (Month::January, 1) | (Month::May, 1 | 2) | (Month::October, 1..=3)
            );
            assert_eq!(is_fixed(day), is_listed, "{date}");
            counted += i64::from(is_listed && is_weekday(day));
        }
        let cycle = 146_097;
        let far = 7 * cycle;
        assert_eq!(
            fixed_weekdays_before(start + far) - fixed_weekdays_before(start),
            7 * i64::from(WEEKDAYS_BEFORE[400])
        );
    }

    #[test]
    fn published_arrangements_hold_every_day_of_the_law() {
        let calendar = Calendar::builtin();
        let mut compared = 0;
        for (&number, year) in calendar.years().range(TABLE.0..) {
            let missing: Vec<_> = days_off_by_law(number).difference(&year.off).copied().collect();
            assert_eq!(missing, [], "{number}");
            compared += 1;
        }
        assert!(compared >= 2);
    }

    #[test]
    fn outside_the_table_only_the_fixed_days_are_known() {
        let days: Vec<usize> =
            (TABLE.0 - 1..=TABLE.1 + 1).map(|number| days_off_by_law(number).len()).collect();
        assert_eq!((days[0], days[1], days[days.len() - 1]), (6, 13, 6));
    }
}
