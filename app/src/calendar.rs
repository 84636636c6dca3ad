//! The calendar of working days: public holidays and make-up working days (调休) as versioned data (handbook §3).
//!
//! A day in a year that has not been published is unknown: it is taken by its weekday and by the holidays that the law
//! itself fixes ([`days_off_by_law`]), and called provisional.

mod date;
mod file;
mod hours;
mod law;
mod working_time;

pub(crate) use date::{date_of, day_of, text as date_text};
pub use file::CalendarError;
pub use hours::{HoursError, TimeOfDay, WorkingHours};
pub use law::days_off_by_law;
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
    /// The year is not published: decided by the weekday and the law alone.
    pub provisional: bool,
}

/// Why a day works or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// Monday to Friday, works.
    Weekday,
    /// Saturday or Sunday, off.
    Weekend,
    /// A public holiday, off: listed, or in a year that is not published fixed by law.
    Holiday,
    /// A listed make-up working day, works.
    MakeUp,
}

impl DayKind {
    const fn works(self) -> bool {
        matches!(self, Self::Weekday | Self::MakeUp)
    }
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
        let kind = match self.index.exceptions.binary_search_by_key(&day, |e| e.day) {
            Ok(at) => self.index.exceptions[at].kind,
            Err(_) => usual(day),
        };
        Day { working: kind.works(), kind, provisional: !self.knows(day, day) }
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
        let before = |day| usual_working_days_before(day) + self.index.change_before(day);
        before(to) - before(from)
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
const fn is_weekday(day: i64) -> bool {
    (day + 3).rem_euclid(7) < 5
}

const fn by_weekday(day: i64) -> DayKind {
    if is_weekday(day) { DayKind::Weekday } else { DayKind::Weekend }
}

/// What a day is that no year lists: the days with a fixed date are off, the others go by their weekday.
fn usual(day: i64) -> DayKind {
    if law::is_fixed(day) { DayKind::Holiday } else { by_weekday(day) }
}

/// Usual working days before `day`; only differences mean anything.
fn usual_working_days_before(day: i64) -> i64 {
    weekdays_before(day) - law::fixed_weekdays_before(day)
}

/// Mondays to Fridays before `day`, counted from the Monday before 1970; only differences mean anything.
fn weekdays_before(day: i64) -> i64 {
    let since_monday = day + 3;
    since_monday.div_euclid(7) * 5 + since_monday.rem_euclid(7).min(5)
}

/// The days that are not as usual, in order, each with the sum of what those before it change, and the runs of published
/// years.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Index {
    exceptions: Vec<Exception>,
    known: Vec<(i64, i64)>,
    change_in_all: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Exception {
    day: i64,
    kind: DayKind,
    change_before: i64,
}

impl Index {
    fn of(years: &BTreeMap<i32, Year>) -> Self {
        let mut index = Self { exceptions: Vec::new(), known: Vec::new(), change_in_all: 0 };
        let first = years.keys().next().map_or(law::TABLE.0, |first| law::TABLE.0.min(*first));
        let last = years.keys().next_back().map_or(law::TABLE.1, |last| law::TABLE.1.max(*last));
        for number in first..=last {
            let year = years.get(&number);
            if year.is_some() {
                index.note_known(number);
            }
            for (day, kind) in listed(number, year) {
                let change = i64::from(kind.works()) - i64::from(usual(day).works());
                index.exceptions.push(Exception { day, kind, change_before: index.change_in_all });
                index.change_in_all += change;
            }
        }
        index
    }

    fn note_known(&mut self, number: i32) {
        let (Ok(first), Ok(last)) =
            (Date::from_ordinal_date(number, 1), Date::from_calendar_date(number, time::Month::December, 31))
        else {
            return;
        };
        let (first, last) = (day_of(first), day_of(last));
        match self.known.last_mut() {
            Some((_, to)) if *to + 1 == first => *to = last,
            _ => self.known.push((first, last)),
        }
    }

