//! Orders (交办单): the duty of one unit to put one issue right by a due time, and the steps that move it.

use crate::clock::{Clock, Due};
use crate::id::{IssueId, OrderId, PhotoId, UnitId, UserId};
use crate::routing::Assignment;
use crate::spot::Location;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Where an issue, or its live order, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 待交办: no unit was found; the office assigns.
    Pool,
    /// 已交办: the unit has the order.
    Dispatched,
    /// 已签收.
    Accepted,
    /// 已反馈: answered by the liaison; the unit has still to confirm it.
    Replied,
    /// 待复查: confirmed by the unit, waiting for somebody else to look.
    Confirmed,
    /// 返工: a re-check failed; the same order, the next round.
    Rework,
    /// 退单待裁定: the unit says it is not theirs; the office rules.
    Returned,
    /// 已改派: this order ended because another unit has a new one. Never the state of an issue.
    Reassigned,
    /// 销号.
    Closed,
}

/// How an issue was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClosingKind {
    /// 复查通过.
    Verified,
    /// 现场即改: put right while the inspector stood there; never a unit's failure.
    FixedOnSpot,
    /// 作废.
    Void,
}

macro_rules! codes {
    ($name:ident { $($variant:ident => $code:literal),* $(,)? }) => {
        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word used in JSON and the database.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The value with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.code() == code)
            }
        }
    };
}

codes!(State {
    Pool => "pool",
    Dispatched => "dispatched",
    Accepted => "accepted",
    Replied => "replied",
    Confirmed => "confirmed",
    Rework => "rework",
    Returned => "returned",
    Reassigned => "reassigned",
    Closed => "closed",
});

codes!(ClosingKind { Verified => "verified", FixedOnSpot => "fixed_on_spot", Void => "void" });

codes!(StepKind {
    Assign => "assign",
    Accept => "accept",
    Reply => "reply",
    Confirm => "confirm",
    Return => "return",
    Rule => "rule",
    Pass => "pass",
    Fail => "fail",
    Void => "void",
});

/// A way to move an issue or its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// 交办: the office gives an issue of the pool to a unit.
    Assign,
    /// 签收.
    Accept,
    /// 反馈: what was done, with after-photos.
    Reply,
    /// 确认: the unit stands by the reply; its clock stops.
    Confirm,
    /// 退单: not ours, with the reason.
    Return,
    /// 裁定: the office answers a return; the same unit continues, another starts anew.
    Rule,
    /// 复查通过: the issue is closed.
    Pass,
    /// 复查不通过: rework, with the reason.
    Fail,
    /// 作废, with the reason.
    Void,
}

impl StepKind {
    /// Whether the step goes back, or ends what was begun: it then needs a reason.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Return | Self::Rule | Self::Fail | Self::Void)
    }

    /// Whether a step starts from this state. Whoever receives a step back may not push the issue straight to closure,
    /// so a return is ruled upon before anything may be voided.
    #[must_use]
    pub const fn starts_from(self, state: State) -> bool {
        use State::{Accepted, Confirmed, Dispatched, Pool, Replied, Returned, Rework};
        match self {
            Self::Assign => matches!(state, Pool),
            Self::Accept => matches!(state, Dispatched),
            // A reply not yet confirmed may be mended by a new one.
            Self::Reply => matches!(state, Accepted | Rework | Replied),
            Self::Confirm => matches!(state, Replied),
            Self::Return => matches!(state, Dispatched | Accepted),
            Self::Rule => matches!(state, Returned),
            Self::Pass | Self::Fail => matches!(state, Confirmed),
            Self::Void => matches!(state, Pool | Dispatched | Accepted | Replied | Confirmed | Rework),
        }
    }

    /// Whether somebody looks again on site.
    #[must_use]
    pub const fn is_recheck(self) -> bool {
        matches!(self, Self::Pass | Self::Fail)
    }

    /// Whether the step names a unit.
    #[must_use]
    pub const fn names_unit(self) -> bool {
        matches!(self, Self::Assign | Self::Rule)
    }
}

impl StepKind {
    /// The state after this step of a unit; none for a step that is not a unit's.
    const fn unit_leads_to(self) -> Option<State> {
        match self {
            Self::Accept => Some(State::Accepted),
            Self::Reply => Some(State::Replied),
            Self::Confirm => Some(State::Confirmed),
            Self::Return => Some(State::Returned),
            Self::Assign | Self::Rule | Self::Pass | Self::Fail | Self::Void => None,
        }
    }
}

