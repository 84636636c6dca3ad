//! Signing in and out.

use crate::AppState;
use crate::access::SignedIn;
use crate::error::Result;
use crate::extract::Json;
use crate::limit::SIGN_IN_BYTES;
use crate::session::origin::Origin;
use crate::session::{self, cookie, device, store};
use crate::user;
use app::account::SignIn;
use app::problem::{Code, Problem};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The paths of this noun.
pub fn router() -> OpenApiRouter<AppState> {
    let router = OpenApiRouter::new().routes(routes!(create_session, delete_session));
    router.routes(routes!(delete_sessions)).layer(DefaultBodyLimit::max(SIGN_IN_BYTES))
}

/// Sign in.
#[utoipa::path(
    post, path = "/api/session", tag = "account", request_body = SignIn,
    responses(
        (
            status = 204, description = "Signed in; the answer sets the session's cookie and the device's",
            headers(("set-cookie" = String, description = "The session's cookie, and once more for the device's"))
        ),
        (status = 401, description = "`wrong_credentials`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`locked_out`: too many wrong passwords; `retry_after_s` says how long to wait", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
async fn create_session(
    State(state): State<AppState>,
    origin: Origin,
    Json(sign_in): Json<SignIn>,
) -> Result<impl IntoResponse> {
    let verified = user::check_credentials(&state, &origin, &sign_in.username, &sign_in.password).await?;
    let (token, device) = (session::new_token(), session::new_token());
    let (token_hash, device_hash) = (session::hash_token(&token), session::hash_token(&device));
    if !store::create(&state, &verified, &token_hash, &device_hash).await? {
        return Err(Code::WrongCredentials.into());
    }
    let cookies = [
        (SET_COOKIE, cookie::SESSION.set(&token, state.settings.session_max_days, &state)),
        (SET_COOKIE, cookie::DEVICE.set(&device, device::KNOWN_DAYS, &state)),
    ];
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookies)))
}

/// Sign out here.
#[utoipa::path(
    delete, path = "/api/session", tag = "account",
    responses((
        status = 204, description = "Signed out",
        headers(("set-cookie" = String, description = "Takes the session's cookie away"))
    )),
)]
async fn delete_session(State(state): State<AppState>, me: SignedIn) -> Result<impl IntoResponse> {
    store::delete(&state, &me.may()?, me.token_hash()).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie::SESSION.clear(&state))]))
}

/// Sign out everywhere.
#[utoipa::path(
    delete, path = "/api/sessions", tag = "account",
    responses((
        status = 204, description = "Every session of this account has ended",
        headers(("set-cookie" = String, description = "Takes the session's cookie away"))
    )),
)]
async fn delete_sessions(State(state): State<AppState>, me: SignedIn) -> Result<impl IntoResponse> {
    store::delete_own(&state, &me.may()?).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie::SESSION.clear(&state))]))
}
