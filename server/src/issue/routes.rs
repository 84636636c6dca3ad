//! Reporting, listing and looking at issues; the steps that need no order.

use crate::AppState;
use crate::access::{Reports, SignedIn, TakesSteps};
use crate::device_time::DeviceTime;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::issue::filter::Filter;
use crate::issue::list::{self, Question};
use crate::issue::{self, Asked, Sender, Target, answer, store};
use app::id::{EventId, IssueId};
use app::issue::{IssueAnswer, IssueCount, IssuePage, Report};
use app::order::{StepKind, StepRequest};
use app::problem::{Code, FieldCode, FieldProblem, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The paths of this noun.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_issues))
        .routes(routes!(count_issues))
        .routes(routes!(create_issue, find_issue))
        .routes(routes!(create_step))
}

/// Report a problem. Repeatable: the same content under the same id is answered as the first time.
#[utoipa::path(
    put, path = "/api/issues/{id}", tag = "issue", request_body = Report,
    params(
        ("id" = IssueId, Path, description = "Made by the device, UUIDv7"),
        DeviceTime,
    ),
    responses(
        (status = 201, description = "Taken in: the order, its unit, the rule that chose it, the due time and why", body = IssueAnswer),
        (status = 200, description = "Was taken in before", body = IssueAnswer),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`id_taken`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_fields`, `unknown_field`, `photo_missing`, `photo_not_yours`", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create_issue(
    State(state): State<AppState>,
    me: SignedIn,
    Path(id): Path<Uuid>,
    DeviceTime(skew): DeviceTime,
    Json(report): Json<Report>,
) -> Result<(StatusCode, Json<IssueAnswer>)> {
    let sender = Sender { actor: me.actor(), skew };
    let asked = issue::report(&state, &me.may::<Reports>()?, sender, IssueId(id), report).await?;
    Ok((asked.status(), Json(asked.answer(&state, &me).await?)))
}

/// Take a step that needs no order: `assign` an issue of the pool, or `void` one. Repeatable.
#[utoipa::path(
    put, path = "/api/issues/{id}/steps/{step_id}", tag = "issue", request_body = StepRequest,
    params(
        ("id" = IssueId, Path, description = "The issue"),
        ("step_id" = EventId, Path, description = "Made by the device, UUIDv7"),
        DeviceTime,
    ),
    responses(
        (status = 201, description = "Taken", body = IssueAnswer),
        (status = 200, description = "Was taken before", body = IssueAnswer),
        (status = 403, description = "`forbidden`, with the steps that are allowed", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`: there is none, or not for me", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`step_not_allowed` with the steps that are; `id_taken`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`invalid_fields`, `unknown_field`", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "`issue_damaged`: what is stored of it does not prove itself; `internal`", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create_step(
    State(state): State<AppState>,
    me: SignedIn,
    Path((id, step_id)): Path<(Uuid, Uuid)>,
    DeviceTime(skew): DeviceTime,
    Json(request): Json<StepRequest>,
) -> Result<(StatusCode, Json<IssueAnswer>)> {
    if !matches!(request.step, StepKind::Assign | StepKind::Void) {
        return Err(Problem::fields([FieldProblem::new("step", FieldCode::Unknown)]).into());
    }
    let granted = me.may::<TakesSteps>()?;
    let sender = Sender { actor: me.actor(), skew };
    let asked =
        issue::take_step(&state, &granted, sender, Target::Issue(IssueId(id)), EventId(step_id), request)
            .await?;
    Ok((asked.status(), Json(asked.answer(&state, &me).await?)))
}

/// Issues I may see, a page at a time.
#[utoipa::path(
    get, path = "/api/issues", tag = "issue", params(Filter),
    responses(
        (status = 200, description = "A page", body = IssuePage),
        (status = 400, description = "`unknown_parameter`, `invalid_parameter`, `invalid_cursor`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: a unit that asks by who inspected", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_issues(
    State(state): State<AppState>,
    me: SignedIn,
    Query(filter): Query<Filter>,
) -> Result<Json<IssuePage>> {
    let catalogue = state.catalogue.get().await?;
    let question = Question::ask(filter, &me, &catalogue, state.clock.now())?;
    Ok(Json(list::page(&state.db, &question).await?))
}

/// How many issues a list holds, by state: counted up to 10 000, beyond which `is_more` says that there are more.
///
/// `limit` and `cursor` change nothing; a list by due time holds only what has one, so `sort` does.
#[utoipa::path(
    get, path = "/api/issues/count", tag = "issue", params(Filter),
    responses(
        (status = 200, description = "The count", body = IssueCount),
        (status = 400, description = "`unknown_parameter`, `invalid_parameter`, `invalid_cursor`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: a unit that asks by who inspected", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn count_issues(
    State(state): State<AppState>,
    me: SignedIn,
    Query(filter): Query<Filter>,
) -> Result<Json<IssueCount>> {
    let catalogue = state.catalogue.get().await?;
    let question = Question::ask(filter, &me, &catalogue, state.clock.now())?;
    Ok(Json(list::count(&state.db, &question).await?))
}

/// One issue with its whole timeline, as far as I may see it.
#[utoipa::path(
    get, path = "/api/issues/{id}", tag = "issue",
    params(("id" = IssueId, Path, description = "The issue")),
    responses(
        (status = 200, description = "The issue", body = IssueAnswer),
        (status = 404, description = "`not_found`: there is none, or not for me", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "`issue_damaged`: what is stored of it does not prove itself; `internal`", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_issue(
    State(state): State<AppState>,
    me: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<IssueAnswer>> {
    let (issue, chain) = store::find(&state.db, IssueId(id), &me.scope()).await?.ok_or(Code::NotFound)?;
    let catalogue = state.catalogue.get().await?;
    Ok(Json(answer(&state.db, &catalogue, &issue, &chain, me.actor()).await?))
}

impl Asked {
    /// 201 the first time, 200 after.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        if self.is_new { StatusCode::CREATED } else { StatusCode::OK }
    }

    /// The issue as this person may see it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answer(&self, state: &AppState, me: &SignedIn) -> Result<IssueAnswer> {
        let catalogue = state.catalogue.get().await?;
        Ok(answer(&state.db, &catalogue, &self.issue, &self.chain, me.actor()).await?)
    }
}
