//! What an import did, in numbers.

use super::finding::Findings;
use std::fmt;

/// Rows of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// That were not there before.
    pub added: usize,
    /// That were there and said something else.
    pub changed: usize,
    /// That were there and said the same.
    pub unchanged: usize,
}

impl Count {
    /// Counts a row and tells whether it has to be written.
    pub(super) fn note<T: PartialEq>(&mut self, before: Option<&T>, now: &T) -> bool {
        match before {
            None => self.added += 1,
            Some(before) if before == now => {
                self.unchanged += 1;
                return false;
            }
            Some(_) => self.changed += 1,
        }
        true
    }

    const fn is_there(&self) -> bool {
        self.added + self.changed + self.unchanged > 0
    }
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// `units`
    pub units: Count,
    /// `areas`
    pub areas: Count,
    /// `spot_types`
    pub spot_types: Count,
    /// `clauses`
    pub clauses: Count,
    /// `phrases`
    pub phrases: Count,
    /// `spot_type_clauses`
    pub spot_type_clauses: Count,
    /// `spots`
    pub spots: Count,
    /// `routing_rules`
    pub routing_rules: Count,
    /// `users`
    pub users: Count,
    /// `calendar.json`, as one row.
    pub calendar: Count,
    /// `working_hours.json`, as one row.
    pub working_hours: Count,
    /// `policy.json`, as one row.
    pub policy: Count,
    /// What was read otherwise than it stands there, and what is worth a second look.
    pub notes: Findings,
}

impl fmt::Display for Summary {
    /// A line per kind of row that was in the files.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            ("units", self.units),
            ("areas", self.areas),
            ("spot_types", self.spot_types),
            ("clauses", self.clauses),
            ("phrases", self.phrases),
            ("spot_type_clauses", self.spot_type_clauses),
            ("spots", self.spots),
            ("routing_rules", self.routing_rules),
            ("users", self.users),
            ("calendar", self.calendar),
            ("working_hours", self.working_hours),
            ("policy", self.policy),
        ];
        for (name, Count { added, changed, unchanged }) in counts.into_iter().filter(|it| it.1.is_there()) {
            writeln!(f, "{name:<18}{added:>6} added {changed:>6} changed {unchanged:>6} unchanged")?;
        }
        Ok(())
    }
}
