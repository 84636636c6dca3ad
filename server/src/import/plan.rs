//! What an import would change: codes become ids, references are followed, and every row is compared with the one the
//! database has. Nothing is written here.

mod checks;
mod codes;
mod doubles;
mod phrases;
mod retired;
mod spots;

pub(super) use codes::Codes;

use super::finding::{Findings, Report};
use super::people::{self, Account};
use super::place::{At, Source};
use super::row::{AreaRow, ClauseRow, SpotTypeRow, UnitRow};
use super::summary::Summary;
use super::table::Rows;
use super::{Existing, Import};
use crate::catalogue::store::Check;
use app::calendar::{Calendar, WorkingHours};
use app::clause::Clause;
use app::id::{AreaId, SpotId, UnitId};
use app::issue::Policy;
use app::routing::RoutingRule;
use app::spot::{Spot, SpotType};
use app::unit::{Area, Unit};
use codes::is_in_circle;
use std::collections::HashMap;
use std::hash::Hash;
use uuid::Uuid;

/// The rows to be written.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) units: Vec<Unit>,
    pub(super) areas: Vec<Area>,
    pub(super) spot_types: Vec<SpotType>,
    pub(super) clauses: Vec<Clause>,
    pub(super) checks: Vec<Check>,
    pub(super) spots: Vec<Spot>,
    pub(super) rules: Vec<(RoutingRule, bool)>,
    pub(super) accounts: Vec<Account>,
    pub(super) calendar: Option<Calendar>,
    pub(super) working_hours: Option<WorkingHours>,
    pub(super) policy: Option<Policy>,
    pub(super) summary: Summary,
}

/// What rows are checked against while they become what they stand for.
struct Planner<'a> {
    import: &'a Import,
    new_id: &'a dyn Fn() -> Uuid,
    units: Codes<UnitId>,
    areas: Codes<AreaId>,
    spot_types: Codes<()>,
    clauses: Codes<()>,
    spots: Codes<SpotId>,
    report: Report,
    plan: Plan,
}

impl Plan {
    /// Compares an import with what there is.
    pub(super) fn new(
        import: &Import,
        before: Existing,
        new_id: &dyn Fn() -> Uuid,
    ) -> Result<Self, Findings> {
        let there = &before.catalogue;
        let mut planner = Planner {
            units: Codes::new(
                "unit",
                &there.units,
                |it| (&it.code, it.id),
                &import.units,
                |it| &it.code,
                |_| UnitId(new_id()),
            ),
            areas: Codes::new(
                "area",
                &there.areas,
                |it| (&it.code, it.id),
                &import.areas,
                |it| &it.code,
                |_| AreaId(new_id()),
            ),
            spot_types: Codes::new(
                "spot type",
                &there.spot_types,
                |it| (&it.code, ()),
                &import.spot_types,
                |it| &it.code,
                |_| (),
            ),
            clauses: Codes::new(
                "clause",
                &there.clauses,
                |it| (&it.code, ()),
                &import.clauses,
                |it| &it.code,
                |_| (),
            ),
            spots: Codes::new(
                "spot",
                &there.spots,
                |it| (&it.code, it.id),
                &import.spots,
                |it| &it.code,
                |_| SpotId(new_id()),
            ),
            import,
            new_id,
            report: import.report.clone(),
            plan: Self::default(),
        };
        planner.units(&there.units);
        planner.areas(&there.areas);
        planner.spot_types(&there.spot_types);
        planner.clauses(&there.clauses);
        planner.phrases(&there.clauses);
        planner.checks(&before.checks, &there.clauses);
        planner.spots(&there.spots);
        planner.rules(&before.rules, &before.checks, &there.spots);
        planner.calendar(&before.calendars, before.calendar_in_force.as_deref());
        planner.settings(before.working_hours.as_ref(), before.policy.as_ref());
        planner.doubles(there);
        planner.retired(there, &before.rules);
        let Planner { units, mut report, mut plan, .. } = planner;
        let count = &mut plan.summary.users;
        plan.accounts = people::plan(&import.users, before.accounts, &units, new_id, &mut report, count);
        plan.summary.notes = report.notes;
        if report.bad.count() > 0 { Err(report.bad) } else { Ok(plan) }
    }

    /// Whether anything but accounts changes.
    pub(super) fn changes_catalogue(&self) -> bool {
        let Self {
            units,
            areas,
            spot_types,
            clauses,
            checks,
            spots,
            rules,
            calendar,
            working_hours,
            policy,
            ..
        } = self;
        let rows = units.len() + areas.len() + spot_types.len() + clauses.len();
        rows + checks.len() + spots.len() + rules.len() > 0
            || calendar.is_some()
            || working_hours.is_some()
            || policy.is_some()
    }
}

