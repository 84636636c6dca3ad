//! The server: what `app` decides, carried out over HTTP and a database.
//!
//! Every module is a noun of the product with its `routes` and its `store`, or one of the few things they stand on.

pub mod access;
pub mod assets;
pub mod backup;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crew;
pub mod db;
pub mod demo;
pub mod device_time;
pub mod document;
pub mod error;
pub mod extract;
pub mod guard;
pub mod health;
pub mod import;
pub mod issue;
pub mod limit;
pub mod linger;
pub mod listen;
pub mod order;
pub mod outbox;
pub mod peer;
pub mod photo;
pub mod pinyin;
pub mod rate;
pub mod session;
pub mod user;

pub use error::{Error, Result};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use clock::Clock;
use config::Settings;
use db::Db;
use session::throttle::Throttle;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use user::password::Passwords;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// What every handler can reach. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// Units, spots, clauses and rules, in memory.
    pub catalogue: catalogue::Cache,
    /// Photos, as files.
    pub files: photo::Files,
    /// Photos, as they are taken in.
    pub darkroom: photo::Darkroom,
    /// Whether it can work, as found a moment ago.
    pub readiness: health::Readiness,
    /// Photos, as they arrive.
    pub spool: photo::spool::Spool,
    /// Bodies under way, by account.
    pub bodies: limit::Bodies,
    /// What is still coming of requests that were refused.
    pub rests: linger::Rests,
    /// The time of day.
    pub clock: Clock,
    /// How this server was told to be.
    pub settings: Arc<Settings>,
    /// Password hashes, a few at a time.
    pub passwords: Passwords,
    /// Wrong passwords of late.
    pub throttle: Throttle,
}

impl AppState {
    /// Puts together what every handler reaches.
    ///
    /// # Errors
    /// When the photo folder cannot be used.
    pub fn new(db: Db, clock: Clock, settings: Settings) -> anyhow::Result<Self> {
        Ok(Self {
            catalogue: catalogue::Cache::new(db.clone()),
            db,
            files: photo::Files::open(&settings.photos)?,
            darkroom: photo::Darkroom::default(),
            readiness: health::Readiness::default(),
            spool: photo::spool::Spool::new(&settings.photos),
            bodies: limit::Bodies::default(),
            rests: linger::Rests::default(),
            clock,
            settings: Arc::new(settings),
            passwords: Passwords::default(),
            throttle: Throttle::default(),
        })
    }
}

/// Every route and every layer, in order.
pub fn router(state: AppState) -> Router {
    let (api, document) = OpenApiRouter::with_openapi(document::Document::openapi())
        .merge(session::routes::router())
        .merge(user::routes::router())
        .merge(catalogue::routes::router())
        .merge(issue::routes::router())
        .merge(order::routes::router())
        .merge(photo::routes::router(state.darkroom.limits.max_bytes))
        .merge(rate::routes::router())
        .split_for_parts();
    let document = Arc::new(document::complete(document));

    Router::new()
        .merge(api)
        .route("/api/openapi.json", get(move || async move { axum::Json(document) }))
        .layer(CompressionLayer::new())
        .merge(health::router())
        .fallback(assets::serve)
        .method_not_allowed_fallback(guard::method_not_allowed)
        // From here on, the last is the outermost: a request passes them from the bottom up.
        .layer(DefaultBodyLimit::max(limit::JSON_BYTES))
        .layer(from_fn(limit::uri_length))
        .layer(from_fn_with_state(state.clone(), guard::same_site))
        .layer(from_fn_with_state(state.clone(), limit::time))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn_with_state(state.clone(), guard::headers))
        .layer(from_fn_with_state(state.clone(), linger::read_to_the_end))
        .layer(from_fn(guard::log))
        .with_state(state)
}
