//! Events: everything that happens to an issue, only ever added, each carrying the hash of the one before.

use crate::clock::{Clock, Due};
use crate::device_time::Skew;
use crate::id::{AreaId, EventId, IssueId, OrderId, PhotoId, UnitId, UserId};
use crate::issue::{Flag, Named, Report};
use crate::order::{State, StepKind};
use crate::photo::Provenance;
use crate::role::Role;
use crate::routing::{Assignment, Way};
use crate::spot::Location;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    /// A problem was reported on site.
    Reported {
        /// What the inspector sent.
        report: Box<Report>,
        /// The spot's type at that time.
        spot_type: String,
        /// The spot's area at that time.
        area_id: AreaId,
        /// What the spot and the clause were called at that time; missing in events from before 0.3.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        named: Option<Named>,
        /// Whether it exists only at certain hours.
        hours_sensitive: bool,
        /// What is odd about it; never a reason to refuse.
        flags: Vec<Flag>,
        /// The closed issue of which this is a recurrence (反弹).
        recurs: Option<IssueId>,
    },
    /// It was put right while the inspector stood there.
    FixedOnSpot,
    /// No rule reached; the office's pool has it.
    Pooled {
        /// What was tried.
        assignment: Assignment,
    },
    /// A unit has an order.
    Dispatched {
        /// The new order.
        order_id: OrderId,
        /// Who answers.
        unit_id: UnitId,
        /// What the unit was called at that time; empty in events from before 0.3.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        unit_name: String,
        /// Why this unit; what was tried in vain when the office chose.
        assignment: Assignment,
        /// Its clock.
        clock: Clock,
        /// The due time, with its explanation.
        due: Due,
    },
    /// 签收.
    Accepted,
    /// 反馈.
    Replied,
    /// 确认: the clock stops.
    Confirmed {
        /// The clock, standing.
        clock: Clock,
    },
    /// 退单: the clock stands until the ruling.
    Returned {
        /// The clock, standing.
        clock: Clock,
    },
    /// The same unit continues with the time it had left.
    RuledSame {
        /// The clock, running again.
        clock: Clock,
        /// The new due time.
        due: Due,
    },
    /// The order ends; the next event gives another unit a new one.
    Reassigned,
    /// 复查通过: closed.
    Passed,
    /// 复查不通过: rework with the time that was left.
    Failed {
        /// The clock, running again.
        clock: Clock,
        /// The new due time.
        due: Due,
    },
    /// 作废.
    Voided,
}

impl Change {
    /// Whether the unit that receives it has to act on it. A passed re-check is only told, and a reassigned order has ended.
    #[must_use]
    pub const fn hands_over(&self) -> bool {
        matches!(self, Self::Dispatched { .. } | Self::RuledSame { .. } | Self::Failed { .. })
    }

    /// Whether nobody chose it: what a rule assigns, and what no rule reaches.
    #[must_use]
    pub const fn is_by_rule(&self) -> bool {
        match self {
            Self::Dispatched { assignment, .. } => !matches!(assignment.way, Way::Office),
            Self::Pooled { .. } => true,
            _ => false,
        }
    }

    /// The word for it in JSON.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Reported { .. } => "reported",
            Self::FixedOnSpot => "fixed_on_spot",
            Self::Pooled { .. } => "pooled",
            Self::Dispatched { .. } => "dispatched",
            Self::Accepted => "accepted",
            Self::Replied => "replied",
            Self::Confirmed { .. } => "confirmed",
            Self::Returned { .. } => "returned",
            Self::RuledSame { .. } => "ruled_same",
            Self::Reassigned => "reassigned",
            Self::Passed => "passed",
            Self::Failed { .. } => "failed",
            Self::Voided => "voided",
        }
    }
}

/// One entry of an issue's chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its id; for the first event of a step, the id the client gave the step.
    pub id: EventId,
    /// The issue.
    pub issue_id: IssueId,
    /// The order it moved or made.
    pub order_id: Option<OrderId>,
    /// Its place in the chain, from 1.
    pub seq: u32,
    /// The step that was asked for; `None` for a report.
    pub step: Option<StepKind>,
    /// Who did it.
    pub actor_id: UserId,
    /// As what.
    pub role: Role,
    /// As which unit.
    pub unit_id: Option<UnitId>,
    /// When the device says it was done.
    pub device_at: Option<Timestamp>,
    /// How far the device's clock was ahead of the server's when it sent this, where it told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_skew_ms: Option<Skew>,
    /// When the server wrote it.
    pub server_at: Timestamp,
    /// The state before; `None` for the first.
    pub from: Option<State>,
    /// The state after.
    pub to: State,
    /// What was done, or the reason.
    pub note: String,
    /// Photos that belong to it.
    pub photo_ids: Vec<PhotoId>,
    /// Where those photos come from, as far as it was known; empty in events from before 0.3.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provenance: Vec<Provenance>,
    /// Where the person of a re-check stood; a report has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// What is odd about a re-check; a report has its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// The unit that receives it.
    pub receiver: Option<UnitId>,
    /// What happened.
    pub change: Change,
}

/// An event as it is kept: its text, and the hash that chains it to the one before.
#[derive(Debug, Clone, PartialEq)]
pub struct Sealed {
    event: Event,
    body: String,
    hash: String,
}

/// What is wrong with a stored chain.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChainBroken {
    /// The text is not an event.
    #[error("event {seq} cannot be read: {why}")]
    Unreadable {
        /// Its place.
        seq: u32,
        /// The reader's words.
        why: String,
    },
    /// The hash is not that of the text and the hash before.
    #[error("event {seq} was changed after it was written, or one before it")]
    WrongHash {
        /// Its place.
        seq: u32,
    },
    /// A place is missing or doubled.
    #[error("event {seq} stands where {expected} should")]
    WrongSeq {
        /// The place found.
        seq: u32,
        /// The place expected.
        expected: u32,
    },
}

impl Sealed {
    /// Writes the event down and chains it to the hash before (empty for the first).
    pub(crate) fn new(event: Event, before: &str) -> Self {
        let body = serde_json::to_string(&event).expect("an event has only string keys");
        let hash = chain_hash(before, &body);
        Self { event, body, hash }
    }

    /// Reads a whole chain back, proving it: places without a gap and every hash right.
    ///
    /// # Errors
    /// The first thing found wrong.
    pub fn read_chain(rows: impl IntoIterator<Item = (String, String)>) -> Result<Vec<Self>, ChainBroken> {
        let mut chain: Vec<Self> = Vec::new();
        for (index, (body, hash)) in rows.into_iter().enumerate() {
            let expected = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let event: Event = serde_json::from_str(&body)
                .map_err(|error| ChainBroken::Unreadable { seq: expected, why: error.to_string() })?;
            if event.seq != expected {
                return Err(ChainBroken::WrongSeq { seq: event.seq, expected });
            }
            let before = chain.last().map_or("", |last| last.hash.as_str());
            if chain_hash(before, &body) != hash {
                return Err(ChainBroken::WrongHash { seq: expected });
            }
            chain.push(Self { event, body, hash });
        }
        Ok(chain)
    }

    /// The event.
    #[must_use]
    pub const fn event(&self) -> &Event {
        &self.event
    }

    /// Its text, byte for byte what was hashed.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// SHA-256 of the hash before and the text, in hex.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

fn chain_hash(before: &str, body: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(before.as_bytes());
    hasher.update([b'\n']);
    hasher.update(body.as_bytes());
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        text
    })
}
