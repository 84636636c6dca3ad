//! Events in the making, and what has been decided once they are made.

use crate::clock::Clock;
use crate::device_time::Skew;
use crate::event::{Change, Event, Sealed};
use crate::id::{EventId, IssueId, OrderId, PhotoId, UnitId};
use crate::issue::{Context, Flag, Issue};
use crate::order::{State, StepKind};
use crate::photo::Provenance;
use crate::role::{Actor, Role};
use crate::routing::Assignment;
use crate::spot::Location;
use crate::time::Timestamp;

/// Events that passed every guard, and the issue as it stands after them.
///
/// Only [`Issue::report`] and [`Issue::decide`] make one: whoever holds it has proved the right to write it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    events: Vec<Sealed>,
    before: Option<Issue>,
    after: Issue,
}

impl Decided {
    /// The new events, in order.
    #[must_use]
    pub fn events(&self) -> &[Sealed] {
        &self.events
    }

    /// The issue before them; `None` for a report.
    #[must_use]
    pub const fn before(&self) -> Option<&Issue> {
        self.before.as_ref()
    }

    /// The issue after them.
    #[must_use]
    pub const fn after(&self) -> &Issue {
        &self.after
    }
}

/// Events in the making: each is chained to the last and taken into the issue at once.
pub(super) struct Draft<'a> {
    issue_id: IssueId,
    before: Option<&'a Issue>,
    after: Option<Issue>,
    actor: &'a Actor,
    now: Timestamp,
    skew: Option<Skew>,
    last_hash: String,
    events: Vec<Sealed>,
    known_photos: Vec<Provenance>,
    pub(super) step: Option<StepKind>,
    pub(super) device_at: Option<Timestamp>,
    pub(super) note: String,
    pub(super) photo_ids: Vec<PhotoId>,
    pub(super) location: Option<Location>,
    pub(super) flags: Vec<Flag>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        issue_id: IssueId,
        before: Option<(&'a Issue, &[Sealed])>,
        actor: &'a Actor,
        context: &Context<'_>,
    ) -> Self {
        Self {
            issue_id,
            before: before.map(|(issue, _)| issue),
            after: before.map(|(issue, _)| issue.clone()),
            actor,
            now: context.now,
            skew: context.skew,
            last_hash: before
                .and_then(|(_, chain)| chain.last())
                .map(|last| last.hash().to_owned())
                .unwrap_or_default(),
            events: Vec::new(),
            known_photos: context.photos.to_vec(),
            step: None,
            device_at: None,
            note: String::new(),
            photo_ids: Vec::new(),
            location: None,
            flags: Vec::new(),
        }
    }

    /// What was said and shown belongs to the first event; a follow-up carries none of it.
    pub(super) fn say_nothing(&mut self) {
        self.note.clear();
        self.photo_ids.clear();
        self.location = None;
        self.flags.clear();
    }

    /// A follow-up: the unit gets a new order.
    pub(super) fn dispatch(
        &mut self,
        unit: UnitId,
        clock: Clock,
        assignment: Assignment,
        context: &mut Context<'_>,
    ) {
        self.say_nothing();
        let id = EventId((context.fresh_id)());
        self.dispatch_as(id, unit, clock, assignment, context);
    }

    pub(super) fn dispatch_as(
        &mut self,
        id: EventId,
        unit_id: UnitId,
        clock: Clock,
        assignment: Assignment,
        context: &mut Context<'_>,
    ) {
        let order_id = OrderId((context.fresh_id)());
        let due = clock.due(context.working_time);
        let unit_name = context.catalogue.unit(unit_id).map(|unit| unit.name.clone()).unwrap_or_default();
        let change = Change::Dispatched { order_id, unit_id, unit_name, assignment, clock, due };
        self.push(id, Some(unit_id), State::Dispatched, change);
    }

    pub(super) fn push(&mut self, id: EventId, receiver: Option<UnitId>, to: State, change: Change) {
        let order_id = match &change {
            Change::Dispatched { order_id, .. } => Some(*order_id),
            _ => self.after.as_ref().and_then(Issue::order).map(|order| order.id),
        };
        let order_unit = self.after.as_ref().and_then(Issue::order).map(|order| order.unit_id);
        let is_named = |it: &&Provenance| self.photo_ids.contains(&it.id);
        let event = Event {
            id,
            issue_id: self.issue_id,
            order_id,
            seq: self.after.as_ref().map_or(1, |issue| issue.last_seq + 1),
            step: self.step,
            actor_id: self.actor.user_id,
            role: self.actor.role,
            unit_id: order_unit.filter(|_| self.actor.role == Role::Unit),
            device_at: self.device_at,
            clock_skew_ms: self.skew,
            server_at: self.now,
            from: self.after.as_ref().map(|issue| issue.state),
            to,
            note: self.note.clone(),
            photo_ids: self.photo_ids.clone(),
            provenance: self.known_photos.iter().filter(is_named).cloned().collect(),
            location: self.location,
            flags: self.flags.clone(),
            receiver,
            change,
        };
        match &mut self.after {
            Some(issue) => issue.apply(&event),
            None => self.after = Issue::begin(&event),
        }
        let sealed = Sealed::new(event, &self.last_hash);
        self.last_hash = sealed.hash().to_owned();
        self.events.push(sealed);
    }

    pub(super) fn finish(self) -> Decided {
        let after = self.after.expect("the first event of a new issue is its report");
        Decided { events: self.events, before: self.before.cloned(), after }
    }
}
