//! The laws of routing on random counties, and the simulator against brute force. Examples are in `routing.rs`.

#[path = "support/routes.rs"]
mod routes;

use app::clause::{Category, Clause, SpotRole};
use app::id::{RuleId, UnitId};
use app::routing::{Assignment, Beaten, Routing, RoutingRule, Simulation, Way, simulate};
use app::spot::Spot;
use app::unit::{Area, Unit};
use proptest::prelude::*;
use routes::{area, clause, rule_area, rule_here, spot, spot_id, unit};
use std::collections::{BTreeMap, BTreeSet};

/// A small random county: some units closed, areas nested or looped, rules with doubles, spots and clauses.
#[derive(Debug, Clone)]
struct Drawn {
    units: Vec<Unit>,
    areas: Vec<Area>,
    rules: Vec<RoutingRule>,
    spots: Vec<Spot>,
    clauses: Vec<Clause>,
}

impl Drawn {
    fn routing(&self) -> Routing {
        Routing::new(&self.units, &self.areas, &self.rules)
    }

    fn pairs(&self) -> impl Iterator<Item = (&Spot, &Clause)> {
        self.spots.iter().flat_map(|spot| self.clauses.iter().map(move |clause| (spot, clause)))
    }

    fn is_active(&self, id: UnitId) -> bool {
        self.units.iter().any(|unit| unit.id == id && unit.active)
    }
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let maybe_unit = || prop::option::weighted(0.6, 0_u128..6);
    let units = prop::collection::vec(prop::bool::weighted(0.8), 5);
    let areas = prop::collection::vec(prop::option::weighted(0.7, 0_u128..5), 5);
    let here = prop::collection::vec((0_u128..4, 0_u128..4, 0_u128..6), 0..6);
    let around = prop::collection::vec((0_u128..2, 0_u128..5, 0_u128..6), 0..6);
    let spots = prop::collection::vec((0_u128..5, maybe_unit(), maybe_unit(), maybe_unit()), 4);
    let role = prop::option::of(prop::sample::select(SpotRole::ALL.to_vec()));
    let clauses =
        prop::collection::vec((prop::sample::select(Category::ALL.to_vec()), role, maybe_unit()), 4);
    (units, areas, here, around, spots, clauses).prop_map(|(units, areas, here, around, spots, clauses)| {
        let number = |index: usize| index as u128;
        let mut rules: Vec<RoutingRule> = Vec::new();
        for (spot, clause, unit) in here {
            rules.push(rule_here(number(rules.len()), spot, clause, unit));
        }
        for (spot_type, area, unit) in around {
            rules.push(rule_area(number(rules.len()), spot_type, area, unit));
        }
        Drawn {
            units: (0..).zip(units).map(|(n, active)| unit(n, active)).collect(),
            areas: (0..).zip(areas).map(|(n, parent)| area(n, parent)).collect(),
            rules,
            spots: (0..).zip(spots).map(|(n, (area, l, t, o))| spot(n, area, l, t, o)).collect(),
            clauses: (0..)
                .zip(clauses)
                .map(|(n, (category, role, default))| clause(n, category, role, default))
                .collect(),
        }
    })
}

