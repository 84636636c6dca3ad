//! The figures of the rates: their names, values, and the list behind each.

use app::rate::{GroupBy, Measure, Quotient, RateRow};

use super::question::{Question, group_code, month_within};
use crate::api::with_query;
use crate::fmt;
use crate::words::Words;

/// A column of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// A rate, with what its denominator counts.
    Rate(Rate),
    /// A count of the period.
    Count(Measure),
    /// What is open and past due now, whatever its period.
    OverdueNow,
}

/// The three rates a unit is judged by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rate {
    /// 结案率.
    Closure,
    /// 按期结案率.
    OnTime,
    /// 一次合格率.
    FirstPass,
}

/// Every column: what one looks for first, then what it comes from.
pub(super) const FIGURES: [Figure; 12] = [
    Figure::Rate(Rate::Closure),
    Figure::Rate(Rate::OnTime),
    Figure::Rate(Rate::FirstPass),
    Figure::OverdueNow,
    Figure::Count(Measure::Dispatched),
    Figure::Count(Measure::Due),
    Figure::Count(Measure::Closed),
    Figure::Count(Measure::ClosedOnTime),
    Figure::Count(Measure::OpenOverdue),
    Figure::Count(Measure::FirstRechecks),
    Figure::Count(Measure::FirstPassed),
    Figure::Count(Measure::Void),
];

impl Figure {
    /// The word in addresses, for sorting.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Rate(Rate::Closure) => "closure_rate",
            Self::Rate(Rate::OnTime) => "on_time_rate",
            Self::Rate(Rate::FirstPass) => "first_pass_rate",
            Self::Count(measure) => measure.code(),
            Self::OverdueNow => "overdue_now",
        }
    }

    /// What people call it.
    pub(super) fn name(self, words: &Words) -> &'static str {
        match self {
            Self::Rate(Rate::Closure) => words.states.closure_rate,
            Self::Rate(Rate::OnTime) => words.states.on_time_rate,
            Self::Rate(Rate::FirstPass) => words.states.first_pass_rate,
            Self::Count(Measure::OpenOverdue) => words.manager.overdue_in_period,
            Self::Count(measure) => measure_name(measure, words),
            Self::OverdueNow => words.manager.overdue_now,
        }
    }

    /// What a press on it lists: the cases a rate is taken over, or those a count counts.
    pub(super) const fn lists(self) -> Measure {
        match self {
            Self::Rate(Rate::Closure | Rate::OnTime) => Measure::Due,
            Self::Rate(Rate::FirstPass) => Measure::FirstRechecks,
            Self::Count(measure) => measure,
            Self::OverdueNow => Measure::OpenOverdue,
        }
    }

    /// The figure as it is read.
    pub(super) fn text(self, row: &RateRow) -> String {
        match self {
            Self::Rate(rate) => percent(rate.quotient(row)),
            Self::Count(_) | Self::OverdueNow => fmt::number(self.cases(row).unsigned_abs()),
        }
    }

    /// What rows are sorted by; a rate over nothing has none.
    pub(super) fn key(self, row: &RateRow) -> Option<i64> {
        match self {
            Self::Rate(rate) => rate.quotient(row).basis_points(),
            Self::Count(_) | Self::OverdueNow => Some(self.cases(row)),
        }
    }

    /// How many cases a press on it lists.
    pub(super) fn cases(self, row: &RateRow) -> i64 {
        if self == Self::OverdueNow { row.overdue_now } else { count(self.lists(), row) }
    }
}

impl Rate {
    /// The rate, not yet rounded.
    pub(super) const fn quotient(self, row: &RateRow) -> Quotient {
        match self {
            Self::Closure => row.closure_rate,
            Self::OnTime => row.on_time_rate,
            Self::FirstPass => row.first_pass_rate,
        }
    }
}

/// A rate with two decimals, reckoned in integers; over nothing it is a dash.
pub(super) fn percent(rate: Quotient) -> String {
    rate.basis_points()
        .map_or_else(|| "—".to_owned(), |points| format!("{}.{:02}%", points / 100, points % 100))
}

