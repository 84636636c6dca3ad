//! Writing the catalogue: one statement per row, adding it or bringing the one with its id or code up to date.
//!
//! Whoever writes ends with [`super::setting::move_version_on`] in the same transaction.

use super::store::{ALIAS_BETWEEN, Check};
use crate::access::{Granted, ManagesCatalogue};
use crate::db::{self, Tx, query};
use app::clause::Clause;
use app::routing::{RoutingRule, RuleTarget};
use app::spot::{Spot, SpotType};
use app::unit::{Area, Unit};

/// Adds or updates a unit.
pub async fn put_unit(tx: &mut Tx, _: &Granted<ManagesCatalogue>, unit: &Unit) -> Result<(), db::Error> {
    tx.execute(
        query(
            "insert into unit (id, code, name, short_name, ranking_group, parent_id, active, aliases)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (id) do update set
                 code = excluded.code, name = excluded.name, short_name = excluded.short_name,
                 ranking_group = excluded.ranking_group, parent_id = excluded.parent_id, active = excluded.active,
                 aliases = excluded.aliases",
        )
        .bind(unit.id)
        .bind(&unit.code)
        .bind(&unit.name)
        .bind(&unit.short_name)
        .bind(&unit.group)
        .bind(unit.parent_id)
        .bind(unit.active)
        .bind(unit.aliases.join(ALIAS_BETWEEN)),
    )
    .await?;
    Ok(())
}

/// Adds or updates an area.
pub async fn put_area(tx: &mut Tx, _: &Granted<ManagesCatalogue>, area: &Area) -> Result<(), db::Error> {
    tx.execute(
        query(
            "insert into area (id, code, name, parent_id, unit_id) values ($1, $2, $3, $4, $5)
             on conflict (id) do update set
                 code = excluded.code, name = excluded.name, parent_id = excluded.parent_id,
                 unit_id = excluded.unit_id",
        )
        .bind(area.id)
        .bind(&area.code)
        .bind(&area.name)
        .bind(area.parent_id)
        .bind(area.unit_id),
    )
    .await?;
    Ok(())
}

/// Adds or updates a spot type; its check list is written line by line with [`put_check`].
pub async fn put_spot_type(
    tx: &mut Tx,
    _: &Granted<ManagesCatalogue>,
    spot_type: &SpotType,
) -> Result<(), db::Error> {
    tx.execute(
        query(
            "insert into spot_type (code, name, lead_text, coop_text, evidence, route)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (code) do update set
                 name = excluded.name, lead_text = excluded.lead_text, coop_text = excluded.coop_text,
                 evidence = excluded.evidence, route = excluded.route",
        )
        .bind(&spot_type.code)
        .bind(&spot_type.name)
        .bind(&spot_type.lead_text)
        .bind(&spot_type.coop_text)
        .bind(&spot_type.evidence)
        .bind(&spot_type.route),
    )
    .await?;
    Ok(())
}

/// Adds or updates a clause.
pub async fn put_clause(
    tx: &mut Tx,
    _: &Granted<ManagesCatalogue>,
    clause: &Clause,
) -> Result<(), db::Error> {
    tx.execute(
        query(
            "insert into clause (code, dimension, text, method, not_counted, category, role, default_unit_id,
                                 owner_text, limit_value, limit_kind, severity, hours_sensitive, active,
                                 phrases)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
             on conflict (code) do update set
                 dimension = excluded.dimension, text = excluded.text, method = excluded.method,
                 not_counted = excluded.not_counted, category = excluded.category, role = excluded.role,
                 default_unit_id = excluded.default_unit_id, owner_text = excluded.owner_text,
                 limit_value = excluded.limit_value, limit_kind = excluded.limit_kind,
                 severity = excluded.severity, hours_sensitive = excluded.hours_sensitive,
                 active = excluded.active, phrases = excluded.phrases",
        )
        .bind(&clause.code)
        .bind(&clause.dimension)
        .bind(&clause.text)
        .bind(&clause.method)
        .bind(&clause.not_counted)
        .bind(clause.category.code())
        .bind(clause.role.map(|role| role.code().to_owned()))
        .bind(clause.default_unit_id)
        .bind(&clause.owner_text)
        .bind(clause.limit.value())
        .bind(clause.limit.kind().as_str())
        .bind(clause.severity.code())
        .bind(clause.hours_sensitive)
        .bind(clause.active)
        .bind(serde_json::to_string(&clause.phrases).expect("phrases have only string keys")),
    )
    .await?;
    Ok(())
}

