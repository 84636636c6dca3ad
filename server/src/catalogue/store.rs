//! Reading the whole catalogue: one statement per table.

use super::{Loaded, setting};
use crate::db::{self, Db, On, query};
use app::bundle::{Catalogue, FieldBundle};
use app::calendar::{Calendar, WorkingHours, WorkingTime};
use app::clause::{Category, Clause, Severity, SpotRole};
use app::clock::{Limit, LimitKind};
use app::id::{AreaId, RuleId, SpotId, UnitId};
use app::issue::Policy;
use app::routing::{RoutingRule, RuleTarget};
use app::spot::{Spot, SpotType, TypeClause};
use app::unit::{Area, Unit};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use uuid::Uuid;

/// The catalogue as it is now, with the calendar, the working hours and the policy in force.
///
/// # Errors
/// When the database fails or holds what this program cannot read.
pub async fn load(db: &Db) -> Result<Loaded, db::Error> {
    loop {
        let version = setting::version(db.into()).await?;
        let catalogue = load_catalogue(db.into()).await?;
        let settings = load_settings(db).await?;
        let bundle = FieldBundle { catalogue, working_time: settings.0, policy: settings.1 };
        // The statements above are not one moment; if somebody changed something between them, begin again.
        if setting::version(db.into()).await? == version {
            return Ok(Loaded::new(bundle, version));
        }
    }
}

/// The catalogue alone, also inside a transaction that is about to change it.
pub async fn load_catalogue(mut on: On<'_>) -> Result<Catalogue, db::Error> {
    let on = &mut on;
    Ok(Catalogue {
        units: list_units(on).await?,
        areas: list_areas(on).await?,
        spot_types: list_spot_types(on).await?,
        clauses: list_clauses(on).await?,
        spots: list_spots(on).await?,
        rules: list_rules(on)
            .await?
            .into_iter()
            .filter_map(|(rule, active)| active.then_some(rule))
            .collect(),
    })
}

async fn load_settings(db: &Db) -> Result<(WorkingTime, Policy), db::Error> {
    let rows: Vec<(String, String)> = db.fetch_all(query("select key, value from setting")).await?;
    let settings: HashMap<String, String> = rows.into_iter().collect();
    let calendar = match settings.get(setting::CALENDAR) {
        None => Calendar::builtin(),
        Some(version) => find_calendar(db, &from_json::<String>(version)?).await?,
    };
    let hours = settings.get(setting::WORKING_HOURS).map(|text| from_json::<WorkingHours>(text));
    let policy = settings.get(setting::POLICY).map(|text| from_json::<Policy>(text));
    let working_time = WorkingTime { calendar, hours: hours.transpose()?.unwrap_or_default() };
    let policy = policy.transpose()?.unwrap_or_default();
    for fault in policy.out_of_range() {
        // Taken by an import of an earlier version; it stays in force until somebody settles another.
        tracing::warn!("the policy in force: {fault}; import a policy.json that is in range");
    }
    Ok((working_time, policy))
}

async fn find_calendar(db: &Db, version: &str) -> Result<Calendar, db::Error> {
    let (years,): (String,) =
        db.fetch_one(query("select years from calendar where version = $1").bind(version)).await?;
    from_json(&years)
}

