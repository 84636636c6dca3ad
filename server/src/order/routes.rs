//! The one way to move an order.

use crate::AppState;
use crate::access::{SignedIn, TakesSteps};
use crate::device_time::DeviceTime;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::issue::{self, Sender, answer, store};
use crate::order::take_step;
use app::id::{EventId, OrderId};
use app::issue::{IssueAnswer, OrderAnswer};
use app::order::StepRequest;
use app::problem::{Code, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The paths of this noun.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(create_order_step)).routes(routes!(find_order))
}

/// Move an order a step. Repeatable: the same content under the same id is answered as the first time.
#[utoipa::path(
    put, path = "/api/orders/{id}/steps/{step_id}", tag = "order", request_body = StepRequest,
    params(
        ("id" = OrderId, Path, description = "The order"),
        ("step_id" = EventId, Path, description = "Made by the device, UUIDv7"),
        DeviceTime,
    ),
    responses(
        (status = 201, description = "Taken: the order", body = OrderAnswer),
        (status = 200, description = "Was taken before: the order as it is now", body = OrderAnswer),
        (status = 403, description = "`forbidden`, with the steps that are allowed", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`: there is none, or not for me", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`step_not_allowed` with the steps that are; `not_same_hours`; `id_taken`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_fields`, `unknown_field`, `photo_missing`, `photo_not_yours`", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "`issue_damaged`: what is stored of it does not prove itself; `internal`", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create_order_step(
    State(state): State<AppState>,
    me: SignedIn,
    Path((id, step_id)): Path<(Uuid, Uuid)>,
    DeviceTime(skew): DeviceTime,
    Json(request): Json<StepRequest>,
) -> Result<(StatusCode, Json<OrderAnswer>)> {
    let granted = me.may::<TakesSteps>()?;
    let order_id = OrderId(id);
    let sender = Sender { actor: me.actor(), skew };
    let asked = take_step(&state, &granted, sender, order_id, EventId(step_id), request).await?;
    let catalogue = state.catalogue.get().await?;
    let names = issue::names(&state.db, &catalogue, &asked.chain, me.actor()).await?;
    let viewer = app::issue::Viewer { actor: me.actor(), policy: &catalogue.bundle.policy };
    let order = OrderAnswer::of(&asked.issue, order_id, &names, viewer).ok_or(Code::NotFound)?;
    Ok((asked.status(), Json(order)))
}

/// The issue of an order I may see.
#[utoipa::path(
    get, path = "/api/orders/{id}", tag = "order",
    params(("id" = OrderId, Path, description = "The order")),
    responses(
        (status = 200, description = "The issue, with the order in force", body = IssueAnswer),
        (status = 404, description = "`not_found`: there is none, or not for me", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "`issue_damaged`: what is stored of it does not prove itself; `internal`", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_order(
    State(state): State<AppState>,
    me: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<IssueAnswer>> {
    let scope = me.scope();
    let issue_id = store::find_by_order(&state.db, OrderId(id), &scope).await?.ok_or(Code::NotFound)?;
    let (issue, chain) = store::find(&state.db, issue_id, &scope).await?.ok_or(Code::NotFound)?;
    let catalogue = state.catalogue.get().await?;
    Ok(Json(answer(&state.db, &catalogue, &issue, &chain, me.actor()).await?))
}
