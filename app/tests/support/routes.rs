//! Units, areas, spots, clauses and rules by number, for the tests of routing.

use app::clause::{Category, Clause, Severity, SpotRole};
use app::id::{AreaId, RuleId, SpotId, UnitId};
use app::routing::{RoutingRule, RuleTarget};
use app::spot::Spot;
use app::unit::{Area, Unit};
use uuid::Uuid;

pub(crate) const fn unit_id(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(0xa000 + n))
}

pub(crate) const fn area_id(n: u128) -> AreaId {
    AreaId(Uuid::from_u128(0xb000 + n))
}

pub(crate) const fn rule_id(n: u128) -> RuleId {
    RuleId(Uuid::from_u128(0xc000 + n))
}

pub(crate) const fn spot_id(n: u128) -> SpotId {
    SpotId(Uuid::from_u128(0xd000 + n))
}

pub(crate) fn unit(n: u128, active: bool) -> Unit {
    let code = format!("U{n}");
    Unit {
        id: unit_id(n),
        name: code.clone(),
        short_name: code.clone(),
        aliases: Vec::new(),
        pinyin: String::new(),
        code,
        group: "g".into(),
        parent_id: None,
        active,
    }
}

pub(crate) fn area(n: u128, parent: Option<u128>) -> Area {
    let code = format!("A{n}");
    Area { id: area_id(n), name: code.clone(), code, parent_id: parent.map(area_id), unit_id: None }
}

pub(crate) fn spot(
    n: u128,
    area: u128,
    lead: Option<u128>,
    territory: Option<u128>,
    operator: Option<u128>,
) -> Spot {
    Spot {
        id: spot_id(n),
        code: format!("S{n}"),
        name: String::new(),
        initials: String::new(),
        pinyin: String::new(),
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

pub(crate) fn clause(
    n: u128,
    category: Category,
    role: Option<SpotRole>,
    default_unit: Option<u128>,
) -> Clause {
    Clause {
        code: format!("C{n}"),
        dimension: String::new(),
        text: String::new(),
        pinyin: String::new(),
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
        phrases: Vec::new(),
    }
}

pub(crate) fn rule_here(id: u128, spot: u128, clause: u128, unit: u128) -> RoutingRule {
    let target = RuleTarget::SpotClause { spot_id: spot_id(spot), clause_code: format!("C{clause}") };
    RoutingRule { id: rule_id(id), target, unit_id: unit_id(unit), note: String::new() }
}

pub(crate) fn rule_area(id: u128, spot_type: u128, area: u128, unit: u128) -> RoutingRule {
    let target = RuleTarget::SpotTypeArea { spot_type: format!("T{spot_type}"), area_id: area_id(area) };
    RoutingRule { id: rule_id(id), target, unit_id: unit_id(unit), note: String::new() }
}
