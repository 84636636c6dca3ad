//! Issues (问题): one problem at one place, from the report to the closing.
//!
//! [`Issue`] is what the events say ([`replay`]); the only way to add events is to ask [`decide`], which knows the
//! guards. The server carries out a [`Decided`] and nothing else.

mod count;
mod decide;
mod draft;
mod named;
mod policy;
mod replay;
mod report;
mod timeline;
mod view;

pub use count::{COUNT_MOST, IssueCount, StateCount};
pub use decide::{Context, Refusal, allowed_steps, is_same_hours};
pub use draft::Decided;
pub use named::Named;
pub use policy::{Number, OutOfRange, Policy};
pub use report::{FixedOnSpot, Flag, MAX_NOTE_CHARS, MAX_PHOTOS, Report};
pub use timeline::{Party, TimelineEntry};
pub use view::{IssueAnswer, IssuePage, IssueRow, Names, OrderAnswer, Viewer};

use crate::id::{AreaId, IssueId, UserId};
use crate::order::{ClosingKind, Order, State};
use crate::time::Timestamp;

/// One problem at one place, as its events tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// Its id, made by the device that reported it.
    pub id: IssueId,
    /// What the inspector sent.
    pub report: Report,
    /// When it was seen: as the device says, corrected where its clock was found wrong; `None` where nobody knows.
    pub seen_at: Option<Timestamp>,
    /// The spot's type when it was reported.
    pub spot_type: String,
    /// The spot's area when it was reported.
    pub area_id: AreaId,
    /// What the spot and the clause were called when it was reported, where that was kept.
    pub named: Option<Named>,
    /// Whether it exists only at certain hours (同时段).
    pub hours_sensitive: bool,
    /// What is odd about it.
    pub flags: Vec<Flag>,
    /// The closed issue of which this is a recurrence (反弹).
    pub recurs: Option<IssueId>,
    /// Who reported it. Units never learn this.
    pub reporter_id: UserId,
    /// When the server took it in.
    pub reported_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// How and when it was closed.
    pub closing: Option<(ClosingKind, Timestamp)>,
    /// Its orders, oldest first; the last one is the live one.
    pub orders: Vec<Order>,
    /// How many events the chain has.
    pub last_seq: u32,
}

impl Issue {
    /// Whether a re-check of it passes only with a photo: by its severity or its clause, as the county has settled.
    #[must_use]
    pub fn needs_recheck_photo(&self, policy: &Policy) -> bool {
        policy.recheck_needs_photo(self.report.severity, &self.report.clause_code)
    }

    /// The order in force; none in the pool and none when it was fixed on the spot.
    #[must_use]
    pub fn order(&self) -> Option<&Order> {
        self.orders.last().filter(|order| order.state != State::Reassigned)
    }
}
