//! The application under test: the whole router in this process, and clients that speak to it.

use crate::contract::Contract;
use crate::engines::{Database, Engine};
use crate::{contract, scene};
use app::problem::{Code, FieldCode, Problem};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, header};
use http_body_util::BodyExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use server::AppState;
use server::clock::Clock;
use server::config::Settings;
use server::db::Db;
use server::peer::Peer;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

/// A whole application on a database of its own. Clones are the same one.
#[derive(Clone, Debug)]
pub struct TestApp {
    /// What its handlers reach.
    pub state: AppState,
    /// The engine under it.
    pub engine: Engine,
    database: Arc<Database>,
}

/// Somebody who sends requests.
#[derive(Clone, Debug)]
pub struct Client {
    router: Router,
    /// The `cookie` header, when signed in.
    pub cookie: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    peer: Option<Peer>,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

/// What an application works with, as the binary puts it together.
pub(crate) fn state(db: Db, clock: Clock, settings: Settings) -> AppState {
    AppState::new(db, clock, settings).expect("the photo folder can be made")
}

impl TestApp {
    /// Starts one.
    pub async fn start(engine: Engine) -> Self {
        Self::on(engine, engine.create().await).await
    }

    /// Starts one whose database and photos lie on a disk of their own.
    pub async fn start_on(engine: Engine, disk: &Path) -> Self {
        Self::on(engine, engine.create_on(disk).await).await
    }

    async fn on(engine: Engine, database: Database) -> Self {
        let db = Db::connect(&database.url).await.expect("the copy opens");
        let settings = Settings {
            database_url: database.url.clone(),
            photos: database.folder.join("photos").display().to_string(),
            listen: ([127, 0, 0, 1], 0).into(),
            ..Settings::default()
        };
        let state = state(db, Clock::set_to(scene::now()), settings);
        Self { state, engine, database: Arc::new(database) }
    }

    /// The same application behind another way to its database, where nothing is waited for longer than `patience`.
    pub async fn with_way(&self, url: &str, patience: Duration) -> Self {
        let db = Db::connect_with(url, patience).await.expect("the way leads there");
        let settings = (*self.state.settings).clone();
        Self { state: state(db, self.state.clock.clone(), settings), ..self.clone() }
    }

    /// The URL of its database.
    #[must_use]
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// The same application with other settings.
    #[must_use]
    pub fn with_settings(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = (*self.state.settings).clone();
        change(&mut settings);
        Self { state: AppState { settings: Arc::new(settings), ..self.state.clone() }, ..self.clone() }
    }

    /// Takes its database away.
    pub async fn close(&self) {
        self.state.db.close().await;
        self.database.remove().await;
    }

    /// What its document says.
    pub async fn contract(&self) -> &'static Contract {
        contract::of(&server::router(self.state.clone())).await
    }

    /// Nobody in particular.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        Client { router: server::router(self.state.clone()), cookie: None, headers: Vec::new(), peer: None }
    }

    /// One of [`scene::PEOPLE`], signed in.
    #[must_use]
    pub fn client(&self, username: &str) -> Client {
        let name = if self.state.settings.is_secure() { "__Host-spotfix" } else { "spotfix" };
        Client { cookie: Some(format!("{name}={}", scene::token(username))), ..self.anonymous() }
    }

    /// Somebody who photographs problems.
    #[must_use]
    pub fn inspector(&self) -> Client {
        self.client("inspector")
    }

    /// Somebody else who does.
    #[must_use]
    pub fn other_inspector(&self) -> Client {
        self.client("inspector2")
    }

    /// The liaison of [`scene::UNIT`].
    #[must_use]
    pub fn liaison(&self) -> Client {
        self.client("liaison")
    }

    /// The liaison of [`scene::OTHER_UNIT`].
    #[must_use]
    pub fn other_liaison(&self) -> Client {
        self.client("liaison2")
    }

    /// Somebody of the office.
    #[must_use]
    pub fn manager(&self) -> Client {
        self.client("manager")
    }

    /// Somebody who keeps accounts and the catalogue.
    #[must_use]
    pub fn admin(&self) -> Client {
        self.client("admin")
    }
}

