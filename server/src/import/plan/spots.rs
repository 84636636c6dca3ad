//! The spots and the routing rules of an import.

use super::{Planner, by};
use crate::catalogue::store::Check;
use crate::import::bad::At;
use crate::import::initials;
use crate::import::row::{RuleRow, SpotRow, TargetRow};
use crate::import::table::Rows;
use app::id::RuleId;
use app::routing::{RoutingRule, RuleTarget};
use app::spot::Spot;
use std::collections::{HashMap, HashSet};

impl Planner<'_> {
    pub(super) fn spots(&mut self, before: &[Spot]) {
        let Rows { file, rows, .. } = &self.import.spots;
        let old = by(before, |it| it.id);
        for (at, row) in rows {
            let SpotRow { code, name, spot_type, area, address, lng, lat, head, hours, .. } = row;
            if self.spot_types.find(spot_type).is_none() {
                self.spot_types.note_missing(file, *at, "type", spot_type, &mut self.bad);
            }
            let lead_unit_id = self.unit(file, *at, "lead_unit", row.lead.as_ref());
            let territory_unit_id = self.unit(file, *at, "territory_unit", row.territory.as_ref());
            let operator_unit_id = self.unit(file, *at, "operator_unit", row.operator.as_ref());
            let Some(area_id) = self.areas.find(area) else {
                self.areas.note_missing(file, *at, "area_code", area, &mut self.bad);
                continue;
            };
            let Some(id) = self.spots.find(code) else { continue };
            let old = old.get(&id).copied();
            let spot = Spot {
                id,
                code: code.clone(),
                name: name.clone(),
                initials: initials(name),
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
        let Rows { file, rows, .. } = &self.import.rules;
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
            let unit_id = self.unit(file, *at, "unit", Some(unit));
            if let TargetRow::SpotClause { spot, clause } = target
                && let Some(spot_type) = types.get(spot.as_str())
                && self.clauses.find(clause).is_some()
                && !checked.contains(&(spot_type, clause.as_str()))
            {
                let what = format!("{clause} is not checked at spots of type {spot_type}");
                self.bad.add(file, *at, Some("clause"), what);
            }
            let (Some(target), Some(unit_id)) = (self.target(file, *at, target), unit_id) else { continue };
            let old = old.get(&target).copied();
            let id = old.map_or_else(|| RuleId((self.new_id)()), |(rule, _)| rule.id);
            let rule = RoutingRule { id, target, unit_id, note: note.clone() };
            let rule = (rule, active.unwrap_or_else(|| old.is_none_or(|(_, active)| *active)));
            if self.plan.summary.routing_rules.note(old, &rule) {
                self.plan.rules.push(rule);
            }
        }
    }

    fn target(&mut self, file: &str, at: At, target: &TargetRow) -> Option<RuleTarget> {
        let before = self.bad.count();
        let target = match target {
            TargetRow::SpotClause { spot, clause } => {
                if self.clauses.find(clause).is_none() {
                    self.clauses.note_missing(file, at, "clause", clause, &mut self.bad);
                }
                let spot_id = self.spots.find(spot);
                if spot_id.is_none() {
                    self.spots.note_missing(file, at, "spot", spot, &mut self.bad);
                }
                RuleTarget::SpotClause { spot_id: spot_id?, clause_code: clause.clone() }
            }
            TargetRow::SpotTypeArea { spot_type, area } => {
                if self.spot_types.find(spot_type).is_none() {
                    self.spot_types.note_missing(file, at, "spot_type", spot_type, &mut self.bad);
                }
                let area_id = self.areas.find(area);
                if area_id.is_none() {
                    self.areas.note_missing(file, at, "area", area, &mut self.bad);
                }
                RuleTarget::SpotTypeArea { spot_type: spot_type.clone(), area_id: area_id? }
            }
        };
        (self.bad.count() == before).then_some(target)
    }
}
