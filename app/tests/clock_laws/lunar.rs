//! The holidays that the law fixes, by the months of the lunar calendar: another way than the table of `app`.

use time::{Date, Duration, Month};

/// The lengths of the lunar months of 2025 to 2060. Bit 15 is the first month, set where it has 30 days, bit 4 the twelfth. The
/// last four bits name the month that a leap month follows; bit 16 is set where that one has 30 days.
const MONTHS: [u32; 36] = [
    0x0a6e6, 0x0a4e0, 0x0d260, 0x0ea65, 0x0d530, 0x05aa0, 0x076a3, 0x096d0, 0x04afb, 0x04ad0, 0x0a4d0,
    0x1d0b6, 0x0d250, 0x0d520, 0x0dd45, 0x0b5a0, 0x056d0, 0x055b2, 0x049b0, 0x0a577, 0x0a4b0, 0x0aa50,
    0x1b255, 0x06d20, 0x0ada0, 0x14b63, 0x09370, 0x049f8, 0x04970, 0x064b0, 0x168a6, 0x0ea50, 0x06aa0,
    0x1a6c4, 0x0aae0, 0x092e0,
];

/// Whether the law as revised in 2024 makes `date` a holiday, as far as is known of its year.
pub(crate) fn is_off_by_law(date: Date) -> bool {
    match (date.month(), date.day()) {
        (Month::January, 1) | (Month::May, 1 | 2) | (Month::October, 1..=3) => return true,
        (Month::April, day) if (2025..=2060).contains(&date.year()) => return day == qingming(date.year()),
        _ => {}
    }
    let is = |month, day| lunar_days(date.year(), month, day) == Some(date);
    let is_eve = lunar_days(date.year(), 1, 1).and_then(Date::previous_day) == Some(date);
    is_eve || is(1, 1) || is(1, 2) || is(1, 3) || is(5, 5) || is(8, 15)
}

/// The day of the solar term, by the length of the year: it holds through this century but for leap centuries.
fn qingming(year: i32) -> u8 {
    let years = year - 2000;
    // 0.2422 days a year beyond 365, from 4.81 April 2000, and a day back each leap year.
    u8::try_from((years * 2_422 + 48_100) / 10_000 - years / 4).expect("a day")
}

/// The day of a lunar month of the lunar year that begins in `year`; none outside the table.
fn lunar_days(year: i32, month: u32, day: i64) -> Option<Date> {
    let at = usize::try_from(year - 2025).ok().filter(|at| *at < MONTHS.len())?;
    let spring = MONTHS[..at].iter().map(|months| days_before(*months, 13)).sum::<i64>();
    let first = Date::from_calendar_date(2025, Month::January, 29).expect("a date");
    Some(first + Duration::days(spring + days_before(MONTHS[at], month) + day - 1))
}

/// Days of a lunar year before one of its months.
fn days_before(months: u32, month: u32) -> i64 {
    let length = |bit: u32| 29 + i64::from(months >> bit & 1);
    let leap = months & 15;
    let leap_days = if leap > 0 && leap < month { length(16) } else { 0 };
    (1..month).map(|month| length(16 - month)).sum::<i64>() + leap_days
}
