//! Lists of issues: filtering, sorting and keyset paging. Here SQL is put together, from fixed pieces.

use crate::access::{Scope, SignedIn};
use crate::catalogue::Loaded;
use crate::db::{Db, Query, query};
use crate::error::Result;
use crate::issue::filter::{Checked, Filter, cursor};
use crate::issue::store::in_scope;
use crate::issue::{chains, damage, search};
use app::clause::Severity;
use app::id::{IssueId, OrderId, PhotoId, SpotId, UnitId, UserId};
use app::issue::{COUNT_MOST, IssueCount, IssuePage, IssueRow, StateCount};
use app::order::{ClosingKind, State};
use app::problem::Code;
use app::rate::{Basis, Measure};
use app::time::Timestamp;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    state: String,
    closing_kind: Option<String>,
    closed_at: Option<i64>,
    spot_id: Uuid,
    spot_type: String,
    clause_code: String,
    description: String,
    severity: String,
    reported_at: i64,
    order_id: Option<Uuid>,
    unit_id: Option<Uuid>,
    due_at: Option<i64>,
    overdue_from: Option<i64>,
    is_on_time: Option<bool>,
    confirmed_late_at: Option<i64>,
    round: i64,
    is_recurrence: bool,
    photo_id: Option<Uuid>,
    spot_name: Option<String>,
    clause_text: Option<String>,
    problem: Option<String>,
    unit_name: Option<String>,
    order_limit: Option<String>,
}

/// A question for issues: what is asked by whom, and what it is answered by.
pub struct Question<'a> {
    asked: Checked,
    scope: Scope,
    viewer: UserId,
    /// The units of a group, and the policy of re-checks.
    catalogue: &'a Loaded,
    /// The moment at which something is past due.
    now: Timestamp,
}

impl<'a> Question<'a> {
    /// What this person asks, where it can be asked and may be.
    ///
    /// # Errors
    /// `invalid_parameter`, `invalid_cursor`; `forbidden` to a unit that asks by who inspected.
    pub fn ask(filter: Filter, me: &SignedIn, catalogue: &'a Loaded, now: Timestamp) -> Result<Self> {
        let asked = filter.check()?;
        if !me.actor().role.may_report() && asked.asks_for_reporter() {
            // A unit that could filter by reporter would learn who inspected, one question at a time.
            return Err(Code::Forbidden.into());
        }
        Ok(Self { asked, scope: me.scope(), viewer: me.actor().user_id, catalogue, now })
    }
}

/// One page, by one statement. With the first page, a second statement finds issues whose state is unknown. No chain is read
/// here.
///
/// # Errors
/// When the database fails.
pub async fn page(db: &Db, question: &Question<'_>) -> Result<IssuePage> {
    let (rows, next_cursor) = rows(db, question).await?;
    let mut damaged = if question.asked.after.is_none() {
        chains::find(db, &[], Some(&question.scope)).await?.damaged
    } else {
        Vec::new()
    };
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let id = IssueId(row.id);
        match row.into_answer(question.catalogue) {
            Ok(item) => items.push(item),
            Err(why) => {
                damage::found(id, why);
                if !damaged.contains(&id) {
                    damaged.push(id);
                }
            }
        }
    }
    Ok(IssuePage { items, next_cursor, damaged })
}

/// The ids on one page, and whether there is more. Whoever shows the issues proves them.
///
/// # Errors
/// When the database fails.
pub async fn ids(db: &Db, question: &Question<'_>) -> Result<(Vec<IssueId>, bool)> {
    let (rows, next_cursor) = rows(db, question).await?;
    Ok((rows.into_iter().map(|row| IssueId(row.id)).collect(), next_cursor.is_some()))
}

async fn rows(db: &Db, question: &Question<'_>) -> Result<(Vec<Row>, Option<String>)> {
    let mut rows: Vec<Row> = db.fetch_all(statement(question)).await?;
    let asked = &question.asked;
    let limit = usize::try_from(asked.limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| has_more).map(|row| {
        let key = if asked.sort.by_due { row.due_at.unwrap_or_default() } else { row.reported_at };
        cursor(asked.sort, key, row.id)
    });
    Ok((rows, next_cursor))
}

