//! The state of an issue as a badge, and its clock.

use std::sync::Arc;

use app::clock::Limit;
use app::issue::{IssueRow, OrderAnswer};
use app::order::{ClosingKind, State};
use app::time::Timestamp;
use leptos::prelude::*;

use crate::catalogue::{County, Standing, use_catalogue};
use crate::components::{Clock, Mark, Pace};
use crate::fmt;

/// The badge of a state.
#[must_use]
pub const fn mark(state: State, closing: Option<ClosingKind>) -> Mark {
    match (closing, state) {
        (Some(ClosingKind::Void), _) => Mark::Void,
        (Some(ClosingKind::FixedOnSpot), _) => Mark::FixedOnSpot,
        (_, State::Pool) => Mark::Pool,
        (_, State::Dispatched) => Mark::Dispatched,
        (_, State::Accepted) => Mark::Accepted,
        (_, State::Replied) => Mark::Replied,
        (_, State::Confirmed) => Mark::Confirmed,
        (_, State::Rework) => Mark::Rework,
        (_, State::Returned) => Mark::Returned,
        (_, State::Reassigned) => Mark::Reassigned,
        (_, State::Closed) => Mark::Closed,
    }
}

/// The clock of an issue in a list; none in the pool, and none for what never had a unit or no longer counts.
#[must_use]
pub fn row_clock(row: &IssueRow, county: &Arc<County>, now: Signal<Timestamp>) -> Option<AnyView> {
    let due_at = row.due_at?;
    if matches!(row.closing_kind, Some(ClosingKind::Void | ClosingKind::FixedOnSpot)) {
        return None;
    }
    let limit = row.limit.or_else(|| Some(county.clause(&row.clause_code)?.limit))?;
    let confirmed = Confirmed { is_on_time: row.is_on_time, late_at: row.confirmed_late_at };
    Some(clock(row.state, confirmed, due_at, limit, Some(county), now))
}

/// The clock of an order; none for one that another unit has taken over.
#[must_use]
pub fn order_clock(
    order: &OrderAnswer,
    closing: Option<ClosingKind>,
    now: Signal<Timestamp>,
) -> Option<AnyView> {
    if closing == Some(ClosingKind::Void) || order.state == State::Reassigned {
        return None;
    }
    let due_at = order.due.at().unwrap_or(Timestamp::MAX);
    // Whoever shows the order does not show it anew because the catalogue has changed.
    let county = untrack(|| use_catalogue().county());
    let late_at = order.confirmed_at.filter(|_| order.is_on_time == Some(false));
    let confirmed = Confirmed { is_on_time: order.is_on_time, late_at };
    Some(clock(order.state, confirmed, due_at, order.limit, county.as_ref(), now))
}

/// Whether and when a unit has confirmed.
#[derive(Clone, Copy)]
struct Confirmed {
    is_on_time: Option<bool>,
    /// The moment, where it was late and is known.
    late_at: Option<Timestamp>,
}

fn clock(
    state: State,
    confirmed: Confirmed,
    due_at: Timestamp,
    limit: Limit,
    county: Option<&Arc<County>>,
    now: Signal<Timestamp>,
) -> AnyView {
    let ended = match (state, confirmed.is_on_time) {
        (State::Closed, Some(true)) => Some(Pace::Met),
        (State::Closed, _) => Some(Pace::Missed),
        (State::Confirmed, Some(false)) => Some(Pace::StoppedLate),
        (State::Confirmed | State::Returned, _) => Some(Pace::Stopped),
        _ => None,
    };
    let county = county.cloned();
    let standing = Memo::new(move |_| match (ended, &county, confirmed.late_at) {
        (None, Some(county), _) => county.standing(now.get(), due_at, limit),
        // By how much it was late never changes again.
        (Some(pace), Some(county), Some(at)) => Standing { pace, ..county.standing(at, due_at, limit) },
        (pace, ..) => Standing { left: 0, working: false, pace: pace.unwrap_or(Pace::Calm) },
    });
    let working = standing.with_untracked(|it| it.working);
    let left = Signal::derive(move || standing.with(|it| it.left));
    let pace = Signal::derive(move || standing.with(|it| it.pace));
    if ended.is_none() && due_at < Timestamp::MAX {
        view! { <Clock left=left working=working pace=pace due=fmt::near(due_at.millis()) /> }.into_any()
    } else {
        view! { <Clock left=left working=working pace=pace /> }.into_any()
    }
}