/// Adds or updates a line of a spot type's check list.
pub async fn put_check(tx: &mut Tx, _: &Granted<ManagesCatalogue>, check: &Check) -> Result<(), db::Error> {
    tx.execute(
        query(
            "insert into spot_type_clause (spot_type, clause_code, position, n, note, active)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (spot_type, clause_code) do update set
                 position = excluded.position, n = excluded.n, note = excluded.note, active = excluded.active",
        )
        .bind(&check.spot_type)
        .bind(&check.clause.clause_code)
        .bind(check.position)
        .bind(check.clause.n)
        .bind(&check.clause.note)
        .bind(check.active),
    )
    .await?;
    Ok(())
}

/// Adds or updates a spot.
pub async fn put_spot(tx: &mut Tx, _: &Granted<ManagesCatalogue>, spot: &Spot) -> Result<(), db::Error> {
    tx.execute(
        query(
            "insert into spot (id, code, name, initials, spot_type, area_id, address, lng, lat, lead_unit_id,
                               territory_unit_id, operator_unit_id, head, hours, active)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
             on conflict (id) do update set
                 code = excluded.code, name = excluded.name, initials = excluded.initials,
                 spot_type = excluded.spot_type, area_id = excluded.area_id, address = excluded.address,
                 lng = excluded.lng, lat = excluded.lat, lead_unit_id = excluded.lead_unit_id,
                 territory_unit_id = excluded.territory_unit_id, operator_unit_id = excluded.operator_unit_id,
                 head = excluded.head, hours = excluded.hours, active = excluded.active",
        )
        .bind(spot.id)
        .bind(&spot.code)
        .bind(&spot.name)
        .bind(&spot.initials)
        .bind(&spot.spot_type)
        .bind(spot.area_id)
        .bind(&spot.address)
        .bind(spot.lng)
        .bind(spot.lat)
        .bind(spot.lead_unit_id)
        .bind(spot.territory_unit_id)
        .bind(spot.operator_unit_id)
        .bind(&spot.head)
        .bind(&spot.hours)
        .bind(spot.active),
    )
    .await?;
    Ok(())
}

/// Adds or updates a routing rule; one that is not `active` is retired.
pub async fn put_rule(
    tx: &mut Tx,
    _: &Granted<ManagesCatalogue>,
    rule: &RoutingRule,
    active: bool,
) -> Result<(), db::Error> {
    let (spot, clause, spot_type, area) = match &rule.target {
        RuleTarget::SpotClause { spot_id, clause_code } => (Some(*spot_id), Some(clause_code), None, None),
        RuleTarget::SpotTypeArea { spot_type, area_id } => (None, None, Some(spot_type), Some(*area_id)),
    };
    tx.execute(
        query(
            "insert into routing_rule (id, spot_id, clause_code, spot_type, area_id, unit_id, note, active)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (id) do update set
                 spot_id = excluded.spot_id, clause_code = excluded.clause_code,
                 spot_type = excluded.spot_type, area_id = excluded.area_id, unit_id = excluded.unit_id,
                 note = excluded.note, active = excluded.active",
        )
        .bind(rule.id)
        .bind(spot)
        .bind(clause)
        .bind(spot_type)
        .bind(area)
        .bind(rule.unit_id)
        .bind(&rule.note)
        .bind(active),
    )
    .await?;
    Ok(())
}