    /// By how much the exceptions before `day` change the number of working days.
    fn change_before(&self, day: i64) -> i64 {
        let at = self.exceptions.partition_point(|e| e.day < day);
        self.exceptions.get(at).map_or(self.change_in_all, |e| e.change_before)
    }
}

/// The exceptions of a year. A published one alone counts: a day of the law that it does not list goes by its weekday.
fn listed(number: i32, year: Option<&Year>) -> BTreeMap<i64, DayKind> {
    let mut listed = BTreeMap::new();
    for day in law::moving_days(number).into_iter().flatten().map(day_of) {
        let kind = if year.is_some() { by_weekday(day) } else { DayKind::Holiday };
        listed.insert(day, kind);
    }
    let Some(year) = year else { return listed };
    for day in law::fixed_days(number).into_iter().flatten().map(day_of) {
        listed.insert(day, by_weekday(day));
    }
    for &date in &year.off {
        listed.insert(day_of(date), DayKind::Holiday);
    }
    for &date in &year.work {
        listed.insert(day_of(date), DayKind::MakeUp);
    }
    listed
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
    }

    #[test]
    fn a_year_without_an_arrangement_has_the_days_of_the_law() {
        let calendar = Calendar::builtin();
        let kind = |text| {
            let day = calendar.day(date::parse(text).expect("a date"));
            assert!(day.provisional, "{text}");
            day.kind
        };
        // 2027: the eve is a Friday; the three days after it are Saturday to Monday.
        for off in
            ["2027-01-01", "2027-02-05", "2027-02-08", "2027-04-05", "2027-06-09", "2027-09-15", "2027-10-01"]
        {
            assert_eq!(kind(off), DayKind::Holiday, "{off}");
        }
        for works in ["2027-02-04", "2027-02-09", "2027-05-03", "2027-10-04", "2027-10-08"] {
            assert_eq!(kind(works), DayKind::Weekday, "{works}");
        }
        // Beyond the table the fixed dates alone: the lunar year of 2061 begins on Friday, 21 January.
        assert_eq!(kind("2060-02-02"), DayKind::Holiday);
        assert_eq!(kind("2061-01-21"), DayKind::Weekday);
        assert_eq!((kind("2061-10-03"), kind("9999-10-01")), (DayKind::Holiday, DayKind::Holiday));
    }

    #[test]
    fn an_arrangement_alone_decides_about_its_year() {
        let own = r#"{"years":[{"year":2027,"off":["2027-01-01","2027-05-03"],"work":["2027-05-01","2027-10-02"]}]}"#;
        let calendar = Calendar::parse(own).expect("a calendar");
        let kind = |text| calendar.day(date::parse(text).expect("a date")).kind;
        assert_eq!((kind("2027-01-01"), kind("2027-05-03")), (DayKind::Holiday, DayKind::Holiday));
        assert_eq!((kind("2027-05-01"), kind("2027-10-02")), (DayKind::MakeUp, DayKind::MakeUp));
        // Days of the law that it does not list: a Friday, a Sunday, a lunar Monday.
        assert_eq!(kind("2027-10-01"), DayKind::Weekday);
        assert_eq!(kind("2027-05-02"), DayKind::Weekend);
        assert_eq!(kind("2027-02-08"), DayKind::Weekday);
        assert_eq!(kind("2028-10-02"), DayKind::Holiday, "the year after goes by the law again");
    }

    #[test]
    fn the_index_agrees_with_counting_day_by_day() {
        // One year that has an arrangement of its own, in the midst of those that have none.
        let own = r#"{"years":[{"year":2027,"off":["2027-01-01","2027-05-03"],"work":["2027-05-01","2027-10-02"]}]}"#;
        for calendar in [Calendar::builtin(), Calendar::parse(own).expect("a calendar")] {
            agrees_with_counting(&calendar);
        }
    }

    fn agrees_with_counting(calendar: &Calendar) {
        for from in (-800..36_000).step_by(397) {
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