/// The items by what they are known by.
fn by<'a, T, K: Eq + Hash>(items: &'a [T], key: impl Fn(&'a T) -> K) -> HashMap<K, &'a T> {
    items.iter().map(|item| (key(item), item)).collect()
}

impl Planner<'_> {
    /// The unit with this code; without one, a fault.
    fn unit(&mut self, source: &Source, at: At, column: &str, code: Option<&String>) -> Option<UnitId> {
        let code = code?;
        let found = self.units.find(code);
        if found.is_none() {
            self.units.note_missing(source, at, column, code, &mut self.report.bad);
        }
        found
    }

    fn units(&mut self, before: &[Unit]) {
        let Rows { source, rows, .. } = &self.import.units;
        let old = by(before, |it| it.id);
        let mut parents: HashMap<UnitId, Option<UnitId>> =
            before.iter().map(|it| (it.id, it.parent_id)).collect();
        for (at, row) in rows {
            let UnitRow { code, name, short_name, group, parent, aliases, active } = row;
            let parent_id = self.unit(source, *at, "parent_code", parent.as_ref());
            let Some(id) = self.units.find(code) else { continue };
            parents.insert(id, parent_id);
            let old = old.get(&id).copied();
            let unit = Unit {
                id,
                code: code.clone(),
                name: name.clone(),
                short_name: short_name.clone(),
                aliases: aliases.clone().or_else(|| Some(old?.aliases.clone())).unwrap_or_default(),
                pinyin: String::new(),
                group: group.clone(),
                parent_id,
                active: active.unwrap_or_else(|| old.is_none_or(|it| it.active)),
            };
            if self.plan.summary.units.note(old, &unit) {
                self.plan.units.push(unit);
            }
        }
        for (at, row) in rows {
            if self.units.find(&row.code).is_some_and(|id| is_in_circle(id, &parents)) {
                self.report.bad.add(source, *at, Some("parent_code"), "a unit cannot stand above itself");
            }
        }
    }

    fn areas(&mut self, before: &[Area]) {
        let Rows { source, rows, .. } = &self.import.areas;
        let old = by(before, |it| it.id);
        let mut parents: HashMap<AreaId, Option<AreaId>> =
            before.iter().map(|it| (it.id, it.parent_id)).collect();
        for (at, row) in rows {
            let AreaRow { code, name, parent, unit } = row;
            let unit_id = self.unit(source, *at, "unit_code", unit.as_ref());
            let parent_id = parent.as_ref().and_then(|code| self.areas.find(code));
            if let (Some(code), None) = (parent, parent_id) {
                self.areas.note_missing(source, *at, "parent_code", code, &mut self.report.bad);
            }
            let Some(id) = self.areas.find(code) else { continue };
            parents.insert(id, parent_id);
            let area = Area { id, code: code.clone(), name: name.clone(), parent_id, unit_id };
            if self.plan.summary.areas.note(old.get(&id).copied(), &area) {
                self.plan.areas.push(area);
            }
        }
        for (at, row) in rows {
            if self.areas.find(&row.code).is_some_and(|id| is_in_circle(id, &parents)) {
                self.report.bad.add(source, *at, Some("parent_code"), "an area cannot lie inside itself");
            }
        }
    }

    fn spot_types(&mut self, before: &[SpotType]) {
        let old = by(before, |it| it.code.as_str());
        for (_, row) in &self.import.spot_types.rows {
            let SpotTypeRow { code, name, lead_text, coop_text, evidence, route } = row;
            let old = old.get(code.as_str()).copied();
            let spot_type = SpotType {
                code: code.clone(),
                name: name.clone(),
                lead_text: lead_text.clone(),
                coop_text: coop_text.clone(),
                evidence: evidence.clone(),
                route: route.clone(),
                // Lists are compared line by line, in their own file.
                clauses: old.map(|it| it.clauses.clone()).unwrap_or_default(),
            };
            if self.plan.summary.spot_types.note(old, &spot_type) {
                self.plan.spot_types.push(spot_type);
            }
        }
    }

    fn clauses(&mut self, before: &[Clause]) {
        let Rows { source, rows, .. } = &self.import.clauses;
        let old = by(before, |it| it.code.as_str());
        for (at, row) in rows {
            let ClauseRow { code, dimension, text, method, not_counted, owner_text, .. } = row;
            let default_unit_id = self.unit(source, *at, "default_unit", row.default_unit.as_ref());
            let old = old.get(code.as_str()).copied();
            let clause = Clause {
                code: code.clone(),
                dimension: dimension.clone(),
                text: text.clone(),
                pinyin: String::new(),
                method: method.clone(),
                not_counted: not_counted.clone(),
                category: row.category,
                role: row.role,
                default_unit_id,
                owner_text: owner_text.clone(),
                limit: row.limit,
                severity: row.severity,
                hours_sensitive: row.hours_sensitive,
                active: row.active.unwrap_or_else(|| old.is_none_or(|it| it.active)),
                // The table of common problems has the last word.
                phrases: old.map(|it| it.phrases.clone()).unwrap_or_default(),
            };
            if self.plan.summary.clauses.note(old, &clause) {
                self.plan.clauses.push(clause);
            }
        }
    }

    fn calendar(&mut self, before: &[Calendar], in_force: Option<&str>) {
        let Some(calendar) = &self.import.calendar else { return };
        let version = calendar.version();
        let same = before.iter().find(|it| it.version() == version);
        if same.is_some_and(|it| it != calendar) {
            // Orders name the version that decided their due time: it must stay what it was.
            let what = format!("the version {version} is taken by other content; give this one another");
            self.report.bad.add(&Source::file("calendar.json"), At::File, Some("version"), what);
            return;
        }
        let old = in_force.and_then(|version| before.iter().find(|it| it.version() == version));
        if self.plan.summary.calendar.note(old, calendar) {
            self.plan.calendar = Some(calendar.clone());
        }
    }

    fn settings(&mut self, hours: Option<&WorkingHours>, policy: Option<&Policy>) {
        if let Some(now) = &self.import.working_hours
            && self.plan.summary.working_hours.note(hours, now)
        {
            self.plan.working_hours = Some(now.clone());
        }
        if let Some(now) = &self.import.policy
            && self.plan.summary.policy.note(policy, now)
        {
            self.plan.policy = Some(now.clone());
        }
    }
}
