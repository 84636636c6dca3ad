//! Rates over a period.

use crate::AppState;
use crate::access::{Reach, SignedIn};
use crate::catalogue::Loaded;
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::issue::filter::day;
use crate::rate::store::{self, Dimension};
use app::id::{AreaId, UnitId};
use app::problem::{Code, FieldCode, FieldProblem, Problem};
use app::rate::{Basis, GroupBy, Overdue, RateRow, Rates, Tally, day_number};
use app::time::{DAY, Timestamp};
use axum::extract::State;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The period when none is asked for, in days up to today.
const DEFAULT_DAYS: i64 = 30;
/// The longest period, in days: ten years and a little.
const MAX_DAYS: i64 = 3_700;

/// The paths of this noun.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(find_rates))
}

/// What is asked for.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Question {
    /// First business day, `2026-11-01`; thirty days before `to` when absent.
    from: Option<String>,
    /// Last business day, inclusive; today when absent.
    to: Option<String>,
    /// By which time orders belong to the period.
    #[serde(default)]
    basis: Basis,
    /// What is grouped by.
    #[serde(default)]
    group_by: GroupBy,
}

/// Rates of a period. The office sees every group; a unit sees its own figures and nobody else's.
#[utoipa::path(
    get, path = "/api/rates", tag = "rate", params(Question),
    responses(
        (status = 200, description = "The figures, with numerator and denominator of every rate", body = Rates),
        (status = 400, description = "`unknown_parameter`, `invalid_parameter`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_rates(
    State(state): State<AppState>,
    me: SignedIn,
    Query(asked): Query<Question>,
) -> Result<Json<Rates>> {
    let now = state.clock.now();
    let days = period(&asked, now)?;
    let scope = me.scope();
    let only_units = match scope.reach() {
        Reach::Office => None,
        // What other units did is not this unit's to compare with until a ranking is published.
        Reach::Units(units) if matches!(asked.group_by, GroupBy::Unit | GroupBy::Month) => {
            Some(units.as_slice())
        }
        Reach::Units(_) | Reach::Inspector(_) => return Err(Code::Forbidden.into()),
    };
    let dimension = Dimension::of(asked.group_by);
    let sums = store::sums(&state.db, dimension, asked.basis, days, only_units).await?;
    let past_due = overdue(&state, &asked, days, only_units, now).await?;
    let catalogue = state.catalogue.get().await?;

    let mut groups: BTreeMap<String, (Tally, Overdue)> = BTreeMap::new();
    let mut total = (Tally::default(), Overdue::default());
    for (key, month, tally) in sums {
        groups.entry(group_key(asked.group_by, &key, month, &catalogue)).or_default().0 += tally;
        total.0 += tally;
    }
    for (key, month, overdue) in past_due {
        let key = group_key(asked.group_by, &key, month, &catalogue);
        // A month's row counts its month alone. What is overdue outside the period is in the total only.
        if asked.group_by != GroupBy::Month || overdue.in_period > 0 {
            groups.entry(key).or_default().1 += overdue;
        }
        total.1 += overdue;
    }
    // What left a group again, by a reassignment say, leaves a counter of nothing behind.
    groups.retain(|_, (tally, overdue)| !tally.is_zero() || overdue.now > 0);
    let mut items: Vec<RateRow> = groups
        .into_iter()
        .map(|(key, (tally, overdue))| {
            let (name, group) = name_of(asked.group_by, &key, &catalogue);
            RateRow::new(key, name, group, tally, overdue)
        })
        .collect();
    items.sort_by(|a, b| (&a.group, &a.name, &a.key).cmp(&(&b.group, &b.name, &b.key)));
    Ok(Json(Rates {
        from: days.0.date().to_string(),
        to: days.1.date().to_string(),
        basis: asked.basis,
        group_by: asked.group_by,
        as_of: now,
        total: RateRow::new(String::new(), String::new(), None, total.0, total.1),
        items,
    }))
}

/// Open orders past due, by the key of the counters and, where months are asked for, the month.
async fn overdue(
    state: &AppState,
    asked: &Question,
    days: (Timestamp, Timestamp),
    only_units: Option<&[UnitId]>,
    now: Timestamp,
) -> Result<Vec<(String, i64, Overdue)>> {
    if asked.group_by != GroupBy::Month {
        let dimension = Dimension::of(asked.group_by);
        let found = store::overdue(&state.db, dimension, asked.basis, days, only_units, now).await?;
        return Ok(found.into_iter().map(|(key, overdue)| (key, 0, overdue)).collect());
    }
    let found = store::overdue_by_day(&state.db, asked.basis, only_units, now).await?;
    let of_day = |(day, now): (Option<Timestamp>, i64)| {
        let day = day.filter(|day| (days.0..=days.1).contains(day));
        let in_period = if day.is_some() { now } else { 0 };
        (String::new(), day.map_or(0, |day| day_number(day) / 100), Overdue { in_period, now })
    };
    Ok(found.into_iter().map(of_day).collect())
}

/// The first moment of the first and of the last day.
fn period(asked: &Question, now: Timestamp) -> Result<(Timestamp, Timestamp)> {
    let misfit = |name: &str, code| {
        let fields = vec![FieldProblem::new(name, code)];
        crate::Error::from(Problem { fields, ..Problem::new(Code::InvalidParameter) })
    };
    let read = |name: &str, text: &Option<String>| match text.as_deref().map(day) {
        None => Ok(None),
        Some(None) => Err(misfit(name, FieldCode::Invalid)),
        Some(found) => Ok(found),
    };
    let to = read("to", &asked.to)?.unwrap_or_else(|| Timestamp::at(now.date(), 0));
    let from = read("from", &asked.from)?.unwrap_or_else(|| to.plus(-DEFAULT_DAYS * DAY));
    if from > to || to.since(from) > MAX_DAYS * DAY {
        return Err(misfit("from", FieldCode::OutOfRange));
    }
    Ok((from, to))
}

fn group_key(group_by: GroupBy, key: &str, month: i64, catalogue: &Loaded) -> String {
    match group_by {
        GroupBy::Month => format!("{:04}-{:02}", month / 100, month % 100),
        GroupBy::UnitGroup => unit_of(key, catalogue).map(|unit| unit.group.clone()).unwrap_or_default(),
        GroupBy::Unit | GroupBy::SpotType | GroupBy::Clause | GroupBy::Area => key.to_owned(),
    }
}

fn unit_of<'a>(key: &str, catalogue: &'a Loaded) -> Option<&'a app::unit::Unit> {
    catalogue.unit(key.parse::<UnitId>().ok()?)
}

/// What people call a group, and the ranking group of a unit.
fn name_of(group_by: GroupBy, key: &str, catalogue: &Loaded) -> (String, Option<String>) {
    let name = match group_by {
        GroupBy::Unit => {
            return match unit_of(key, catalogue) {
                Some(unit) => (unit.name.clone(), Some(unit.group.clone())),
                None => (key.to_owned(), None),
            };
        }
        GroupBy::SpotType => catalogue.spot_type(key).map(|it| it.name.clone()),
        GroupBy::Clause => catalogue.clause(key).map(|clause| clause.text_for(None)),
        GroupBy::Area => key.parse::<AreaId>().ok().and_then(|id| Some(catalogue.area(id)?.name.clone())),
        GroupBy::UnitGroup | GroupBy::Month => None,
    };
    (name.unwrap_or_else(|| key.to_owned()), None)
}
