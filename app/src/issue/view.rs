//! Issues as the API shows them. What a viewer may not know is left out here, in one place: units never learn who
//! inspected.

use crate::bundle::Catalogue;
use crate::clause::Severity;
use crate::clock::{Due, Limit};
use crate::event::{Change, Event};
use crate::id::{IssueId, OrderId, PhotoId, SpotId, UnitId, UserId};
use crate::issue::timeline::{Party, TimelineEntry, campaign_party, with_due_before};
use crate::issue::{Flag, Issue, Named, Policy, allowed_steps};
use crate::order::{ClosingKind, Order, State, StepKind};
use crate::photo::{PhotoNote, Shows};
use crate::role::{Actor, Role};
use crate::routing::Assignment;
use crate::spot::Location;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Who looks, and so what may be shown.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    /// The person.
    pub actor: &'a Actor,
    /// What the county has settled.
    pub policy: &'a Policy,
}

/// The names behind the ids of one answer, where the events do not tell what something was called.
#[derive(Debug, Clone)]
pub struct Names<'a> {
    /// What everything is called today.
    pub catalogue: &'a Catalogue,
    /// People; empty for viewers who may not know them.
    pub people: HashMap<UserId, String>,
}

/// An order as the API shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderAnswer {
    /// Its id.
    pub id: OrderId,
    /// The issue.
    pub issue_id: IssueId,
    /// Who answers.
    pub unit_id: UnitId,
    /// What the unit was called when it got the order.
    pub unit_name: String,
    /// Where it stands.
    pub state: State,
    /// Which rule chose the unit, and what it beat.
    pub assignment: Assignment,
    /// How long the unit has.
    pub limit: Limit,
    /// The due time and its explanation, line by line.
    pub due: Due,
    /// Whether the clock stands.
    pub is_standing: bool,
    /// Whether the unit confirmed by the due time; absent until it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_on_time: Option<bool>,
    /// When it was dispatched.
    pub dispatched_at: Timestamp,
    /// When the unit accepted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// When the unit last confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// 1 for the first round, one more for each rework.
    pub round: u32,
    /// What the unit last replied.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reply_note: String,
    /// The after-photos of the last reply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reply_photo_ids: Vec<PhotoId>,
    /// What the viewer may do now.
    pub allowed_steps: Vec<StepKind>,
}

/// An issue as the API shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssueAnswer {
    /// Its id.
    pub id: IssueId,
    /// Where it stands; `reassigned` for a unit whose order ended because another unit has a new one.
    pub state: State,
    /// How it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing_kind: Option<ClosingKind>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// Where.
    pub spot_id: SpotId,
    /// Which clause it breaks.
    pub clause_code: String,
    /// What the spot and the clause were called when it was reported.
    #[serde(default)]
    pub named: Named,
    /// In words.
    pub description: String,
    /// How bad.
    pub severity: Severity,
    /// Where it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// What is odd about the report.
    pub flags: Vec<Flag>,
    /// The closed issue of which this is a recurrence (反弹).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurs: Option<IssueId>,
    /// When it was seen, corrected where the device's clock was found wrong (`clock_wrong`); missing where nobody knows. For a
    /// unit, when it was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<Timestamp>,
    /// When the server took it in.
    pub reported_at: Timestamp,
    /// Who reported it; for the office and the inspector only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<Party>,
    /// Before-photos.
    pub photo_ids: Vec<PhotoId>,
    /// After-photos of a problem fixed on the spot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed_photo_ids: Vec<PhotoId>,
    /// Where the photos come from and what is odd about them; for the campaign side, and a unit's own for the unit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<PhotoNote>,
    /// The order in force; for a unit, its own latest.
    pub order: Option<OrderAnswer>,
    /// Why no unit was found, for an issue in the pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<Assignment>,
    /// What the viewer may do now.
    pub allowed_steps: Vec<StepKind>,
    /// Everything that happened, oldest first; for a unit, the report and what happened to its own order.
    pub timeline: Vec<TimelineEntry>,
}

