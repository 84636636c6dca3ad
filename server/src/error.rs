//! Errors as they leave the server: every one becomes a problem document.

use app::problem::{Code, Problem};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Seconds after which a database that is away is worth another try.
pub const RETRY_AFTER_S: u64 = 2;

/// What a handler fails with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is at fault, or the state of things: the caller is told why.
    #[error("{}", .0.title)]
    Refused(Box<Problem>),
    /// The database failed: the log is told, the caller is not.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// Anything else that should not have happened: the log is told, the caller is not.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// What handlers and stores return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Problem::new(code).into()
    }
}

impl From<tokio::task::JoinError> for Error {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Internal(error.into())
    }
}

impl Error {
    /// The problem the caller is shown; what is not theirs to know goes to the log instead.
    #[must_use]
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Refused(problem) => *problem,
            Self::Database(error @ (sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)) => {
                tracing::warn!(%error, "the database is not available");
                Problem::new(Code::Unavailable).with_retry_after_s(RETRY_AFTER_S)
            }
            Self::Database(error) => {
                tracing::error!(%error, "the database failed");
                Code::Internal.into()
            }
            Self::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "the request failed");
                Code::Internal.into()
            }
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        problem_response(&self.into_problem())
    }
}

/// A problem document with its status and headers.
#[must_use]
pub fn problem_response(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = problem.retry_after_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
