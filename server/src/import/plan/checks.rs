//! The check lists of an import.

use super::{Planner, by};
use crate::catalogue::store::Check;
use crate::import::place::At;
use crate::import::row::CheckRow;
use crate::import::table::Rows;
use app::clause::Clause;
use app::spot::TypeClause;
use std::collections::{HashMap, HashSet};

impl Planner<'_> {
    pub(super) fn checks(&mut self, before: &[Check], clauses: &[Clause]) {
        let Rows { source, rows, .. } = &self.import.checks;
        let old = by(before, |it| (it.spot_type.as_str(), it.clause.clause_code.as_str()));
        let mut texts: HashMap<&str, &str> =
            clauses.iter().map(|it| (it.code.as_str(), it.text.as_str())).collect();
        texts.extend(self.import.clauses.rows.iter().map(|(_, it)| (it.code.as_str(), it.text.as_str())));
        let mut places = Places::new(before, rows);
        for (at, row) in rows {
            let CheckRow { spot_type, clause, n, note, active } = row;
            if self.spot_types.find(spot_type).is_none() {
                self.spot_types.note_missing(source, *at, "spot_type", spot_type, &mut self.report.bad);
            }
            match (texts.get(clause.as_str()).map(|text| text.contains("{n}")), n) {
                (None, _) => self.clauses.note_missing(source, *at, "clause", clause, &mut self.report.bad),
                (Some(true), None) => {
                    self.report.bad.add(source, *at, Some("n"), "required: the clause's text holds {n}");
                }
                (Some(false), Some(_)) => {
                    self.report.bad.add(
                        source,
                        *at,
                        Some("n"),
                        "must be empty: the clause's text holds no {n}",
                    );
                }
                _ => {}
            }
            let old = old.get(&(spot_type.as_str(), clause.as_str())).copied();
            let check = Check {
                spot_type: spot_type.clone(),
                clause: TypeClause { clause_code: clause.clone(), n: *n, note: note.clone() },
                position: places.next(spot_type, old),
                active: active.unwrap_or_else(|| old.is_none_or(|it| it.active)),
            };
            if self.plan.summary.spot_type_clauses.note(old, &check) {
                self.plan.checks.push(check);
            }
        }
    }
}

/// The places of lines in their lists. A file that has the whole list decides its order; one that has a part leaves
/// the order as it is and adds at the end.
struct Places<'a> {
    whole: HashSet<&'a str>,
    next: HashMap<&'a str, u32>,
}

impl<'a> Places<'a> {
    fn new(before: &'a [Check], rows: &'a [(At, CheckRow)]) -> Self {
        let brought: HashSet<(&str, &str)> =
            rows.iter().map(|(_, it)| (it.spot_type.as_str(), it.clause.as_str())).collect();
        let mut whole: HashSet<&str> = rows.iter().map(|(_, it)| it.spot_type.as_str()).collect();
        for check in before.iter().filter(|it| it.active) {
            if !brought.contains(&(check.spot_type.as_str(), check.clause.clause_code.as_str())) {
                whole.remove(check.spot_type.as_str());
            }
        }
        let mut next: HashMap<&str, u32> = HashMap::new();
        for check in before.iter().filter(|it| !whole.contains(it.spot_type.as_str())) {
            let next = next.entry(check.spot_type.as_str()).or_default();
            *next = (*next).max(check.position + 1);
        }
        for (_, row) in rows {
            next.entry(row.spot_type.as_str()).or_default();
        }
        Self { whole, next }
    }

    fn next(&mut self, spot_type: &str, old: Option<&Check>) -> u32 {
        if let Some(old) = old.filter(|_| !self.whole.contains(spot_type)) {
            return old.position;
        }
        let Some(next) = self.next.get_mut(spot_type) else { return 0 };
        *next += 1;
        *next - 1
    }
}
