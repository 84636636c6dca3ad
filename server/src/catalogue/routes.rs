//! The field bundle, looking things up in the catalogue, the template for importing it, and asking the routing.

use super::answer::{personal, tag, with_member};
use super::lookup::LookUp;
use super::work;
use crate::AppState;
use crate::access::{PreparesCatalogue, ReadsCatalogue, ReadsRouting, SignedIn};
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::import;
use crate::pinyin::syllables;
use app::bundle::{AssignmentAnswer, FieldBundleAnswer};
use app::clause::Clause;
use app::page::Page;
use app::problem::{Code, FieldCode, Problem};
use app::routing::{RoutingRule, RuleTarget, Simulation};
use app::search::Asked;
use app::spot::{Spot, SpotType};
use app::unit::{Area, Unit};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The paths of this noun.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(find_field_bundle))
        .routes(routes!(list_units))
        .routes(routes!(list_areas))
        .routes(routes!(list_spot_types))
        .routes(routes!(list_clauses))
        .routes(routes!(list_spots))
        .routes(routes!(list_routing_rules))
        .routes(routes!(find_template))
        .routes(routes!(find_assignment))
        .routes(routes!(find_simulation))
}

/// Which part of the field bundle is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Part {
    /// What is the same for everybody.
    Catalogue,
    /// What the person has to do.
    Work,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Parts {
    /// `catalogue` or `work`; both where it is not given. Each has a tag of its own, so only what changed travels.
    #[param(inline)]
    part: Option<Part>,
}

/// Everything a phone needs to work without a network.
#[utoipa::path(
    get, path = "/api/field-bundle", tag = "catalogue",
    params(Parts, ("If-None-Match" = Option<String>, Header, description = "The ETag of what the phone has")),
    responses(
        (
            status = 200, description = "The catalogue, the calendar and the policy, and the person's work; `ETag` names this state", body = FieldBundleAnswer,
            headers(("etag" = String, description = "Names this state"), ("vary" = String, description = "What the answer depends on"))
        ),
        (
            status = 304, description = "The phone has it already",
            headers(("etag" = String, description = "Names this state"), ("vary" = String, description = "What the answer depends on"))
        ),
        (status = 400, description = "`invalid_parameter`: there is no such part", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_field_bundle(
    State(state): State<AppState>,
    me: SignedIn,
    Query(Parts { part }): Query<Parts>,
    asked: HeaderMap,
) -> Result<Response> {
    me.may::<ReadsCatalogue>()?;
    let loaded = state.catalogue.get().await?;
    if part == Some(Part::Catalogue) {
        return Ok(loaded.encoded().await?.response(&asked));
    }
    let work = serde_json::to_vec(&work::find(&state, &me, &loaded).await?).map_err(anyhow::Error::from)?;
    if part == Some(Part::Work) {
        return Ok(personal(&asked, &tag([work.as_slice()]), work));
    }
    let catalogue = loaded.encoded().await?;
    let etag = tag([catalogue.etag.as_bytes(), work.as_slice()]);
    Ok(personal(&asked, &etag, with_member(&catalogue.json, "work", &work)))
}

/// Responsible units.
#[utoipa::path(
    get, path = "/api/units", tag = "catalogue", params(LookUp),
    responses((status = 200, description = "By code; `q` also finds short and everyday names, and pinyin", body = Page<Unit>)),
)]
async fn list_units(
    State(state): State<AppState>,
    me: SignedIn,
    Query(look_up): Query<LookUp>,
) -> Result<Json<Page<Unit>>> {
    me.may::<ReadsCatalogue>()?;
    let loaded = state.catalogue.get().await?;
    let is_found = |it: &Unit, asked: &Asked| it.is_found(asked);
    Ok(Json(look_up.page(&loaded.bundle.catalogue.units, |it| it.code.clone(), is_found)?))
}

/// Areas.
#[utoipa::path(
    get, path = "/api/areas", tag = "catalogue", params(LookUp),
    responses((status = 200, description = "By code; `q` also finds pinyin", body = Page<Area>)),
)]
async fn list_areas(
    State(state): State<AppState>,
    me: SignedIn,
    Query(look_up): Query<LookUp>,
) -> Result<Json<Page<Area>>> {
    me.may::<ReadsCatalogue>()?;
    let loaded = state.catalogue.get().await?;
    let is_found = |it: &Area, asked: &Asked| asked.finds(&[&it.code, &it.name], &[&syllables(&it.name)]);
    Ok(Json(look_up.page(&loaded.bundle.catalogue.areas, |it| it.code.clone(), is_found)?))
}

/// Spot types with their check lists.
#[utoipa::path(
    get, path = "/api/spot-types", tag = "catalogue", params(LookUp),
    responses((status = 200, description = "By code; `q` also finds pinyin", body = Page<SpotType>)),
)]
async fn list_spot_types(
    State(state): State<AppState>,
    me: SignedIn,
    Query(look_up): Query<LookUp>,
) -> Result<Json<Page<SpotType>>> {
    me.may::<ReadsCatalogue>()?;
    let loaded = state.catalogue.get().await?;
    let is_found = |it: &SpotType, asked: &Asked| asked.finds(&[&it.code, &it.name], &[&syllables(&it.name)]);
    Ok(Json(look_up.page(&loaded.bundle.catalogue.spot_types, |it| it.code.clone(), is_found)?))
}