/// An issue in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssueRow {
    /// Its id.
    pub id: IssueId,
    /// Where it stands.
    pub state: State,
    /// How it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing_kind: Option<ClosingKind>,
    /// Where.
    pub spot_id: SpotId,
    /// What the spot was called when it was reported.
    pub spot_name: String,
    /// Which clause it breaks.
    pub clause_code: String,
    /// How the clause read at this spot when it was reported.
    pub clause_text: String,
    /// The common problem it was reported as, in the words of that day: the title; absent where none was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// In words.
    pub description: String,
    /// How bad.
    pub severity: Severity,
    /// When the server took it in.
    pub reported_at: Timestamp,
    /// The order in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// Who answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<UnitId>,
    /// What the unit was called when it got the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    /// How long the unit has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// When it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// From when it counts as past due; absent while the clock stands in time, and at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_from: Option<Timestamp>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// Whether the unit confirmed by the due time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_on_time: Option<bool>,
    /// When the unit confirmed, where that was after the due time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_late_at: Option<Timestamp>,
    /// 1 for the first round.
    pub round: u32,
    /// Whether it is a recurrence (反弹).
    pub is_recurrence: bool,
    /// The first before-photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo_id: Option<PhotoId>,
}

/// A page of issues.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuePage {
    /// The issues.
    pub items: Vec<IssueRow>,
    /// Where the next page begins; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// Issues of this page that are left out because their stored record is damaged; absent where there is none. On the
    /// first page also those whose state cannot be read, whatever was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<IssueId>,
}

impl IssueRow {
    /// What it is called: the common problem, else the clause.
    #[must_use]
    pub fn title(&self) -> &str {
        self.problem.as_deref().unwrap_or(&self.clause_text)
    }
}

impl IssueAnswer {
    /// The issue as this viewer may see it.
    #[must_use]
    pub fn new<'a>(
        issue: &Issue,
        events: impl IntoIterator<Item = &'a Event> + Clone,
        names: &Names<'_>,
        viewer: Viewer<'_>,
    ) -> Self {
        let report = &issue.report;
        let is_unit = viewer.actor.role == Role::Unit;
        let order = shown_order(issue, viewer);
        let order_id = order.map(|order| order.id);
        // A unit sees the report, and what happened to its own order: what came before or after it at another unit
        // is not its business.
        let is_shown =
            |event: &&Event| !is_unit || event.seq == 1 || (event.order_id == order_id && order_id.is_some());
        let timeline = with_due_before(events.clone())
            .filter(|(event, _)| is_shown(event))
            .map(|(event, due_before)| TimelineEntry::new(event, due_before, issue, names, viewer))
            .collect();
        let photos = photo_notes(issue, events.clone().into_iter().filter(is_shown), viewer);
        let pooled = events.into_iter().find_map(|event| match &event.change {
            Change::Pooled { assignment } => Some(assignment.clone()),
            _ => None,
        });
        let has_left = order.is_some_and(|order| order.state == State::Reassigned);
        let closing = issue.closing.filter(|_| !has_left);
        Self {
            id: issue.id,
            state: if has_left { State::Reassigned } else { issue.state },
            closing_kind: closing.map(|(kind, _)| kind),
            closed_at: closing.map(|(_, at)| at),
            spot_id: report.spot_id,
            clause_code: report.clause_code.clone(),
            named: issue.named.clone().unwrap_or_else(|| Named::of_old(report, names.catalogue)),
            description: report.description.clone(),
            severity: report.severity,
            location: report.location,
            // Suspicions are for the office to look at.
            flags: if is_unit { Vec::new() } else { issue.flags.clone() },
            recurs: issue.recurs.filter(|_| !is_unit),
            // What an inspector's phone says is the inspector's trace: a unit is told when the server heard of it.
            observed_at: if is_unit { Some(issue.reported_at) } else { issue.seen_at },
            reported_at: issue.reported_at,
            reporter: (!is_unit).then(|| campaign_party(issue.reporter_id, Role::Inspector, names, viewer)),
            photo_ids: report.photo_ids.clone(),
            fixed_photo_ids: report.fixed_on_spot.as_ref().map(|it| it.photo_ids.clone()).unwrap_or_default(),
            photos,
            order: order.map(|order| OrderAnswer::new(issue, order, names, viewer)),
            assignment: pooled.filter(|_| order.is_none() && !is_unit),
            allowed_steps: allowed_steps(issue, viewer.actor, viewer.policy),
            timeline,
        }
    }
}

