//! The catalogue with its indexes: whatever a request asks of it is answered without the database.

use super::answer::Encoded;
use crate::error::Result;
use crate::pinyin;
use app::bundle::{AssignmentAnswer, FieldBundle};
use app::clause::Clause;
use app::id::{AreaId, SpotId, UnitId};
use app::routing::{Routing, Simulation};
use app::spot::{Spot, SpotType};
use app::unit::{Area, Unit};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::OnceLock;
use tokio::sync::OnceCell;

/// One state of the catalogue.
#[derive(Debug)]
pub struct Loaded {
    /// Everything there is.
    pub bundle: FieldBundle,
    /// Who answers for what.
    pub routing: Routing,
    /// Which state this is.
    pub version: i64,
    spots: HashMap<SpotId, usize>,
    spots_by_code: HashMap<String, usize>,
    clauses: HashMap<String, usize>,
    units: HashMap<UnitId, usize>,
    units_by_code: HashMap<String, usize>,
    areas: HashMap<AreaId, usize>,
    spot_types: HashMap<String, usize>,
    checks: HashSet<(String, String)>,
    encoded: OnceCell<Encoded>,
    simulation: OnceLock<Simulation>,
}

fn index<T, K: Eq + Hash>(items: &[T], key: impl Fn(&T) -> K) -> HashMap<K, usize> {
    items.iter().enumerate().map(|(at, item)| (key(item), at)).collect()
}

impl Loaded {
    /// Indexes a bundle, and writes how its names are read.
    #[must_use]
    pub fn new(mut bundle: FieldBundle, version: i64) -> Self {
        pinyin::spell(&mut bundle.catalogue);
        let it = &bundle.catalogue;
        let checks = it.spot_types.iter().flat_map(|spot_type| {
            spot_type.clauses.iter().map(|check| (spot_type.code.clone(), check.clause_code.clone()))
        });
        Self {
            routing: it.routing(),
            version,
            spots: index(&it.spots, |spot| spot.id),
            spots_by_code: index(&it.spots, |spot| spot.code.clone()),
            clauses: index(&it.clauses, |clause| clause.code.clone()),
            units: index(&it.units, |unit| unit.id),
            units_by_code: index(&it.units, |unit| unit.code.clone()),
            areas: index(&it.areas, |area| area.id),
            spot_types: index(&it.spot_types, |spot_type| spot_type.code.clone()),
            checks: checks.collect(),
            encoded: OnceCell::new(),
            simulation: OnceLock::new(),
            bundle,
        }
    }

    /// The spot with this id.
    #[must_use]
    pub fn spot(&self, id: SpotId) -> Option<&Spot> {
        self.spots.get(&id).map(|at| &self.bundle.catalogue.spots[*at])
    }

    /// The spot with this code.
    #[must_use]
    pub fn spot_by_code(&self, code: &str) -> Option<&Spot> {
        self.spots_by_code.get(code).map(|at| &self.bundle.catalogue.spots[*at])
    }

    /// The clause with this code.
    #[must_use]
    pub fn clause(&self, code: &str) -> Option<&Clause> {
        self.clauses.get(code).map(|at| &self.bundle.catalogue.clauses[*at])
    }

    /// The unit with this id.
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(&id).map(|at| &self.bundle.catalogue.units[*at])
    }

    /// The unit with this code.
    #[must_use]
    pub fn unit_by_code(&self, code: &str) -> Option<&Unit> {
        self.units_by_code.get(code).map(|at| &self.bundle.catalogue.units[*at])
    }

    /// The area with this id.
    #[must_use]
    pub fn area(&self, id: AreaId) -> Option<&Area> {
        self.areas.get(&id).map(|at| &self.bundle.catalogue.areas[*at])
    }

    /// The spot type with this code.
    #[must_use]
    pub fn spot_type(&self, code: &str) -> Option<&SpotType> {
        self.spot_types.get(code).map(|at| &self.bundle.catalogue.spot_types[*at])
    }

    /// Whether the clause is one of those checked at spots of this type.
    #[must_use]
    pub fn is_checked_at(&self, spot_type: &str, clause_code: &str) -> bool {
        self.checks.contains(&(spot_type.to_owned(), clause_code.to_owned()))
    }

    /// The clause's text as it reads at spots of this type.
    #[must_use]
    pub fn clause_text(&self, spot_type: &str, clause: &str) -> String {
        let checks = self.spot_type(spot_type).map(|it| it.clauses.as_slice()).unwrap_or_default();
        let n = checks.iter().find(|check| check.clause_code == clause).and_then(|check| check.n);
        self.clause(clause).map(|it| it.text_for(n)).unwrap_or_default()
    }

    /// Who answers for a clause at a spot, and why.
    #[must_use]
    pub fn assignment(&self, spot: &Spot, clause: &Clause) -> AssignmentAnswer {
        let assignment = self.routing.assign(spot, clause);
        AssignmentAnswer {
            spot_id: spot.id,
            clause_code: clause.code.clone(),
            is_checked: self.is_checked_at(&spot.spot_type, &clause.code),
            unit: assignment.unit_id.and_then(|unit| self.unit(unit)).cloned(),
            assignment,
        }
    }

    /// What the routing does with every clause of every active spot; reckoned once.
    pub fn simulation(&self) -> &Simulation {
        self.simulation.get_or_init(|| self.bundle.catalogue.simulate())
    }

    /// The field bundle as it is sent; made once, off the async threads.
    ///
    /// # Errors
    /// When it cannot be written as JSON, or the runtime is stopping.
    pub async fn encoded(&self) -> Result<&Encoded> {
        let encode = || async {
            let json = serde_json::to_vec(&self.bundle).map_err(anyhow::Error::from)?;
            tokio::task::spawn_blocking(move || Encoded::new(json)).await?
        };
        self.encoded.get_or_try_init(encode).await
    }
}