/// How many issues are asked for, by one statement that looks at no more than [`COUNT_MOST`] and one.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &Db, question: &Question<'_>) -> Result<IssueCount> {
    let mut sql = query("select found.state, count(*) from (select i.state from issue i where true");
    question.push(&mut sql);
    // An issue in a state that nobody knows is told of by the list, and counted nowhere.
    sql.push(" and i.state in ").push_list(State::ALL.iter().map(|state| state.code()));
    sql.push(" limit ").push_bind(COUNT_MOST + 1).push(") as found group by found.state");
    let rows: Vec<(String, i64)> = db.fetch_all(sql).await?;
    let known =
        |(state, number): (String, i64)| Some((State::from_code(&state)?, u32::try_from(number).ok()?));
    let mut states = StateCount::default();
    for (state, number) in rows.into_iter().filter_map(known) {
        states.add(state, number);
    }
    Ok(IssueCount::new(states))
}

fn statement(question: &Question<'_>) -> Query {
    let asked = &question.asked;
    let mut sql = query(
        "select i.id, i.state, i.closing_kind, i.closed_at, i.spot_id, i.spot_type, i.clause_code, i.description,
            i.severity, i.reported_at, i.order_id, i.unit_id, i.due_at, i.overdue_from, i.is_on_time,
            i.confirmed_late_at, i.round, i.is_recurrence, i.photo_id, i.spot_name, i.clause_text, i.problem, i.unit_name, i.order_limit
         from issue i where true",
    );
    question.push(&mut sql);
    if let Some((key, id)) = asked.after {
        sql.push(" and (").push(asked.sort.column()).push(", i.id)");
        sql.push(if asked.sort.is_descending { " < (" } else { " > (" }).push_bind(key);
        sql.push(", ").push_bind(id);
        sql.push(")");
    }
    let direction = if asked.sort.is_descending { " desc" } else { "" };
    sql.push(" order by ").push(asked.sort.column()).push(direction).push(", i.id").push(direction);
    // One more than asked for tells whether there is a next page.
    sql.push(" limit ").push_bind(asked.limit + 1);
    sql
}

impl Question<'_> {
    /// Appends what is asked for and may be seen, without the order and the place in it.
    fn push(&self, sql: &mut Query) {
        let Self { asked, scope, catalogue, .. } = self;
        let (viewer, now) = (self.viewer, self.now);
        let filter = &asked.filter;
        in_scope(sql, scope);
        if !asked.states.is_empty() {
            sql.push(" and i.state in ").push_list(asked.states.iter().map(|state| state.code()));
        }
        if let Some(unit) = filter.unit_id {
            sql.push(" and i.unit_id = ").push_bind(unit);
        }
        if let Some(group) = &filter.unit_group {
            let units = catalogue.bundle.catalogue.units.iter().filter(|unit| unit.group == *group);
            sql.push(" and i.unit_id in ").push_list(units.map(|unit| unit.id));
        }
        if let Some(spot) = filter.spot_id {
            sql.push(" and i.spot_id = ").push_bind(spot);
        }
        if let Some(spot_type) = &filter.spot_type {
            sql.push(" and i.spot_type = ").push_bind(spot_type);
        }
        if let Some(area) = filter.area_id {
            sql.push(" and i.area_id = ").push_bind(area);
        }
        if let Some(clause) = &filter.clause_code {
            sql.push(" and i.clause_code = ").push_bind(clause);
        }
        match filter.overdue {
            Some(true) => {
                sql.push(" and i.overdue_from < ").push_bind(now);
            }
            Some(false) => {
                sql.push(" and (i.overdue_from is null or i.overdue_from >= ").push_bind(now);
                sql.push(")");
            }
            None => {}
        }
        if let Some(mine) = filter.mine {
            sql.push(if mine { " and i.reporter_id = " } else { " and i.reporter_id <> " }).push_bind(viewer);
        }
        if let Some(is_wanted) = filter.recheck {
            sql.push(if is_wanted { " and (" } else { " and not (" }).push("i.state = 'confirmed'");
            if !catalogue.bundle.policy.may_reporter_recheck {
                sql.push(" and i.reporter_id <> ").push_bind(viewer);
            }
            sql.push(")");
        }
        in_period(sql, asked.basis, asked.days);
        if let Some(measure) = asked.measure {
            counted_by(sql, measure, now);
        }
        search::in_words(sql, filter.q.as_deref().unwrap_or_default(), &catalogue.bundle.catalogue);
        if asked.sort.by_due {
            sql.push(" and i.due_at is not null");
        }
    }
}

