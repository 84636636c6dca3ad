//! The spots and the routing rules of an import.

use super::{Planner, by};
use crate::catalogue::store::Check;
use crate::import::place::{At, Source};
use crate::import::row::{RuleRow, SpotRow, TargetRow};
use crate::import::table::Rows;
use crate::pinyin::initials;
use app::id::RuleId;
use app::routing::{RoutingRule, RuleTarget};
use app::spot::{Spot, far_from, middle};
use std::collections::{HashMap, HashSet};

impl Planner<'_> {
    pub(super) fn spots(&mut self, before: &[Spot]) {
        let Rows { source, rows, .. } = &self.import.spots;
        let old = by(before, |it| it.id);
        let middle = middle_of(before, rows);
        for (at, row) in rows {
            let SpotRow { code, name, spot_type, area, address, lng, lat, head, hours, .. } = row;
            if self.spot_types.find(spot_type).is_none() {
                self.spot_types.note_missing(source, *at, "type", spot_type, &mut self.report.bad);
            }
            let lead_unit_id = self.unit(source, *at, "lead_unit", row.lead.as_ref());
            let territory_unit_id = self.unit(source, *at, "territory_unit", row.territory.as_ref());
            let operator_unit_id = self.unit(source, *at, "operator_unit", row.operator.as_ref());
            let Some(area_id) = self.areas.find(area) else {
                self.areas.note_missing(source, *at, "area_code", area, &mut self.report.bad);
                continue;
            };
            let Some(id) = self.spots.find(code) else { continue };
            let old = old.get(&id).copied();
            if let Some(metres) = middle.and_then(|middle| far_from(middle, (*lng, *lat))) {
                let what = format!("lies {:.0} km from the middle of the county's spots", metres / 1000.0);
                self.report.notes.add(source, *at, Some("lng + lat"), what);
            }
            let spot = Spot {
                id,
                code: code.clone(),
                name: name.clone(),
                initials: initials(name),
                pinyin: String::new(),
                spot_type: spot_type.clone(),
                area_id,
                address: address.clone(),
                lng: *lng,
                lat: *lat,
                lead_unit_id,
                territory_unit_id,
                operator_unit_id,
                head: head.clone(),
                hours: hours.clone(),
                active: row.active.unwrap_or_else(|| old.is_none_or(|it| it.active)),
            };
            if self.plan.summary.spots.note(old, &spot) {
                self.plan.spots.push(spot);
            }
        }
    }

    pub(super) fn rules(&mut self, before: &[(RoutingRule, bool)], checks: &[Check], spots: &[Spot]) {
        let Rows { source, rows, .. } = &self.import.rules;
        let old = by(before, |(rule, _)| rule.target.clone());
        let mut types: HashMap<&str, &str> =
            spots.iter().map(|it| (it.code.as_str(), it.spot_type.as_str())).collect();
        types.extend(self.import.spots.rows.iter().map(|(_, it)| (it.code.as_str(), it.spot_type.as_str())));
        let mut checked: HashSet<(&str, &str)> =
            checks.iter().map(|it| (it.spot_type.as_str(), it.clause.clause_code.as_str())).collect();
        let brought = self.import.checks.rows.iter();
        checked.extend(brought.map(|(_, it)| (it.spot_type.as_str(), it.clause.as_str())));
        for (at, row) in rows {
            let RuleRow { target, unit, note, active } = row;
            let unit_id = self.unit(source, *at, "unit", Some(unit));
            if let TargetRow::SpotClause { spot, clause } = target
                && let Some(spot_type) = types.get(spot.as_str())
                && self.clauses.find(clause).is_some()
                && !checked.contains(&(spot_type, clause.as_str()))
            {
                let what = format!("{clause} is not checked at spots of type {spot_type}");
                self.report.bad.add(source, *at, Some("clause"), what);
            }
            let (Some(target), Some(unit_id)) = (self.target(source, *at, target), unit_id) else { continue };
            let old = old.get(&target).copied();
            let id = old.map_or_else(|| RuleId((self.new_id)()), |(rule, _)| rule.id);
            let rule = RoutingRule { id, target, unit_id, note: note.clone() };
            let rule = (rule, active.unwrap_or_else(|| old.is_none_or(|(_, active)| *active)));
            if self.plan.summary.routing_rules.note(old, &rule) {
                self.plan.rules.push(rule);
            }
        }
    }

    fn target(&mut self, source: &Source, at: At, target: &TargetRow) -> Option<RuleTarget> {
        let before = self.report.bad.count();
        let target = match target {
            TargetRow::SpotClause { spot, clause } => {
                if self.clauses.find(clause).is_none() {
                    self.clauses.note_missing(source, at, "clause", clause, &mut self.report.bad);
                }
                let spot_id = self.spots.find(spot);
                if spot_id.is_none() {
                    self.spots.note_missing(source, at, "spot", spot, &mut self.report.bad);
                }
                RuleTarget::SpotClause { spot_id: spot_id?, clause_code: clause.clone() }
            }
            TargetRow::SpotTypeArea { spot_type, area } => {
                if self.spot_types.find(spot_type).is_none() {
                    self.spot_types.note_missing(source, at, "spot_type", spot_type, &mut self.report.bad);
                }
                let area_id = self.areas.find(area);
                if area_id.is_none() {
                    self.areas.note_missing(source, at, "area", area, &mut self.report.bad);
                }
                RuleTarget::SpotTypeArea { spot_type: spot_type.clone(), area_id: area_id? }
            }
        };
        (self.report.bad.count() == before).then_some(target)
    }
}

/// The middle of the county's spots as the import leaves them.
fn middle_of(before: &[Spot], rows: &[(At, SpotRow)]) -> Option<(f64, f64)> {
    let moved: HashSet<&str> = rows.iter().map(|(_, it)| it.code.as_str()).collect();
    let stay = before.iter().filter(|it| !moved.contains(it.code.as_str())).map(|it| (it.lng, it.lat));
    let positions: Vec<_> = stay.chain(rows.iter().map(|(_, it)| (it.lng, it.lat))).collect();
    middle(&positions)
}
