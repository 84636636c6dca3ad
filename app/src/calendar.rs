//! The calendar of working days: public holidays and make-up working days (调休) as versioned data (handbook §3).
//!
//! A day in a year that has not been published is unknown: it is taken by its weekday and called provisional.

mod date;
mod file;
mod hours;
mod working_time;

pub(crate) use date::{date_of, day_of, text as date_text};
pub use file::CalendarError;
pub use hours::{HoursError, TimeOfDay, WorkingHours};
pub use working_time::WorkingTime;
pub(crate) use working_time::{join, split};

use file::CalendarFile;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use time::Date;

/// The published years, with an index that answers in logarithmic time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CalendarFile", into = "CalendarFile")]
pub struct Calendar {
    version: String,
    years: BTreeMap<i32, Year>,
    index: Index,
}

/// What one published year changes about its weekdays and weekends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Year {
    /// Public holidays, weekends inside a holiday block included.
    pub off: BTreeSet<Date>,
    /// Make-up working days (调休).
    pub work: BTreeSet<Date>,
}

/// What the calendar says about one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Whether the day has working hours.
    pub working: bool,
    /// Why it does or does not.
    pub kind: DayKind,
    /// The year is not published: decided by the weekday alone.
    pub provisional: bool,
}

/// Why a day works or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// Monday to Friday, works.
    Weekday,
    /// Saturday or Sunday, off.
    Weekend,
    /// A listed public holiday, off.
    Holiday,
    /// A listed make-up working day, works.
    MakeUp,
}

impl Calendar {
    /// Reads a calendar in the form of `data/calendar.json`; without a `version` it is named after its content.
    ///
    /// # Errors
    /// When the text is not that form or contradicts itself; see [`CalendarError`].
    pub fn parse(json: &str) -> Result<Self, CalendarError> {
        let file: CalendarFile =
            serde_json::from_str(json).map_err(|e| CalendarError::Malformed(e.to_string()))?;
        file.try_into()
    }

    /// The calendar this version of the product was built with.
    #[must_use]
    pub fn builtin() -> Self {
        Self::parse(include_str!("../../data/calendar.json"))
            .unwrap_or_else(|error| unreachable!("data/calendar.json is part of the program: {error}"))
    }

    /// Names this edition; stored with every due time it decided.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The published years.
    #[must_use]
    pub fn years(&self) -> &BTreeMap<i32, Year> {
        &self.years
    }

    /// What the calendar says about `date`.
    #[must_use]
    pub fn day(&self, date: Date) -> Day {
        self.day_at(day_of(date))
    }

    /// [`Self::day`] by day number.
    pub(crate) fn day_at(&self, day: i64) -> Day {
        let (working, kind) = match self.index.exceptions.binary_search_by_key(&day, |e| e.day) {
            Ok(at) if self.index.exceptions[at].working => (true, DayKind::MakeUp),
            Ok(_) => (false, DayKind::Holiday),
            Err(_) if is_weekday(day) => (true, DayKind::Weekday),
            Err(_) => (false, DayKind::Weekend),
        };
        Day { working, kind, provisional: !self.knows(day, day) }
    }

    /// Whether every day from `first` to `last` lies in a published year.
    pub(crate) fn knows(&self, first: i64, last: i64) -> bool {
        self.index.known.iter().any(|&(from, to)| from <= first && last <= to)
    }

    /// The working days in `from..to`.
    pub(crate) fn working_days(&self, from: i64, to: i64) -> i64 {
        if to <= from {
            return 0;
        }
        weekdays_before(to) - weekdays_before(from) + self.index.change_before(to)
            - self.index.change_before(from)
    }

