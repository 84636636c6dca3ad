//! Signing in and out.

use crate::AppState;
use crate::access::SignedIn;
use crate::error::Result;
use crate::extract::Json;
use crate::session::{self, cookie, store};
use crate::user;
use app::account::SignIn;
use app::problem::Problem;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The paths of this noun.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(create_session, delete_session)).routes(routes!(delete_sessions))
}

/// Sign in.
#[utoipa::path(
    post, path = "/api/session", tag = "account", request_body = SignIn,
    responses(
        (status = 204, description = "Signed in; the answer sets the session cookie"),
        (status = 401, description = "`wrong_credentials`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`locked_out`: 5 wrong passwords in a row", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
async fn create_session(
    State(state): State<AppState>,
    Json(sign_in): Json<SignIn>,
) -> Result<impl IntoResponse> {
    let user_id = user::check_credentials(&state, &sign_in.username, &sign_in.password).await?;
    let token = session::new_token();
    store::create(&state, user_id, &session::hash_token(&token)).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie::set(&token, &state))]))
}

/// Sign out here.
#[utoipa::path(delete, path = "/api/session", tag = "account", responses((status = 204, description = "Signed out")))]
async fn delete_session(State(state): State<AppState>, me: SignedIn) -> Result<impl IntoResponse> {
    store::delete(&state, &me.may()?, me.token_hash()).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie::clear(&state))]))
}

/// Sign out everywhere.
#[utoipa::path(
    delete, path = "/api/sessions", tag = "account",
    responses((status = 204, description = "Every session of this account has ended")),
)]
async fn delete_sessions(State(state): State<AppState>, me: SignedIn) -> Result<impl IntoResponse> {
    store::delete_own(&state, &me.may()?).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie::clear(&state))]))
}
