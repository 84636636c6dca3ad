//! The counters, and the open orders past due.

use crate::db::{Db, Error, Query, Tx, query};
use crate::issue::list::{column_of, in_period};
use app::event::Sealed;
use app::id::UnitId;
use app::issue::Issue;
use app::rate::{Basis, CounterMove, GroupBy, Overdue, Tally, counter_moves, day_number};
use app::time::{DAY, SHANGHAI, Timestamp};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What counters are kept by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// The unit of the order.
    Unit,
    /// The type of the spot.
    SpotType,
    /// The clause.
    Clause,
    /// The spot's area.
    Area,
}

impl Dimension {
    const ALL: [Self; 4] = [Self::Unit, Self::SpotType, Self::Clause, Self::Area];

    const fn code(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::SpotType => "spot_type",
            Self::Clause => "clause",
            Self::Area => "area",
        }
    }

    /// The column of `issue i` with the key.
    const fn column(self) -> &'static str {
        match self {
            Self::Unit => "i.unit_id",
            Self::SpotType => "i.spot_type",
            Self::Clause => "i.clause_code",
            Self::Area => "i.area_id",
        }
    }

    fn key(self, issue: &Issue, unit: UnitId) -> String {
        match self {
            Self::Unit => unit.to_string(),
            Self::SpotType => issue.spot_type.clone(),
            Self::Clause => issue.report.clause_code.clone(),
            Self::Area => issue.area_id.to_string(),
        }
    }

    /// The counters that answer a grouping; groups of units and months are put together from finer rows.
    #[must_use]
    pub const fn of(group_by: GroupBy) -> Self {
        match group_by {
            GroupBy::Unit | GroupBy::UnitGroup | GroupBy::Month => Self::Unit,
            GroupBy::SpotType => Self::SpotType,
            GroupBy::Clause => Self::Clause,
            GroupBy::Area => Self::Area,
        }
    }
}

type Key = (&'static str, &'static str, i64, String);

fn spread(issue: &Issue, moves: &[CounterMove]) -> BTreeMap<Key, Tally> {
    let mut rows: BTreeMap<Key, Tally> = BTreeMap::new();
    for it in moves {
        for dimension in Dimension::ALL {
            let key = (dimension.code(), it.basis.code(), it.day, dimension.key(issue, it.unit_id));
            *rows.entry(key).or_default() += it.tally;
        }
    }
    rows.retain(|_, tally| !tally.is_zero());
    rows
}

/// Moves the counters, all in one statement and always in the same order, so that two processes that move the same
/// counters wait for each other instead of locking each other out.
pub async fn move_counters(tx: &mut Tx, issue: &Issue, moves: &[CounterMove]) -> Result<(), Error> {
    add(tx, &spread(issue, moves)).await
}

async fn add(tx: &mut Tx, rows: &BTreeMap<Key, Tally>) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut sql = query(
        "insert into rate_counter (dimension, basis, day, key, dispatched, closed, closed_on_time, replied, reworked,
            rework_rounds, first_rechecks, first_passed, void) values ",
    );
    for (index, ((dimension, basis, day, key), tally)) in rows.iter().enumerate() {
        sql.push(if index == 0 { "(" } else { ", (" }).push_bind(*dimension);
        sql.push(", ").push_bind(*basis);
        sql.push(", ").push_bind(*day);
        sql.push(", ").push_bind(key);
        for figure in tally.figures() {
            sql.push(", ").push_bind(figure);
        }
        sql.push(")");
    }
    sql.push(
        " on conflict (dimension, basis, day, key) do update set
            dispatched = rate_counter.dispatched + excluded.dispatched,
            closed = rate_counter.closed + excluded.closed,
            closed_on_time = rate_counter.closed_on_time + excluded.closed_on_time,
            replied = rate_counter.replied + excluded.replied,
            reworked = rate_counter.reworked + excluded.reworked,
            rework_rounds = rate_counter.rework_rounds + excluded.rework_rounds,
            first_rechecks = rate_counter.first_rechecks + excluded.first_rechecks,
            first_passed = rate_counter.first_passed + excluded.first_passed,
            void = rate_counter.void + excluded.void",
    );
    tx.execute(sql).await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Sums {
    key: String,
    month: i64,
    dispatched: i64,
    closed: i64,
    closed_on_time: i64,
    replied: i64,
    reworked: i64,
    rework_rounds: i64,
    first_rechecks: i64,
    first_passed: i64,
    void: i64,
}

/// The sums of a period by key and month (`202611`): one statement over the days of the period, whatever the history.
pub async fn sums(
    db: &Db,
    dimension: Dimension,
    basis: Basis,
    days: (Timestamp, Timestamp),
    only_units: Option<&[UnitId]>,
) -> Result<Vec<(String, i64, Tally)>, Error> {
    let mut sql = query(
        "select key, day / 100 as month, cast(sum(dispatched) as bigint) as dispatched,
            cast(sum(closed) as bigint) as closed, cast(sum(closed_on_time) as bigint) as closed_on_time,
            cast(sum(replied) as bigint) as replied, cast(sum(reworked) as bigint) as reworked,
            cast(sum(rework_rounds) as bigint) as rework_rounds,
            cast(sum(first_rechecks) as bigint) as first_rechecks,
            cast(sum(first_passed) as bigint) as first_passed, cast(sum(void) as bigint) as void
         from rate_counter where dimension = $1 and basis = $2 and day >= $3 and day <= $4",
    )
    .bind(dimension.code())
    .bind(basis.code())
    .bind(day_number(days.0))
    .bind(day_number(days.1));
    if let Some(units) = only_units {
        sql.push(" and key in ").push_list(units.iter().map(ToString::to_string));
    }
    sql.push(" group by key, day / 100");
    let rows: Vec<Sums> = db.fetch_all(sql).await?;
    let tally = |row: &Sums| Tally {
        dispatched: row.dispatched,
        closed: row.closed,
        closed_on_time: row.closed_on_time,
        replied: row.replied,
        reworked: row.reworked,
        rework_rounds: row.rework_rounds,
        first_rechecks: row.first_rechecks,
        first_passed: row.first_passed,
        void: row.void,
    };
    Ok(rows.into_iter().map(|row| (row.key.clone(), row.month, tally(&row))).collect())
}