/// The order in force; for a unit, its own latest, which may have ended because another unit has a new one.
fn shown_order<'a>(issue: &'a Issue, viewer: Viewer<'_>) -> Option<&'a Order> {
    if viewer.actor.role != Role::Unit {
        return issue.order();
    }
    issue.orders.iter().rev().find(|order| viewer.actor.speaks_for(order.unit_id))
}

impl OrderAnswer {
    /// One order of the issue, in force or ended, as this viewer may see it.
    #[must_use]
    pub fn of(issue: &Issue, id: OrderId, names: &Names<'_>, viewer: Viewer<'_>) -> Option<Self> {
        let order = issue.orders.iter().find(|order| order.id == id)?;
        Some(Self::new(issue, order, names, viewer))
    }

    fn new(issue: &Issue, order: &Order, names: &Names<'_>, viewer: Viewer<'_>) -> Self {
        Self {
            id: order.id,
            issue_id: order.issue_id,
            unit_id: order.unit_id,
            unit_name: unit_name(order.unit_id, issue, Some(order.id), names),
            state: order.state,
            assignment: order.assignment.clone(),
            limit: order.clock.limit(),
            due: order.due.clone(),
            is_standing: order.is_standing(),
            is_on_time: order.is_on_time(),
            dispatched_at: order.dispatched_at,
            accepted_at: order.accepted_at,
            confirmed_at: order.confirmed_at,
            ended_at: order.ended_at,
            round: order.round,
            reply_note: order.reply_note.clone(),
            reply_photo_ids: order.reply_photo_ids.clone(),
            allowed_steps: allowed_steps(issue, viewer.actor, viewer.policy),
        }
    }
}

/// What the unit of an order was called when it got it; today's name where that was not kept.
pub(super) fn unit_name(unit: UnitId, issue: &Issue, order: Option<OrderId>, names: &Names<'_>) -> String {
    let of_order = issue.orders.iter().find(|it| Some(it.id) == order && it.unit_id == unit);
    let of_its_day = of_order.map(|order| &order.unit_name).filter(|name| !name.is_empty());
    let of_today = || names.catalogue.unit(unit).map(|unit| &unit.name);
    of_its_day.or_else(of_today).cloned().unwrap_or_default()
}

/// Where the photos of these events come from. A unit is told of its own alone: what the campaign's phones say is the
/// inspector's trace.
fn photo_notes<'a>(
    issue: &Issue,
    events: impl Iterator<Item = &'a Event>,
    viewer: Viewer<'_>,
) -> Vec<PhotoNote> {
    let mut notes = Vec::new();
    let mut confirmed_at = issue.reported_at;
    let seen_at = issue.seen_at.unwrap_or(issue.reported_at);
    for event in events {
        let shows = match event.change {
            Change::Reported { .. } => Shows::Problem { reported_at: issue.reported_at },
            Change::Passed | Change::Failed { .. } => Shows::After { since: confirmed_at },
            _ => Shows::After { since: seen_at },
        };
        if matches!(event.change, Change::Confirmed { .. }) {
            confirmed_at = event.server_at;
        }
        if viewer.actor.role != Role::Unit || event.role == Role::Unit {
            notes.extend(event.provenance.iter().map(|photo| photo.note(shows, viewer.policy)));
        }
    }
    notes
}
