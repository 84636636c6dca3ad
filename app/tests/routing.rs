//! Routing: the precedence by example for every way, its laws on random counties, and the simulator against brute force.

use app::clause::{Category, Clause, Severity, SpotRole};
use app::id::{AreaId, RuleId, SpotId, UnitId};
use app::routing::{
    Assignment, Beaten, Routing, RoutingRule, RuleTarget, Simulation, Tried, Way, roles_in_order, simulate,
};
use app::spot::Spot;
use app::unit::{Area, Unit};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const fn unit_id(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(0xa000 + n))
}

const fn area_id(n: u128) -> AreaId {
    AreaId(Uuid::from_u128(0xb000 + n))
}

const fn rule_id(n: u128) -> RuleId {
    RuleId(Uuid::from_u128(0xc000 + n))
}

const fn spot_id(n: u128) -> SpotId {
    SpotId(Uuid::from_u128(0xd000 + n))
}

fn unit(n: u128, active: bool) -> Unit {
    let code = format!("U{n}");
    Unit {
        id: unit_id(n),
        name: code.clone(),
        short_name: code.clone(),
        code,
        group: "g".into(),
        parent_id: None,
        active,
    }
}

fn area(n: u128, parent: Option<u128>) -> Area {
    let code = format!("A{n}");
    Area { id: area_id(n), name: code.clone(), code, parent_id: parent.map(area_id), unit_id: None }
}

fn spot(n: u128, area: u128, lead: Option<u128>, territory: Option<u128>, operator: Option<u128>) -> Spot {
    Spot {
        id: spot_id(n),
        code: format!("S{n}"),
        name: String::new(),
        initials: String::new(),
        spot_type: format!("T{}", n % 2),
        area_id: area_id(area),
        address: String::new(),
        lng: 113.0,
        lat: 33.0,
        lead_unit_id: lead.map(unit_id),
        territory_unit_id: territory.map(unit_id),
        operator_unit_id: operator.map(unit_id),
        head: String::new(),
        hours: String::new(),
        active: true,
    }
}

fn clause(n: u128, category: Category, role: Option<SpotRole>, default_unit: Option<u128>) -> Clause {
    Clause {
        code: format!("C{n}"),
        dimension: String::new(),
        text: String::new(),
        method: String::new(),
        not_counted: String::new(),
        category,
        role,
        default_unit_id: default_unit.map(unit_id),
        owner_text: String::new(),
        limit: "2work_day".parse().expect("a limit"),
        severity: Severity::General,
        hours_sensitive: false,
        active: true,
    }
}

fn rule_here(id: u128, spot: u128, clause: u128, unit: u128) -> RoutingRule {
    let target = RuleTarget::SpotClause { spot_id: spot_id(spot), clause_code: format!("C{clause}") };
    RoutingRule { id: rule_id(id), target, unit_id: unit_id(unit), note: String::new() }
}

fn rule_area(id: u128, spot_type: u128, area: u128, unit: u128) -> RoutingRule {
    let target = RuleTarget::SpotTypeArea { spot_type: format!("T{spot_type}"), area_id: area_id(area) };
    RoutingRule { id: rule_id(id), target, unit_id: unit_id(unit), note: String::new() }
}

const fn by_role(role: SpotRole, by_category: Option<Category>) -> Way {
    Way::SpotRole { role, by_category }
}

fn tried(way: Way, unit: Option<u128>, why: Beaten) -> Tried {
    Tried { way, unit_id: unit.map(unit_id), why }
}

/// Units 1 to 9; 9 is closed. Area 3 lies in 2, 2 in 1.
fn county(rules: &[RoutingRule]) -> Routing {
    let units: Vec<Unit> = (1..=9).map(|n| unit(n, n != 9)).collect();
    Routing::new(&units, &[area(1, None), area(2, Some(1)), area(3, Some(2))], rules)
}

use app::clause::SpotRole::{Lead, Operator, Territory};