/// Every edition of the calendar that was ever in force.
pub async fn list_calendars(on: &mut On<'_>) -> Result<Vec<Calendar>, db::Error> {
    let rows: Vec<(String,)> = on.fetch_all(query("select years from calendar")).await?;
    rows.iter().map(|(years,)| from_json(years)).collect()
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, db::Error> {
    serde_json::from_str(text).map_err(|error| db::Error::Decode(Box::new(error)))
}

/// A word the schema allows and this program does not know: it was written by a newer one.
fn unknown(column: &str, word: &str) -> db::Error {
    db::Error::Decode(format!("{column} holds {word:?}, which this version does not know").into())
}

/// In the order of the bytes: the two engines sort text differently.
fn sorted<T>(items: impl IntoIterator<Item = T>, code: impl Fn(&T) -> &String) -> Vec<T> {
    let mut items: Vec<T> = items.into_iter().collect();
    items.sort_unstable_by(|a, b| code(a).cmp(code(b)));
    items
}

/// Stands between a unit's everyday names in the database, and in the files of an import.
pub const ALIAS_BETWEEN: &str = ";";

#[derive(sqlx::FromRow)]
struct UnitRow {
    id: Uuid,
    code: String,
    name: String,
    short_name: String,
    aliases: String,
    ranking_group: String,
    parent_id: Option<Uuid>,
    active: bool,
}

async fn list_units(on: &mut On<'_>) -> Result<Vec<Unit>, db::Error> {
    let rows: Vec<UnitRow> = on
        .fetch_all(query(
            "select id, code, name, short_name, aliases, ranking_group, parent_id, active from unit",
        ))
        .await?;
    let unit = |row: UnitRow| Unit {
        id: UnitId(row.id),
        code: row.code,
        name: row.name,
        short_name: row.short_name,
        aliases: row.aliases.split(ALIAS_BETWEEN).filter(|it| !it.is_empty()).map(str::to_owned).collect(),
        pinyin: String::new(),
        group: row.ranking_group,
        parent_id: row.parent_id.map(UnitId),
        active: row.active,
    };
    Ok(sorted(rows.into_iter().map(unit), |unit| &unit.code))
}

#[derive(sqlx::FromRow)]
struct AreaRow {
    id: Uuid,
    code: String,
    name: String,
    parent_id: Option<Uuid>,
    unit_id: Option<Uuid>,
}

async fn list_areas(on: &mut On<'_>) -> Result<Vec<Area>, db::Error> {
    let rows: Vec<AreaRow> =
        on.fetch_all(query("select id, code, name, parent_id, unit_id from area")).await?;
    let area = |row: AreaRow| Area {
        id: AreaId(row.id),
        code: row.code,
        name: row.name,
        parent_id: row.parent_id.map(AreaId),
        unit_id: row.unit_id.map(UnitId),
    };
    Ok(sorted(rows.into_iter().map(area), |area| &area.code))
}

#[derive(sqlx::FromRow)]
struct SpotTypeRow {
    code: String,
    name: String,
    lead_text: String,
    coop_text: String,
    evidence: String,
    route: String,
}

async fn list_spot_types(on: &mut On<'_>) -> Result<Vec<SpotType>, db::Error> {
    let rows: Vec<SpotTypeRow> = on
        .fetch_all(query("select code, name, lead_text, coop_text, evidence, route from spot_type"))
        .await?;
    let mut lists: HashMap<String, Vec<TypeClause>> = HashMap::new();
    for Check { spot_type, clause, active, .. } in list_checks(on).await? {
        if active {
            lists.entry(spot_type).or_default().push(clause);
        }
    }
    let spot_type = |row: SpotTypeRow| SpotType {
        clauses: lists.remove(&row.code).unwrap_or_default(),
        code: row.code,
        name: row.name,
        lead_text: row.lead_text,
        coop_text: row.coop_text,
        evidence: row.evidence,
        route: row.route,
    };
    Ok(sorted(rows.into_iter().map(spot_type), |spot_type| &spot_type.code))
}

/// A line of a spot type's check list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The type.
    pub spot_type: String,
    /// The clause as this type uses it.
    pub clause: TypeClause,
    /// The place in the list.
    pub position: u32,
    /// Whether it is still checked.
    pub active: bool,
}

#[derive(sqlx::FromRow)]
struct CheckRow {
    spot_type: String,
    clause_code: String,
    position: i64,
    n: Option<i64>,
    note: String,
    active: bool,
}

/// Every line of every check list, also retired ones, in the order of the lists.
pub async fn list_checks(on: &mut On<'_>) -> Result<Vec<Check>, db::Error> {
    let rows: Vec<CheckRow> = on
        .fetch_all(query(
            "select spot_type, clause_code, position, n, note, active from spot_type_clause
             order by position, clause_code",
        ))
        .await?;
    let check = |row: CheckRow| Check {
        spot_type: row.spot_type,
        clause: TypeClause {
            clause_code: row.clause_code,
            n: row.n.and_then(|n| u32::try_from(n).ok()),
            note: row.note,
        },
        position: u32::try_from(row.position).unwrap_or(0),
        active: row.active,
    };
    Ok(rows.into_iter().map(check).collect())
}

#[derive(sqlx::FromRow)]
struct ClauseRow {
    code: String,
    dimension: String,
    text: String,
    method: String,
    not_counted: String,
    category: String,
    role: Option<String>,
    default_unit_id: Option<Uuid>,
    owner_text: String,
    limit_value: i64,
    limit_kind: String,
    severity: String,
    hours_sensitive: bool,
    active: bool,
    phrases: String,
}

