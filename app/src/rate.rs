//! Rates (handbook §4): what an order counts for, and the formulas. A published rate must survive an argument, so
//! everything is a quotient of whole numbers and every number has a list behind it.

mod row;

pub use row::{Overdue, Quotient, RateRow, Rates};

use crate::issue::Issue;
use crate::order::{ClosingKind, State};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// By which of its times an order belongs to a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Its due time.
    #[default]
    Due,
    /// The time it was dispatched.
    Dispatched,
    /// The time it was closed.
    Closed,
}

impl Basis {
    /// All bases.
    pub const ALL: [Self; 3] = [Self::Due, Self::Dispatched, Self::Closed];

    /// The word used in JSON and the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Dispatched => "dispatched",
            Self::Closed => "closed",
        }
    }

    /// The basis with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// What rates are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// By responsible unit.
    #[default]
    Unit,
    /// By ranking group of the unit.
    UnitGroup,
    /// By spot type.
    SpotType,
    /// By clause.
    Clause,
    /// By the spot's area.
    Area,
    /// By the month of the basis.
    Month,
}

/// A figure that a number on a screen stands for, and that selects its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Dispatched, whatever became of them.
    Dispatched,
    /// Closed, or open and past due: the denominator of most rates.
    Due,
    /// Closed after a re-check.
    Closed,
    /// Closed, and confirmed by the unit in time.
    ClosedOnTime,
    /// Open and past due now.
    OpenOverdue,
    /// Answered at least once.
    Replied,
    /// Reworked at least once.
    Reworked,
    /// Re-checked at least once.
    FirstRechecks,
    /// Passed at the first re-check.
    FirstPassed,
    /// Void: outside numerator and denominator, shown beside them.
    Void,
}

impl Measure {
    /// All measures.
    pub const ALL: [Self; 10] = [
        Self::Dispatched,
        Self::Due,
        Self::Closed,
        Self::ClosedOnTime,
        Self::OpenOverdue,
        Self::Replied,
        Self::Reworked,
        Self::FirstRechecks,
        Self::FirstPassed,
        Self::Void,
    ];

    /// The word used in JSON and in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dispatched => "dispatched",
            Self::Due => "due",
            Self::Closed => "closed",
            Self::ClosedOnTime => "closed_on_time",
            Self::OpenOverdue => "open_overdue",
            Self::Replied => "replied",
            Self::Reworked => "reworked",
            Self::FirstRechecks => "first_rechecks",
            Self::FirstPassed => "first_passed",
            Self::Void => "void",
        }
    }

    /// The measure with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// Sums over orders that never depend on the time of asking; kept in counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tally {
    /// Orders dispatched.
    pub dispatched: i64,
    /// Orders closed after a re-check (销号).
    pub closed: i64,
    /// Of these, confirmed by the unit by the due time.
    pub closed_on_time: i64,
    /// Orders answered at least once.
    pub replied: i64,
    /// Orders reworked at least once.
    pub reworked: i64,
    /// Rework rounds.
    pub rework_rounds: i64,
    /// Orders re-checked at least once.
    pub first_rechecks: i64,
    /// Of these, passed the first time.
    pub first_passed: i64,
    /// Orders of void issues.
    pub void: i64,
}

impl Tally {
    /// What the issue's order counts for. Only the order in force counts; one that ended by a reassignment was not
    /// its unit's duty.
    #[must_use]
    pub fn of(issue: &Issue) -> Self {
        let Some(order) = issue.order() else { return Self::default() };
        if matches!(issue.closing, Some((ClosingKind::Void, _))) {
            return Self { void: 1, ..Self::default() };
        }
        let is_closed = order.state == State::Closed;
        let one = i64::from;
        Self {
            dispatched: 1,
            closed: one(is_closed),
            closed_on_time: one(is_closed && order.is_on_time() == Some(true)),
            replied: one(order.replied_at.is_some()),
            reworked: one(order.round > 1),
            rework_rounds: i64::from(order.round - 1),
            first_rechecks: one(order.first_recheck_passed.is_some()),
            first_passed: one(order.first_recheck_passed == Some(true)),
            void: 0,
        }
    }

    /// The figures in the order of the counters' columns.
    #[must_use]
    pub const fn figures(&self) -> [i64; 9] {
        [
            self.dispatched,
            self.closed,
            self.closed_on_time,
            self.replied,
            self.reworked,
            self.rework_rounds,
            self.first_rechecks,
            self.first_passed,
            self.void,
        ]
    }

    /// Whether there is nothing to count.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.dispatched += other.dispatched;
        self.closed += other.closed;
        self.closed_on_time += other.closed_on_time;
        self.replied += other.replied;
        self.reworked += other.reworked;
        self.rework_rounds += other.rework_rounds;
        self.first_rechecks += other.first_rechecks;
        self.first_passed += other.first_passed;
        self.void += other.void;
    }
}

impl std::ops::Neg for Tally {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            dispatched: -self.dispatched,
            closed: -self.closed,
            closed_on_time: -self.closed_on_time,
            replied: -self.replied,
            reworked: -self.reworked,
            rework_rounds: -self.rework_rounds,
            first_rechecks: -self.first_rechecks,
            first_passed: -self.first_passed,
            void: -self.void,
        }
    }
}

/// One of the times of an issue's order by which it belongs to a period; `None` when it has not come.
#[must_use]
pub fn basis_at(issue: &Issue, basis: Basis) -> Option<Timestamp> {
    let order = issue.order()?;
    match basis {
        Basis::Due => Some(order.due_at),
        Basis::Dispatched => Some(order.dispatched_at),
        Basis::Closed => order.ended_at,
    }
}

/// A business day as a number, `20261231`: how counters name days.
#[must_use]
pub fn day_number(at: Timestamp) -> i64 {
    let date = at.date();
    i64::from(date.year()) * 10_000 + i64::from(u8::from(date.month())) * 100 + i64::from(date.day())
}

/// By how much the counters move when an issue goes from `before` to `after`: one entry per basis and day.
///
/// Adding up the entries of a whole chain gives what the last state counts for, so counters recomputed from events
/// agree exactly.
#[must_use]
pub fn counter_moves(before: Option<&Issue>, after: Option<&Issue>) -> Vec<CounterMove> {
    let mut moves: Vec<CounterMove> = Vec::new();
    for (issue, is_leaving) in [(before, true), (after, false)] {
        let Some(issue) = issue else { continue };
        let Some(order) = issue.order() else { continue };
        let tally = Tally::of(issue);
        let tally = if is_leaving { -tally } else { tally };
        for basis in Basis::ALL {
            let Some(at) = basis_at(issue, basis) else { continue };
            let entry = CounterMove { basis, day: day_number(at), unit_id: order.unit_id, tally };
            match moves.iter_mut().find(|it| it.is_same_counter(&entry)) {
                Some(found) => found.tally += tally,
                None => moves.push(entry),
            }
        }
    }
    moves.retain(|it| !it.tally.is_zero());
    moves
}

/// One counter and by how much it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CounterMove {
    /// By which time.
    pub basis: Basis,
    /// The business day, [`day_number`].
    pub day: i64,
    /// The unit of the order.
    pub unit_id: crate::id::UnitId,
    /// By how much.
    pub tally: Tally,
}

impl CounterMove {
    fn is_same_counter(&self, other: &Self) -> bool {
        (self.basis, self.day, self.unit_id) == (other.basis, other.day, other.unit_id)
    }
}