#[test]
fn every_way_decides_before_the_next() {
    let here = rule_here(1, 1, 1, 4);
    let around = rule_area(2, 1, 3, 6);
    let full = spot(1, 3, Some(1), Some(2), Some(3));
    let line = clause(1, Category::Part, Some(Operator), Some(5));
    let assignment = county(&[around.clone(), here.clone()]).assign(&full, &line);
    assert_eq!(
        assignment,
        Assignment {
            unit_id: Some(unit_id(4)),
            way: Way::SpotClause { rule_id: here.id },
            beaten: vec![
                tried(by_role(Operator, None), Some(3), Beaten::LessSpecific),
                tried(by_role(Territory, None), Some(2), Beaten::LessSpecific),
                tried(Way::ClauseDefault, Some(5), Beaten::LessSpecific),
                tried(Way::SpotTypeArea { rule_id: around.id }, Some(6), Beaten::LessSpecific),
            ],
        }
    );
    let routing = county(std::slice::from_ref(&around));
    let way = |spot: &Spot, clause: &Clause| {
        let assignment = routing.assign(spot, clause);
        (assignment.unit_id, assignment.way)
    };
    assert_eq!(way(&full, &line), (Some(unit_id(3)), by_role(Operator, None)));
    assert_eq!(way(&spot(1, 3, Some(1), None, None), &line), (Some(unit_id(5)), Way::ClauseDefault));
    let ownerless = clause(1, Category::Part, Some(Operator), None);
    let by_area = Way::SpotTypeArea { rule_id: around.id };
    assert_eq!(way(&spot(1, 3, Some(1), None, None), &ownerless), (Some(unit_id(6)), by_area));
    assert_eq!(way(&spot(2, 3, Some(1), None, None), &ownerless), (None, Way::Pool), "another type of spot");
}

#[test]
fn parts_go_to_the_owner_first_and_events_to_the_territory() {
    let full = spot(1, 3, Some(1), Some(2), Some(3));
    let no_operator = spot(1, 3, Some(1), Some(2), None);
    let no_territory = spot(1, 3, Some(1), None, Some(3));
    for (category, place, chosen) in [
        (Category::Part, &full, (3, Operator)),
        (Category::Part, &no_operator, (2, Territory)),
        (Category::Event, &full, (2, Territory)),
        (Category::Event, &no_territory, (3, Operator)),
    ] {
        let assignment = county(&[]).assign(place, &clause(1, category, None, None));
        let way = by_role(chosen.1, Some(category));
        assert_eq!((assignment.unit_id, assignment.way), (Some(unit_id(chosen.0)), way));
    }
}

#[test]
fn a_clause_names_its_role_or_has_an_owner_of_its_own() {
    let full = spot(1, 3, Some(1), Some(2), Some(3));
    for (role, default, unit) in [
        (Some(Lead), None, 1),
        (Some(Territory), Some(5), 2),
        (Some(Operator), Some(5), 3),
        (None, Some(5), 5),
    ] {
        for category in Category::ALL {
            let line = clause(1, category, role, default);
            assert_eq!(county(&[]).assign(&full, &line).unit_id, Some(unit_id(unit)), "{role:?}");
        }
    }
    let only_lead = spot(1, 3, Some(1), None, None);
    assert_eq!(county(&[]).assign(&only_lead, &clause(1, Category::Event, None, None)).unit_id, None);
    assert!(roles_in_order(&clause(1, Category::Event, None, Some(5))).is_empty());
}

#[test]
fn a_closed_or_unknown_unit_is_passed_over_and_named() {
    let here = rule_here(1, 1, 1, 9);
    let unknown = spot(1, 3, None, Some(2), Some(77));
    let assignment =
        county(std::slice::from_ref(&here)).assign(&unknown, &clause(1, Category::Part, None, None));
    let part = Some(Category::Part);
    assert_eq!((assignment.unit_id, assignment.way), (Some(unit_id(2)), by_role(Territory, part)));
    assert_eq!(
        assignment.beaten,
        [
            tried(Way::SpotClause { rule_id: here.id }, Some(9), Beaten::UnitClosed),
            tried(by_role(Operator, part), Some(77), Beaten::UnitClosed),
            tried(Way::ClauseDefault, None, Beaten::NoUnit),
        ]
    );
}

