//! What the events say: folding a chain into the issue as it stands.

use crate::clock::Due;
use crate::event::{Change, Event};
use crate::issue::{Flag, Issue};
use crate::order::{ClosingKind, Order, State};
use crate::time::Timestamp;

impl Issue {
    /// The issue as its events tell it; `None` when the chain does not begin with a report.
    #[must_use]
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Option<Self> {
        let mut events = events.into_iter();
        let mut issue = Self::begin(events.next()?)?;
        for event in events {
            issue.apply(event);
        }
        Some(issue)
    }

    pub(super) fn begin(event: &Event) -> Option<Self> {
        let Change::Reported { report, spot_type, area_id, named, hours_sensitive, flags, recurs } =
            &event.change
        else {
            return None;
        };
        // A clock that was thought right is believed to the minute; one that was found wrong is corrected.
        let wrong_by = event.clock_skew_ms.filter(|_| flags.contains(&Flag::ClockWrong));
        Some(Self {
            id: event.issue_id,
            report: (**report).clone(),
            seen_at: report.observed_at.map(|at| wrong_by.map_or(at, |skew| skew.correct(at))),
            spot_type: spot_type.clone(),
            area_id: *area_id,
            named: named.clone(),
            hours_sensitive: *hours_sensitive,
            flags: flags.clone(),
            recurs: *recurs,
            reporter_id: event.actor_id,
            reported_at: event.server_at,
            state: event.to,
            closing: None,
            orders: Vec::new(),
            last_seq: event.seq,
        })
    }

    /// Takes one more event in. Events were decided before they were written, so nothing is judged here.
    pub(super) fn apply(&mut self, event: &Event) {
        let at = event.server_at;
        self.state = event.to;
        self.last_seq = event.seq;
        if let Change::Dispatched { order_id, unit_id, unit_name, assignment, clock, due } = &event.change {
            self.orders.push(Order {
                id: *order_id,
                issue_id: self.id,
                unit_id: *unit_id,
                unit_name: unit_name.clone(),
                state: event.to,
                assignment: assignment.clone(),
                clock: clock.clone(),
                due_at: due_at(due),
                due: due.clone(),
                dispatched_at: at,
                accepted_at: None,
                ruled_at: None,
                replied_at: None,
                confirmed_at: None,
                ended_at: None,
                round: 1,
                first_recheck_passed: None,
                rechecker_id: None,
                reply_note: String::new(),
                reply_photo_ids: Vec::new(),
            });
            return;
        }
        match event.change {
            Change::FixedOnSpot => self.closing = Some((ClosingKind::FixedOnSpot, at)),
            Change::Voided => self.closing = Some((ClosingKind::Void, at)),
            Change::Passed => self.closing = Some((ClosingKind::Verified, at)),
            _ => {}
        }
        if let Some(order) = self.orders.last_mut() {
            order.apply(event);
        }
    }
}

impl Order {
    fn apply(&mut self, event: &Event) {
        let at = event.server_at;
        // A reassignment leaves the issue without a live order for a moment; the order itself has ended.
        self.state = if matches!(event.change, Change::Reassigned) { State::Reassigned } else { event.to };
        match &event.change {
            Change::Accepted => self.accepted_at = Some(at),
            Change::Replied => {
                self.replied_at = Some(at);
                self.reply_note.clone_from(&event.note);
                self.reply_photo_ids.clone_from(&event.photo_ids);
            }
            Change::Confirmed { clock } => {
                self.confirmed_at = Some(at);
                self.clock = clock.clone();
            }
            Change::Returned { clock } => self.clock = clock.clone(),
            Change::RuledSame { clock, due } => {
                self.ruled_at = Some(at);
                self.clock = clock.clone();
                self.due_at = due_at(due);
                self.due = due.clone();
            }
            Change::Passed => {
                self.ended_at = Some(at);
                self.rechecker_id = Some(event.actor_id);
                self.first_recheck_passed.get_or_insert(true);
            }
            Change::Failed { clock, due } => {
                self.clock = clock.clone();
                self.due_at = due_at(due);
                self.due = due.clone();
                self.round += 1;
                self.rechecker_id = Some(event.actor_id);
                self.first_recheck_passed.get_or_insert(false);
            }
            Change::Reassigned | Change::Voided => self.ended_at = Some(at),
            Change::Reported { .. }
            | Change::FixedOnSpot
            | Change::Pooled { .. }
            | Change::Dispatched { .. } => {}
        }
    }
}

/// Events that carry a due time are written while the clock runs, so there always is one.
fn due_at(due: &Due) -> Timestamp {
    due.at().unwrap_or(Timestamp::MAX)
}
