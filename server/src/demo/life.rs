//! The life of one issue: who does what when, until the present cuts it off.

use super::history::{Made, NewPhoto, World};
use super::pictures::Scene;
use super::words;
use anyhow::Result;
use app::clause::Clause;
use app::event::Sealed;
use app::id::{EventId, IssueId, PhotoId, UnitId};
use app::issue::{FixedOnSpot, Issue, Report};
use app::order::{State, StepKind, StepRequest};
use app::role::Actor;
use app::spot::{Location, LocationSource, Spot};
use app::time::{DAY, HOUR, MINUTE, Timestamp};

/// One issue as it is lived.
pub(super) struct Life<'a, 'w> {
    world: &'a mut World<'w>,
    spot: &'w Spot,
    clause: &'w Clause,
    scene: Scene,
    place: u64,
    now: Timestamp,
    issue: Issue,
    chain: Vec<Sealed>,
    made: Vec<Made>,
    /// Where it is left lying, so that every state has something in it.
    rests_in: Option<State>,
}

/// Goes on until the present.
type Goes = Result<bool>;

impl<'a, 'w> Life<'a, 'w> {
    /// Lives through everything that happens to a problem seen at `at`, up to the present.
    pub(super) fn live(
        world: &'a mut World<'w>,
        (spot, clause): (&'w Spot, &'w Clause),
        at: Timestamp,
        rests_in: Option<State>,
    ) -> Result<(Issue, Vec<Made>)> {
        let scene = Scene::for_clause(&clause.code, &clause.dimension);
        let place = world.rng.u64(..);
        let inspector = world.pick_inspector();
        let is_fixed = rests_in.is_none() && world.rng.f64() < 0.08;
        let mut photos = Vec::new();
        let count = if world.rng.f64() < 0.3 { 2 } else { 1 };
        let before: Vec<PhotoId> =
            (0..count).map(|n| world.photo(&mut photos, scene, place + n, false, at)).collect();
        let fixed_on_spot = is_fixed.then(|| FixedOnSpot {
            photo_ids: vec![world.photo(&mut photos, scene, place, true, at)],
            note: world.say(&words::FIXED),
        });
        let report = Report {
            spot_id: spot.id,
            clause_code: clause.code.clone(),
            phrase_code: world.pick_phrase(clause),
            description: world.say(&words::REMARKS),
            severity: clause.severity,
            location: Some(near(world, spot)),
            observed_at: Some(at.plus(-world.minutes(1, 6))),
            photo_ids: before,
            fixed_on_spot,
        };
        let id = IssueId(world.id_at(at));
        let assignment = world.loaded.routing.assign(spot, clause);
        let recurs = world.recurrence(spot, clause, at);
        let decided = world.decide(at, &photos, |context| {
            Issue::report(id, report, (spot, clause), assignment, recurs, inspector, context)
        })?;
        let mut life = Life {
            world,
            spot,
            clause,
            scene,
            place,
            now: at,
            issue: decided.after().clone(),
            chain: decided.events().to_vec(),
            made: vec![Made { decided, photos, uploader: inspector.user_id }],
            rests_in,
        };
        if life.rests_in != Some(life.issue.state) {
            life.go_on()?;
        }
        Ok((life.issue, life.made))
    }

    fn go_on(&mut self) -> Goes {
        if self.issue.state == State::Pool {
            let wait = self.world.minutes(40, 400);
            let unit =
                self.spot.lead_unit_id.or(self.spot.territory_unit_id).unwrap_or(self.world.office_unit);
            if !self.step_by_office(wait, StepKind::Assign, String::new(), Some(unit))? {
                return Ok(false);
            }
        }
        if self.issue.state == State::Closed {
            return Ok(false);
        }
        if self.rests_in.is_none() && self.world.rng.f64() < 0.02 {
            let why = self.world.say(&words::VOIDS);
            let wait = self.world.minutes(30, 300);
            return self.step_by_office(wait, StepKind::Void, why, None);
        }
        let is_returned = match self.rests_in {
            Some(rest) => rest == State::Returned,
            None => self.world.rng.f64() < 0.05,
        };
        if is_returned && !self.returned()? {
            return Ok(false);
        }
        if self.issue.state == State::Dispatched && !self.accept()? {
            return Ok(false);
        }
        for _ in 0..4 {
            if !self.answer()? || !self.recheck()? {
                return Ok(false);
            }
        }
        Ok(false)
    }

    fn returned(&mut self) -> Goes {
        let Some(unit) = self.unit() else { return Ok(false) };
        let wait = self.world.minutes(20, 240);
        let why = self.world.say(&words::RETURNS);
        if !self.step_by_unit(wait, StepKind::Return, why, Vec::new())? {
            return Ok(false);
        }
        let others = [self.spot.territory_unit_id, self.spot.lead_unit_id, self.spot.operator_unit_id];
        let other = others.into_iter().flatten().find(|other| *other != unit);
        let to = other.filter(|_| self.world.rng.bool()).unwrap_or(unit);
        let wait = self.world.minutes(60, 500);
        let words = words::RULINGS[usize::from(to != unit)].to_owned();
        self.step_by_office(wait, StepKind::Rule, words, Some(to))
    }

    fn accept(&mut self) -> Goes {
        let wait = self.world.minutes(5, 200);
        self.step_by_unit(wait, StepKind::Accept, String::new(), Vec::new())
    }

