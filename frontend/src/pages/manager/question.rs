//! The question behind a table of rates: which days, by which time, grouped by what. It lives in the address.

use app::rate::{Basis, GroupBy};
use app::time::{DAY, Timestamp};

use super::address::Address;
use crate::fmt;
use crate::words::Words;

/// The parameters of the page of rates.
pub(super) const NAMES: &[&str] = &["from", "to", "basis", "group_by", "sort"];

/// What is asked.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) basis: Basis,
    pub(super) group_by: GroupBy,
}

impl Question {
    /// Reads the address; where it says nothing, the last thirty days by due time and unit are meant.
    pub(super) fn read(address: Address, now: Timestamp) -> Self {
        let or = |name: &str, default: String| {
            Some(address.get(name)).filter(|it| !it.is_empty()).unwrap_or(default)
        };
        let to = or("to", day(now));
        Self {
            from: or("from", start_of(&to).map_or_else(String::new, |to| day(to.plus(-29 * DAY)))),
            to,
            basis: Basis::from_code(&address.get("basis")).unwrap_or_default(),
            group_by: GROUPS
                .into_iter()
                .find(|it| group_code(*it) == address.get("group_by"))
                .unwrap_or_default(),
        }
    }

    /// The API's query.
    pub(super) fn pairs(&self) -> [(&'static str, &str); 4] {
        [
            ("from", &self.from),
            ("to", &self.to),
            ("basis", self.basis.code()),
            ("group_by", group_code(self.group_by)),
        ]
    }
}

/// Every way of grouping, in the order it is offered.
pub(super) const GROUPS: [GroupBy; 6] =
    [GroupBy::Unit, GroupBy::UnitGroup, GroupBy::Area, GroupBy::SpotType, GroupBy::Clause, GroupBy::Month];

/// The word in addresses and in the API.
pub(super) const fn group_code(group_by: GroupBy) -> &'static str {
    match group_by {
        GroupBy::Unit => "unit",
        GroupBy::UnitGroup => "unit_group",
        GroupBy::SpotType => "spot_type",
        GroupBy::Clause => "clause",
        GroupBy::Area => "area",
        GroupBy::Month => "month",
    }
}

/// What people call a way of grouping.
pub(super) fn group_name(group_by: GroupBy, words: &Words) -> &'static str {
    let words = &words.manager;
    match group_by {
        GroupBy::Unit => words.by_unit,
        GroupBy::UnitGroup => words.by_unit_group,
        GroupBy::SpotType => words.by_spot_type,
        GroupBy::Clause => words.by_clause,
        GroupBy::Area => words.by_area,
        GroupBy::Month => words.by_month,
    }
}

/// What people call a basis.
pub(super) fn basis_name(basis: Basis, words: &Words) -> &'static str {
    let words = &words.manager;
    match basis {
        Basis::Due => words.basis_due,
        Basis::Dispatched => words.basis_dispatched,
        Basis::Closed => words.basis_closed,
    }
}

/// Periods worth one press: their name, first and last day.
pub(super) fn presets(now: Timestamp, words: &Words) -> Vec<(&'static str, String, String)> {
    let today = day(now);
    let back = |days: i64| day(now.plus(-days * DAY));
    let month = first_of_month(now);
    let before = month.plus(-DAY);
    let year = format!("{}-01-01", &today[..4]);
    let words = &words.manager;
    vec![
        (words.last_30_days, back(29), today.clone()),
        (words.this_month, day(month), today.clone()),
        (words.last_month, day(first_of_month(before)), day(before)),
        (words.last_90_days, back(89), today.clone()),
        (words.this_year, year, today),
    ]
}

/// The first and the last day of a month, `2026-11`, held inside a period.
pub(super) fn month_within(month: &str, from: &str, to: &str) -> Option<(String, String)> {
    let first = start_of(&format!("{month}-01"))?;
    let last = first_of_month(first.plus(31 * DAY)).plus(-DAY);
    let (first, last) = (day(first), day(last));
    // Days written this way stand in the order of their text.
    Some((first.max(from.to_owned()), last.min(to.to_owned())))
}

/// A day as a person reads it.
pub(super) fn read_day(day: &str) -> String {
    start_of(day).map_or_else(|| day.to_owned(), |at| fmt::date(at.millis()))
}

fn start_of(day: &str) -> Option<Timestamp> {
    Timestamp::parse(&format!("{day}T00:00:00+08:00")).ok()
}

fn day(at: Timestamp) -> String {
    at.date().to_string()
}

fn first_of_month(at: Timestamp) -> Timestamp {
    let date = at.date();
    Timestamp::at(date, 0).plus(-i64::from(date.day() - 1) * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn periods_end_where_they_should() {
        let now = Timestamp::parse("2026-03-01T09:00:00+08:00").expect("a time");
        let presets = presets(now, Words::of(Lang::En));
        let of = |name: &str| {
            let found = presets.iter().find(|it| it.0 == name).expect("a preset");
            (found.1.as_str(), found.2.as_str())
        };
        assert_eq!(of("Last 30 days"), ("2026-01-31", "2026-03-01"));
        assert_eq!(of("This month"), ("2026-03-01", "2026-03-01"));
        assert_eq!(of("Last month"), ("2026-02-01", "2026-02-28"));
        assert_eq!(of("This year"), ("2026-01-01", "2026-03-01"));
    }

    #[test]
    fn a_month_is_held_inside_the_period() {
        let within = |month| month_within(month, "2026-01-15", "2026-02-10").expect("a month");
        assert_eq!(within("2026-01"), ("2026-01-15".to_owned(), "2026-01-31".to_owned()));
        assert_eq!(within("2026-02"), ("2026-02-01".to_owned(), "2026-02-10".to_owned()));
        assert_eq!(month_within("never", "", ""), None);
    }
}
