//! Issues whose stored record is damaged: the log is told once, and whoever asks hears that it is so and no more.

use app::id::IssueId;
use app::problem::Code;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::{Mutex, PoisonError};

/// What the log was told of: a list that is asked for every minute does not fill it with the same.
static TOLD: Mutex<BTreeSet<IssueId>> = Mutex::new(BTreeSet::new());

/// Logs it, once per process. Returns what the caller is told.
pub(super) fn found(id: IssueId, why: impl Display) -> Code {
    if is_new(id) {
        tracing::error!(issue = %id, %why, "the stored record of an issue is damaged");
    }
    Code::IssueDamaged
}

fn is_new(id: IssueId) -> bool {
    TOLD.lock().unwrap_or_else(PoisonError::into_inner).insert(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_told_once_of_each() {
        let [one, other] = [1, 2].map(|n| IssueId(uuid::Uuid::from_u128(n)));
        assert!(is_new(one) && is_new(other));
        assert_eq!(found(one, "again"), Code::IssueDamaged);
        assert!(!is_new(one) && !is_new(other));
    }
}
