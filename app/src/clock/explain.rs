//! Why an order is due when it is, line by line, as data: the words belong to whoever shows it.

use super::{Clock, End, Measure, Move, Run};
use crate::calendar::{DayKind, TimeOfDay, WorkingTime, date_of, date_text, day_of, join, split};
use crate::time::{DAY, Timestamp};
use serde::{Deserialize, Serialize};
use time::Date;

/// A longer run shows only its edges day by day, with one line for everything between.
const DETAILED_DAYS: i64 = 40;
/// How many days of a long run are shown at either edge.
const EDGE_DAYS: i64 = 10;
/// Of more runs than twice this, those in the middle get one line each.
const EDGE_RUNS: usize = 3;

/// One line of an explanation: a time within a day, a whole day, or several days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Line {
    /// The first day.
    #[serde(with = "date_text")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub first: Date,
    /// The last day, where it is not the first.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "date_text::option")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub last: Option<Date>,
    /// When on the first day; missing for whole days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<TimeOfDay>,
    /// When on the last day; missing for whole days, for a moment, and for a pause that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<TimeOfDay>,
    /// Why it counts or does not.
    pub reason: Reason,
    /// How much was counted here.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub counted: i64,
    /// How much was granted here; extensions only.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub granted: i64,
    /// Days off among those summed up; [`Reason::ManyDays`] only.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub days_off: i64,
    /// The year is not published: taken by weekday and statutory holidays.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(amount: &i64) -> bool {
    *amount == 0
}

/// Why a stretch counts or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Monday to Friday: counts.
    Weekday,
    /// A make-up working day (调休): counts.
    MakeUpDay,
    /// Saturdays and Sundays: off.
    Weekend,
    /// Public holidays, with weekends that touch them: off.
    Holiday,
    /// Between two ranges of working hours.
    Break,
    /// Before or after working hours.
    OutsideHours,
    /// The day of dispatch, which is not among the working days counted to their end.
    DispatchDay,
    /// Every hour counts.
    EveryHour,
    /// The clock stood.
    Paused,
    /// More time was granted.
    Extended,
    /// A long stretch of working days and days off, summed up.
    ManyDays,
}

impl Line {
    /// The last day the line speaks of.
    #[must_use]
    pub fn last_day(&self) -> Date {
        self.last.unwrap_or(self.first)
    }

    fn of_day(day: i64, reason: Reason) -> Self {
        Self {
            first: date_of(day),
            last: None,
            from: None,
            to: None,
            reason,
            counted: 0,
            granted: 0,
            days_off: 0,
            provisional: false,
        }
    }

    fn within(day: i64, from: i64, to: i64, reason: Reason) -> Self {
        let (from, to) = (Some(TimeOfDay::from_millis(from)), Some(TimeOfDay::from_millis(to)));
        Self { from, to, ..Self::of_day(day, reason) }
    }

    fn stretch(from: Timestamp, to: Timestamp, reason: Reason) -> Self {
        let ((first, start), (last, end)) = (split(from), split(to));
        Self { last: (last != first).then(|| date_of(last)), ..Self::within(first, start, end, reason) }
    }

    fn starts_at(&self) -> Timestamp {
        join(day_of(self.first), self.from.map_or(0, TimeOfDay::millis))
    }
}

/// The explanation of `end`, which `runs` lead up to.
pub(super) fn lines(clock: &Clock, time: &WorkingTime, end: End, runs: &[Run]) -> Vec<Line> {
    let mut story = Story { clock, time, grace: clock.grace(time), lines: Vec::new() };
    let mut stood_since = None;
    for (index, &Run { from, to }) in runs.iter().enumerate() {
        let to = to.unwrap_or(from);
        if let Some(since) = stood_since.filter(|since| *since < from) {
            story.lines.push(Line::stretch(since, from, Reason::Paused));
        }
        stood_since = Some(to);
        let is_in_the_middle = index >= EDGE_RUNS && index + EDGE_RUNS < runs.len();
        if from < to {
            story.tell_run(from, to, is_in_the_middle);
        }
    }
    if let (End::Standing { .. }, Some(since)) = (end, stood_since) {
        let (day, at) = split(since);
        story.lines.push(Line { to: None, ..Line::within(day, at, at, Reason::Paused) });
    }
    for step in clock.moves() {
        if let Move::Extend { at, by } = *step {
            story.insert_extension(at, by.amount(clock.reading()));
        }
    }
    story.lines
}

/// An explanation under way.
struct Story<'a> {
    clock: &'a Clock,
    time: &'a WorkingTime,
    /// 1 while the closing of the day of dispatch, which does not count, is still to come.
    grace: i64,
    lines: Vec<Line>,
}

