//! Working time: the calendar and the hours together, and the closed forms the clock is built on.
//!
//! Every amount lies in a half-open stretch `(from, to]`, so that stretches that touch add up exactly.

use super::{Calendar, WorkingHours};
use crate::time::{DAY, HOUR, Timestamp};
use serde::{Deserialize, Serialize};

/// When work is done: what a phone or a server needs to reckon due times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkingTime {
    /// Which days work.
    pub calendar: Calendar,
    /// Which hours of them.
    pub hours: WorkingHours,
}

impl Default for WorkingTime {
    /// The built-in calendar and 08:00–12:00, 14:00–18:00.
    fn default() -> Self {
        Self { calendar: Calendar::builtin(), hours: WorkingHours::default() }
    }
}

/// The day number in Shanghai and the milliseconds into that day.
pub(crate) fn split(at: Timestamp) -> (i64, i64) {
    let local = at.millis() + 8 * HOUR;
    (local.div_euclid(DAY), local.rem_euclid(DAY))
}

/// The moment `millis` into `day`; held inside the range of [`Timestamp`].
pub(crate) fn join(day: i64, millis: i64) -> Timestamp {
    Timestamp::from_millis(day * DAY - 8 * HOUR + millis)
}

impl WorkingTime {
    /// Working milliseconds from `from` to `to`; 0 when `to` is not later.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> i64 {
        if to <= from {
            return 0;
        }
        let ((first, start), (last, end)) = (split(from), split(to));
        let so_far = |day, time| if self.calendar.day_at(day).working { self.hours.before(time) } else { 0 };
        self.hours.per_day() * self.calendar.working_days(first, last) + so_far(last, end)
            - so_far(first, start)
    }

    /// The first moment after `from` by which `amount` > 0 working milliseconds have passed; none before the end of 9999.
    pub(crate) fn after(&self, from: Timestamp, amount: i64) -> Option<Timestamp> {
        let (first, start) = split(from);
        let per_day = self.hours.per_day();
        // Reckoned from the opening of the first working day, whose hours before `from` are put on top.
        let spent = if self.calendar.day_at(first).working { self.hours.before(start) } else { 0 };
        let amount = amount.saturating_add(spent);
        let full_days = (amount - 1) / per_day;
        let day = self.calendar.nth_working_day(first, full_days + 1, split(Timestamp::MAX).0)?;
        Some(join(day, self.hours.reached(amount - full_days * per_day)))
    }

    /// How many working days close in `(from, to]`.
    #[must_use]
    pub fn closings_between(&self, from: Timestamp, to: Timestamp) -> i64 {
        self.calendar.working_days(self.next_to_close(from), self.next_to_close(to))
    }

    /// The `n`th closing of a working day after `from` (`n` ≥ 1); none before the end of 9999.
    pub(crate) fn closing_after(&self, from: Timestamp, n: i64) -> Option<Timestamp> {
        let day = self.calendar.nth_working_day(self.next_to_close(from), n, split(Timestamp::MAX).0)?;
        Some(join(day, self.hours.open_and_close().1))
    }

    /// Whether `at` lies on a working day that has not closed yet.
    pub(crate) fn closes_today(&self, at: Timestamp) -> bool {
        let (day, _) = split(at);
        self.next_to_close(at) == day && self.calendar.day_at(day).working
    }

    /// The first day, working or not, whose closing hour lies after `at`.
    fn next_to_close(&self, at: Timestamp) -> i64 {
        let (day, time) = split(at);
        if time < self.hours.open_and_close().1 { day } else { day + 1 }
    }
}