    /// The reply and its confirmation: before the due time or after it, as the unit is.
    fn answer(&mut self) -> Goes {
        let Some((unit, due)) = self.issue.order().map(|order| (order.unit_id, order.due_at)) else {
            return Ok(false);
        };
        // A few are left lying; the younger, the more.
        let age = self.world.now.since(self.now);
        if self.rests_in.is_none() && self.world.rng.f64() < if age < 12 * DAY { 0.06 } else { 0.004 } {
            return Ok(false);
        }
        let is_punctual = self.world.rng.f64() < self.world.punctuality(unit);
        let share =
            if is_punctual { 20 + self.world.rng.i64(0..65) } else { 105 + self.world.rng.i64(0..120) };
        let span = due.since(self.now).max(2 * HOUR);
        let at = self.working(self.now.plus((span / 100 * share).max(10 * MINUTE)));
        // The next morning would be too late for somebody who keeps to the time.
        let in_time = due.plus(-self.world.minutes(35, 70));
        let at = if is_punctual && at > in_time && in_time > self.now { in_time } else { at };
        let mut photos = Vec::new();
        self.world.photo(&mut photos, self.scene, self.place, true, at);
        let note = self.world.say(&words::REPLIES);
        if !self.step_of_unit(at, StepKind::Reply, note, photos)? {
            return Ok(false);
        }
        let at = at.plus(self.world.minutes(2, 30));
        self.step_of_unit(at, StepKind::Confirm, String::new(), Vec::new())
    }

    /// Somebody else looks; `false` once it is closed or the present is reached.
    fn recheck(&mut self) -> Goes {
        let chance = if self.issue.order().is_some_and(|it| it.round > 1) { 0.9 } else { 0.86 };
        let passes = self.rests_in != Some(State::Rework) && self.world.rng.f64() < chance;
        let days = self.world.rng.i64(0..2);
        let at = if self.issue.hours_sensitive {
            // In the same hours, a later day.
            let seen_at = self.issue.seen_at.unwrap_or(self.issue.reported_at);
            let of_day = seen_at.plus(8 * HOUR).millis().rem_euclid(DAY);
            Timestamp::at(self.now.date(), of_day).plus((days + 1) * DAY + self.world.minutes(0, 60))
        } else {
            let wait = days * DAY + self.world.minutes(60, 600);
            self.working(self.now.plus(wait))
        };
        let inspector = self.world.pick_other_inspector(self.issue.reporter_id);
        let (step, note) = if passes {
            (StepKind::Pass, self.world.say(&words::PASSES))
        } else {
            (StepKind::Fail, self.world.say(&words::FAILS))
        };
        let mut photos = Vec::new();
        self.world.photo(&mut photos, self.scene, self.place, passes, at);
        Ok(self.step(at, inspector, step, note, photos, None)? && !passes)
    }

    fn step_by_unit(&mut self, wait: i64, step: StepKind, note: String, photos: Vec<NewPhoto>) -> Goes {
        let at = self.working(self.now.plus(wait));
        self.step_of_unit(at, step, note, photos)
    }

    fn step_of_unit(&mut self, at: Timestamp, step: StepKind, note: String, photos: Vec<NewPhoto>) -> Goes {
        let Some(actor) = self.unit().and_then(|unit| self.world.people.liaison(unit)) else {
            return Ok(false);
        };
        self.step(at, actor, step, note, photos, None)
    }

    fn step_by_office(&mut self, wait: i64, step: StepKind, note: String, unit: Option<UnitId>) -> Goes {
        let actor = self.world.pick_manager();
        let at = self.working(self.now.plus(wait));
        self.step(at, actor, step, note, Vec::new(), unit)
    }

    fn step(
        &mut self,
        at: Timestamp,
        actor: &Actor,
        step: StepKind,
        note: String,
        photos: Vec<NewPhoto>,
        unit_id: Option<UnitId>,
    ) -> Goes {
        if at > self.world.now {
            return Ok(false);
        }
        let photo_ids = photos.iter().map(|photo| photo.id).collect();
        let location = step.is_recheck().then(|| near(self.world, self.spot));
        let request = StepRequest { step, note, photo_ids, unit_id, device_at: Some(at), location };
        let id = EventId(self.world.id_at(at));
        let (issue, chain, clause) = (&self.issue, &self.chain, self.clause);
        let decided = self
            .world
            .decide(at, &photos, |context| issue.decide(id, request, clause, actor, chain, context))?;
        self.chain.extend_from_slice(decided.events());
        self.issue = decided.after().clone();
        self.now = at;
        self.made.push(Made { decided, photos, uploader: actor.user_id });
        Ok(self.rests_in != Some(self.issue.state))
    }

    fn unit(&self) -> Option<UnitId> {
        self.issue.order().map(|order| order.unit_id)
    }

    /// People act between eight and eighteen o'clock: the moment itself, or the next morning.
    fn working(&mut self, at: Timestamp) -> Timestamp {
        let of_day = at.plus(8 * HOUR).millis().rem_euclid(DAY);
        if of_day < 8 * HOUR {
            Timestamp::at(at.date(), 8 * HOUR).plus(self.world.minutes(5, 90))
        } else if of_day > 18 * HOUR {
            Timestamp::at(at.date(), 32 * HOUR).plus(self.world.minutes(5, 90))
        } else {
            at
        }
    }
}

/// Where the inspector stood: some metres from the spot's middle.
fn near(world: &mut World<'_>, spot: &Spot) -> Location {
    let mut off = || (world.rng.f64() - 0.5) * 0.0008;
    let (lng, lat) = (spot.lng + off(), spot.lat + off());
    Location { lng, lat, accuracy_m: 5.0 + world.rng.f64() * 20.0, source: LocationSource::Device }
}
