//! The guards of the loop (handbook §2): which step who may take when, and the events it makes.

use crate::bundle::Catalogue;
use crate::calendar::WorkingTime;
use crate::clause::Clause;
use crate::clock::{Clock, ClockError};
use crate::device_time::{Skew, done_at};
use crate::event::{Change, Sealed};
use crate::id::{EventId, IssueId, PhotoId};
use crate::issue::draft::{Decided, Draft};
use crate::issue::policy::Policy;
use crate::issue::report::{Flag, Report, check_photos, check_text, place_flag};
use crate::issue::{Issue, Named};
use crate::order::{State, StepKind, StepRequest};
use crate::photo::{PhotoSource, Provenance};
use crate::problem::{FieldCode, FieldProblem};
use crate::role::Actor;
use crate::routing::{Assignment, Way};
use crate::spot::{Location, Spot};
use crate::time::{DAY, Timestamp};
use uuid::Uuid;

/// What a decision needs to know of the world.
pub struct Context<'a> {
    /// The server's time.
    pub now: Timestamp,
    /// How far the sender's clock is ahead of it, where the sender told.
    pub skew: Option<Skew>,
    /// The calendar and the working hours in force.
    pub working_time: &'a WorkingTime,
    /// What the county has settled.
    pub policy: &'a Policy,
    /// What everything is called today.
    pub catalogue: &'a Catalogue,
    /// What is known of the photos that the request names.
    pub photos: &'a [Provenance],
    /// Makes fresh ids for orders and follow-up events.
    pub fresh_id: &'a mut dyn FnMut() -> Uuid,
}

/// Why a step is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// This person may never take this step here.
    #[error("this account may not take this step")]
    Forbidden,
    /// The state does not allow it; these steps it does, for this person.
    #[error("the state does not allow this step")]
    NotAllowed {
        /// What the person may do instead.
        allowed: Vec<StepKind>,
    },
    /// The re-check of a problem that exists at certain hours may pass only at those (同时段).
    #[error("this problem is re-checked in the hours at which it was seen")]
    NotSameHours,
    /// The step itself is not right.
    #[error("the step has fields that are not right")]
    Invalid(Vec<FieldProblem>),
    /// The clock cannot be moved so.
    #[error(transparent)]
    Clock(#[from] ClockError),
}

/// The steps this person may take now, for buttons and for the answer to a step that is refused.
#[must_use]
pub fn allowed_steps(issue: &Issue, actor: &Actor, policy: &Policy) -> Vec<StepKind> {
    StepKind::ALL
        .iter()
        .copied()
        .filter(|step| starts(*step, issue) && may(*step, issue, actor, policy))
        .collect()
}

/// Whether the step starts from where the issue is. What the office has ruled upon is not sent back to it once more: the unit
/// would return and the office rule without end.
fn starts(step: StepKind, issue: &Issue) -> bool {
    let is_ruled = issue.order().is_some_and(|order| order.ruled_at.is_some());
    step.starts_from(issue.state) && !(step == StepKind::Return && is_ruled)
}

/// Whether this person may ever take this step on this issue. The re-checker is not of the replying unit, and by
/// default not the inspector who reported.
fn may(step: StepKind, issue: &Issue, actor: &Actor, policy: &Policy) -> bool {
    match step {
        StepKind::Assign | StepKind::Rule | StepKind::Void => actor.role.is_office(),
        StepKind::Accept | StepKind::Reply | StepKind::Confirm | StepKind::Return => {
            issue.order().is_some_and(|order| actor.speaks_for(order.unit_id))
        }
        StepKind::Pass | StepKind::Fail => {
            actor.role.may_report() && (policy.may_reporter_recheck || issue.reporter_id != actor.user_id)
        }
    }
}