impl ClauseRow {
    fn into_clause(self) -> Result<Clause, db::Error> {
        let kind = LimitKind::ALL.into_iter().find(|kind| kind.as_str() == self.limit_kind);
        let limit = u32::try_from(self.limit_value).ok().zip(kind);
        let role = self.role.map(|role| SpotRole::from_code(&role).ok_or_else(|| unknown("role", &role)));
        Ok(Clause {
            category: Category::from_code(&self.category)
                .ok_or_else(|| unknown("category", &self.category))?,
            role: role.transpose()?,
            limit: limit
                .and_then(|(value, kind)| Limit::new(value, kind).ok())
                .ok_or_else(|| unknown("limit_kind", &self.limit_kind))?,
            severity: Severity::from_code(&self.severity)
                .ok_or_else(|| unknown("severity", &self.severity))?,
            code: self.code,
            dimension: self.dimension,
            text: self.text,
            pinyin: String::new(),
            method: self.method,
            not_counted: self.not_counted,
            default_unit_id: self.default_unit_id.map(UnitId),
            owner_text: self.owner_text,
            hours_sensitive: self.hours_sensitive,
            active: self.active,
            phrases: serde_json::from_str(&self.phrases).map_err(|_| unknown("phrases", &self.phrases))?,
        })
    }
}

async fn list_clauses(on: &mut On<'_>) -> Result<Vec<Clause>, db::Error> {
    let rows: Vec<ClauseRow> = on
        .fetch_all(query(
            "select code, dimension, text, method, not_counted, category, role, default_unit_id, owner_text,
                    limit_value, limit_kind, severity, hours_sensitive, active, phrases
             from clause",
        ))
        .await?;
    let clauses = rows.into_iter().map(ClauseRow::into_clause).collect::<Result<Vec<_>, _>>()?;
    Ok(sorted(clauses, |clause| &clause.code))
}

#[derive(sqlx::FromRow)]
struct SpotRow {
    id: Uuid,
    code: String,
    name: String,
    initials: String,
    spot_type: String,
    area_id: Uuid,
    address: String,
    lng: f64,
    lat: f64,
    lead_unit_id: Option<Uuid>,
    territory_unit_id: Option<Uuid>,
    operator_unit_id: Option<Uuid>,
    head: String,
    hours: String,
    active: bool,
}

async fn list_spots(on: &mut On<'_>) -> Result<Vec<Spot>, db::Error> {
    let rows: Vec<SpotRow> = on
        .fetch_all(query(
            "select id, code, name, initials, spot_type, area_id, address, lng, lat, lead_unit_id,
                    territory_unit_id, operator_unit_id, head, hours, active
             from spot",
        ))
        .await?;
    let spot = |row: SpotRow| Spot {
        id: SpotId(row.id),
        code: row.code,
        name: row.name,
        initials: row.initials,
        pinyin: String::new(),
        spot_type: row.spot_type,
        area_id: AreaId(row.area_id),
        address: row.address,
        lng: row.lng,
        lat: row.lat,
        lead_unit_id: row.lead_unit_id.map(UnitId),
        territory_unit_id: row.territory_unit_id.map(UnitId),
        operator_unit_id: row.operator_unit_id.map(UnitId),
        head: row.head,
        hours: row.hours,
        active: row.active,
    };
    Ok(sorted(rows.into_iter().map(spot), |spot| &spot.code))
}

#[derive(sqlx::FromRow)]
struct RuleRow {
    id: Uuid,
    spot_id: Option<Uuid>,
    clause_code: Option<String>,
    spot_type: Option<String>,
    area_id: Option<Uuid>,
    unit_id: Uuid,
    note: String,
    active: bool,
}

/// Every routing rule with whether it is in force, oldest first.
pub async fn list_rules(on: &mut On<'_>) -> Result<Vec<(RoutingRule, bool)>, db::Error> {
    let rows: Vec<RuleRow> = on
        .fetch_all(query(
            "select id, spot_id, clause_code, spot_type, area_id, unit_id, note, active
             from routing_rule order by id",
        ))
        .await?;
    let rule = |row: RuleRow| {
        let target = match (row.spot_id, row.clause_code, row.spot_type, row.area_id) {
            (Some(spot), Some(clause_code), None, None) => {
                RuleTarget::SpotClause { spot_id: SpotId(spot), clause_code }
            }
            (None, None, Some(spot_type), Some(area)) => {
                RuleTarget::SpotTypeArea { spot_type, area_id: AreaId(area) }
            }
            // The schema's check allows nothing else.
            _ => return Err(unknown("routing_rule", &row.id.to_string())),
        };
        let unit_id = UnitId(row.unit_id);
        Ok((RoutingRule { id: RuleId(row.id), target, unit_id, note: row.note }, row.active))
    };
    rows.into_iter().map(rule).collect()
}