/// Appends the period by a basis; the time of the report when there is none.
pub(crate) fn in_period(sql: &mut Query, basis: Option<Basis>, days: (Option<Timestamp>, Option<Timestamp>)) {
    let column = column_of(basis);
    if let Some(from) = days.0 {
        sql.push(" and ").push(column).push(" >= ").push_bind(from);
    }
    if let Some(end) = days.1 {
        sql.push(" and ").push(column).push(" < ").push_bind(end);
    }
}

/// The column of `issue i` with the moment of a basis.
pub(crate) const fn column_of(basis: Option<Basis>) -> &'static str {
    match basis {
        None => "i.reported_at",
        Some(Basis::Due) => "i.due_at",
        Some(Basis::Dispatched) => "i.dispatched_at",
        Some(Basis::Closed) => "i.ended_at",
    }
}

/// Appends what a figure of the rates counts, so that a number on a screen and its list agree.
fn counted_by(sql: &mut Query, measure: Measure, now: Timestamp) {
    if measure == Measure::Void {
        sql.push(" and i.closing_kind = 'void' and i.order_id is not null");
        return;
    }
    sql.push(" and i.order_id is not null and (i.closing_kind is null or i.closing_kind <> 'void')");
    match measure {
        Measure::Void | Measure::Dispatched => {}
        Measure::Closed => {
            sql.push(" and i.state = 'closed'");
        }
        Measure::ClosedOnTime => {
            sql.push(" and i.state = 'closed' and i.is_on_time");
        }
        Measure::OpenOverdue => {
            sql.push(" and i.overdue_from < ").push_bind(now);
        }
        Measure::Due => {
            sql.push(" and (i.state = 'closed' or i.overdue_from < ").push_bind(now);
            sql.push(")");
        }
        Measure::Replied => {
            sql.push(" and i.is_replied");
        }
        Measure::Reworked => {
            sql.push(" and i.round > 1");
        }
        Measure::FirstRechecks => {
            sql.push(" and i.first_recheck_passed is not null");
        }
        Measure::FirstPassed => {
            sql.push(" and i.first_recheck_passed");
        }
    }
}

impl Row {
    /// The row as it is shown; a word that this code does not know is said, and never taken for another.
    fn into_answer(self, catalogue: &Loaded) -> Result<IssueRow, String> {
        let unknown = |what: &str, code: &str| format!("its {what} {code:?} is not known");
        let closing_kind = self.closing_kind.as_deref();
        let closing_kind = closing_kind
            .map(|code| ClosingKind::from_code(code).ok_or_else(|| unknown("closing", code)))
            .transpose()?;
        // Today's words, for issues whose events do not tell those of their day.
        let spot = catalogue.spot(SpotId(self.spot_id));
        let unit_today = self.unit_id.and_then(|id| catalogue.unit(UnitId(id)));
        let limit_today = catalogue.clause(&self.clause_code).map(|clause| clause.limit);
        Ok(IssueRow {
            id: IssueId(self.id),
            state: State::from_code(&self.state).ok_or_else(|| unknown("state", &self.state))?,
            closing_kind,
            spot_id: SpotId(self.spot_id),
            spot_name: self.spot_name.or_else(|| spot.map(|spot| spot.name.clone())).unwrap_or_default(),
            clause_text: self
                .clause_text
                .unwrap_or_else(|| catalogue.clause_text(&self.spot_type, &self.clause_code)),
            clause_code: self.clause_code,
            problem: self.problem,
            description: self.description,
            severity: Severity::from_code(&self.severity)
                .ok_or_else(|| unknown("severity", &self.severity))?,
            reported_at: Timestamp::from_millis(self.reported_at),
            order_id: self.order_id.map(OrderId),
            unit_id: self.unit_id.map(UnitId),
            unit_name: self.unit_name.or_else(|| unit_today.map(|unit| unit.name.clone())),
            limit: self.order_limit.and_then(|limit| limit.parse().ok()).or(limit_today),
            due_at: self.due_at.map(Timestamp::from_millis),
            overdue_from: self.overdue_from.map(Timestamp::from_millis),
            closed_at: self.closed_at.map(Timestamp::from_millis),
            is_on_time: self.is_on_time,
            confirmed_late_at: self.confirmed_late_at.map(Timestamp::from_millis),
            round: u32::try_from(self.round).unwrap_or(u32::MAX),
            is_recurrence: self.is_recurrence,
            photo_id: self.photo_id.map(PhotoId),
        })
    }
}