impl Issue {
    /// Takes a report in: fixed on the spot, dispatched, or in the pool.
    ///
    /// # Errors
    /// When the person may not report or the report is not right.
    pub fn report(
        id: IssueId,
        report: Report,
        place: (&Spot, &Clause),
        assignment: Assignment,
        recurs: Option<IssueId>,
        actor: &Actor,
        context: &mut Context<'_>,
    ) -> Result<Decided, Refusal> {
        if !actor.role.may_report() {
            return Err(Refusal::Forbidden);
        }
        let errors = report.check();
        if !errors.is_empty() {
            return Err(Refusal::Invalid(errors));
        }
        let (spot, clause) = place;
        if let Some(error) = report.phrase_error(clause) {
            return Err(Refusal::Invalid(vec![error]));
        }
        let mut flags = report.flags(spot, context.policy, context.now, context.skew);
        if is_any_from_gallery(report.all_photo_ids(), context) {
            flags.push(Flag::FromGallery);
        }
        let fixed = report.fixed_on_spot.clone();
        let unit = assignment.unit_id;
        let observed_at = report.observed_at;
        let reported = Change::Reported {
            spot_type: spot.spot_type.clone(),
            area_id: spot.area_id,
            named: Some(Named::new(spot, clause, report.phrase_code.as_deref(), context.catalogue)),
            hours_sensitive: clause.hours_sensitive,
            flags,
            recurs,
            report: Box::new(report.to_kept()),
        };

        let mut draft = Draft::new(id, None, actor, context);
        draft.device_at = observed_at;
        draft.note = report.description;
        draft.photo_ids = report.photo_ids;
        // A report's event carries the issue's own id: there is one per issue.
        draft.push(EventId(id.0), None, State::Pool, reported);
        match (fixed, unit) {
            (Some(fixed), _) => {
                draft.note = fixed.note;
                draft.photo_ids = fixed.photo_ids;
                draft.push(EventId((context.fresh_id)()), None, State::Closed, Change::FixedOnSpot);
            }
            (None, Some(unit)) => draft.dispatch(unit, clause_clock(clause, context), assignment, context),
            (None, None) => {
                draft.say_nothing();
                draft.push(EventId((context.fresh_id)()), None, State::Pool, Change::Pooled { assignment });
            }
        }
        Ok(draft.finish())
    }

    /// Takes one step, if the guards allow it. `clause` is the issue's own, for the limit of a new order.
    ///
    /// # Errors
    /// [`Refusal`] says why not; nothing has happened then.
    pub fn decide(
        &self,
        id: EventId,
        request: StepRequest,
        clause: &Clause,
        actor: &Actor,
        chain: &[Sealed],
        context: &mut Context<'_>,
    ) -> Result<Decided, Refusal> {
        let step = request.step;
        if !may(step, self, actor, context.policy) {
            return Err(Refusal::Forbidden);
        }
        if !starts(step, self) {
            return Err(Refusal::NotAllowed { allowed: allowed_steps(self, actor, context.policy) });
        }
        let errors = self.check(&request, context.policy);
        if !errors.is_empty() {
            return Err(Refusal::Invalid(errors));
        }
        // A server whose clock was set back does not make events that lie before the ones that are there.
        let last = chain.last().map(|last| last.event().server_at);
        context.now = context.now.max(last.unwrap_or(context.now));
        let now = context.now;
        if step == StepKind::Pass && self.hours_sensitive {
            // When one stood there, not when it could be sent; nobody re-checks before there is something to re-check.
            let looked_at = done_at(request.device_at, context.skew, now).max(last.unwrap_or(now));
            // Where nobody knows when it was seen, no hour is wrong.
            let is_right = |seen| is_same_hours(seen, looked_at, context.policy.same_hours_ms);
            if !self.seen_at.is_none_or(is_right) {
                return Err(Refusal::NotSameHours);
            }
        }

        let mut draft = Draft::new(self.id, Some((self, chain)), actor, context);
        draft.step = Some(step);
        draft.device_at = request.device_at;
        draft.note = request.note;
        draft.photo_ids = request.photo_ids;
        if step.is_recheck() {
            draft.location = request.location.map(Location::to_kept);
            draft.flags = self.recheck_flags(request.location, &draft.photo_ids, context);
        }
        let order = self.order();
        let unit = order.map(|order| order.unit_id);
        match (step, order) {
            (StepKind::Void, _) => draft.push(id, unit, State::Closed, Change::Voided),
            (StepKind::Assign, _) => {
                let unit = request.unit_id.ok_or(Refusal::Forbidden)?;
                let assignment = Assignment { unit_id: Some(unit), way: Way::Office, beaten: Vec::new() };
                draft.dispatch_as(id, unit, clause_clock(clause, context), assignment, context);
            }
            (_, None) => {
                return Err(Refusal::NotAllowed { allowed: allowed_steps(self, actor, context.policy) });
            }
            (StepKind::Accept, Some(_)) => draft.push(id, None, State::Accepted, Change::Accepted),
            (StepKind::Reply, Some(_)) => draft.push(id, None, State::Replied, Change::Replied),
            (StepKind::Confirm, Some(order)) => {
                let clock = stopped(&order.clock, now)?;
                draft.push(id, None, State::Confirmed, Change::Confirmed { clock });
            }
            (StepKind::Return, Some(order)) => {
                let clock = stopped(&order.clock, now)?;
                draft.push(id, None, State::Returned, Change::Returned { clock });
            }
            (StepKind::Rule, Some(order)) if request.unit_id == unit => {
                let clock = running(&order.clock, now)?;
                let due = clock.due(context.working_time);
                // What was accepted stays accepted.
                let to = if order.accepted_at.is_some() { State::Accepted } else { State::Dispatched };
                draft.push(id, unit, to, Change::RuledSame { clock, due });
            }
            (StepKind::Rule, Some(_)) => {
                let other = request.unit_id.ok_or(Refusal::Forbidden)?;
                draft.push(id, unit, State::Pool, Change::Reassigned);
                let assignment = Assignment { unit_id: Some(other), way: Way::Office, beaten: Vec::new() };
                draft.dispatch(other, clause_clock(clause, context), assignment, context);
            }
            (StepKind::Pass, Some(_)) => draft.push(id, unit, State::Closed, Change::Passed),
            (StepKind::Fail, Some(order)) => {
                let clock = running(&order.clock, now)?;
                let due = clock.due(context.working_time);
                draft.push(id, unit, State::Rework, Change::Failed { clock, due });
            }
        }
        Ok(draft.finish())
    }

