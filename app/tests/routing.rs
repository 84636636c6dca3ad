//! Routing: the precedence by example, for every way. Its laws are in `routing_laws.rs`.

#[path = "support/routes.rs"]
mod routes;

use app::clause::SpotRole::{Lead, Operator, Territory};
use app::clause::{Category, Clause, SpotRole};
use app::routing::{Assignment, Beaten, Routing, RoutingRule, Tried, Way, roles_in_order, simulate};
use app::spot::Spot;
use app::unit::{Area, Unit};
use routes::{area, clause, rule_area, rule_here, rule_id, spot, unit, unit_id};

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