/// Clauses.
#[utoipa::path(
    get, path = "/api/clauses", tag = "catalogue", params(LookUp),
    responses((status = 200, description = "By code; `q` also finds pinyin", body = Page<Clause>)),
)]
async fn list_clauses(
    State(state): State<AppState>,
    me: SignedIn,
    Query(look_up): Query<LookUp>,
) -> Result<Json<Page<Clause>>> {
    me.may::<ReadsCatalogue>()?;
    let loaded = state.catalogue.get().await?;
    let is_found = |it: &Clause, asked: &Asked| it.is_found(asked, &[]);
    Ok(Json(look_up.page(&loaded.bundle.catalogue.clauses, |it| it.code.clone(), is_found)?))
}

/// Spots.
#[utoipa::path(
    get, path = "/api/spots", tag = "catalogue", params(LookUp),
    responses((status = 200, description = "By code; `q` also finds the address, the names of type and area, and pinyin", body = Page<Spot>)),
)]
async fn list_spots(
    State(state): State<AppState>,
    me: SignedIn,
    Query(look_up): Query<LookUp>,
) -> Result<Json<Page<Spot>>> {
    me.may::<ReadsCatalogue>()?;
    let loaded = state.catalogue.get().await?;
    let is_found = |it: &Spot, asked: &Asked| {
        let place =
            [loaded.spot_type(&it.spot_type).map(|it| &it.name), loaded.area(it.area_id).map(|it| &it.name)];
        it.is_found(asked, &place.map(|name| name.map_or("", String::as_str)))
    };
    Ok(Json(look_up.page(&loaded.bundle.catalogue.spots, |it| it.code.clone(), is_found)?))
}

/// The office's routing rules.
#[utoipa::path(
    get, path = "/api/routing-rules", tag = "catalogue", params(LookUp),
    responses((status = 200, description = "Oldest first; `q` also finds the spot, type, area and unit", body = Page<RoutingRule>)),
)]
async fn list_routing_rules(
    State(state): State<AppState>,
    me: SignedIn,
    Query(look_up): Query<LookUp>,
) -> Result<Json<Page<RoutingRule>>> {
    me.may::<ReadsCatalogue>()?;
    let loaded = state.catalogue.get().await?;
    let is_found = |rule: &RoutingRule, asked: &Asked| {
        let (mut texts, mut pinyin) = (vec![rule.note.as_str()], Vec::new());
        if let Some(unit) = loaded.unit(rule.unit_id) {
            texts.extend([unit.name.as_str(), &unit.short_name]);
            texts.extend(unit.aliases.iter().map(String::as_str));
            pinyin.push(unit.pinyin.as_str());
        }
        match &rule.target {
            RuleTarget::SpotClause { spot_id, clause_code } => {
                texts.push(clause_code);
                if let Some(spot) = loaded.spot(*spot_id) {
                    texts.extend([spot.code.as_str(), &spot.name]);
                    pinyin.push(&spot.pinyin);
                }
            }
            RuleTarget::SpotTypeArea { spot_type, area_id } => {
                texts.push(spot_type);
                texts.extend(loaded.spot_type(spot_type).map(|it| it.name.as_str()));
                texts.extend(loaded.area(*area_id).map(|it| it.name.as_str()));
            }
        }
        asked.finds(&texts, &pinyin)
    };
    Ok(Json(look_up.page(&loaded.bundle.catalogue.rules, |it| it.id.to_string(), is_found)?))
}

/// What a workbook says it is.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A workbook to fill and import.
#[utoipa::path(
    get, path = "/api/catalogue/template.xlsx", tag = "catalogue",
    responses(
        (status = 200, description = "A sheet for each table, with its heads and what each column is for", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = 403, description = "`forbidden`: for the office", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_template(me: SignedIn) -> Result<Response> {
    me.may::<PreparesCatalogue>()?;
    let template = import::template().map_err(anyhow::Error::from)?;
    let named = "attachment; filename=\"spotfix-catalogue.xlsx\"";
    let head = [(header::CONTENT_TYPE, WORKBOOK), (header::CONTENT_DISPOSITION, named)];
    Ok((head, template).into_response())
}

/// A spot and a clause, by code.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Pair {
    /// The spot's code.
    spot: String,
    /// The clause's code.
    clause: String,
}

/// Who would answer for a clause at a spot.
#[utoipa::path(
    get, path = "/api/routing/assignment", tag = "routing", params(Pair),
    responses(
        (status = 200, description = "The unit, the way that chose it, and the ways it beat", body = AssignmentAnswer),
        (status = 404, description = "`not_found`: `fields` says which of the two", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_assignment(
    State(state): State<AppState>,
    me: SignedIn,
    Query(pair): Query<Pair>,
) -> Result<Json<AssignmentAnswer>> {
    me.may::<ReadsCatalogue>()?;
    let loaded = state.catalogue.get().await?;
    let missing = |field: &str| Problem::new(Code::NotFound).with_field(field, FieldCode::NotFound);
    let spot = loaded.spot_by_code(&pair.spot).ok_or_else(|| missing("spot"))?;
    let clause = loaded.clause(&pair.clause).ok_or_else(|| missing("clause"))?;
    Ok(Json(loaded.assignment(spot, clause)))
}

/// What the routing does with every clause of every spot.
#[utoipa::path(
    get, path = "/api/routing/simulation", tag = "routing",
    responses(
        (status = 200, description = "Rules that never win, and what nothing reaches", body = Simulation),
        (status = 403, description = "`forbidden`: for the office", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_simulation(State(state): State<AppState>, me: SignedIn) -> Result<Json<Simulation>> {
    me.may::<ReadsRouting>()?;
    Ok(Json(state.catalogue.get().await?.simulation().clone()))
}