    /// The `n`th working day at or after `from` (`n` ≥ 1), none when there is none up to `last`.
    pub(crate) fn nth_working_day(&self, from: i64, n: i64, last: i64) -> Option<i64> {
        let (mut day, mut left) = (from, n);
        while day <= last {
            // `left - 1` days hold at most as many working days, so this never jumps past the answer, and each
            // jump leaves about two sevenths of the way.
            if left > 8 {
                let jump = (left - 1).min(last - day + 1);
                left -= self.working_days(day, day + jump);
                day += jump;
                continue;
            }
            if self.day_at(day).working {
                left -= 1;
                if left <= 0 {
                    return Some(day);
                }
            }
            day += 1;
        }
        None
    }
}

/// Days since 1970-01-01, a Thursday, so that Monday is 0.
fn is_weekday(day: i64) -> bool {
    (day + 3).rem_euclid(7) < 5
}

/// Mondays to Fridays before `day`, counted from the Monday before 1970; only differences mean anything.
fn weekdays_before(day: i64) -> i64 {
    let since_monday = day + 3;
    since_monday.div_euclid(7) * 5 + since_monday.rem_euclid(7).min(5)
}

/// The exceptions in order, each with the sum of what those before it change, and the runs of published years.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Index {
    exceptions: Vec<Exception>,
    known: Vec<(i64, i64)>,
    change_in_all: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Exception {
    day: i64,
    working: bool,
    change_before: i64,
}

impl Index {
    fn of(years: &BTreeMap<i32, Year>) -> Self {
        let mut index = Self { exceptions: Vec::new(), known: Vec::new(), change_in_all: 0 };
        for (&number, year) in years {
            let (Ok(first), Ok(last)) = (
                Date::from_ordinal_date(number, 1),
                Date::from_calendar_date(number, time::Month::December, 31),
            ) else {
                continue;
            };
            let (first, last) = (day_of(first), day_of(last));
            match index.known.last_mut() {
                Some((_, to)) if *to + 1 == first => *to = last,
                _ => index.known.push((first, last)),
            }
            let off = year.off.iter().map(|&date| (day_of(date), false));
            let work = year.work.iter().map(|&date| (day_of(date), true));
            let listed: BTreeMap<i64, bool> = off.chain(work).collect();
            for (day, working) in listed {
                index.exceptions.push(Exception { day, working, change_before: index.change_in_all });
                index.change_in_all += i64::from(working) - i64::from(is_weekday(day));
            }
        }
        index
    }

    /// By how much the exceptions before `day` change the number of working days.
    fn change_before(&self, day: i64) -> i64 {
        let at = self.exceptions.partition_point(|e| e.day < day);
        self.exceptions.get(at).map_or(self.change_in_all, |e| e.change_before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_calendar_knows_its_years() {
        let calendar = Calendar::builtin();
        let day = |text| calendar.day(date::parse(text).expect("a date"));
        assert_eq!(calendar.years().keys().copied().collect::<Vec<_>>(), [2024, 2025, 2026]);
        assert!(calendar.version().starts_with("2024-2026-"), "{}", calendar.version());
        assert_eq!(day("2026-02-14"), Day { working: true, kind: DayKind::MakeUp, provisional: false });
        assert_eq!(day("2026-02-15"), Day { working: false, kind: DayKind::Holiday, provisional: false });
        assert_eq!(day("2026-03-07"), Day { working: false, kind: DayKind::Weekend, provisional: false });
        assert_eq!(day("2027-02-08"), Day { working: true, kind: DayKind::Weekday, provisional: true });
    }

    #[test]
    fn the_index_agrees_with_counting_day_by_day() {
        let calendar = Calendar::builtin();
        for from in (-800..22_000).step_by(97) {
            let mut counted = 0;
            for day in from..from + 1200 {
                assert_eq!(calendar.working_days(from, day), counted);
                if calendar.day_at(day).working {
                    counted += 1;
                    if counted % 50 < 10 {
                        assert_eq!(calendar.nth_working_day(from, counted, day), Some(day));
                        assert_eq!(calendar.nth_working_day(from, counted, day - 1), None);
                    }
                }
            }
        }
    }
}
