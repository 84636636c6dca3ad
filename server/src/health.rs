//! Whether the process lives, and whether it can work.

use crate::AppState;
use crate::error::{RETRY_AFTER_S, Result};
use app::problem::{Code, Problem};
use axum::Router;
use axum::extract::State;
use axum::routing::get;

/// `/healthz` and `/readyz`, for whatever watches the process.
pub fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(async || "ok")).route("/readyz", get(readyz))
}

/// Ready when the database answers and has every migration this binary knows.
async fn readyz(State(state): State<AppState>) -> Result<&'static str> {
    if state.db.is_ready().await {
        Ok("ok")
    } else {
        Err(Problem::new(Code::Unavailable).with_retry_after_s(RETRY_AFTER_S).into())
    }
}
