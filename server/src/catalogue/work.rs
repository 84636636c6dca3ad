//! What one person has to do, whole, so that it can be read and done without a network.
//!
//! Which issues those are is asked of the lists everybody uses, and each is shown by the code that shows single issues:
//! nobody is told here what a list or an issue would not tell.

use super::Loaded;
use crate::AppState;
use crate::access::SignedIn;
use crate::error::Result;
use crate::issue::filter::Filter;
use crate::issue::{self, list, store};
use app::bundle::{WORK_ORDERS, WORK_RECHECKS, WORK_REPORTS, Work, is_work_of};
use app::event::Sealed;
use app::id::IssueId;
use app::issue::{Issue, IssueAnswer, Viewer};
use app::order::State;
use app::role::Role;

/// The person's work as it is now. The number of statements does not depend on how much there is.
///
/// # Errors
/// When the database fails.
pub async fn find(state: &AppState, me: &SignedIn, catalogue: &Loaded) -> Result<Work> {
    let (actor, scope, now) = (me.actor(), me.scope(), state.clock.now());
    let mut ids: Vec<IssueId> = Vec::new();
    let mut is_cut = false;
    for question in questions(actor.role) {
        let page = list::page(&state.db, &question.check()?, &scope, actor.user_id, catalogue, now).await?;
        is_cut |= page.next_cursor.is_some();
        for row in page.items {
            // One's own report may also be what one re-checks, where the county allows it.
            if !ids.contains(&row.id) {
                ids.push(row.id);
            }
        }
    }
    let chains = store::chains_of(&state.db, &ids).await?;
    let names = issue::names(&state.db, catalogue, chains.iter().flatten(), actor).await?;
    let viewer = Viewer { actor, policy: &catalogue.bundle.policy };
    let answer = |chain: &Vec<Sealed>| {
        let events = chain.iter().map(Sealed::event);
        // It may have moved on since it was listed, out of this person's sight.
        let issue = Issue::replay(events.clone()).filter(|issue| is_work_of(issue, actor))?;
        Some(IssueAnswer::new(&issue, events, &names, viewer))
    };
    Ok(Work { items: chains.iter().filter_map(answer).collect(), is_cut })
}

/// What the lists are asked for.
fn questions(role: Role) -> Vec<Filter> {
    let open = State::ALL.iter().filter(|state| !matches!(state, State::Closed | State::Reassigned));
    let open = open.map(|state| state.code()).collect::<Vec<_>>().join(",");
    match role {
        Role::Inspector => vec![
            Filter {
                recheck: Some(true),
                sort: Some("due_at".to_owned()),
                limit: Some(WORK_RECHECKS),
                ..Filter::default()
            },
            Filter { mine: Some(true), state: Some(open), limit: Some(WORK_REPORTS), ..Filter::default() },
        ],
        Role::Unit => vec![Filter {
            state: Some(open),
            sort: Some("due_at".to_owned()),
            limit: Some(WORK_ORDERS),
            ..Filter::default()
        }],
        Role::Manager | Role::Admin => Vec::new(),
    }
}
