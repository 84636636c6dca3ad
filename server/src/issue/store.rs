//! Issues in the database: the chain of events, and the rows beside it that say the same.

use crate::access::{Reach, Scope};
use crate::db::{Db, Error, On, Query, Tx, query};
use crate::issue::{chains, damage};
use app::event::Sealed;
use app::id::{EventId, IssueId, OrderId, PhotoId, SpotId, UserId};
use app::issue::{Decided, Issue};
use app::order::{Order, State};
use app::rate::counter_moves;
use app::time::Timestamp;
use std::collections::HashMap;
use uuid::Uuid;

/// The whole chain of an issue, proved; empty when there is none. For deciding; what is shown goes through [`find`].
///
/// # Errors
/// `issue_damaged` when it does not prove itself.
pub async fn chain(on: impl Into<On<'_>>, id: IssueId) -> crate::Result<Vec<Sealed>> {
    let rows: Vec<(String, String)> = on
        .into()
        .fetch_all(query("select body, hash from event where issue_id = $1 order by seq").bind(id))
        .await?;
    Ok(Sealed::read_chain(rows).map_err(|broken| damage::found(id, broken))?)
}

/// An issue with its chain, if it lies in the scope.
///
/// # Errors
/// `issue_damaged` when what is stored of it does not prove itself.
pub async fn find(db: &Db, id: IssueId, scope: &Scope) -> crate::Result<Option<(Issue, Vec<Sealed>)>> {
    if !is_in_scope(db, id, scope).await? {
        return Ok(None);
    }
    let chain = chain(db, id).await?;
    Ok(Some((chains::replay(id, &chain)?, chain)))
}

/// Whether there is such an issue, and it lies in the scope.
///
/// # Errors
/// `issue_damaged` when it does and its state cannot be read.
pub async fn is_in_scope(on: impl Into<On<'_>>, id: IssueId, scope: &Scope) -> crate::Result<bool> {
    let mut visible = query("select i.state from issue i where i.id = $1").bind(id);
    in_scope(&mut visible, scope);
    let found: Option<(String,)> = on.into().fetch_optional(visible).await?;
    match found {
        Some((state,)) if State::from_code(&state).is_none() => {
            Err(damage::found(id, format_args!("its state {state:?} is not known")).into())
        }
        found => Ok(found.is_some()),
    }
}

/// Appends ` and …` that holds for the issues `i` of this scope.
pub(crate) fn in_scope(sql: &mut Query, scope: &Scope) {
    match scope.reach() {
        Reach::Office => {}
        // An inspector sees what is one's own, and what waits for somebody to re-check it.
        Reach::Inspector(user) => {
            sql.push(" and (i.reporter_id = ").push_bind(*user);
            sql.push(" or i.rechecker_id = ").push_bind(*user);
            sql.push(" or i.state = 'confirmed')");
        }
        Reach::Units(units) => {
            sql.push(" and i.unit_id in ").push_list(units.iter().copied());
        }
    }
}

/// Appends ` and …` that holds for the photos `p`, joined with their issue `i`, that this person may see: one's own, and those of
/// issues in the scope.
pub(crate) fn photo_in_scope(sql: &mut Query, viewer: UserId, scope: &Scope) {
    sql.push(" and (p.uploader_id = ").push_bind(viewer).push(" or (i.id is not null");
    in_scope(sql, scope);
    sql.push("))");
}

/// The issue of an order, if both lie in the scope: a unit that has an issue by now sees nothing of the order before it.
pub async fn find_by_order(
    on: impl Into<On<'_>>,
    order: OrderId,
    scope: &Scope,
) -> Result<Option<IssueId>, Error> {
    let mut visible =
        query("select i.id from unit_order o join issue i on i.id = o.issue_id where o.id = $1").bind(order);
    in_scope(&mut visible, scope);
    if let Reach::Units(units) = scope.reach() {
        visible.push(" and o.unit_id in ").push_list(units.iter().copied());
    }
    let row: Option<(Uuid,)> = on.into().fetch_optional(visible).await?;
    Ok(row.map(|(id,)| IssueId(id)))
}

/// The issue of an order, whoever may see it. For deciding; what is shown goes through [`find_by_order`].
pub async fn issue_of(db: &Db, order: OrderId) -> Result<Option<IssueId>, Error> {
    let row: Option<(Uuid,)> =
        db.fetch_optional(query("select issue_id from unit_order where id = $1").bind(order)).await?;
    Ok(row.map(|(id,)| IssueId(id)))
}

/// An event by its id, with whoever made it and the hash of what was asked for: a repeated step is known by them.
pub async fn find_event(
    on: impl Into<On<'_>>,
    id: EventId,
) -> Result<Option<(IssueId, UserId, Option<String>)>, Error> {
    let row: Option<(Uuid, Uuid, Option<String>)> = on
        .into()
        .fetch_optional(query("select issue_id, actor_id, request_hash from event where id = $1").bind(id))
        .await?;
    Ok(row.map(|(issue, actor, hash)| (IssueId(issue), UserId(actor), hash)))
}

