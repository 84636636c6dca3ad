//! A small county for the tests: three units, a spot, people of every role, a server clock that can be set, and
//! random walks through the loop.

#[path = "walk.rs"]
pub(crate) mod walk;

use app::bundle::Catalogue;
use app::calendar::WorkingTime;
use app::clause::{Category, Clause, Phrase, Severity};
use app::device_time::Skew;
use app::event::{Event, Sealed};
use app::id::{AreaId, EventId, IssueId, PhotoId, SpotId, UnitId, UserId};
use app::issue::{Context, Decided, Issue, Policy, Refusal, Report};
use app::order::{Order, State, StepKind, StepRequest};
use app::photo::Provenance;
use app::role::{Actor, Role};
use app::routing::{Assignment, Way};
use app::spot::{Location, LocationSource, Spot, SpotType, TypeClause};
use app::time::Timestamp;
use app::unit::{Area, Unit};
use uuid::Uuid;

/// `2026-02-13T16:00`, in Shanghai.
pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}:00+08:00")).expect("a time")
}

/// Ids that cannot be mistaken for one another when an answer is searched for them.
const fn uuid(kind: u128, number: u128) -> Uuid {
    Uuid::from_u128((kind << 112) | 0x7000_8000_0000_0000_0000 | number)
}

pub(crate) const MARKET: UnitId = UnitId(uuid(0xaaaa, 1));
pub(crate) const STREET: UnitId = UnitId(uuid(0xaaaa, 2));
pub(crate) const BUREAU: UnitId = UnitId(uuid(0xaaaa, 3));
pub(crate) const UNITS: [UnitId; 3] = [MARKET, STREET, BUREAU];
pub(crate) const AREA: AreaId = AreaId(uuid(0xbbbb, 1));
pub(crate) const SPOT: SpotId = SpotId(uuid(0xcccc, 1));

/// A photo that was sent before.
pub(crate) const fn photo(number: u128) -> PhotoId {
    PhotoId(uuid(0xdddd, number))
}

const fn person(number: u128, role: Role) -> Actor {
    Actor { user_id: UserId(uuid(0xeeee, number)), role, units: Vec::new() }
}

/// Inspectors 1 to 4.
pub(crate) const fn inspector(number: u128) -> Actor {
    person(number, Role::Inspector)
}

pub(crate) const fn manager() -> Actor {
    person(11, Role::Manager)
}

pub(crate) const fn admin() -> Actor {
    person(12, Role::Admin)
}

/// The liaison of some units.
pub(crate) fn liaison(units: &[UnitId]) -> Actor {
    let number = units.iter().fold(20, |sum, unit| sum * 7 + (unit.0.as_u128() & 0xff));
    Actor { units: units.to_vec(), ..person(number, Role::Unit) }
}

/// Everybody, the first inspector being the one who reports in most tests.
pub(crate) fn everybody() -> Vec<Actor> {
    vec![
        inspector(1),
        inspector(2),
        inspector(3),
        manager(),
        admin(),
        liaison(&[MARKET]),
        liaison(&[STREET]),
        liaison(&[BUREAU]),
        liaison(&[STREET, BUREAU]),
    ]
}

pub(crate) fn spot() -> Spot {
    Spot {
        id: SPOT,
        code: "NMSC-001".into(),
        name: "城关农贸市场".into(),
        initials: "cgnmsc".into(),
        pinyin: String::new(),
        spot_type: "NMSC".into(),
        area_id: AREA,
        address: String::new(),
        lng: 113.0,
        lat: 33.0,
        lead_unit_id: Some(BUREAU),
        territory_unit_id: Some(STREET),
        operator_unit_id: Some(MARKET),
        head: String::new(),
        hours: String::new(),
        active: true,
    }
}

pub(crate) fn clause() -> Clause {
    Clause {
        code: "G04".into(),
        dimension: "环境卫生".into(),
        text: "地面干净".into(),
        pinyin: String::new(),
        method: String::new(),
        not_counted: String::new(),
        category: Category::Event,
        role: None,
        default_unit_id: None,
        owner_text: String::new(),
        limit: "2work_day".parse().expect("a limit"),
        severity: Severity::General,
        hours_sensitive: false,
        active: true,
        phrases: vec![
            Phrase { code: "G04a".into(), text: "地面有垃圾".into(), severity: None, active: true },
            Phrase { code: "G04b".into(), text: "墙角有烟蒂".into(), severity: None, active: false },
        ],
    }
}

