//! Codes and what they stand for.

use crate::import::finding::Findings;
use crate::import::place::{At, Source};
use crate::import::table::Rows;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// The things of one kind that a row may name: those the database has and those the import brings.
pub(in crate::import) struct Codes<Id> {
    what: &'static str,
    ids: HashMap<String, Id>,
    /// Named by a row of the import that could not be read: naming it again is no second fault.
    unreadable: HashSet<String>,
}

impl<Id: Copy> Codes<Id> {
    /// Every code with its id, old or new.
    pub(super) fn new<T, R>(
        what: &'static str,
        before: &[T],
        old: impl Fn(&T) -> (&String, Id),
        rows: &Rows<R>,
        code: impl Fn(&R) -> &String,
        new_id: impl Fn(&str) -> Id,
    ) -> Self {
        let mut ids: HashMap<String, Id> =
            before.iter().map(&old).map(|(code, id)| (code.clone(), id)).collect();
        for (_, row) in &rows.rows {
            ids.entry(code(row).clone()).or_insert_with(|| new_id(code(row)));
        }
        Self { what, ids, unreadable: rows.named.clone() }
    }

    pub(in crate::import) fn find(&self, code: &str) -> Option<Id> {
        self.ids.get(code).copied()
    }

    pub(in crate::import) fn note_missing(
        &self,
        source: &Source,
        at: At,
        column: &str,
        code: &str,
        bad: &mut Findings,
    ) {
        if self.unreadable.contains(code) {
            return;
        }
        let mut what = format!("no {} has the code {code}", self.what);
        let meant =
            without_zeros(code).and_then(|code| self.ids.keys().find(|it| without_zeros(it) == Some(code)));
        if let Some(meant) = meant {
            what = format!(
                "{what}; {meant} has: a spreadsheet drops leading zeros, so format the column as text"
            );
        }
        bad.add(source, at, Some(column), what);
    }
}

/// A code of digits alone without the zeros it begins with; none for other codes.
pub(super) fn without_zeros(code: &str) -> Option<&str> {
    let is_number = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| code.trim_start_matches('0'))
}

/// Whether following the parents from here leads back here.
pub(super) fn is_in_circle<Id: Copy + Eq + Hash>(id: Id, parents: &HashMap<Id, Option<Id>>) -> bool {
    let mut above = parents.get(&id).copied().flatten();
    for _ in 0..parents.len() {
        match above {
            Some(parent) if parent == id => return true,
            Some(parent) => above = parents.get(&parent).copied().flatten(),
            None => return false,
        }
    }
    false
}
