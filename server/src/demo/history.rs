//! Ninety days of work: where problems are seen, and how what `app` decides about them is written.

use super::album::Album;
use super::life::Life;
use super::people::People;
use super::pictures::Scene;
use crate::AppState;
use crate::access::Granted;
use crate::catalogue::Loaded;
use crate::cli::Operator;
use crate::issue::{search_text, store};
use crate::photo::{self, store::Arrival};
use anyhow::{Context as _, Result, anyhow};
use app::clause::Clause;
use app::id::{IssueId, PhotoId, SpotId, UnitId, UserId};
use app::issue::{Context, Decided, Issue, Refusal};
use app::order::{ClosingKind, State};
use app::photo::{PhotoSource, Provenance, Shot};
use app::role::Actor;
use app::spot::Spot;
use app::time::{DAY, HOUR, MINUTE, Timestamp};
use fastrand::Rng;
use std::collections::HashMap;
use uuid::Uuid;

/// Days of history.
const DAYS: i64 = 90;
/// Problems seen on a working day and on a day off.
const PER_DAY: (i64, i64) = (27, 12);
/// How many issues of the last week are left lying in which state.
const AT_REST: [(State, usize); 5] =
    [(State::Pool, 4), (State::Returned, 4), (State::Replied, 4), (State::Rework, 4), (State::Confirmed, 12)];
/// Issues written in one transaction.
const BATCH: usize = 100;

/// A photo of the album under a new id.
pub(super) struct NewPhoto {
    pub(super) id: PhotoId,
    picture: (Scene, u64, bool),
    at: Timestamp,
}

impl NewPhoto {
    /// As if a phone's camera had taken it.
    fn provenance(&self) -> Provenance {
        Provenance {
            id: self.id,
            source: Some(PhotoSource::Camera),
            taken_at: Some(self.at),
            place: None,
            distance_m: None,
        }
    }
}

/// Something that was decided, and the photos that came with it.
pub(super) struct Made {
    pub(super) decided: Decided,
    pub(super) photos: Vec<NewPhoto>,
    pub(super) uploader: UserId,
}

/// What a life is lived in.
pub(super) struct World<'w> {
    pub(super) rng: Rng,
    pub(super) now: Timestamp,
    pub(super) loaded: &'w Loaded,
    pub(super) people: &'w People,
    /// Where the office sends what nobody else has.
    pub(super) office_unit: UnitId,
    closed: HashMap<(SpotId, String), (IssueId, Timestamp)>,
}

impl<'w> World<'w> {
    pub(super) fn minutes(&mut self, from: i64, to: i64) -> i64 {
        self.rng.i64(from..to) * MINUTE
    }

    pub(super) fn say(&mut self, choices: &[&str]) -> String {
        choices[self.rng.usize(..choices.len())].to_owned()
    }

    /// A UUIDv7 of a moment, from the same randomness as everything else.
    pub(super) fn id_at(&mut self, at: Timestamp) -> Uuid {
        let mut random = [0; 10];
        self.rng.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(u64::try_from(at.millis()).unwrap_or(0), &random)
            .into_uuid()
    }

    pub(super) fn photo(
        &mut self,
        photos: &mut Vec<NewPhoto>,
        scene: Scene,
        place: u64,
        after: bool,
        at: Timestamp,
    ) -> PhotoId {
        let id = PhotoId(self.id_at(at));
        photos.push(NewPhoto { id, picture: (scene, place, after), at });
        id
    }

    /// One of the clause's common problems, the first the most often.
    pub(super) fn pick_phrase(&mut self, clause: &Clause) -> Option<String> {
        let offered: Vec<&str> = clause.offered_phrases().map(|phrase| phrase.code.as_str()).collect();
        let at = self.rng.usize(..=offered.len() * 2);
        offered.get(if at > offered.len() { 0 } else { at }).map(|code| (*code).to_owned())
    }

