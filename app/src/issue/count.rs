//! How many issues a question finds: what a tab and the head of a list say.

use crate::order::State;
use serde::{Deserialize, Serialize};

/// Beyond so many issues nobody counts: the answer is then "more than".
pub const COUNT_MOST: u32 = 10_000;

/// How many issues a question finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssueCount {
    /// All of them; 10 000 where `is_more`.
    pub total: u32,
    /// There are more than were counted, and each number is the least there can be.
    pub is_more: bool,
    /// How many are in each state.
    pub states: StateCount,
}

/// How many issues are in each state that an issue can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StateCount {
    /// 待交办.
    pub pool: u32,
    /// 已交办.
    pub dispatched: u32,
    /// 已签收.
    pub accepted: u32,
    /// 已反馈.
    pub replied: u32,
    /// 待复查.
    pub confirmed: u32,
    /// 返工.
    pub rework: u32,
    /// 退单待裁定.
    pub returned: u32,
    /// 销号.
    pub closed: u32,
}

impl StateCount {
    /// The number of a state; [`State::Reassigned`] is never an issue's.
    const fn of(&mut self, state: State) -> Option<&mut u32> {
        match state {
            State::Pool => Some(&mut self.pool),
            State::Dispatched => Some(&mut self.dispatched),
            State::Accepted => Some(&mut self.accepted),
            State::Replied => Some(&mut self.replied),
            State::Confirmed => Some(&mut self.confirmed),
            State::Rework => Some(&mut self.rework),
            State::Returned => Some(&mut self.returned),
            State::Closed => Some(&mut self.closed),
            State::Reassigned => None,
        }
    }

    /// How many are in any of these states.
    #[must_use]
    pub fn of_any(mut self, states: &[State]) -> u32 {
        states.iter().filter_map(|state| self.of(*state).copied()).sum()
    }

    /// Counts some more in this state.
    pub const fn add(&mut self, state: State, number: u32) {
        if let Some(counted) = self.of(state) {
            *counted += number;
        }
    }
}

impl IssueCount {
    /// The count of what was found, of at most one more than [`COUNT_MOST`].
    #[must_use]
    pub fn new(states: StateCount) -> Self {
        let found = states.of_any(State::ALL);
        Self { total: found.min(COUNT_MOST), is_more: found > COUNT_MOST, states }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_most_is_said_and_not_counted() {
        let count = |closed| IssueCount::new(StateCount { pool: 1, closed, ..StateCount::default() });
        assert_eq!((count(7).total, count(7).is_more), (8, false));
        assert_eq!((count(COUNT_MOST - 1).total, count(COUNT_MOST - 1).is_more), (COUNT_MOST, false));
        assert_eq!((count(COUNT_MOST).total, count(COUNT_MOST).is_more), (COUNT_MOST, true));
        assert_eq!(count(7).states.of_any(&[State::Closed, State::Pool]), 8);
        assert_eq!(count(7).states.of_any(&[State::Replied]), 0);
    }

    #[test]
    fn each_state_is_counted_under_its_own_name() {
        for state in State::ALL.iter().copied().filter(|state| *state != State::Reassigned) {
            let mut states = StateCount::default();
            states.add(state, 3);
            assert_eq!(states.of_any(State::ALL), 3);
            assert_eq!(serde_json::to_value(states).expect("JSON")[state.code()], 3, "{state:?}");
        }
    }
}
