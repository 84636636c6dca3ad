//! Whether the process lives, and whether it can work.

use crate::AppState;
use crate::error::{Error, RETRY_AFTER_S, Result};
use app::problem::{Code, Problem};
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long a proof holds. Anybody may ask, and each costs a synced write.
const HOLDS: Duration = Duration::from_secs(1);
/// How long a proof may take: who watches the process should hear "no" and not wait.
const PATIENCE: Duration = Duration::from_secs(5);

/// `/healthz` and `/readyz`, for whatever watches the process.
pub fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(async || "ok")).route("/readyz", get(readyz))
}

/// When the last proof succeeded. Proofs are made one at a time. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<Mutex<Option<Instant>>>);

/// Ready when the database has every migration this binary knows and keeps a write, and the photo store keeps a file.
async fn readyz(State(state): State<AppState>) -> Result<&'static str> {
    if !state.db.is_ready().await {
        return Err(unavailable());
    }
    let mut proved_at = state.readiness.0.lock().await;
    if proved_at.is_none_or(|at| at.elapsed() >= HOLDS) {
        *proved_at = None;
        tokio::time::timeout(PATIENCE, prove(&state)).await.unwrap_or_else(|_| Err(unavailable()))?;
        *proved_at = Some(Instant::now());
    }
    Ok("ok")
}

async fn prove(state: &AppState) -> Result<()> {
    state.db.prove(state.clock.now()).await?;
    state.files.prove(&state.clock.new_id().to_string()).await?;
    Ok(())
}

fn unavailable() -> Error {
    Problem::new(Code::Unavailable).with_retry_after_s(RETRY_AFTER_S).into()
}