/// The latest issue of the same spot and clause that was put right since `since`: a new one is its recurrence (反弹).
pub async fn find_recurrence(
    tx: &mut Tx,
    spot: SpotId,
    clause_code: &str,
    since: Timestamp,
) -> Result<Option<IssueId>, Error> {
    let row: Option<(Uuid,)> = tx
        .fetch_optional(
            query(
                "select id from issue where spot_id = $1 and clause_code = $2 and closed_at >= $3
                 and closing_kind in ('verified', 'fixed_on_spot') order by closed_at desc limit 1",
            )
            .bind(spot)
            .bind(clause_code)
            .bind(since),
        )
        .await?;
    Ok(row.map(|(id,)| IssueId(id)))
}

/// Writes what was decided: the events, and the rows and counters that follow from them. A [`Decided`] exists only
/// where the guards were passed, so nothing more is asked here.
pub async fn append(tx: &mut Tx, decided: &Decided, request_hash: &str, search: &str) -> Result<(), Error> {
    create_events(tx, decided, request_hash).await?;
    match decided.before() {
        None => create_issue(tx, decided.after(), search).await?,
        Some(_) => update_issue(tx, decided.after(), search).await?,
    }
    for order in changed_orders(decided) {
        save_order(tx, decided.after(), order).await?;
    }
    crate::rate::store::move_counters(
        tx,
        decided.after(),
        &counter_moves(decided.before(), Some(decided.after())),
    )
    .await
}

fn changed_orders(decided: &Decided) -> impl Iterator<Item = &Order> {
    let before = decided.before().map_or(&[][..], |issue| &issue.orders);
    decided
        .after()
        .orders
        .iter()
        .enumerate()
        .filter(|(index, order)| before.get(*index) != Some(*order))
        .map(|it| it.1)
}

async fn create_events(tx: &mut Tx, decided: &Decided, request_hash: &str) -> Result<(), Error> {
    let mut sql = query(
        "insert into event (issue_id, seq, id, area_id, order_id, actor_id, server_at, request_hash, body, hash) values ",
    );
    for (index, sealed) in decided.events().iter().enumerate() {
        let event = sealed.event();
        sql.push(if index == 0 { "(" } else { ", (" }).push_bind(event.issue_id);
        sql.push(", ").push_bind(event.seq);
        sql.push(", ").push_bind(event.id);
        sql.push(", ").push_bind(decided.after().area_id);
        sql.push(", ").push_bind(event.order_id);
        sql.push(", ").push_bind(event.actor_id);
        sql.push(", ").push_bind(event.server_at);
        sql.push(", ").push_bind((index == 0).then_some(request_hash));
        sql.push(", ").push_bind(sealed.body());
        sql.push(", ").push_bind(sealed.hash());
        sql.push(")");
    }
    tx.execute(sql).await?;
    Ok(())
}

async fn create_issue(tx: &mut Tx, issue: &Issue, search: &str) -> Result<(), Error> {
    let report = &issue.report;
    let sql = query(
        "insert into issue (closing_kind, closed_at, rechecker_id, state, order_id, unit_id, dispatched_at, due_at,
            overdue_from, ended_at, is_on_time, confirmed_late_at, is_replied, first_recheck_passed, round, last_seq,
            search, unit_name, order_limit, id, area_id, spot_id, spot_type, clause_code, severity, description, reporter_id,
            reported_at, is_recurrence, photo_id, spot_name, clause_text, problem)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)",
    );
    let sql = bind_changing(sql, issue, search)
        .bind(issue.area_id)
        .bind(report.spot_id)
        .bind(&issue.spot_type)
        .bind(&report.clause_code)
        .bind(report.severity.code())
        .bind(&report.description)
        .bind(issue.reporter_id)
        .bind(issue.reported_at)
        .bind(issue.recurs.is_some())
        .bind(report.photo_ids.first().copied())
        .bind(issue.named.as_ref().map(|named| &named.spot_name))
        .bind(issue.named.as_ref().map(|named| &named.clause_text))
        .bind(issue.named.as_ref().map(|named| &named.problem).filter(|problem| !problem.is_empty()));
    tx.execute(sql).await?;
    Ok(())
}

async fn update_issue(tx: &mut Tx, issue: &Issue, search: &str) -> Result<(), Error> {
    let sql = query(
        "update issue set closing_kind = $1, closed_at = $2, rechecker_id = $3, state = $4, order_id = $5,
            unit_id = $6, dispatched_at = $7, due_at = $8, overdue_from = $9, ended_at = $10, is_on_time = $11,
            confirmed_late_at = $12, is_replied = $13, first_recheck_passed = $14, round = $15, last_seq = $16,
            search = $17, unit_name = $18, order_limit = $19
         where id = $20",
    );
    tx.execute(bind_changing(sql, issue, search)).await?;
    Ok(())
}

