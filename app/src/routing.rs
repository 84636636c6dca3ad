//! Automatic assignment: which unit answers for a clause at a spot, which rule said so, and why.
//!
//! Precedence, most specific first (handbook §2): a rule for this spot and this clause; this spot's unit for the
//! clause's role; the clause's default unit; a rule for spot type and area; the office's pool.

use crate::clause::{Category, Clause, SpotRole};
use crate::id::{AreaId, RuleId, SpotId, UnitId};
use crate::spot::Spot;
use crate::unit::{Area, Unit};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What a rule of the office applies to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RuleTarget {
    /// This clause at this spot.
    SpotClause {
        /// The spot.
        spot_id: SpotId,
        /// The clause.
        clause_code: String,
    },
    /// All clauses at spots of a type in an area (or an area inside it).
    SpotTypeArea {
        /// The type.
        spot_type: String,
        /// The area.
        area_id: AreaId,
    },
}

/// A rule the office has written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoutingRule {
    /// Its id.
    pub id: RuleId,
    /// What it applies to.
    pub target: RuleTarget,
    /// Who answers.
    pub unit_id: UnitId,
    /// Why the office wrote it.
    pub note: String,
}

/// One of the ways to an answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Way {
    /// A rule for this spot and this clause.
    SpotClause {
        /// The rule.
        rule_id: RuleId,
    },
    /// The spot's unit for the clause's role.
    SpotRole {
        /// The relation the unit has to the spot.
        role: SpotRole,
        /// Set when no role is written in the clause and its category put this role first or next.
        by_category: Option<Category>,
    },
    /// The clause's default unit.
    ClauseDefault,
    /// A rule for the spot's type and area.
    SpotTypeArea {
        /// The rule.
        rule_id: RuleId,
    },
    /// No rule reaches: the office assigns.
    Pool,
    /// The office chose, out of the pool or by its ruling on a return.
    Office,
}

/// Why a way did not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Beaten {
    /// A more specific way had already answered.
    LessSpecific,
    /// Its unit takes no orders any more, or is not known.
    UnitClosed,
    /// The spot has no unit in this relation, or the clause no default.
    NoUnit,
}

/// A way that was looked at and did not decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tried {
    /// The way.
    #[serde(flatten)]
    pub way: Way,
    /// The unit it would have named.
    pub unit_id: Option<UnitId>,
    /// Why it did not decide.
    pub why: Beaten,
}

/// The outcome: who answers, by which way, and what that way beat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assignment {
    /// The unit; `None` means the office's pool.
    pub unit_id: Option<UnitId>,
    /// The way that decided.
    pub way: Way,
    /// What else was looked at, most specific first.
    pub beaten: Vec<Tried>,
}

/// The units, areas and rules, indexed for deciding.
#[derive(Debug, Clone, Default)]
pub struct Routing {
    active_units: std::collections::HashSet<UnitId>,
    parents: HashMap<AreaId, AreaId>,
    spot_clause: HashMap<(SpotId, String), RoutingRule>,
    spot_type_area: HashMap<(String, AreaId), RoutingRule>,
}

impl Routing {
    /// Indexes units, areas and rules. Of two rules for the same target the first given stands.
    #[must_use]
    pub fn new(units: &[Unit], areas: &[Area], rules: &[RoutingRule]) -> Self {
        let mut routing = Self {
            active_units: units.iter().filter(|unit| unit.active).map(|unit| unit.id).collect(),
            parents: areas.iter().filter_map(|area| Some((area.id, area.parent_id?))).collect(),
            ..Self::default()
        };
        for rule in rules {
            match &rule.target {
                RuleTarget::SpotClause { spot_id, clause_code } => {
                    let key = (*spot_id, clause_code.clone());
                    routing.spot_clause.entry(key).or_insert_with(|| rule.clone());
                }
                RuleTarget::SpotTypeArea { spot_type, area_id } => {
                    let key = (spot_type.clone(), *area_id);
                    routing.spot_type_area.entry(key).or_insert_with(|| rule.clone());
                }
            }
        }
        routing
    }

    /// Decides who answers for `clause` at `spot`.
    #[must_use]
    pub fn assign(&self, spot: &Spot, clause: &Clause) -> Assignment {
        let mut chosen: Option<(UnitId, Way)> = None;
        let mut beaten = Vec::new();
        let mut look = |way: Way, unit_id: Option<UnitId>| {
            let why = match unit_id {
                None => Beaten::NoUnit,
                Some(_) if chosen.is_some() => Beaten::LessSpecific,
                Some(unit) if !self.active_units.contains(&unit) => Beaten::UnitClosed,
                Some(unit) => {
                    chosen = Some((unit, way));
                    return;
                }
            };
            beaten.push(Tried { way, unit_id, why });
        };

        if let Some(rule) = self.spot_clause.get(&(spot.id, clause.code.clone())) {
            look(Way::SpotClause { rule_id: rule.id }, Some(rule.unit_id));
        }
        let by_category = (clause.role.is_none()).then_some(clause.category);
        for &role in roles_in_order(clause) {
            look(Way::SpotRole { role, by_category }, spot.unit(role));
        }
        look(Way::ClauseDefault, clause.default_unit_id);
        for area in self.areas_outwards(spot.area_id) {
            if let Some(rule) = self.spot_type_area.get(&(spot.spot_type.clone(), area)) {
                look(Way::SpotTypeArea { rule_id: rule.id }, Some(rule.unit_id));
            }
        }

        match chosen {
            Some((unit, way)) => Assignment { unit_id: Some(unit), way, beaten },
            None => Assignment { unit_id: None, way: Way::Pool, beaten },
        }
    }

