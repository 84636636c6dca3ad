//! Units that an import takes out of use while others still name them.

use super::Planner;
use app::bundle::Catalogue;
use app::id::UnitId;
use app::routing::RoutingRule;
use std::collections::HashMap;

impl Planner<'_> {
    /// Says of each unit that goes out of use what still names it: orders then go to whoever comes next, or to the pool.
    pub(super) fn retired(&mut self, there: &Catalogue, rules: &[(RoutingRule, bool)]) {
        let plan = &self.plan;
        let active: HashMap<UnitId, bool> = there.units.iter().map(|it| (it.id, it.active)).collect();
        let retired: Vec<_> = plan
            .units
            .iter()
            .filter(|it| !it.active && active.get(&it.id) == Some(&true))
            .map(|it| (it.id, it.code.as_str()))
            .collect();
        if retired.is_empty() {
            return;
        }
        let moved: HashMap<_, _> = plan.spots.iter().map(|it| (it.id, it)).collect();
        let spots = there.spots.iter().map(|it| moved.get(&it.id).copied().unwrap_or(it));
        let new = plan.spots.iter().filter(|it| !there.spots.iter().any(|old| old.id == it.id));
        let spots: Vec<_> = spots.chain(new).filter(|it| it.active).collect();
        let changed: HashMap<_, _> = plan.clauses.iter().map(|it| (it.code.as_str(), it)).collect();
        let clauses = there.clauses.iter().map(|it| changed.get(it.code.as_str()).copied().unwrap_or(it));
        let clauses: Vec<_> = clauses.filter(|it| it.active).collect();
        let replaced: HashMap<_, _> =
            plan.rules.iter().map(|(rule, active)| (rule.id, (rule, *active))).collect();
        let rules =
            rules.iter().map(|(rule, active)| replaced.get(&rule.id).copied().unwrap_or((rule, *active)));
        let rules: Vec<_> = rules.filter(|it| it.1).map(|it| it.0).collect();
        let (source, mut found) = (&self.import.units.source, Vec::new());
        for (unit, code) in retired {
            let is_named = |named: Option<UnitId>| named == Some(unit);
            let by_spots = spots.iter().filter(|it| {
                [it.lead_unit_id, it.territory_unit_id, it.operator_unit_id].into_iter().any(is_named)
            });
            let by_clauses = clauses.iter().filter(|it| is_named(it.default_unit_id));
            let by_rules = rules.iter().filter(|it| it.unit_id == unit);
            let counts = (by_spots.count(), by_clauses.count(), by_rules.count());
            let row = self.import.units.rows.iter().find(|(_, row)| row.code == code);
            if let (Some((at, _)), false) = (row, counts == (0, 0, 0)) {
                let (spots, clauses, rules) = counts;
                found.push((*at, format!(
                    "{code} goes out of use, and {spots} spots, {clauses} clauses and {rules} rules still name it; their orders go to the next unit or to the pool"
                )));
            }
        }
        for (at, what) in found {
            self.report.notes.add(source, at, Some("active"), what);
        }
    }
}