/// The county's catalogue: the three units, and what is at the spot.
pub(crate) fn catalogue() -> Catalogue {
    let unit = |id, code: &str, name: &str| Unit {
        id,
        code: code.into(),
        name: name.into(),
        short_name: name.into(),
        pinyin: String::new(),
        aliases: Vec::new(),
        group: "甲".into(),
        parent_id: None,
        active: true,
    };
    let check = TypeClause { clause_code: "G04".into(), n: None, note: String::new() };
    Catalogue {
        units: vec![
            unit(MARKET, "MARKET", "市场公司"),
            unit(STREET, "STREET", "城关街道"),
            unit(BUREAU, "BUREAU", "市场监管局"),
        ],
        areas: vec![Area {
            id: AREA,
            code: "CG".into(),
            name: "城关".into(),
            parent_id: None,
            unit_id: Some(STREET),
        }],
        spot_types: vec![SpotType {
            code: "NMSC".into(),
            name: "农贸市场".into(),
            lead_text: String::new(),
            coop_text: String::new(),
            evidence: "A".into(),
            route: String::new(),
            clauses: vec![check],
        }],
        clauses: vec![clause()],
        spots: vec![spot()],
        rules: Vec::new(),
    }
}

/// Somebody at the spot.
pub(crate) const fn standing() -> Location {
    Location { lng: 113.0, lat: 33.0, accuracy_m: 8.0, source: LocationSource::Device }
}

/// A general problem with one photo, seen at the spot.
pub(crate) fn report(observed_at: Timestamp) -> Report {
    Report {
        spot_id: SPOT,
        clause_code: "G04".into(),
        phrase_code: None,
        description: "门口有垃圾".into(),
        severity: Severity::General,
        location: Some(standing()),
        observed_at: Some(observed_at),
        photo_ids: vec![photo(1)],
        fixed_on_spot: None,
    }
}

/// A step with whatever it needs.
pub(crate) fn step(kind: StepKind) -> StepRequest {
    StepRequest {
        step: kind,
        note: if kind.needs_reason() { "理由".into() } else { String::new() },
        photo_ids: match kind {
            StepKind::Reply => vec![photo(2)],
            StepKind::Pass => vec![photo(3)],
            _ => Vec::new(),
        },
        unit_id: None,
        device_at: None,
        location: kind.is_recheck().then_some(standing()),
    }
}

/// A step that names a unit.
pub(crate) fn step_to(kind: StepKind, unit: UnitId) -> StepRequest {
    StepRequest { unit_id: Some(unit), ..step(kind) }
}

pub(crate) fn assigned_to(unit: Option<UnitId>) -> Assignment {
    let way = if unit.is_some() { Way::ClauseDefault } else { Way::Pool };
    Assignment { unit_id: unit, way, beaten: Vec::new() }
}

/// An issue and its chain.
pub(crate) struct Case {
    pub(crate) issue: Issue,
    pub(crate) chain: Vec<Sealed>,
}

impl Case {
    pub(crate) fn events(&self) -> Vec<Event> {
        self.chain.iter().map(|sealed| sealed.event().clone()).collect()
    }

    /// The live order.
    pub(crate) fn order(&self) -> &Order {
        self.issue.order().expect("a live order")
    }
}

/// The server's side: its clock, what the county has settled, its ids.
pub(crate) struct County {
    pub(crate) time: WorkingTime,
    pub(crate) policy: Policy,
    pub(crate) now: Timestamp,
    /// What the senders' clock is ahead by, where they tell.
    pub(crate) skew: Option<Skew>,
    pub(crate) spot: Spot,
    pub(crate) clause: Clause,
    /// What everything is called.
    pub(crate) catalogue: Catalogue,
    /// What is known of photos.
    pub(crate) photos: Vec<Provenance>,
    made: u128,
}