    pub(super) fn pick_inspector(&mut self) -> &'w Actor {
        &self.people.inspectors[self.rng.usize(..self.people.inspectors.len())]
    }

    pub(super) fn pick_other_inspector(&mut self, than: UserId) -> &'w Actor {
        loop {
            let other = self.pick_inspector();
            if other.user_id != than {
                return other;
            }
        }
    }

    pub(super) fn pick_manager(&mut self) -> &'w Actor {
        &self.people.managers[self.rng.usize(..self.people.managers.len())]
    }

    /// How often a unit answers in time: its own habit, between 72 and 98 in a hundred.
    pub(super) fn punctuality(&self, unit: UnitId) -> f64 {
        let habit = unit.0.as_bytes().iter().fold(0_u32, |sum, byte| sum * 31 % 1009 + u32::from(*byte));
        0.72 + f64::from(habit % 27) / 100.0
    }

    pub(super) fn recurrence(&self, spot: &Spot, clause: &Clause, at: Timestamp) -> Option<IssueId> {
        let (id, closed_at) = self.closed.get(&(spot.id, clause.code.clone()))?;
        let days = i64::from(self.loaded.bundle.policy.recurrence_days);
        (*closed_at <= at && at.since(*closed_at) <= days * DAY).then_some(*id)
    }

    pub(super) fn decide(
        &mut self,
        at: Timestamp,
        photos: &[NewPhoto],
        ask: impl FnOnce(&mut Context<'_>) -> Result<Decided, Refusal>,
    ) -> Result<Decided> {
        let (working_time, policy) = (&self.loaded.bundle.working_time, &self.loaded.bundle.policy);
        let rng = &mut self.rng;
        let mut fresh_id = || {
            let mut random = [0; 10];
            rng.fill(&mut random);
            uuid::Builder::from_unix_timestamp_millis(u64::try_from(at.millis()).unwrap_or(0), &random)
                .into_uuid()
        };
        let photos: Vec<Provenance> = photos.iter().map(NewPhoto::provenance).collect();
        let mut context = Context {
            now: at,
            skew: None,
            working_time,
            policy,
            catalogue: &self.loaded.bundle.catalogue,
            photos: &photos,
            fresh_id: &mut fresh_id,
        };
        ask(&mut context).map_err(|refusal| anyhow!("the demo asked for what is not allowed: {refusal:?}"))
    }

    fn remember(&mut self, issue: &Issue) {
        if let Some((ClosingKind::Verified | ClosingKind::FixedOnSpot, at)) = issue.closing {
            self.closed.insert((issue.report.spot_id, issue.report.clause_code.clone()), (issue.id, at));
        }
    }
}

/// Lives through the history and writes it; how many issues.
pub(super) async fn write(
    state: &AppState,
    loaded: &Loaded,
    people: &People,
    album: &Album,
) -> Result<usize> {
    let now = state.clock.now();
    let office = loaded.unit_by_code("XCB").or(loaded.bundle.catalogue.units.first());
    let mut world = World {
        rng: Rng::with_seed(2026),
        now,
        loaded,
        people,
        office_unit: office.context("a county without units")?.id,
        closed: HashMap::new(),
    };
    let mut batch = Vec::new();
    let mut count = 0;
    for (at, rests_in) in moments(&mut world) {
        let place = if rests_in == Some(State::Pool) { unreached(&mut world)? } else { problem(&mut world)? };
        let (issue, made) = Life::live(&mut world, place, at, rests_in)?;
        world.remember(&issue);
        count += 1;
        batch.extend(made);
        if count % BATCH == 0 {
            keep(state, loaded, album, std::mem::take(&mut batch)).await?;
        }
    }
    keep(state, loaded, album, batch).await?;
    Ok(count)
}

