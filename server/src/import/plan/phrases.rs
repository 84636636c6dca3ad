//! The common problems of an import: each belongs to a clause, which is written with them.

use super::Planner;
use crate::import::row::PhraseRow;
use crate::import::table::Rows;
use app::clause::{Clause, Phrase};
use std::collections::HashMap;

impl Planner<'_> {
    /// Those that are named come first, in their order; those that are not stay behind them.
    pub(super) fn phrases(&mut self, before: &[Clause]) {
        let Rows { source, rows, .. } = &self.import.phrases;
        let mut named: HashMap<&str, Vec<Phrase>> = HashMap::new();
        let old_phrase = |clause: &str, code: &str| {
            before.iter().find(|it| it.code == clause).and_then(|it| it.phrase(code))
        };
        for (at, row) in rows {
            let PhraseRow { clause, letter, text, severity, active } = row;
            if self.clauses.find(clause).is_none() {
                self.clauses.note_missing(source, *at, "clause", clause, &mut self.report.bad);
                continue;
            }
            let code = format!("{clause}{letter}");
            let old = old_phrase(clause, &code);
            let active = active.unwrap_or_else(|| old.is_none_or(|it| it.active));
            let phrase = Phrase { code, text: text.clone(), severity: *severity, active };
            self.plan.summary.phrases.note(old, &phrase);
            named.entry(clause).or_default().push(phrase);
        }
        for (code, mut phrases) in named {
            let planned = self.plan.clauses.iter_mut().find(|it| it.code == code);
            let there = before.iter().find(|it| it.code == code);
            let old = planned.as_ref().map_or(there, |it| Some(&**it)).map(|it| it.phrases.clone());
            let rest = old.iter().flatten().filter(|it| phrases.iter().all(|new| new.code != it.code));
            let rest: Vec<Phrase> = rest.cloned().collect();
            phrases.extend(rest);
            if old.as_ref() == Some(&phrases) {
                continue;
            }
            match (planned, there) {
                (Some(clause), _) => clause.phrases = phrases,
                (None, Some(clause)) => self.plan.clauses.push(Clause { phrases, ..clause.clone() }),
                // A clause that is neither there nor planned was refused above.
                (None, None) => {}
            }
        }
    }
}
