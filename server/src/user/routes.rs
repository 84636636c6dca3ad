//! The person signed in.

use crate::AppState;
use crate::access::{OwnsAccount, SignedIn};
use crate::error::Result;
use crate::extract::Json;
use crate::session::origin::Origin;
use crate::user::{check_credentials, store};
use app::account::{Me, NewPassword, check_password};
use app::problem::{Code, FieldCode, FieldProblem, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The paths of this noun.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(find_me)).routes(routes!(update_my_password))
}

/// Who I am.
#[utoipa::path(
    get, path = "/api/me", tag = "account",
    responses((status = 200, description = "The person signed in", body = Me)),
)]
async fn find_me(State(state): State<AppState>, me: SignedIn) -> Result<Json<Me>> {
    let actor = me.actor();
    Ok(Json(Me {
        user_id: actor.user_id,
        username: me.username().to_owned(),
        name: me.name().to_owned(),
        role: actor.role,
        units: if actor.units.is_empty() { Vec::new() } else { store::my_units(&state.db, &me).await? },
        demo: state.settings.demo,
    }))
}

/// Change my password.
#[utoipa::path(
    put, path = "/api/me/password", tag = "account", request_body = NewPassword,
    responses(
        (status = 204, description = "Changed; every other session of this account has ended"),
        (status = 422, description = "`invalid_fields`: `old` is wrong, or `new` is too short or too long", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`locked_out`: `old` was wrong too often; `retry_after_s` says how long to wait", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn update_my_password(
    State(state): State<AppState>,
    me: SignedIn,
    origin: Origin,
    Json(password): Json<NewPassword>,
) -> Result<StatusCode> {
    check_password("new", &password.new).map_err(|field| Problem::fields([field]))?;
    // A guess here counts like one at the door: a phone left open must not be a way around the lock.
    let old_is_wrong = || Problem::fields([FieldProblem::new("old", FieldCode::Wrong)]);
    let checked = check_credentials(&state, &origin.within(&me), me.username(), &password.old).await;
    let verified = match checked.map_err(crate::Error::into_problem) {
        Ok(verified) => verified,
        Err(problem) if problem.code == Code::WrongCredentials => return Err(old_is_wrong().into()),
        Err(problem) => return Err(problem.into()),
    };
    let hash = state.passwords.hash(me.username(), &password.new).await?;
    if !store::change_own_password(&state, &me.may::<OwnsAccount>()?, &verified, &hash, me.token_hash())
        .await?
    {
        return Err(old_is_wrong().into());
    }
    Ok(StatusCode::NO_CONTENT)
}
