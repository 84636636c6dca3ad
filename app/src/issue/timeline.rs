//! What happened to an issue, entry by entry, and by whom, as far as the viewer may know.

use crate::device_time::{self, Late, Skew};
use crate::event::{Change, Event};
use crate::id::{OrderId, PhotoId, UnitId, UserId};
use crate::issue::view::{Names, Viewer, unit_name};
use crate::issue::{Flag, Issue};
use crate::order::State;
use crate::role::Role;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Whoever did something, as far as the viewer may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Party {
    /// The campaign side, without saying who: all that a unit or another inspector is told.
    Office,
    /// A responsible unit.
    Unit {
        /// Which.
        unit_id: UnitId,
        /// What it is called.
        unit_name: String,
        /// The liaison, for the unit itself and the office.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<String>,
    },
    /// A person of the campaign side, for the office.
    Person {
        /// The account.
        user_id: UserId,
        /// The name.
        name: String,
        /// As what.
        role: Role,
    },
    /// The viewer.
    Me,
    /// Nobody: the county's rules.
    System,
}

/// One entry of an issue's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineEntry {
    /// Its place, from 1.
    pub seq: u32,
    /// What happened: `reported`, `dispatched`, `accepted`, `failed` …
    pub what: String,
    /// When the server wrote it.
    pub at: Timestamp,
    /// When the device says it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_at: Option<Timestamp>,
    /// How far the device's clock was ahead of the server's when it sent this; for the office and whoever sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_skew_ms: Option<Skew>,
    /// Why a unit's step arrived after the due time, where its device told enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Late>,
    /// Who did it.
    pub by: Party,
    /// The state before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<State>,
    /// The state after.
    pub to: State,
    /// What was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Photos that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photo_ids: Vec<PhotoId>,
    /// What is odd about a re-check; never told to a unit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// The unit that has to act on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    /// The order it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// The due time it set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
}

impl TimelineEntry {
    pub(super) fn new(
        event: &Event,
        due_before: Option<Timestamp>,
        issue: &Issue,
        names: &Names<'_>,
        viewer: Viewer<'_>,
    ) -> Self {
        let named = |unit| unit_name(unit, issue, event.order_id, names);
        let by = match (event.role, event.unit_id) {
            _ if event.change.is_by_rule() => Party::System,
            (Role::Unit, Some(unit_id)) => Party::Unit {
                unit_id,
                unit_name: named(unit_id),
                person: (viewer.actor.role.is_office() || viewer.actor.speaks_for(unit_id))
                    .then(|| names.people.get(&event.actor_id).cloned())
                    .flatten(),
            },
            (role, _) => campaign_party(event.actor_id, role, names, viewer),
        };
        // The moment at which an inspector's phone says it stood there is the inspector's trace, not the unit's.
        let hides_device = viewer.actor.role == Role::Unit && event.role != Role::Unit;
        // An odd clock is known again from one report to the next, as a name would be.
        let knows_sender = viewer.actor.role.is_office()
            || viewer.actor.user_id == event.actor_id
            || event.unit_id.is_some_and(|unit| viewer.actor.speaks_for(unit));
        Self {
            seq: event.seq,
            what: event.change.code().to_owned(),
            at: event.server_at,
            device_at: event.device_at.filter(|_| !hides_device),
            clock_skew_ms: event.clock_skew_ms.filter(|_| knows_sender),
            late: due_before.and_then(|due_at| why_late(event, due_at)),
            by,
            from: event.from,
            to: event.to,
            note: event.note.clone(),
            photo_ids: event.photo_ids.clone(),
            flags: if viewer.actor.role == Role::Unit { Vec::new() } else { event.flags.clone() },
            receiver: event.receiver.filter(|_| event.change.hands_over()).map(named),
            order_id: event.order_id,
            due_at: due_set_by(event),
        }
    }
}

/// Each event with the due time that was in force when it came.
pub(super) fn with_due_before<'a>(
    events: impl IntoIterator<Item = &'a Event>,
) -> impl Iterator<Item = (&'a Event, Option<Timestamp>)> {
    let mut in_force = None;
    events.into_iter().map(move |event| {
        let due_before = in_force;
        in_force = due_set_by(event).or(in_force);
        (event, due_before)
    })
}

fn due_set_by(event: &Event) -> Option<Timestamp> {
    match &event.change {
        Change::Dispatched { due, .. } | Change::RuledSame { due, .. } | Change::Failed { due, .. } => {
            due.at()
        }
        _ => None,
    }
}

/// Only what a unit must do by the due time can be late.
fn why_late(event: &Event, due_at: Timestamp) -> Option<Late> {
    let is_due = matches!(event.change, Change::Accepted | Change::Replied | Change::Confirmed { .. });
    is_due.then(|| device_time::late(event.device_at, event.clock_skew_ms, event.server_at, due_at)).flatten()
}

/// Somebody of the campaign side: named to the office, "me" to the person, "the office" to everybody else.
pub(super) fn campaign_party(user_id: UserId, role: Role, names: &Names<'_>, viewer: Viewer<'_>) -> Party {
    if viewer.actor.role == Role::Unit {
        Party::Office
    } else if viewer.actor.user_id == user_id {
        Party::Me
    } else if viewer.actor.role.is_office() {
        Party::Person { user_id, name: names.people.get(&user_id).cloned().unwrap_or_default(), role }
    } else {
        Party::Office
    }
}
