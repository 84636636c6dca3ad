//! What the catalogue offers to choose from: units, spots, clauses.

use app::clause::Clause;
use app::id::{SpotId, UnitId};
use app::spot::Spot;

use super::picker::Pick;
use crate::catalogue::County;

/// Units that take orders, by ranking group.
pub(super) fn units(county: &County) -> Vec<Pick> {
    let mut units: Vec<_> = county.bundle.catalogue.units.iter().filter(|unit| unit.active).collect();
    units.sort_by(|a, b| (&a.group, &a.code).cmp(&(&b.group, &b.code)));
    let pick = |unit: &app::unit::Unit| Pick {
        value: unit.id.to_string(),
        title: unit.name.clone(),
        detail: unit.group.clone(),
        found_by: format!("{} {} {}", unit.short_name, unit.code, unit.aliases.join(" ")),
        pinyin: unit.pinyin.clone(),
    };
    units.into_iter().map(pick).collect()
}

/// Spots in use.
pub(super) fn spots(county: &County) -> Vec<Pick> {
    let pick = |spot: &Spot| Pick {
        value: spot.id.to_string(),
        title: spot.name.clone(),
        detail: format!("{} · {}", county.type_name(spot), county.area_name(spot)),
        found_by: format!("{} {} {}", spot.initials, spot.code, spot.address),
        pinyin: spot.pinyin.clone(),
    };
    county.bundle.catalogue.spots.iter().filter(|spot| spot.active).map(pick).collect()
}

/// The clauses checked at a spot; all of them when there is no spot.
pub(super) fn clauses(county: &County, spot: Option<&Spot>) -> Vec<Pick> {
    let pick = |clause: &Clause, text: String| Pick {
        value: clause.code.clone(),
        title: text,
        detail: format!("{} · {}", clause.code, clause.dimension),
        found_by: clause.method.clone(),
        pinyin: clause.pinyin.clone(),
    };
    match spot.and_then(|spot| Some((spot, county.spot_type(spot)?))) {
        Some((spot, spot_type)) => {
            let codes = spot_type.clauses.iter().map(|it| it.clause_code.as_str());
            codes
                .filter_map(|code| county.clause(code).filter(|clause| clause.active))
                .map(|clause| pick(clause, county.clause_text(spot.id, &clause.code)))
                .collect()
        }
        None => {
            let active = county.bundle.catalogue.clauses.iter().filter(|clause| clause.active);
            active.map(|clause| pick(clause, clause.text_for(None))).collect()
        }
    }
}

/// The unit a picker has chosen.
pub(super) fn unit_id(value: &str) -> Option<UnitId> {
    value.parse().ok()
}

/// The spot a picker has chosen.
pub(super) fn spot_id(value: &str) -> Option<SpotId> {
    value.parse().ok()
}