const fn count(measure: Measure, row: &RateRow) -> i64 {
    let tally = &row.tally;
    match measure {
        Measure::Dispatched => tally.dispatched,
        Measure::Due => tally.closed + row.open_overdue,
        Measure::Closed => tally.closed,
        Measure::ClosedOnTime => tally.closed_on_time,
        Measure::OpenOverdue => row.open_overdue,
        Measure::Replied => tally.replied,
        Measure::Reworked => tally.reworked,
        Measure::FirstRechecks => tally.first_rechecks,
        Measure::FirstPassed => tally.first_passed,
        Measure::Void => tally.void,
    }
}

/// What people call a measure.
pub(super) fn measure_name(measure: Measure, words: &Words) -> &'static str {
    let words = &words.manager;
    match measure {
        Measure::Dispatched => words.dispatched,
        Measure::Due => words.due,
        Measure::Closed => words.closed,
        Measure::ClosedOnTime => words.closed_on_time,
        Measure::OpenOverdue => words.open_overdue,
        Measure::Replied => words.replied,
        Measure::Reworked => words.reworked,
        Measure::FirstRechecks => words.first_rechecks,
        Measure::FirstPassed => words.first_passed,
        Measure::Void => words.void,
    }
}

/// The list behind a figure: of one group, or of all when `key` is none. A group without a name has no list.
pub(super) fn list_of(
    question: &Question,
    days: (&str, &str),
    key: Option<&str>,
    figure: Figure,
) -> Option<String> {
    let query = query_of(question, days, key, figure)?;
    let query: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some(with_query("/manage/issues", &query))
}

/// What that list is asked for.
fn query_of(
    question: &Question,
    days: (&str, &str),
    key: Option<&str>,
    figure: Figure,
) -> Option<Vec<(&'static str, String)>> {
    let (mut from, mut to) = (days.0.to_owned(), days.1.to_owned());
    let mut group = ("", "");
    match key {
        None => {}
        Some("") => return None,
        Some(month) if question.group_by == GroupBy::Month => (from, to) = month_within(month, &from, &to)?,
        Some(key) => group = (filter_name(question.group_by), key),
    }
    let mut query = vec![(group.0, group.1.to_owned()), ("measure", figure.lists().code().to_owned())];
    // What is overdue now belongs to no period, but a month's row is one.
    if figure != Figure::OverdueNow || (key.is_some() && question.group_by == GroupBy::Month) {
        query.extend([("basis", question.basis.code().to_owned()), ("from", from), ("to", to)]);
    }
    Some(query)
}

/// The parameter of the list that selects a group.
const fn filter_name(group_by: GroupBy) -> &'static str {
    match group_by {
        GroupBy::Unit => "unit_id",
        GroupBy::Area => "area_id",
        GroupBy::Clause => "clause_code",
        GroupBy::UnitGroup | GroupBy::SpotType | GroupBy::Month => group_code(group_by),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_overdue_now_is_listed_without_a_period() {
        let asked = |group_by| Question {
            from: "2026-11-01".to_owned(),
            to: "2026-11-30".to_owned(),
            basis: app::rate::Basis::Due,
            group_by,
        };
        let list = |group_by, key, figure| {
            let query = query_of(&asked(group_by), ("2026-11-01", "2026-11-30"), key, figure);
            let query = query.unwrap_or_default().into_iter().filter(|(name, _)| !name.is_empty());
            query.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>()
        };
        let now = list(GroupBy::Unit, Some("7"), Figure::OverdueNow);
        assert_eq!(now, ["unit_id=7", "measure=open_overdue"]);
        let period = ["measure=open_overdue", "basis=due", "from=2026-11-01", "to=2026-11-30"];
        assert_eq!(list(GroupBy::Month, Some("2026-11"), Figure::OverdueNow), period);
        assert_eq!(list(GroupBy::Unit, None, Figure::Count(Measure::OpenOverdue)), period);
    }

    #[test]
    fn a_rate_has_two_decimals_and_nothing_is_a_dash() {
        assert_eq!(percent(Quotient { of: 911, out_of: 972 }), "93.72%");
        assert_eq!(percent(Quotient { of: 0, out_of: 7 }), "0.00%");
        assert_eq!(percent(Quotient { of: 0, out_of: 0 }), "—");
    }
}
