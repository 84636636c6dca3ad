//! What one person has to do, whole, so that it can be read and done without a network.
//!
//! Which issues those are is asked of the lists everybody uses, and each is shown by the code that shows single issues:
//! nobody is told here what a list or an issue would not tell.

use super::Loaded;
use crate::AppState;
use crate::access::SignedIn;
use crate::error::Result;
use crate::issue::filter::Filter;
use crate::issue::list::{self, Question};
use crate::issue::{self, chains};
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
    let questions = questions(actor.role);
    let has_work = !questions.is_empty();
    for question in questions {
        let (found, has_more) = list::ids(&state.db, &Question::ask(question, me, catalogue, now)?).await?;
        is_cut |= has_more;
        for id in found {
            // One's own report may also be what one re-checks, where the county allows it.
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    let unknown_in = Some(&scope).filter(|_| has_work);
    let chains = chains::find(&state.db, &ids, unknown_in).await?;
    let events = chains.whole.iter().flat_map(|(_, chain)| chain);
    let names = issue::names(&state.db, catalogue, events, actor).await?;
    let viewer = Viewer { actor, policy: &catalogue.bundle.policy };
    // It may have moved on since it was listed, out of this person's sight.
    let whole = chains.whole.iter().filter(|(issue, _)| is_work_of(issue, actor));
    let answer = |(issue, chain): &(Issue, Vec<Sealed>)| {
        IssueAnswer::new(issue, chain.iter().map(Sealed::event), &names, viewer)
    };
    Ok(Work { items: whole.map(answer).collect(), is_cut, damaged: chains.damaged })
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
