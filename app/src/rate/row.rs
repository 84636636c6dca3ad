//! A row of the table of rates: what a group is called, its counts, and the quotients that are made of them.

use super::{Basis, GroupBy, Tally};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A quotient of two counts, never rounded before it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quotient {
    /// The numerator.
    pub of: i64,
    /// The denominator; a rate over nothing is no rate.
    pub out_of: i64,
}

impl Quotient {
    /// Hundredths of a percent, rounded half up: 9372 is 93.72 %. `None` over nothing.
    #[must_use]
    pub fn basis_points(self) -> Option<i64> {
        (self.out_of > 0).then(|| (self.of * 20_000 + self.out_of) / (self.out_of * 2))
    }
}

/// The figures of one group in one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RateRow {
    /// The unit's or area's id, the code of the type or clause, the group's name, or `2026-11`.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// The ranking group of a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The sums.
    #[serde(flatten)]
    pub tally: Tally,
    /// Orders of the period that are open and past due at the time of asking.
    pub open_overdue: i64,
    /// Orders open and past due at the time of asking, whatever their period; in a month's row, the same as `open_overdue`.
    pub overdue_now: i64,
    /// 结案率: closed ÷ due, where due = closed + open and past due.
    pub closure_rate: Quotient,
    /// 办结率: closed ÷ all dispatched in the period.
    pub all_in_rate: Quotient,
    /// 按期结案率: closed in time ÷ due.
    pub on_time_rate: Quotient,
    /// 一次合格率: passed at the first re-check ÷ first re-checks.
    pub first_pass_rate: Quotient,
    /// 返工率: orders reworked ÷ orders replied.
    pub rework_rate: Quotient,
}

/// Orders open and past due at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overdue {
    /// Those of the period: part of the denominators.
    pub in_period: i64,
    /// All of them: the oldest fell due before most periods begin.
    pub now: i64,
}

impl std::ops::AddAssign for Overdue {
    fn add_assign(&mut self, other: Self) {
        self.in_period += other.in_period;
        self.now += other.now;
    }
}

impl RateRow {
    /// Applies the formulas of handbook §4.
    #[must_use]
    pub fn new(key: String, name: String, group: Option<String>, tally: Tally, overdue: Overdue) -> Self {
        let due = tally.closed + overdue.in_period;
        let quotient = |of, out_of| Quotient { of, out_of };
        Self {
            key,
            name,
            group,
            tally,
            open_overdue: overdue.in_period,
            overdue_now: overdue.now,
            closure_rate: quotient(tally.closed, due),
            all_in_rate: quotient(tally.closed, tally.dispatched),
            on_time_rate: quotient(tally.closed_on_time, due),
            first_pass_rate: quotient(tally.first_passed, tally.first_rechecks),
            rework_rate: quotient(tally.reworked, tally.replied),
        }
    }
}

/// The answer to a question for rates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rates {
    /// First day, `2026-11-01`.
    pub from: String,
    /// Last day, inclusive.
    pub to: String,
    /// By which time orders belong to the period.
    pub basis: Basis,
    /// What is grouped by.
    pub group_by: GroupBy,
    /// The moment "past due" refers to.
    pub as_of: Timestamp,
    /// The whole period.
    pub total: RateRow,
    /// The groups, by name.
    pub items: Vec<RateRow>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_period(in_period: i64) -> Overdue {
        Overdue { in_period, now: in_period }
    }

    /// The published bulletin of handbook §4: 996 filed, 972 due, 911 closed, 737 in time.
    #[test]
    fn a_published_bulletin_is_reproduced() {
        let tally = Tally { dispatched: 996, closed: 911, closed_on_time: 737, ..Tally::default() };
        let row = RateRow::new(String::new(), String::new(), None, tally, of_period(972 - 911));
        assert_eq!(row.closure_rate.basis_points(), Some(9372));
        assert_eq!(row.on_time_rate.basis_points(), Some(7582));
    }

    #[test]
    fn a_rate_over_nothing_is_no_rate() {
        assert_eq!(Quotient { of: 0, out_of: 0 }.basis_points(), None);
        assert_eq!(Quotient { of: 2, out_of: 3 }.basis_points(), Some(6667));
    }
}