#[test]
fn the_inner_area_decides_before_the_outer() {
    let rules = [rule_area(1, 1, 1, 1), rule_area(2, 1, 2, 2), rule_area(3, 1, 3, 3)];
    let line = clause(1, Category::Event, None, None);
    let unit_in = |area: u128, rules: &[RoutingRule]| {
        county(rules).assign(&spot(1, area, None, None, None), &line).unit_id
    };
    assert_eq!(unit_in(3, &rules), Some(unit_id(3)));
    assert_eq!(unit_in(2, &rules), Some(unit_id(2)));
    assert_eq!(unit_in(3, &rules[..1]), Some(unit_id(1)), "a rule for an area holds inside it");
    assert_eq!(unit_in(1, &rules[1..]), None, "and not outside it");
    let ways: Vec<_> = county(&rules)
        .assign(&spot(1, 3, None, None, None), &line)
        .beaten
        .into_iter()
        .filter(|it| it.why == Beaten::LessSpecific)
        .map(|it| it.way)
        .collect();
    assert_eq!(ways, [Way::SpotTypeArea { rule_id: rule_id(2) }, Way::SpotTypeArea { rule_id: rule_id(1) }]);
}

#[test]
fn a_loop_of_areas_ends_where_it_closes() {
    let line = clause(1, Category::Event, None, None);
    let rules = [rule_area(1, 1, 2, 1)];
    for areas in [vec![area(2, Some(2))], vec![area(1, Some(2)), area(2, Some(3)), area(3, Some(1))]] {
        let routing = Routing::new(&[unit(1, true)], &areas, &rules);
        let assignment = routing.assign(&spot(1, 2, None, None, None), &line);
        assert_eq!(assignment.unit_id, Some(unit_id(1)));
        assert!(assignment.beaten.iter().all(|it| it.way != assignment.way), "no rule beats itself");
    }
    let deep: Vec<Area> = (0..40).map(|n| area(n, Some(n + 1))).collect();
    let routing = Routing::new(&[unit(1, true)], &deep, &[rule_area(1, 1, 40, 1)]);
    assert_eq!(routing.assign(&spot(1, 0, None, None, None), &line).unit_id, Some(unit_id(1)));
}

#[test]
fn of_two_rules_for_the_same_the_first_stands_and_the_other_never_wins() {
    let rules = [rule_here(1, 1, 1, 1), rule_here(2, 1, 1, 2)];
    let (place, line) = (spot(1, 1, None, None, None), clause(1, Category::Event, None, None));
    assert_eq!(county(&rules).assign(&place, &line).unit_id, Some(unit_id(1)));
    let found = simulate(&county(&rules), &rules, [(&place, &line)].into_iter());
    assert_eq!(found.never_win.len(), 1);
    assert_eq!(
        (found.never_win[0].rule.id, found.never_win[0].why, found.never_win[0].looked_at),
        (rule_id(2), None, 0)
    );
}

/// A closed unit is what has to be put right, whichever pair was looked at first.
#[test]
fn the_simulator_says_why_a_rule_never_wins() {
    let rules = [rule_area(1, 1, 1, 9), rule_area(2, 1, 2, 4)];
    let (served, bare) = (spot(1, 2, None, Some(1), None), spot(3, 1, None, None, None));
    let line = clause(1, Category::Event, None, None);
    for pairs in [[(&served, &line), (&bare, &line)], [(&bare, &line), (&served, &line)]] {
        let found = simulate(&county(&rules), &rules, pairs.into_iter());
        let why: Vec<_> = found.never_win.iter().map(|it| (it.rule.id, it.why, it.looked_at)).collect();
        assert_eq!(
            why,
            [(rule_id(1), Some(Beaten::UnitClosed), 2), (rule_id(2), Some(Beaten::LessSpecific), 1)]
        );
        assert_eq!((found.pairs, found.unreached.len()), (2, 1));
        assert_eq!(
            (found.unreached[0].spot_id, &found.unreached[0].clause_codes),
            (bare.id, &vec!["C1".into()])
        );
    }
}

#[test]
fn an_assignment_is_written_flat_and_read_back() {
    let here = rule_here(1, 1, 1, 9);
    let place = spot(1, 3, None, Some(2), None);
    let assignment =
        county(&[here, rule_area(2, 1, 1, 6)]).assign(&place, &clause(1, Category::Part, None, None));
    let json = serde_json::to_value(&assignment).expect("JSON");
    assert_eq!(
        json["way"],
        serde_json::json!({ "by": "spot_role", "role": "territory", "by_category": "part" })
    );
    assert_eq!(json["beaten"][0]["by"], "spot_clause");
    assert_eq!(json["beaten"][0]["why"], "unit_closed");
    assert_eq!(serde_json::from_value::<Assignment>(json).expect("reads back"), assignment);
}

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
            prop_assert!(loser.why.is_none_or(|why| reasons.contains(&format!("{why:?}"))));
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
