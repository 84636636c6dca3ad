//! The slow truth: a clock followed minute by minute, sharing no arithmetic with the closed form.

use crate::lunar::is_off_by_law;
use app::calendar::WorkingTime;
use app::clock::{Clock, End, LimitKind, Move, Reading};
use app::time::{DAY, MINUTE, Timestamp};
use time::{Date, Weekday};

/// Where `clock` is heading. It must start at a whole minute, and so must its moves.
pub(crate) fn simulated_due(clock: &Clock, time: &WorkingTime) -> End {
    let mut minutes = Minutes::new(time);
    let by_closing = clock.limit().kind() == LimitKind::WorkDay && clock.reading() == Reading::EndOfDay;
    let each = match (clock.limit().kind(), clock.reading()) {
        (LimitKind::UrgentHour | LimitKind::WorkHour, _) => 60,
        (LimitKind::CalendarDay, _) => 24 * 60,
        (LimitKind::WorkDay, Reading::Rolling) => 8 * 60,
        (LimitKind::WorkDay, Reading::EndOfDay) => 1,
    };
    let extended = clock.moves().iter().map(|m| if let Move::Extend { by, .. } = m { by.value() } else { 0 });
    let mut left = i64::from(clock.limit().value() + extended.sum::<u32>()) * each;

    let mut now = clock.started_at();
    if by_closing && minutes.works_on(now) && minute_of_day(now) < minutes.closing {
        left += 1;
    }
    let mut is_running = true;
    let mut moves = clock.moves().iter().peekable();
    loop {
        while let Some(step) = moves.next_if(|m| m.at() <= now) {
            match step {
                Move::Pause { .. } => is_running = false,
                Move::Resume { .. } => is_running = true,
                Move::Extend { .. } => {}
            }
        }
        if !is_running && moves.peek().is_none() {
            return End::Standing { left: if by_closing { left } else { left * MINUTE } };
        }
        let minute = minute_of_day(now);
        let counts = if by_closing {
            minute + 1 == minutes.closing && minutes.works_on(now)
        } else if matches!(clock.limit().kind(), LimitKind::UrgentHour | LimitKind::CalendarDay) {
            true
        } else {
            minutes.working[minute] && minutes.works_on(now)
        };
        now = now.plus(MINUTE);
        if counts && is_running {
            left -= 1;
            if left == 0 {
                return End::At(now);
            }
        }
    }
}

fn minute_of_day(at: Timestamp) -> usize {
    usize::try_from((at.millis() + 8 * 60 * MINUTE).rem_euclid(DAY) / MINUTE).expect("small")
}

/// Which minutes of a working day work, and which days do; the last day asked about is kept.
struct Minutes<'a> {
    time: &'a WorkingTime,
    working: [bool; 1440],
    closing: usize,
    last: Option<(i64, bool)>,
}

impl<'a> Minutes<'a> {
    fn new(time: &'a WorkingTime) -> Self {
        let mut minutes = Self { time, working: [false; 1440], closing: 0, last: None };
        for (from, to) in time.hours.ranges() {
            let of = |millis: i64| usize::try_from(millis / MINUTE).expect("small");
            minutes.closing = of(to.millis());
            minutes.working[of(from.millis())..minutes.closing].fill(true);
        }
        minutes
    }

    fn works_on(&mut self, at: Timestamp) -> bool {
        let day = (at.millis() + 8 * 60 * MINUTE).div_euclid(DAY);
        match self.last {
            Some((known, works)) if known == day => works,
            _ => {
                let works = is_working_day(self.time, at.date());
                self.last = Some((day, works));
                works
            }
        }
    }
}

fn is_working_day(time: &WorkingTime, date: Date) -> bool {
    let year = time.calendar.years().get(&date.year());
    match year {
        Some(year) if year.off.contains(&date) => false,
        Some(year) if year.work.contains(&date) => true,
        None if is_off_by_law(date) => false,
        _ => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
    }
}