/// When problems are seen, in order, and where some of them are left lying: there is always work to do in every state.
fn moments(world: &mut World<'_>) -> Vec<(Timestamp, Option<State>)> {
    let mut moments = Vec::new();
    for ago in (0..=DAYS).rev() {
        let day = world.now.plus(-ago * DAY);
        let works = world.loaded.bundle.working_time.calendar.day(day.date()).working;
        let count = if works { PER_DAY.0 } else { PER_DAY.1 };
        for _ in 0..count {
            let at = Timestamp::at(day.date(), 8 * HOUR).plus(world.minutes(0, 600));
            if at < world.now {
                moments.push((at, None));
            }
        }
    }
    for _ in 0..8 {
        let ago = world.minutes(2, 180);
        moments.push((world.now.plus(-ago), None));
    }
    for (state, count) in AT_REST {
        for _ in 0..count {
            let ago = 3 * DAY + world.minutes(0, 4 * 24 * 60);
            let morning = Timestamp::at(world.now.plus(-ago).date(), 9 * HOUR);
            moments.push((morning.plus(world.minutes(0, 400)), Some(state)));
        }
    }
    moments.sort_unstable();
    moments
}

/// A clause at a spot; now and then one that was put right not long ago.
fn problem<'w>(world: &mut World<'w>) -> Result<(&'w Spot, &'w Clause)> {
    let loaded = world.loaded;
    if world.rng.f64() < 0.02 {
        let mut closed: Vec<_> = world.closed.iter().map(|(key, (_, at))| (*at, key.clone())).collect();
        closed.sort_unstable();
        if let Some((_, (spot, code))) = closed.last().cloned()
            && let (Some(spot), Some(clause)) = (loaded.spot(spot), loaded.clause(&code))
        {
            return Ok((spot, clause));
        }
    }
    let spots = &loaded.bundle.catalogue.spots;
    // The square of an even chance: some places see many more problems than others.
    let chance = world.rng.f64();
    let index = world.rng.usize(..spots.len());
    let spot = if chance < 0.3 { &spots[index * index / spots.len()] } else { &spots[index] };
    let spot_type = loaded.spot_type(&spot.spot_type).context("a spot without a type")?;
    let check = &spot_type.clauses[world.rng.usize(..spot_type.clauses.len())];
    Ok((spot, loaded.clause(&check.clause_code).context("a check without a clause")?))
}

/// A clause at a spot that no rule reaches.
fn unreached<'w>(world: &mut World<'w>) -> Result<(&'w Spot, &'w Clause)> {
    let loaded = world.loaded;
    let unreached = &loaded.simulation().unreached;
    let found =
        unreached.get(world.rng.usize(..unreached.len().max(1))).context("a county where rules reach all")?;
    let code = &found.clause_codes[world.rng.usize(..found.clause_codes.len())];
    let spot = loaded.spot(found.spot_id).context("a spot that is gone")?;
    Ok((spot, loaded.clause(code).context("a clause that is gone")?))
}

/// Writes what was decided, as the server does, many issues at a time.
async fn keep(state: &AppState, loaded: &Loaded, album: &Album, made: Vec<Made>) -> Result<()> {
    let granted = Granted::to_operator(&Operator::at_the_console());
    for it in made.iter().flat_map(|made| &made.photos) {
        let (scene, place, after) = it.picture;
        album.get(scene, place, after)?.copy_to(state, it.id, it.at).await?;
    }
    let mut tx = state.db.begin().await?;
    for Made { decided, photos, uploader } in &made {
        for it in photos {
            let (scene, place, after) = it.picture;
            let picture = album.get(scene, place, after)?;
            let (bytes, shot) = (picture.bytes, &Shot::default());
            let arrival = Arrival { uploader: *uploader, at: it.at, bytes, shot, skew: None };
            photo::store::create(&mut tx, it.id, &picture.photo, arrival, &granted).await?;
        }
        for sealed in decided.events() {
            let event = sealed.event();
            let to = (event.issue_id, event.seq);
            store::attach_photos(&mut tx, &event.photo_ids, (*uploader, &granted.scope()), to)
                .await?
                .map_err(|trouble| anyhow!("the demo names photos it does not have: {trouble:?}"))?;
        }
        store::append(&mut tx, decided, "", &search_text(decided.after(), loaded)).await?;
    }
    tx.commit().await?;
    Ok(())
}