impl Client {
    /// The same, sending one more header with everything.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "tests hand over an id, a text or a piece of either")]
    pub fn with_header(mut self, name: &'static str, value: impl ToString) -> Self {
        let value = value.to_string().parse().expect("a header");
        self.headers.push((HeaderName::from_static(name), value));
        self
    }

    /// The same, connected from this address.
    #[must_use]
    pub fn from_address(mut self, address: &str) -> Self {
        self.peer = Some(Peer(address.parse().expect("an address")));
        self
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request("GET", path, Body::empty())).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.request("DELETE", path, Body::empty())).await
    }

    /// `PUT` of JSON.
    pub async fn put(&self, path: &str, body: &(impl Serialize + Sync)) -> Reply {
        self.put_bytes(path, "application/json", serde_json::to_vec(body).expect("plain data")).await
    }

    /// `POST` of JSON.
    pub async fn post(&self, path: &str, body: &(impl Serialize + Sync)) -> Reply {
        let body = serde_json::to_vec(body).expect("plain data");
        let mut request = self.request("POST", path, body.into());
        request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().expect("a header"));
        self.send(request).await
    }

    /// `PUT` of anything.
    pub async fn put_bytes(&self, path: &str, content_type: &str, body: impl Into<Body>) -> Reply {
        let mut request = self.request("PUT", path, body.into());
        request.headers_mut().insert(header::CONTENT_TYPE, content_type.parse().expect("a header"));
        self.send(request).await
    }

    /// A request as this client sends it, to be changed before it is sent.
    #[must_use]
    pub fn request(&self, method: &str, path: &str, body: Body) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "spotfix.test");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let mut request = request.body(body).expect("a request");
        for (name, value) in &self.headers {
            request.headers_mut().append(name, value.clone());
        }
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        request
    }

    /// Sends a request of any kind. The answer is one that the contract allows; else the test fails.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let contract = contract::of(&self.router).await;
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let reply = answer(&self.router, request).await;
        if let Err(fault) = contract.check(&method, &path, &reply) {
            panic!("{method} {path} answers {} against the contract: {fault}", reply.status);
        }
        reply
    }

    /// Signs in with a password; the client then has the cookie.
    pub async fn sign_in(&mut self, username: &str, password: &str) -> Reply {
        let body = serde_json::json!({ "username": username, "password": password });
        let reply = self.post("/api/session", &body).await;
        let cookies = reply.cookies();
        if !cookies.is_empty() {
            let pairs: Vec<_> = cookies.iter().filter_map(|cookie| cookie.split(';').next()).collect();
            self.cookie = Some(pairs.join("; "));
        }
        reply
    }
}

/// What a router answers, whole.
pub(crate) async fn answer(router: &Router, request: Request<Body>) -> Reply {
    let response = router.clone().oneshot(request).await.expect("the router always answers");
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("the body arrives").to_bytes().to_vec();
    Reply { status: parts.status.as_u16(), headers: parts.headers, bytes }
}

impl Reply {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Every cookie it sets, with its attributes.
    #[must_use]
    pub fn cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect()
    }

    /// This answer, if it has the status; else the test fails and shows the body.
    #[track_caller]
    #[must_use]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The body as a type.
    #[track_caller]
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body as any JSON.
    #[track_caller]
    #[must_use]
    pub fn value(&self) -> Value {
        self.json()
    }

    /// The problem, if it is one with this code, complete as the contract says; else the test fails.
    #[track_caller]
    pub fn problem(&self, code: Code) -> Problem {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text());
        let problem: Problem = self.json();
        assert_eq!(problem.code, code, "{}", self.text());
        assert_eq!(problem.status, self.status);
        assert_eq!(self.status, code.status());
        problem
    }
}

/// The one field a problem names, and what is wrong with it; the test fails when it names more or none.
#[track_caller]
#[must_use]
pub fn only_field(problem: &Problem) -> (&str, FieldCode) {
    assert_eq!(problem.fields.len(), 1, "{problem:?}");
    (problem.fields[0].field.as_str(), problem.fields[0].code)
}
