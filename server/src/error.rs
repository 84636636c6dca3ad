//! Errors as they leave the server: every one becomes a problem document.

use crate::db;
use app::problem::{Code, Problem};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Seconds after which a database that is away is worth another try.
pub const RETRY_AFTER_S: u64 = 2;

/// Seconds after which a full disk is worth another try: somebody has to make room first.
const RETRY_FULL_AFTER_S: u64 = 60;

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
            Self::Database(error) => {
                let failure = db::failure(&error);
                told(failure, &error, "the database")
            }
            Self::Internal(error) => {
                let failure = failure_of(&error);
                told(failure, &format_args!("{error:#}"), "the request")
            }
        }
    }
}

/// The log is told what failed, the caller what to do.
fn told(failure: db::Failure, error: &dyn std::fmt::Display, what: &str) -> Problem {
    match failure {
        db::Failure::Full => {
            tracing::error!(%error, "{what} failed: the disk is full");
            Problem::new(Code::StorageFull).with_retry_after_s(RETRY_FULL_AFTER_S)
        }
        db::Failure::Away => {
            tracing::warn!(%error, "{what} failed: not available");
            Problem::new(Code::Unavailable).with_retry_after_s(RETRY_AFTER_S)
        }
        db::Failure::Fault => {
            tracing::error!(%error, "{what} failed");
            Code::Internal.into()
        }
    }
}

/// What lies under an error that says more than that: the database, the disk, or the store of the photos.
fn failure_of(error: &anyhow::Error) -> db::Failure {
    let of_cause = |cause: &(dyn std::error::Error + 'static)| {
        if let Some(error) = cause.downcast_ref::<sqlx::Error>() {
            return Some(db::failure(error));
        }
        let io = cause.downcast_ref::<std::io::Error>()?;
        Some(if db::is_full(io) { db::Failure::Full } else { db::Failure::Away })
    };
    let is_store = error.chain().any(|cause| cause.is::<object_store::Error>());
    let otherwise = if is_store { db::Failure::Away } else { db::Failure::Fault };
    error.chain().find_map(of_cause).unwrap_or(otherwise)
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