/// How specific a way is; among roles and areas the order of the look decides.
fn rank(way: &Way) -> usize {
    match way {
        Way::SpotClause { .. } => 0,
        Way::SpotRole { .. } => 1,
        Way::ClauseDefault => 2,
        Way::SpotTypeArea { .. } => 3,
        Way::Pool | Way::Office => 4,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn an_assignment_names_an_active_unit_or_the_pool(county in drawn()) {
        let routing = county.routing();
        for (spot, clause) in county.pairs() {
            let assignment = routing.assign(spot, clause);
            match assignment.unit_id {
                Some(unit) => prop_assert!(county.is_active(unit) && rank(&assignment.way) < 4),
                None => prop_assert_eq!(&assignment.way, &Way::Pool),
            }
            prop_assert_eq!(&assignment, &routing.assign(spot, clause), "the same question has the same answer");
        }
    }

    #[test]
    fn what_was_beaten_is_listed_most_specific_first_and_rightly(county in drawn()) {
        let routing = county.routing();
        for (spot, clause) in county.pairs() {
            let Assignment { unit_id, way, beaten } = routing.assign(spot, clause);
            let ranks: Vec<usize> = beaten.iter().map(|it| rank(&it.way)).collect();
            prop_assert!(ranks.is_sorted(), "{:?}", beaten);
            for it in &beaten {
                prop_assert!(it.way != way);
                let is_open = it.unit_id.map(|unit| county.is_active(unit));
                match it.why {
                    Beaten::NoUnit => prop_assert_eq!(is_open, None),
                    Beaten::UnitClosed => prop_assert_eq!(is_open, Some(false)),
                    Beaten::LessSpecific => prop_assert!(is_open.is_some() && rank(&it.way) >= rank(&way)),
                }
                prop_assert!(unit_id.is_some() || it.why != Beaten::LessSpecific);
            }
        }
    }

    /// A rule of the office for one clause at one spot changes that answer, to its unit, and no other.
    #[test]
    fn a_more_specific_rule_changes_one_outcome_to_its_unit(county in drawn(), at in 0_u128..4, line in 0_u128..4, to in 0_u128..5) {
        let before = county.routing();
        let rule = rule_here(99, at, line, to);
        let mut with = county.clone();
        with.rules.push(rule.clone());
        let after = with.routing();
        let is_double = county.rules.iter().any(|it| it.target == rule.target);
        for (spot, clause) in county.pairs() {
            let (was, is) = (before.assign(spot, clause), after.assign(spot, clause));
            let is_meant = spot.id == spot_id(at) && clause.code == format!("C{line}");
            if is_meant && !is_double && county.is_active(rule.unit_id) {
                prop_assert_eq!((is.unit_id, is.way), (Some(rule.unit_id), Way::SpotClause { rule_id: rule.id }));
            } else {
                prop_assert_eq!((is.unit_id, is.way), (was.unit_id, was.way));
            }
        }
    }

    #[test]
    fn the_simulator_agrees_with_asking_for_every_pair(county in drawn()) {
        let routing = county.routing();
        let Simulation { pairs, never_win, unreached, by_way } = simulate(&routing, &county.rules, county.pairs());
        let all: Vec<_> = county.pairs().map(|(spot, clause)| (spot, clause, routing.assign(spot, clause))).collect();
        prop_assert_eq!(pairs as usize, all.len());

        let is_rule = |way: &Way, id: RuleId| {
            matches!(way, Way::SpotClause { rule_id } | Way::SpotTypeArea { rule_id } if *rule_id == id)
        };
        let losers: Vec<RuleId> = county
            .rules
            .iter()
            .map(|rule| rule.id)
            .filter(|id| !all.iter().any(|(_, _, it)| is_rule(&it.way, *id)))
            .collect();
        prop_assert_eq!(never_win.iter().map(|it| it.rule.id).collect::<Vec<_>>(), losers);
        for loser in &never_win {
            let looks = all.iter().flat_map(|(_, _, it)| &it.beaten).filter(|it| is_rule(&it.way, loser.rule.id));
            prop_assert_eq!(looks.clone().count(), loser.looked_at as usize);
            let reasons: BTreeSet<String> = looks.map(|it| format!("{:?}", it.why)).collect();
            prop_assert_eq!(loser.why.is_none(), reasons.is_empty());
            let why = loser.why.map(|why| format!("{why:?}"));
            prop_assert!(why.is_none_or(|why| reasons.contains(&why)));
        }

        let in_pool: Vec<_> = all.iter().filter(|it| it.2.unit_id.is_none()).map(|it| (it.0.id, it.1.code.clone())).collect();
        let found: Vec<_> =
            unreached.iter().flat_map(|it| it.clause_codes.iter().map(|code| (it.spot_id, code.clone()))).collect();
        prop_assert_eq!(found, in_pool);

        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        all.iter().for_each(|it| *counts.entry(it.2.way.code()).or_default() += 1);
        let told: BTreeMap<&str, u32> = by_way.iter().map(|it| (it.by.as_str(), it.pairs)).collect();
        prop_assert_eq!(told, counts);
    }
}