    /// The area itself and those around it, innermost first; a loop in the data ends where it closes.
    fn areas_outwards(&self, area: AreaId) -> Vec<AreaId> {
        let mut areas = vec![area];
        while let Some(&parent) = areas.last().and_then(|last| self.parents.get(last)) {
            if areas.contains(&parent) {
                break;
            }
            areas.push(parent);
        }
        areas
    }
}

/// The spot's units to ask, in order. A clause with an owner of its own and no role asks none of them.
#[must_use]
pub fn roles_in_order(clause: &Clause) -> &'static [SpotRole] {
    use SpotRole::{Lead, Operator, Territory};
    match (clause.role, clause.category) {
        (Some(Lead), _) => &[Lead],
        (Some(Territory), _) => &[Territory, Operator],
        (Some(Operator), _) => &[Operator, Territory],
        (None, _) if clause.default_unit_id.is_some() => &[],
        (None, Category::Part) => &[Operator, Territory],
        (None, Category::Event) => &[Territory, Operator],
    }
}

/// What the simulator found over every clause of every spot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Simulation {
    /// How many pairs of spot and clause were decided.
    pub pairs: u32,
    /// Rules of the office that never decide, with what beats them.
    pub never_win: Vec<NeverWins>,
    /// Pairs that end in the pool.
    pub unreached: Vec<Unreached>,
    /// Pairs per way.
    pub by_way: Vec<WayCount>,
}

/// A rule that never decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NeverWins {
    /// The rule.
    pub rule: RoutingRule,
    /// Why: never looked at (`None`), its unit is closed, or it was beaten wherever it was looked at.
    pub why: Option<Beaten>,
    /// How many pairs looked at it.
    pub looked_at: u32,
}

/// A pair of spot and clause that no rule reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unreached {
    /// The spot.
    pub spot_id: SpotId,
    /// The clauses there that end in the pool.
    pub clause_codes: Vec<String>,
}

/// How many pairs one way decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WayCount {
    /// `spot_clause`, `spot_role`, `clause_default`, `spot_type_area` or `pool`.
    pub by: String,
    /// Pairs.
    pub pairs: u32,
}

impl Way {
    /// The word used in JSON.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SpotClause { .. } => "spot_clause",
            Self::SpotRole { .. } => "spot_role",
            Self::ClauseDefault => "clause_default",
            Self::SpotTypeArea { .. } => "spot_type_area",
            Self::Pool => "pool",
            Self::Office => "office",
        }
    }

    const fn rule_id(&self) -> Option<RuleId> {
        match self {
            Self::SpotClause { rule_id } | Self::SpotTypeArea { rule_id } => Some(*rule_id),
            _ => None,
        }
    }
}

/// Decides every pair once and says which rules never win and what nothing reaches.
///
/// `pairs` are the active spots with the active clauses of their types.
pub fn simulate<'a>(
    routing: &Routing,
    rules: &[RoutingRule],
    pairs: impl Iterator<Item = (&'a Spot, &'a Clause)>,
) -> Simulation {
    let mut wins: HashMap<RuleId, u32> = HashMap::new();
    let mut losses: HashMap<RuleId, (u32, Beaten)> = HashMap::new();
    let mut by_way: std::collections::BTreeMap<&'static str, u32> = std::collections::BTreeMap::new();
    let mut unreached: Vec<Unreached> = Vec::new();
    let mut count = 0;
    for (spot, clause) in pairs {
        count += 1;
        let assignment = routing.assign(spot, clause);
        *by_way.entry(assignment.way.code()).or_default() += 1;
        if let Some(rule) = assignment.way.rule_id() {
            *wins.entry(rule).or_default() += 1;
        }
        for tried in &assignment.beaten {
            if let Some(rule) = tried.way.rule_id() {
                let loss = losses.entry(rule).or_insert((0, tried.why));
                loss.0 += 1;
                // A closed unit is the reason to repair, whatever else beat the rule elsewhere.
                if tried.why == Beaten::UnitClosed {
                    loss.1 = Beaten::UnitClosed;
                }
            }
        }
        if assignment.unit_id.is_none() {
            match unreached.last_mut() {
                Some(last) if last.spot_id == spot.id => last.clause_codes.push(clause.code.clone()),
                _ => unreached.push(Unreached { spot_id: spot.id, clause_codes: vec![clause.code.clone()] }),
            }
        }
    }
    let never_win = rules
        .iter()
        .filter(|rule| !wins.contains_key(&rule.id))
        .map(|rule| {
            let loss = losses.get(&rule.id);
            NeverWins {
                rule: rule.clone(),
                why: loss.map(|(_, why)| *why),
                looked_at: loss.map_or(0, |(times, _)| *times),
            }
        })
        .collect();
    let by_way = by_way.into_iter().map(|(by, pairs)| WayCount { by: by.to_owned(), pairs }).collect();
    Simulation { pairs: count, never_win, unreached, by_way }
}