impl County {
    /// The county at a moment of 2026.
    pub(crate) fn new(now: &str) -> Self {
        Self {
            time: WorkingTime::default(),
            policy: Policy::default(),
            now: at(now),
            skew: None,
            spot: spot(),
            clause: clause(),
            catalogue: catalogue(),
            photos: Vec::new(),
            made: 0,
        }
    }

    fn fresh(&mut self) -> Uuid {
        self.made += 1;
        uuid(0x1111, self.made)
    }

    /// What comes of a report.
    pub(crate) fn decide_report(
        &mut self,
        by: &Actor,
        report: Report,
        to: Option<UnitId>,
    ) -> Result<Decided, Refusal> {
        let id = IssueId(self.fresh());
        let mut made = self.made;
        let mut fresh_id = || {
            made += 1;
            uuid(0x1111, made)
        };
        let mut context = Context {
            now: self.now,
            skew: self.skew,
            working_time: &self.time,
            policy: &self.policy,
            catalogue: &self.catalogue,
            photos: &self.photos,
            fresh_id: &mut fresh_id,
        };
        let place = (&self.spot, &self.clause);
        let decided = Issue::report(id, report, place, assigned_to(to), None, by, &mut context);
        self.made = made;
        decided
    }

    /// A problem reported by the first inspector, in the hands of `to` or in the pool.
    pub(crate) fn reported(&mut self, to: Option<UnitId>) -> Case {
        let decided = self.decide_report(&inspector(1), report(self.now), to).expect("taken in");
        Case { issue: decided.after().clone(), chain: decided.events().to_vec() }
    }

    /// What comes of a step; the case does not move.
    pub(crate) fn decide(
        &mut self,
        case: &Case,
        by: &Actor,
        request: StepRequest,
    ) -> Result<Decided, Refusal> {
        let id = EventId(self.fresh());
        let mut made = self.made;
        let mut fresh_id = || {
            made += 1;
            uuid(0x1111, made)
        };
        let mut context = Context {
            now: self.now,
            skew: self.skew,
            working_time: &self.time,
            policy: &self.policy,
            catalogue: &self.catalogue,
            photos: &self.photos,
            fresh_id: &mut fresh_id,
        };
        let decided = case.issue.decide(id, request, &self.clause, by, &case.chain, &mut context);
        self.made = made;
        decided
    }

    /// Takes a step.
    pub(crate) fn try_take(
        &mut self,
        case: &mut Case,
        by: &Actor,
        request: StepRequest,
    ) -> Result<Decided, Refusal> {
        let decided = self.decide(case, by, request)?;
        case.chain.extend_from_slice(decided.events());
        case.issue = decided.after().clone();
        Ok(decided)
    }

    /// Takes a step that must be allowed.
    pub(crate) fn take(&mut self, case: &mut Case, by: &Actor, request: StepRequest) -> Decided {
        let kind = request.step;
        self.try_take(case, by, request).unwrap_or_else(|refusal| panic!("{kind:?}: {refusal:?}"))
    }

    /// Takes a step at a moment.
    pub(crate) fn take_at(
        &mut self,
        now: &str,
        case: &mut Case,
        by: &Actor,
        request: StepRequest,
    ) -> Decided {
        self.now = at(now);
        self.take(case, by, request)
    }

    /// A case brought to a state by the shortest way, everything at the present moment.
    pub(crate) fn in_state(&mut self, state: State) -> Case {
        let unit = liaison(&[MARKET]);
        let mut case = self.reported((state != State::Pool).then_some(MARKET));
        let way: &[StepKind] = match state {
            State::Pool | State::Dispatched | State::Reassigned => &[],
            State::Accepted => &[StepKind::Accept],
            State::Replied => &[StepKind::Accept, StepKind::Reply],
            State::Confirmed => &[StepKind::Accept, StepKind::Reply, StepKind::Confirm],
            State::Rework => &[StepKind::Accept, StepKind::Reply, StepKind::Confirm, StepKind::Fail],
            State::Returned => &[StepKind::Return],
            State::Closed => &[StepKind::Accept, StepKind::Reply, StepKind::Confirm, StepKind::Pass],
        };
        for &kind in way {
            let re_checks = matches!(kind, StepKind::Pass | StepKind::Fail);
            let by = if re_checks { inspector(2) } else { unit.clone() };
            self.take(&mut case, &by, step(kind));
        }
        case
    }
}
