//! Units that an import takes out of use while others still name them.

use super::{Planner, by};
use app::bundle::Catalogue;
use app::id::UnitId;
use app::routing::RoutingRule;
use std::collections::HashMap;
use std::hash::Hash;

/// The items as the import leaves them: those it brings, and those it does not touch.
fn after<'a, T, K: Eq + Hash>(
    before: &'a [T],
    brought: &'a [T],
    key: impl Fn(&'a T) -> K,
) -> HashMap<K, &'a T> {
    let mut after = by(before, &key);
    after.extend(by(brought, &key));
    after
}

impl Planner<'_> {
    /// Says of each unit that goes out of use what still names it: orders then go to whoever comes next, or to the pool.
    pub(super) fn retired(&mut self, there: &Catalogue, rules: &[(RoutingRule, bool)]) {
        let (plan, import) = (&self.plan, self.import);
        let old = by(&there.units, |it| it.id);
        let was_active = |id: UnitId| old.get(&id).is_some_and(|it| it.active);
        let retired: Vec<_> = plan.units.iter().filter(|it| !it.active && was_active(it.id)).collect();
        if retired.is_empty() {
            return;
        }
        let spots = after(&there.spots, &plan.spots, |it| it.id);
        let clauses = after(&there.clauses, &plan.clauses, |it| it.code.as_str());
        let rules = after(rules, &plan.rules, |(rule, _)| rule.id);
        let rows = by(&import.units.rows, |(_, row)| row.code.as_str());
        for unit in retired {
            let is_named = |named: Option<UnitId>| named == Some(unit.id);
            let by_spots = spots.values().filter(|it| it.active).filter(|it| {
                [it.lead_unit_id, it.territory_unit_id, it.operator_unit_id].into_iter().any(is_named)
            });
            let by_clauses = clauses.values().filter(|it| it.active && is_named(it.default_unit_id));
            let by_rules = rules.values().filter(|(rule, active)| *active && rule.unit_id == unit.id);
            let counts = (by_spots.count(), by_clauses.count(), by_rules.count());
            if let (Some((at, _)), false) = (rows.get(unit.code.as_str()), counts == (0, 0, 0)) {
                let (spots, clauses, rules) = counts;
                let what = format!(
                    "{} goes out of use, and {spots} spots, {clauses} clauses and {rules} rules still name it; their orders go to the next unit or to the pool",
                    unit.code
                );
                self.report.notes.add(&import.units.source, *at, Some("active"), what);
            }
        }
    }
}