/// The columns that steps change, `$1` to `$19`, and the id, `$20`.
fn bind_changing(sql: Query, issue: &Issue, search: &str) -> Query {
    let order = issue.order();
    sql.bind(issue.closing.map(|(kind, _)| kind.code()))
        .bind(issue.closing.map(|(_, at)| at))
        .bind(order.and_then(|order| order.rechecker_id))
        .bind(issue.state.code())
        .bind(order.map(|order| order.id))
        .bind(order.map(|order| order.unit_id))
        .bind(order.map(|order| order.dispatched_at))
        .bind(order.map(|order| order.due_at))
        .bind(order.and_then(Order::overdue_from))
        .bind(order.and_then(|order| order.ended_at))
        .bind(order.and_then(Order::is_on_time))
        .bind(order.and_then(Order::confirmed_late_at))
        .bind(order.is_some_and(|order| order.replied_at.is_some()))
        .bind(order.and_then(|order| order.first_recheck_passed))
        .bind(order.map_or(0, |order| order.round))
        .bind(issue.last_seq)
        .bind(search)
        .bind(order.map(|order| &order.unit_name).filter(|name| !name.is_empty()))
        .bind(order.map(|order| order.clock.limit().to_string()))
        .bind(issue.id)
}

async fn save_order(tx: &mut Tx, issue: &Issue, order: &Order) -> Result<(), Error> {
    let sql = query(
        "insert into unit_order (id, area_id, issue_id, unit_id, state, dispatched_at, due_at, ended_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (id) do update set state = excluded.state, due_at = excluded.due_at, ended_at = excluded.ended_at",
    )
    .bind(order.id)
    .bind(issue.area_id)
    .bind(issue.id)
    .bind(order.unit_id)
    .bind(order.state.code())
    .bind(order.dispatched_at)
    .bind(order.due_at)
    .bind(order.ended_at);
    tx.execute(sql).await?;
    Ok(())
}

/// The names of these people.
pub(super) async fn names_of(db: &Db, people: &[UserId]) -> Result<HashMap<UserId, String>, Error> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = query("select id, name from account where id in ");
    sql.push_list(people.iter().copied());
    let rows: Vec<(Uuid, String)> = db.fetch_all(sql).await?;
    Ok(rows.into_iter().map(|(id, name)| (UserId(id), name)).collect())
}

/// What is known of a photo that a report or a step names.
#[derive(sqlx::FromRow)]
struct NamedPhoto {
    id: Uuid,
    uploader_id: Uuid,
    issue_id: Option<Uuid>,
    event_seq: Option<i64>,
}

impl NamedPhoto {
    fn is_of(&self, uploader: UserId, issue: IssueId, seq: u32) -> bool {
        self.uploader_id == uploader.0
            && self.issue_id == Some(issue.0)
            && self.event_seq == Some(i64::from(seq))
    }
}

/// Which of the named photos cannot be taken.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PhotoTrouble {
    /// Those that have not arrived, as far as the uploader may know.
    pub missing: Vec<PhotoId>,
    /// Those that somebody else took, or that belong to another issue or step.
    pub not_yours: Vec<PhotoId>,
}

/// Gives photos to an event, or says which cannot be taken; the transaction is then of no more use.
pub async fn attach_photos(
    tx: &mut Tx,
    ids: &[PhotoId],
    (uploader, scope): (UserId, &Scope),
    (issue, seq): (IssueId, u32),
) -> Result<Result<(), PhotoTrouble>, Error> {
    if ids.is_empty() {
        return Ok(Ok(()));
    }
    // Taken first and looked at afterwards: of two issues that name a photo at the same moment, one gets it.
    let mut sql =
        query("update photo set issue_id = $1, event_seq = $2 where uploader_id = $3 and issue_id is null")
            .bind(issue)
            .bind(seq)
            .bind(uploader);
    sql.push(" and id in ").push_list(ids.iter().copied());
    if usize::try_from(tx.execute(sql).await?) == Ok(ids.len()) {
        return Ok(Ok(()));
    }
    // What one may not see is missing, as if it were not there: ids cannot be tried out here either.
    let mut sql = query(
        "select p.id, p.uploader_id, p.issue_id, p.event_seq from photo p left join issue i on i.id = p.issue_id
         where p.id in ",
    );
    sql.push_list(ids.iter().copied());
    photo_in_scope(&mut sql, uploader, scope);
    let found: Vec<NamedPhoto> = tx.fetch_all(sql).await?;
    let found: HashMap<Uuid, NamedPhoto> = found.into_iter().map(|photo| (photo.id, photo)).collect();
    let mut trouble = PhotoTrouble::default();
    for id in ids {
        match found.get(&id.0) {
            None => trouble.missing.push(*id),
            Some(photo) if photo.is_of(uploader, issue, seq) => {}
            Some(_) => trouble.not_yours.push(*id),
        }
    }
    Ok(Err(trouble))
}