/// Open orders past due now, by key: those whose basis lies in the period, and all of them. Their number is what is overdue
/// now, not what ever was.
pub async fn overdue(
    db: &Db,
    dimension: Dimension,
    basis: Basis,
    days: (Timestamp, Timestamp),
    only_units: Option<&[UnitId]>,
    now: Timestamp,
) -> Result<Vec<(String, Overdue)>, Error> {
    let mut sql: Query = query("select ");
    sql.push(dimension.column()).push(" as key, cast(sum(case when true");
    in_period(&mut sql, Some(basis), (Some(days.0), Some(days.1.plus(DAY))));
    sql.push(" then 1 else 0 end) as bigint), count(*)");
    past_due(&mut sql, only_units, now);
    sql.push(" group by ").push(dimension.column());
    let overdue = |in_period, now| Overdue { in_period, now };
    if matches!(dimension, Dimension::Unit | Dimension::Area) {
        let rows: Vec<(Uuid, i64, i64)> = db.fetch_all(sql).await?;
        Ok(rows.into_iter().map(|(key, of_period, all)| (key.to_string(), overdue(of_period, all))).collect())
    } else {
        let rows: Vec<(String, i64, i64)> = db.fetch_all(sql).await?;
        Ok(rows.into_iter().map(|(key, of_period, all)| (key, overdue(of_period, all))).collect())
    }
}

/// Open orders past due now, by the business day of their basis; `None` where that moment has not come.
pub async fn overdue_by_day(
    db: &Db,
    basis: Basis,
    only_units: Option<&[UnitId]>,
    now: Timestamp,
) -> Result<Vec<(Option<Timestamp>, i64)>, Error> {
    // Days of Shanghai since 1970: what whole days of UTC are once its offset is added.
    let offset = i64::from(SHANGHAI.whole_seconds()) * 1_000;
    let mut sql: Query = query("select (");
    sql.push(column_of(Some(basis))).push(" + ").push_bind(offset);
    sql.push(") / ").push_bind(DAY).push(" as day, count(*)");
    past_due(&mut sql, only_units, now);
    sql.push(" group by day");
    let rows: Vec<(Option<i64>, i64)> = db.fetch_all(sql).await?;
    let start = |day: i64| Timestamp::from_millis(day * DAY - offset);
    Ok(rows.into_iter().map(|(day, number)| (day.map(start), number)).collect())
}

/// Appends which issues are open and past due, of these units.
fn past_due(sql: &mut Query, only_units: Option<&[UnitId]>, now: Timestamp) {
    sql.push(" from issue i where i.overdue_from < ").push_bind(now);
    if let Some(units) = only_units {
        sql.push(" and i.unit_id in ").push_list(units.iter().copied());
    }
}

/// Where the counters and a recount from the events differ; empty when they agree exactly.
///
/// # Errors
/// When the database fails or a chain is broken.
pub async fn recount(db: &Db) -> crate::Result<Vec<String>> {
    let issues: Vec<(Uuid,)> = db.fetch_all(query("select id from issue order by id")).await?;
    let mut expected: BTreeMap<Key, Tally> = BTreeMap::new();
    for (id,) in issues {
        let chain = crate::issue::store::chain(db, app::id::IssueId(id)).await?;
        if let Some(issue) = Issue::replay(chain.iter().map(Sealed::event)) {
            for (key, tally) in spread(&issue, &counter_moves(None, Some(&issue))) {
                *expected.entry(key).or_default() += tally;
            }
        }
    }
    let mut differences = Vec::new();
    for dimension in Dimension::ALL {
        for basis in Basis::ALL {
            let rows: Vec<Counter> = db
                .fetch_all(
                    query(
                        "select day, key, dispatched, closed, closed_on_time, replied, reworked, rework_rounds,
                            first_rechecks, first_passed, void
                         from rate_counter where dimension = $1 and basis = $2",
                    )
                    .bind(dimension.code())
                    .bind(basis.code()),
                )
                .await?;
            for row in rows {
                let key = (dimension.code(), basis.code(), row.day, row.key.clone());
                let should = expected.remove(&key).unwrap_or_default();
                if row.figures() != should.figures() {
                    differences.push(format!(
                        "{key:?}: {:?}, the events say {:?}",
                        row.figures(),
                        should.figures()
                    ));
                }
            }
        }
    }
    differences
        .extend(expected.iter().map(|(key, tally)| format!("{key:?}: missing, the events say {tally:?}")));
    Ok(differences)
}

#[derive(sqlx::FromRow)]
struct Counter {
    day: i64,
    key: String,
    dispatched: i64,
    closed: i64,
    closed_on_time: i64,
    replied: i64,
    reworked: i64,
    rework_rounds: i64,
    first_rechecks: i64,
    first_passed: i64,
    void: i64,
}

impl Counter {
    const fn figures(&self) -> [i64; 9] {
        [
            self.dispatched,
            self.closed,
            self.closed_on_time,
            self.replied,
            self.reworked,
            self.rework_rounds,
            self.first_rechecks,
            self.first_passed,
            self.void,
        ]
    }
}
