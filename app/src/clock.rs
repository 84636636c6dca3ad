//! The clock of an order: from its dispatch and its limit to its due time, through pauses and extensions (handbook §3).
//!
//! One rule decides everything: **an order is due at the first moment by which the clock has run for all the time
//! granted**, counted in the order's own kind of time. From it follows that a pause costs nothing, that resuming
//! gives back exactly what was left, that an extension is never lost whenever it is granted, and that a pause after
//! the due time does not move it: a missed due time stays missed.

mod explain;
mod limit;
mod remaining;

pub use explain::{Line, Reason};
pub use limit::{Limit, LimitError, LimitKind, Measure, Reading};
pub use remaining::{Multiple, Remaining, Warning, WarningThresholds};

use crate::calendar::{WorkingTime, split};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// More moves than any order sees; keeps the record and its explanation small.
const MAX_MOVES: usize = 100;

/// When an order's time began, how much there is, and what happened to it since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Unchecked")]
pub struct Clock {
    started_at: Timestamp,
    limit: Limit,
    reading: Reading,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(required = false))]
    moves: Vec<Move>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    started_at: Timestamp,
    limit: Limit,
    #[serde(default)]
    reading: Reading,
    #[serde(default)]
    moves: Vec<Move>,
}

/// What may happen to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Move {
    /// The clock stands from here.
    Pause {
        /// When.
        at: Timestamp,
    },
    /// The clock runs again.
    Resume {
        /// When.
        at: Timestamp,
    },
    /// More time is granted, running or not.
    Extend {
        /// When.
        at: Timestamp,
        /// How much; it is counted like the order's own limit.
        by: Limit,
    },
}

impl Move {
    /// When it happened.
    #[must_use]
    pub const fn at(self) -> Timestamp {
        match self {
            Self::Pause { at } | Self::Resume { at } | Self::Extend { at, .. } => at,
        }
    }
}

/// Why a clock refused a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// A pause while the clock stands.
    #[error("the clock already stands")]
    AlreadyPaused,
    /// A resumption while the clock runs.
    #[error("the clock is not paused")]
    NotPaused,
    /// A move before the start or before the move before it.
    #[error("the move lies before {0}, the one before it")]
    OutOfOrder(Timestamp),
    /// An extension counted in another kind of time than the order, such as working hours on top of calendar days.
    #[error("an extension counts in the order's own kind of time")]
    OtherMeasure,
    /// More than a hundred moves.
    #[error("a clock takes at most 100 moves")]
    TooManyMoves,
}

/// When an order is due and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Due {
    /// The due time, or what is left while the clock stands.
    pub end: End,
    /// What [`Line::counted`] and [`Line::granted`] are counted in.
    pub measure: Measure,
    /// Days of an unpublished year were taken by weekday and statutory holidays; reckon again when the year is imported.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
    /// The edition of the calendar that decided.
    pub calendar_version: String,
    /// The explanation, in order of time; what they count adds up to the time granted.
    pub lines: Vec<Line>,
}

impl Due {
    /// The due time; none while the clock stands.
    #[must_use]
    pub const fn at(&self) -> Option<Timestamp> {
        self.end.at()
    }
}

/// Where a clock is heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Due at this moment, passed or to come. [`Timestamp::MAX`] stands for any time after the year 9999.
    At(Timestamp),
    /// The clock stands before its due time.
    Standing {
        /// What will be left on resuming, in the clock's [`Measure`], > 0. Among working days one more than the limit
        /// as long as the closing of the day of dispatch is still to come.
        left: i64,
    },
}

impl End {
    /// The due time; none while the clock stands.
    #[must_use]
    pub const fn at(self) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Standing { .. } => None,
        }
    }
}

/// A stretch in which the clock runs; open when it still does.
#[derive(Debug, Clone, Copy)]
struct Run {
    from: Timestamp,
    to: Option<Timestamp>,
}

impl Run {
    fn is_provisional(self, time: &WorkingTime) -> bool {
        let to = self.to.unwrap_or(self.from);
        self.from < to && !time.calendar.knows(split(self.from).0, split(to).0)
    }
}

impl Clock {
    /// A clock that starts at `started_at`.
    #[must_use]
    pub const fn new(started_at: Timestamp, limit: Limit, reading: Reading) -> Self {
        Self { started_at, limit, reading, moves: Vec::new() }
    }

    /// When the clock started: the dispatch of the order.
    #[must_use]
    pub const fn started_at(&self) -> Timestamp {
        self.started_at
    }

    /// The original limit, without extensions.
    #[must_use]
    pub const fn limit(&self) -> Limit {
        self.limit
    }

    /// How working days are read.
    #[must_use]
    pub const fn reading(&self) -> Reading {
        self.reading
    }

    /// What happened, in order of time.
    #[must_use]
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// What this clock counts.
    #[must_use]
    pub const fn measure(&self) -> Measure {
        self.limit.measure(self.reading)
    }

