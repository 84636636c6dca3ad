//! How many issues a question finds: what a tab and the head of a list say.

use crate::order::State;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Beyond so many issues nobody counts: the answer is then "more than".
pub const COUNT_MOST: u32 = 10_000;

/// How many issues a question finds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssueCount {
    /// All of them; where `is_more`, [`COUNT_MOST`].
    pub total: u32,
    /// There are more than were counted, and each number is the least there can be.
    pub is_more: bool,
    /// How many are in each state; a state without any is missing.
    pub states: BTreeMap<State, u32>,
}

impl IssueCount {
    /// The count of what was found, of at most one more than [`COUNT_MOST`].
    #[must_use]
    pub fn new(states: BTreeMap<State, u32>) -> Self {
        let found: u32 = states.values().sum();
        Self { total: found.min(COUNT_MOST), is_more: found > COUNT_MOST, states }
    }

    /// How many are in any of the states for which `holds`.
    pub fn of(&self, holds: impl Fn(State) -> bool) -> u32 {
        self.states.iter().filter(|(state, _)| holds(**state)).map(|(_, number)| number).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_most_is_said_and_not_counted() {
        let count = |closed| IssueCount::new(BTreeMap::from([(State::Pool, 1), (State::Closed, closed)]));
        assert_eq!((count(7).total, count(7).is_more), (8, false));
        assert_eq!((count(COUNT_MOST - 1).total, count(COUNT_MOST - 1).is_more), (COUNT_MOST, false));
        assert_eq!((count(COUNT_MOST).total, count(COUNT_MOST).is_more), (COUNT_MOST, true));
        assert_eq!(count(7).of(|state| state == State::Closed), 7);
        assert_eq!(count(7).of(|state| state == State::Replied), 0);
    }
}