/// What a unit may do with its order once the steps still on its phone have arrived, from the state and the steps the server
/// told last: the buttons of a phone without a network. The server decides when they do arrive.
#[must_use]
pub fn unit_steps_after(told: State, allowed: &[StepKind], on_the_phone: &[StepKind]) -> Vec<StepKind> {
    let state = unit_state_after(told, on_the_phone);
    // Where a return was ruled upon, the server does not offer another.
    let is_ruled = StepKind::Return.starts_from(told) && !allowed.contains(&StepKind::Return);
    let is_unit_s =
        |step: &StepKind| step.unit_leads_to().is_some() && !(is_ruled && *step == StepKind::Return);
    StepKind::ALL.iter().copied().filter(|step| is_unit_s(step) && step.starts_from(state)).collect()
}

/// How far a unit's order is once the steps still on its phone have arrived. One that does not start from where the order is
/// by then, because something else happened to it meanwhile, changes nothing: the server will refuse it.
#[must_use]
pub fn unit_state_after(told: State, on_the_phone: &[StepKind]) -> State {
    on_the_phone.iter().fold(told, |state, step| {
        if step.starts_from(state) { step.unit_leads_to().unwrap_or(state) } else { state }
    })
}

/// A step as it is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StepRequest {
    /// What to do.
    pub step: StepKind,
    /// What was done, or the reason; at most 2 000 characters.
    #[serde(default)]
    pub note: String,
    /// Photos that belong to the step, already sent; at most 12.
    #[serde(default)]
    pub photo_ids: Vec<PhotoId>,
    /// Who answers, for `assign` and `rule`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<UnitId>,
    /// When the device says it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_at: Option<Timestamp>,
    /// Where the person of a re-check stood, taken once; absent where the device could not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// One unit's duty, as the events tell it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// The issue to put right.
    pub issue_id: IssueId,
    /// Who answers.
    pub unit_id: UnitId,
    /// What the unit was called when it got the order; empty where that was not kept.
    pub unit_name: String,
    /// Where it stands.
    pub state: State,
    /// Why this unit.
    pub assignment: Assignment,
    /// The clock with every pause.
    pub clock: Clock,
    /// The due time in force, explained; while the clock stands, the one that was in force when it stopped.
    pub due: Due,
    /// The due time itself.
    pub due_at: Timestamp,
    /// When it was dispatched.
    pub dispatched_at: Timestamp,
    /// When the unit accepted it.
    pub accepted_at: Option<Timestamp>,
    /// When the office ruled that this unit continues; it cannot send the order back again.
    pub ruled_at: Option<Timestamp>,
    /// When the liaison last replied.
    pub replied_at: Option<Timestamp>,
    /// When the unit last confirmed; the due time is met at this moment.
    pub confirmed_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// 1 for the first round, one more for each rework.
    pub round: u32,
    /// What the first re-check found.
    pub first_recheck_passed: Option<bool>,
    /// Who re-checked last.
    pub rechecker_id: Option<UserId>,
    /// The note and photos of the last reply.
    pub reply_note: String,
    /// The after-photos of the last reply.
    pub reply_photo_ids: Vec<PhotoId>,
}

impl Order {
    /// Whether the unit's clock stands: it has done its part, or says that the part is not its own.
    #[must_use]
    pub const fn is_standing(&self) -> bool {
        matches!(self.state, State::Confirmed | State::Returned)
    }

    /// Whether the unit confirmed by the due time; `None` until it has, and again while it reworks.
    #[must_use]
    pub fn is_on_time(&self) -> Option<bool> {
        match (self.state, self.confirmed_at) {
            // An order made void in a rework has an earlier round's confirmation, but its clock runs.
            (State::Confirmed | State::Closed, Some(at)) if self.clock.is_paused() => Some(at <= self.due_at),
            _ => None,
        }
    }

    /// The moment at which the unit confirmed, where that was after the due time.
    #[must_use]
    pub fn confirmed_late_at(&self) -> Option<Timestamp> {
        self.confirmed_at.filter(|_| self.is_on_time() == Some(false))
    }

    /// The moment from which the order counts as past due, if it ever may: none once it has ended, and none while
    /// the clock stands that stopped in time.
    #[must_use]
    pub fn overdue_from(&self) -> Option<Timestamp> {
        let stopped = match self.state {
            State::Closed | State::Reassigned => return None,
            State::Confirmed => self.confirmed_at,
            State::Returned => self.clock.moves().last().map(|it| it.at()),
            _ => None,
        };
        match stopped {
            Some(stopped) if stopped <= self.due_at => None,
            _ => Some(self.due_at),
        }
    }
}