    /// Whether the clock stands after its last move.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        let last = self.moves.iter().rev().find(|m| !matches!(m, Move::Extend { .. }));
        matches!(last, Some(Move::Pause { .. }))
    }

    /// Stops the clock.
    ///
    /// # Errors
    /// When it stands already, or `at` lies before the last move.
    pub fn pause(&mut self, at: Timestamp) -> Result<(), ClockError> {
        self.apply(Move::Pause { at })
    }

    /// Lets the clock run again.
    ///
    /// # Errors
    /// When it is not paused, or `at` lies before the last move.
    pub fn resume(&mut self, at: Timestamp) -> Result<(), ClockError> {
        self.apply(Move::Resume { at })
    }

    /// Grants more time on top of the current due time. How often, and whether still once overdue, is the order's rule.
    ///
    /// # Errors
    /// When `by` is counted in another kind of time than the order, or `at` lies before the last move.
    pub fn extend(&mut self, at: Timestamp, by: Limit) -> Result<(), ClockError> {
        self.apply(Move::Extend { at, by })
    }

    /// Adds any move.
    ///
    /// # Errors
    /// As the single moves do.
    pub fn apply(&mut self, next: Move) -> Result<(), ClockError> {
        let last = self.moves.last().map_or(self.started_at, |m| m.at());
        if next.at() < last {
            return Err(ClockError::OutOfOrder(last));
        }
        if self.moves.len() >= MAX_MOVES {
            return Err(ClockError::TooManyMoves);
        }
        match next {
            Move::Pause { .. } if self.is_paused() => Err(ClockError::AlreadyPaused),
            Move::Resume { .. } if !self.is_paused() => Err(ClockError::NotPaused),
            Move::Extend { by, .. } if by.measure(self.reading) != self.measure() => {
                Err(ClockError::OtherMeasure)
            }
            _ => {
                self.moves.push(next);
                Ok(())
            }
        }
    }

    /// The due time with its explanation, by every move made so far.
    #[must_use]
    pub fn due(&self, time: &WorkingTime) -> Due {
        let (end, runs) = self.reckon(time, Timestamp::MAX);
        let lines = explain::lines(self, time, end, &runs);
        Due {
            end,
            measure: self.measure(),
            provisional: self.measure() != Measure::WallMs && runs.iter().any(|run| run.is_provisional(time)),
            calendar_version: time.calendar.version().to_owned(),
            lines,
        }
    }

    /// The due time alone, as known at `now`: later moves have not happened yet.
    #[must_use]
    pub fn end(&self, now: Timestamp, time: &WorkingTime) -> End {
        self.reckon(time, now).0
    }

    /// Where the clock is heading by the moves up to `now`, and the stretches it runs until there.
    fn reckon(&self, time: &WorkingTime, now: Timestamp) -> (End, Vec<Run>) {
        let (mut runs, granted) = self.runs(now);
        let mut left = granted + self.grace(time);
        for index in 0..runs.len() {
            let Run { from, to } = runs[index];
            let spent = to.map_or(i64::MAX, |to| self.counted(time, from, to));
            if spent >= left {
                let at = self.after(time, from, left);
                runs.truncate(index + 1);
                runs[index].to = Some(at);
                return (End::At(at), runs);
            }
            left -= spent;
        }
        (End::Standing { left }, runs)
    }

    /// The stretches the clock runs by the moves up to `now`, and how much time they grant.
    fn runs(&self, now: Timestamp) -> (Vec<Run>, i64) {
        let mut runs = vec![Run { from: self.started_at, to: None }];
        let mut granted = self.limit.amount(self.reading);
        for step in self.moves.iter().take_while(|m| m.at() <= now) {
            match *step {
                Move::Pause { at } => runs.iter_mut().for_each(|run| run.to = run.to.or(Some(at))),
                Move::Resume { at } => runs.push(Run { from: at, to: None }),
                Move::Extend { by, .. } => granted += by.amount(self.reading),
            }
        }
        (runs, granted)
    }

    /// The closing of the day of dispatch does not count: the Nth working day is the Nth *after* it.
    fn grace(&self, time: &WorkingTime) -> i64 {
        i64::from(self.measure() == Measure::WorkingDays && time.closes_today(self.started_at))
    }

    /// How much of the clock's own kind of time lies in `(from, to]`.
    fn counted(&self, time: &WorkingTime, from: Timestamp, to: Timestamp) -> i64 {
        match self.measure() {
            Measure::WallMs => to.since(from).max(0),
            Measure::WorkingMs => time.between(from, to),
            Measure::WorkingDays => time.closings_between(from, to),
        }
    }

    /// The first moment by which `amount` > 0 has been counted since `from`.
    fn after(&self, time: &WorkingTime, from: Timestamp, amount: i64) -> Timestamp {
        match self.measure() {
            Measure::WallMs => from.plus(amount),
            Measure::WorkingMs => time.after(from, amount).unwrap_or(Timestamp::MAX),
            Measure::WorkingDays => time.closing_after(from, amount).unwrap_or(Timestamp::MAX),
        }
    }
}

impl TryFrom<Unchecked> for Clock {
    type Error = ClockError;

    fn try_from(read: Unchecked) -> Result<Self, ClockError> {
        let mut clock = Self::new(read.started_at, read.limit, read.reading);
        read.moves.into_iter().try_for_each(|next| clock.apply(next))?;
        Ok(clock)
    }
}
