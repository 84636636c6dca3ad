//! The chains of many issues, read at once and proved one by one.

use crate::access::Scope;
use crate::db::{Db, Query, query};
use crate::issue::damage;
use crate::issue::store::in_scope;
use app::event::Sealed;
use app::id::IssueId;
use app::issue::Issue;
use app::order::State;
use app::problem::Code;
use std::collections::HashMap;
use uuid::Uuid;

/// Issues with their chains.
#[derive(Debug, Default)]
pub struct Chains {
    /// Those that prove themselves, in the order asked for.
    pub whole: Vec<(Issue, Vec<Sealed>)>,
    /// Those that do not.
    pub damaged: Vec<IssueId>,
}

/// Issues whose chains are read by one statement.
const CHAINS_AT_ONCE: usize = 500;
/// Issues in an unknown state that are told of at once.
const UNKNOWN_AT_ONCE: i64 = 100;

/// The chains of these issues, which are there; beside them, where a scope is given, its issues in a state that this code does
/// not know: no question about states finds those.
pub async fn find(db: &Db, ids: &[IssueId], unknown_in: Option<&Scope>) -> crate::Result<Chains> {
    let mut chains = Chains::default();
    let mut unknown_in = unknown_in;
    let mut rest = ids;
    while !rest.is_empty() || unknown_in.is_some() {
        let (ids, later) = rest.split_at(rest.len().min(CHAINS_AT_ONCE));
        rest = later;
        let mut sql = query("select e.issue_id, e.seq, e.body, e.hash from event e where e.issue_id in ");
        sql.push_list(ids.iter().copied());
        if let Some(scope) = unknown_in.take() {
            // The scope stays outside: with it, an engine may read all that a unit ever had instead of the index by state.
            sql.push(" union all select i.id, 0, i.state, '' from (select * from issue i where ");
            push_unknown_state(&mut sql);
            sql.push(" limit ").push_bind(UNKNOWN_AT_ONCE).push(") i where true");
            in_scope(&mut sql, scope);
        }
        sql.push(" order by 1, 2");
        let rows: Vec<(Uuid, i64, String, String)> = db.fetch_all(sql).await?;
        let mut found: HashMap<Uuid, Vec<(String, String)>> = HashMap::new();
        for (issue, seq, body, hash) in rows {
            if seq == 0 {
                damage::found(IssueId(issue), format_args!("its state {body:?} is not known"));
                chains.damaged.push(IssueId(issue));
            } else {
                found.entry(issue).or_default().push((body, hash));
            }
        }
        for id in ids.iter().filter(|id| !chains.damaged.contains(id)).copied().collect::<Vec<_>>() {
            match proved(id, found.remove(&id.0).unwrap_or_default()) {
                Ok(whole) => chains.whole.push(whole),
                Err(_) => chains.damaged.push(id),
            }
        }
    }
    Ok(chains)
}

/// What the chain of an issue that is there says.
///
/// # Errors
/// `issue_damaged` when it does not begin with this issue's report.
pub(super) fn replay(id: IssueId, chain: &[Sealed]) -> Result<Issue, Code> {
    let issue = Issue::replay(chain.iter().map(Sealed::event)).filter(|issue| issue.id == id);
    issue.ok_or_else(|| damage::found(id, "its chain does not begin with its report"))
}

fn proved(id: IssueId, rows: Vec<(String, String)>) -> Result<(Issue, Vec<Sealed>), Code> {
    let chain = Sealed::read_chain(rows).map_err(|broken| damage::found(id, broken))?;
    Ok((replay(id, &chain)?, chain))
}

/// Appends what holds for issues in a state that this code does not know: between the known ones, so that the index finds them.
fn push_unknown_state(sql: &mut Query) {
    let mut codes: Vec<&str> = State::ALL.iter().map(|state| state.code()).collect();
    codes.sort_unstable();
    sql.push("(i.state < ").push_bind(codes[0]);
    for pair in codes.windows(2) {
        sql.push(" or (i.state > ").push_bind(pair[0]);
        sql.push(" and i.state < ").push_bind(pair[1]);
        sql.push(")");
    }
    sql.push(" or i.state > ").push_bind(codes[codes.len() - 1]);
    sql.push(")");
}