    /// What is odd about a re-check: for the office to look at, never a reason to refuse.
    fn recheck_flags(
        &self,
        location: Option<Location>,
        photos: &[PhotoId],
        context: &Context<'_>,
    ) -> Vec<Flag> {
        let spot = context.catalogue.spots.iter().find(|spot| spot.id == self.report.spot_id);
        let place = spot.and_then(|spot| place_flag(location, spot, context.policy.recheck_far_m));
        let from_gallery = is_any_from_gallery(photos.iter().copied(), context).then_some(Flag::FromGallery);
        place.into_iter().chain(from_gallery).collect()
    }

    fn check(&self, request: &StepRequest, policy: &Policy) -> Vec<FieldProblem> {
        let mut errors = Vec::new();
        check_text("note", &request.note, &mut errors);
        if request.step.needs_reason() && request.note.trim().is_empty() {
            errors.push(FieldProblem::new("note", FieldCode::Required));
        }
        check_photos("photo_ids", &request.photo_ids, &mut errors);
        if request.step == StepKind::Reply && self.report.is_shown_by_photos() && request.photo_ids.is_empty()
        {
            errors.push(FieldProblem::new("photo_ids", FieldCode::Required));
        }
        if request.step == StepKind::Pass && request.photo_ids.is_empty() && self.needs_recheck_photo(policy)
        {
            errors.push(FieldProblem::new("photo_ids", FieldCode::Required));
        }
        match request.location.map(|location| location.out_of_range()) {
            Some(_) if !request.step.is_recheck() => {
                errors.push(FieldProblem::new("location", FieldCode::Unknown));
            }
            Some(Some(field)) => {
                errors.push(FieldProblem::new(format!("location.{field}"), FieldCode::OutOfRange));
            }
            _ => {}
        }
        if request.step.names_unit() && request.unit_id.is_none() {
            errors.push(FieldProblem::new("unit_id", FieldCode::Required));
        }
        if !request.step.names_unit() && request.unit_id.is_some() {
            errors.push(FieldProblem::new("unit_id", FieldCode::Unknown));
        }
        errors
    }
}

/// Whether `at` is within `apart_ms` of the time of day at which the problem was seen, across midnight too: the hours in
/// which a problem that exists only at certain hours may pass its re-check (同时段, handbook §2).
#[must_use]
pub fn is_same_hours(seen: Timestamp, at: Timestamp, apart_ms: i64) -> bool {
    let apart = at.since(seen).rem_euclid(DAY);
    apart.min(DAY - apart) <= apart_ms
}

fn is_any_from_gallery(photos: impl IntoIterator<Item = PhotoId>, context: &Context<'_>) -> bool {
    let is_from_gallery =
        |id| context.photos.iter().any(|it| it.id == id && it.source == Some(PhotoSource::Gallery));
    photos.into_iter().any(is_from_gallery)
}

fn clause_clock(clause: &Clause, context: &Context<'_>) -> Clock {
    Clock::new(context.now, clause.limit, context.policy.reading)
}

fn stopped(clock: &Clock, at: Timestamp) -> Result<Clock, ClockError> {
    let mut clock = clock.clone();
    clock.pause(at)?;
    Ok(clock)
}

fn running(clock: &Clock, at: Timestamp) -> Result<Clock, ClockError> {
    let mut clock = clock.clone();
    clock.resume(at)?;
    Ok(clock)
}
