//! What a person reports most at each type of spot, as this phone remembers: those clauses stand first in the list.

use std::collections::BTreeMap;

use app::id::UserId;

use crate::globals::{store, stored};

/// How many clauses are offered first.
const FIRST: usize = 5;

/// How often a clause was reported, by the spot's type and the clause's code.
type Counts = BTreeMap<String, BTreeMap<String, u32>>;

fn key(user: UserId) -> String {
    format!("spotfix-usual-{user}")
}

fn counts(user: UserId) -> Counts {
    // What cannot be read is as good as nothing: it only orders a list.
    stored(&key(user)).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Counts a report.
pub(crate) fn note(user: UserId, spot_type: &str, clause_code: &str) {
    let mut counts = counts(user);
    *counts.entry(spot_type.to_owned()).or_default().entry(clause_code.to_owned()).or_default() += 1;
    if let Ok(text) = serde_json::to_string(&counts) {
        store(&key(user), &text);
    }
}

/// The codes of the clauses that this person reports most at spots of this type, the most frequent first.
#[must_use]
pub(crate) fn first(user: UserId, spot_type: &str) -> Vec<String> {
    let mut codes: Vec<(String, u32)> =
        counts(user).remove(spot_type).unwrap_or_default().into_iter().collect();
    codes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    codes.into_iter().take(FIRST).map(|(code, _)| code).collect()
}