impl Story<'_> {
    fn tell_run(&mut self, from: Timestamp, to: Timestamp, in_one_line: bool) {
        let counted = self.clock.counted(self.time, from, to);
        if self.clock.measure() == Measure::WallMs {
            self.lines.push(Line { counted, ..Line::stretch(from, to, Reason::EveryHour) });
            return;
        }
        let ((first, start), (last, end)) = (split(from), split(to));
        if in_one_line {
            let line = Line::stretch(from, to, Reason::ManyDays);
            self.push_sum(line, counted, first, last);
            return;
        }
        let mut day = first;
        while day <= last {
            let (from, to) = (if day == first { start } else { 0 }, if day == last { end } else { DAY });
            if from < to {
                self.tell_day(day, from, to);
            }
            day += 1;
            if last - first > DETAILED_DAYS && day == first + EDGE_DAYS {
                let until = last - EDGE_DAYS;
                let days = self.time.calendar.working_days(day, until + 1);
                let each =
                    if self.clock.measure() == Measure::WorkingDays { 1 } else { self.time.hours.per_day() };
                let line = Line { last: Some(date_of(until)), ..Line::of_day(day, Reason::ManyDays) };
                self.push_sum(line, days * each, day, until);
                day = until + 1;
            }
        }
    }

    fn push_sum(&mut self, line: Line, counted: i64, first: i64, last: i64) {
        let uncounted = self.grace.min(counted);
        self.grace -= uncounted;
        let calendar = &self.time.calendar;
        let days_off = last + 1 - first - calendar.working_days(first, last + 1);
        let provisional = !calendar.knows(first, last);
        self.lines.push(Line { counted: counted - uncounted, days_off, provisional, ..line });
    }

    /// One day of a run, of which it covers `from..to`.
    fn tell_day(&mut self, number: i64, from: i64, to: i64) {
        let day = self.time.calendar.day_at(number);
        let reason = match day.kind {
            DayKind::Weekday => Reason::Weekday,
            DayKind::MakeUp => Reason::MakeUpDay,
            DayKind::Weekend => Reason::Weekend,
            DayKind::Holiday => Reason::Holiday,
        };
        let whole = Line { provisional: day.provisional, ..Line::of_day(number, reason) };
        let (open, close) = self.time.hours.open_and_close();
        if !day.working {
            self.push_days(whole);
        } else if from >= close {
            let line = Line::within(number, from, DAY, Reason::OutsideHours);
            self.lines.push(Line { provisional: day.provisional, ..line });
        } else if self.clock.measure() == Measure::WorkingDays {
            if to >= close && self.grace > 0 {
                self.grace = 0;
                self.lines.push(Line { reason: Reason::DispatchDay, ..whole });
            } else if to >= close {
                self.push_days(Line { counted: 1, ..whole });
            }
        } else if from <= open && to >= close {
            self.push_days(Line { counted: self.time.hours.per_day(), ..whole });
        } else {
            self.tell_hours(whole, number, from, to);
        }
    }

    /// A working day of which only a part lies in the run: its hours, and the breaks before and between them.
    fn tell_hours(&mut self, day: Line, number: i64, from: i64, to: i64) {
        let mut closed_since = 0;
        for &(opens, closes) in self.time.hours.ranges() {
            let (opens, closes) = (opens.millis(), closes.millis());
            let gap = (closed_since.max(from), opens);
            let is_told = to > opens && gap.0 < gap.1 && (closed_since > 0 || from > 0);
            if is_told {
                let reason = if closed_since > 0 { Reason::Break } else { Reason::OutsideHours };
                let line = Line::within(number, gap.0, gap.1, reason);
                self.lines.push(Line { provisional: day.provisional, ..line });
            }
            let (start, end) = (opens.max(from), closes.min(to));
            if start < end {
                let line = Line::within(number, start, end, day.reason);
                self.lines.push(Line { counted: end - start, provisional: day.provisional, ..line });
            }
            closed_since = closes;
        }
    }

    /// Adds a whole day, to the line before it where that speaks of like days.
    fn push_days(&mut self, day: Line) {
        let is_off = |reason| matches!(reason, Reason::Weekend | Reason::Holiday);
        let yesterday = day.first.previous_day();
        match self.lines.last_mut() {
            Some(line)
                if yesterday == Some(line.last_day())
                    && line.from.is_none()
                    && line.provisional == day.provisional
                    && (line.reason == day.reason || is_off(line.reason) && is_off(day.reason)) =>
            {
                line.last = Some(day.first);
                line.counted += day.counted;
                if day.reason == Reason::Holiday {
                    line.reason = Reason::Holiday;
                }
            }
            _ => self.lines.push(day),
        }
    }

    /// Puts an extension before the first line that starts after it.
    fn insert_extension(&mut self, at: Timestamp, granted: i64) {
        let (day, time) = split(at);
        let line = Line { to: None, granted, ..Line::within(day, time, time, Reason::Extended) };
        let index = self.lines.iter().position(|other| other.starts_at() > at).unwrap_or(self.lines.len());
        self.lines.insert(index, line);
    }
}
