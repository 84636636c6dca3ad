//! How an order stands at a moment: what has run, what is left, how late it is, how loudly to warn.

use super::{Clock, End, Measure};
use crate::calendar::WorkingTime;
use crate::time::{HOUR, Timestamp};
use serde::{Deserialize, Serialize};

/// A clock read at a moment. `elapsed + left = limit`, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Remaining {
    /// What the amounts are counted in.
    pub measure: Measure,
    /// All the time granted up to this moment, > 0.
    pub limit: i64,
    /// How much the clock has run; goes on past the due time, stands still during a pause. The day of dispatch is not
    /// counted among working days.
    pub elapsed: i64,
    /// How much is left; negative by how much it is late.
    pub left: i64,
    /// The same finer: milliseconds, of working time for both working measures.
    pub left_ms: i64,
    /// The due time has passed. At the due time itself an order is still in time.
    pub overdue: bool,
    /// The clock stands.
    pub paused: bool,
}

impl Remaining {
    /// 超时倍数: elapsed ÷ limit, exactly.
    #[must_use]
    pub const fn multiple(&self) -> Multiple {
        Multiple { elapsed: self.elapsed, limit: self.limit }
    }
}

/// Elapsed ÷ limit as a fraction, so that no rounding decides about anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Multiple {
    /// The numerator, ≥ 0.
    pub elapsed: i64,
    /// The denominator, > 0.
    pub limit: i64,
}

impl Multiple {
    /// Whether `times` times the limit has passed.
    #[must_use]
    pub const fn is_at_least(self, times: i64) -> bool {
        self.elapsed >= self.limit.saturating_mul(times)
    }

    /// In thousandths, rounded down: 2.5 is 2 500.
    #[must_use]
    pub const fn thousandths(self) -> i64 {
        if self.limit <= 0 { 0 } else { self.elapsed.saturating_mul(1000) / self.limit }
    }
}

/// When to warn that an order is due soon; either is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct WarningThresholds {
    /// At most this share of the limit is left, in percent.
    pub due_soon_percent: u8,
    /// At most so many milliseconds are left, in the order's own kind of time.
    pub due_soon_ms: i64,
}

impl Default for WarningThresholds {
    /// 25 % of the limit, or 4 hours.
    fn default() -> Self {
        Self { due_soon_percent: 25, due_soon_ms: 4 * HOUR }
    }
}

/// How loudly an order asks for attention, quietest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// There is time, or the clock stands.
    None,
    /// Little time is left.
    DueSoon,
    /// The due time has passed.
    Overdue,
    /// Twice the limit has passed.
    Twice,
    /// Three times the limit has passed.
    Thrice,
}

impl Clock {
    /// How the order stands at `now`, by the moves up to then. Before the start nothing has elapsed.
    #[must_use]
    pub fn remaining(&self, now: Timestamp, time: &WorkingTime) -> Remaining {
        let (runs, limit) = self.runs(now);
        let stood_at = runs.last().and_then(|run| run.to);
        let grace = self.grace(time);
        let run_for: i64 = runs.iter().map(|run| self.counted(time, run.from, run.to.unwrap_or(now))).sum();
        let elapsed = (run_for - grace).max(0);
        let end = self.end(now, time);
        let left_ms = match (self.measure(), end) {
            (Measure::WallMs | Measure::WorkingMs, _) => limit - elapsed,
            (Measure::WorkingDays, End::At(due)) if due < now => {
                -runs.iter().map(|run| time.between(run.from.max(due), run.to.unwrap_or(now))).sum::<i64>()
            }
            (Measure::WorkingDays, _) => {
                let from = stood_at.unwrap_or(now).max(self.started_at);
                match limit + grace - run_for {
                    0 => 0,
                    closings => time.between(from, self.after(time, from, closings)),
                }
            }
        };
        Remaining {
            measure: self.measure(),
            limit,
            elapsed,
            left: limit - elapsed,
            left_ms,
            overdue: end.at().is_some_and(|due| due < now),
            paused: stood_at.is_some(),
        }
    }

    /// How much the clock has run at `now`, in its [`Measure`].
    #[must_use]
    pub fn elapsed(&self, now: Timestamp, time: &WorkingTime) -> i64 {
        self.remaining(now, time).elapsed
    }

    /// How loudly the order asks for attention at `now`. A clock that stands does not warn of a due time to come.
    #[must_use]
    pub fn warning(&self, now: Timestamp, time: &WorkingTime, thresholds: &WarningThresholds) -> Warning {
        let read = self.remaining(now, time);
        if read.overdue {
            return match read.multiple() {
                multiple if multiple.is_at_least(3) => Warning::Thrice,
                multiple if multiple.is_at_least(2) => Warning::Twice,
                _ => Warning::Overdue,
            };
        }
        let limit_ms = match read.measure {
            Measure::WallMs | Measure::WorkingMs => read.limit,
            Measure::WorkingDays => read.limit * time.hours.per_day(),
        };
        let share = limit_ms.saturating_mul(i64::from(thresholds.due_soon_percent)) / 100;
        let is_close = read.left_ms <= share || read.left_ms <= thresholds.due_soon_ms;
        if is_close && !read.paused { Warning::DueSoon } else { Warning::None }
    }
}
