//! The field bundle: everything a phone needs to work without a network, by the same rules as the server.

use crate::calendar::WorkingTime;
use crate::clause::Clause;
use crate::id::{IssueId, SpotId, UnitId};
use crate::issue::{Issue, IssueAnswer, Policy};
use crate::order::State;
use crate::role::{Actor, Role};
use crate::routing::{Assignment, Routing, RoutingRule, Simulation, simulate};
use crate::spot::{Spot, SpotType};
use crate::unit::{Area, Unit};
use serde::{Deserialize, Serialize};

/// How many issues waiting for a re-check an inspector's phone is given.
pub const WORK_RECHECKS: u32 = 100;
/// How many of the person's own open reports an inspector's phone is given.
pub const WORK_REPORTS: u32 = 100;
/// How many open orders a unit's phone is given.
pub const WORK_ORDERS: u32 = 200;

/// The catalogue of the county.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Catalogue {
    /// Responsible units.
    pub units: Vec<Unit>,
    /// Areas.
    pub areas: Vec<Area>,
    /// Spot types with their clauses.
    pub spot_types: Vec<SpotType>,
    /// Clauses.
    pub clauses: Vec<Clause>,
    /// Spots.
    pub spots: Vec<Spot>,
    /// The office's routing rules.
    pub rules: Vec<RoutingRule>,
}

/// `GET /api/field-bundle?part=catalogue`: the same for everybody, and changed seldom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldBundle {
    /// The catalogue.
    #[serde(flatten)]
    pub catalogue: Catalogue,
    /// The calendar and the working hours in force.
    pub working_time: WorkingTime,
    /// What the county has settled.
    pub policy: Policy,
}

/// `GET /api/field-bundle?part=work`: what the person has to do, as far as the person may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Work {
    /// For an inspector, what waits for a re-check that the person may do, longest due first, and then the person's own
    /// open reports, newest first. For a unit, its open orders by due time. For the office, nothing.
    pub items: Vec<IssueAnswer>,
    /// Whether there was more than a phone is given.
    pub is_cut: bool,
    /// What is left out because its stored record is damaged; absent where nothing is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<IssueId>,
}

/// `GET /api/field-bundle`, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WholeBundle {
    /// What `part=catalogue` answers.
    #[serde(flatten)]
    pub bundle: FieldBundle,
    /// What `part=work` answers.
    pub work: Work,
}

/// What `GET /api/field-bundle` answers: whole, or the part that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum FieldBundleAnswer {
    /// Without `part`.
    Whole(Box<WholeBundle>),
    /// `part=catalogue`.
    Catalogue(Box<FieldBundle>),
    /// `part=work`.
    Work(Work),
}

/// Whether an issue, as it stands now, belongs to this person's work.
#[must_use]
pub fn is_work_of(issue: &Issue, actor: &Actor) -> bool {
    issue.state != State::Closed
        && match actor.role {
            Role::Inspector => issue.state == State::Confirmed || issue.reporter_id == actor.user_id,
            Role::Unit => issue.order().is_some_and(|order| actor.speaks_for(order.unit_id)),
            Role::Manager | Role::Admin => false,
        }
}

/// `GET /api/routing/assignment`: who would answer for a clause at a spot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentAnswer {
    /// The spot.
    pub spot_id: SpotId,
    /// The clause.
    pub clause_code: String,
    /// Whether the clause is on the check list of the spot's type.
    pub is_checked: bool,
    /// The unit; missing means the office's pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Which way decided, and what it beat.
    pub assignment: Assignment,
}

impl Catalogue {
    /// The routing of this catalogue.
    #[must_use]
    pub fn routing(&self) -> Routing {
        Routing::new(&self.units, &self.areas, &self.rules)
    }

    /// The unit.
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    /// The clause with this code.
    #[must_use]
    pub fn clause(&self, code: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.code == code)
    }

    /// The spot type with this code.
    #[must_use]
    pub fn spot_type(&self, code: &str) -> Option<&SpotType> {
        self.spot_types.iter().find(|spot_type| spot_type.code == code)
    }

    /// Whether the clause is one of those checked at spots of this type.
    #[must_use]
    pub fn is_checked_at(&self, spot_type: &str, clause_code: &str) -> bool {
        self.spot_type(spot_type)
            .is_some_and(|it| it.clauses.iter().any(|clause| clause.clause_code == clause_code))
    }

    /// Decides who answers for a clause at a spot, by their codes.
    #[must_use]
    pub fn assign(&self, spot_code: &str, clause_code: &str) -> Option<Assignment> {
        let spot = self.spots.iter().find(|spot| spot.code == spot_code)?;
        Some(self.routing().assign(spot, self.clause(clause_code)?))
    }

    /// Decides every clause of every active spot.
    #[must_use]
    pub fn simulate(&self) -> Simulation {
        let clauses: std::collections::HashMap<&str, &Clause> =
            self.clauses.iter().filter(|clause| clause.active).map(|it| (it.code.as_str(), it)).collect();
        let types: std::collections::HashMap<&str, &SpotType> =
            self.spot_types.iter().map(|it| (it.code.as_str(), it)).collect();
        let pairs = self.spots.iter().filter(|spot| spot.active).flat_map(|spot| {
            let checked =
                types.get(spot.spot_type.as_str()).map(|it| it.clauses.as_slice()).unwrap_or_default();
            checked
                .iter()
                .filter_map(|it| Some((spot, *clauses.get(it.clause_code.as_str())?)))
                .collect::<Vec<_>>()
        });
        simulate(&self.routing(), &self.rules, pairs)
    }
}
