//! Talking to the server: one request, one answer, or the reason why there is none – and what it answered last where
//! there is no network.
//!
//! The types are those of `app`, so that what the page sends and reads is what the server reads and sends. The functions
//! live under `api/`, by noun.

pub mod account;
pub mod catalogue;
pub mod issue;
pub mod order;
pub mod photo;
pub mod rate;

use app::id::UserId;
use app::problem::{Code, Problem};
use app::time::Timestamp;
use leptos::prelude::{ArcRwSignal, Get, GetUntracked, Set, untrack, window};
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, Response};

use crate::globals::{store, stored};
use crate::outbox::{self, kept};

/// How long an answer may take before what is kept is shown in its place.
const PATIENCE_MS: u32 = 8_000;
/// How long an answer may take where nothing is kept.
const LIMIT_MS: u32 = 40_000;

/// Differences of the clocks, milliseconds, that are as good as the same: the server tells its time to the second.
const SAME_MS: i64 = 2_000;

thread_local! {
    // Every request says for whom the page believes to act, from wherever it is made: the cookie may by then be somebody
    // else's, who has signed in in another tab.
    static ACCOUNT: Cell<Option<UserId>> = const { Cell::new(None) };
    // How far the device's clock is ahead of the server's, as of the last answer that cannot have come from a cache.
    static SKEW: ArcRwSignal<Option<i64>> = ArcRwSignal::new(None);
}

/// How many milliseconds the device's clock is ahead of the server's, once that is known; follows changes.
#[must_use]
pub fn clock_skew() -> Option<i64> {
    SKEW.with(Clone::clone).get()
}

/// Where the last known difference of the clocks is kept for a page that is opened without a network.
const SKEW_KEY: &str = "spotfix-clock-skew";

/// How many milliseconds the device's clock is ahead, as it was last known, in this page or in one before it; 0 where it never was.
#[must_use]
pub fn last_skew() -> i64 {
    untrack(clock_skew).or_else(|| stored(SKEW_KEY)?.parse().ok()).unwrap_or_default()
}

/// Notes what an answer that was asked for at `begun` says of the time; it does so to the second.
fn note_time(response: &Response, begun: f64) {
    let told = response.headers().get("date").ok().flatten();
    let told = told.map(|text| js_sys::Date::parse(&text)).filter(|at| at.is_finite());
    let Some(told) = told else { return };
    #[expect(clippy::cast_possible_truncation, reason = "a difference of two times, far below 2^53")]
    let skew = ((begun + js_sys::Date::now()) / 2.0 - told) as i64;
    SKEW.with(|it| {
        // Every answer tells it a little differently; whoever follows it is not woken for that.
        let is_news = it.get_untracked().is_none_or(|before| (before - skew).abs() > SAME_MS);
        if is_news {
            it.set(Some(skew));
            // Only a page without a network misses it.
            store(SKEW_KEY, &skew.to_string());
            #[expect(clippy::cast_precision_loss, reason = "a difference of two times, far below 2^53")]
            outbox::set_clock_skew(skew as f64);
        }
    });
}

/// Says for whom the page acts from now on.
pub fn act_for(account: Option<UserId>) {
    ACCOUNT.set(account);
}

/// Why there is no answer to show.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The server refused, with the reason.
    Refused(Box<Problem>),
    /// Nothing answered: no network, or the server is away.
    Unreached,
    /// Something answered that is not our server: a sign-in page of the network, a proxy.
    Unreadable,
}

impl Failure {
    /// Why the server refused.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Refused(problem) => Some(problem.code),
            Self::Unreached | Self::Unreadable => None,
        }
    }

    /// Whether asking again in a while may help, with nothing changed.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreached | Self::Unreadable => true,
            Self::Refused(problem) => matches!(
                problem.code,
                Code::Timeout
                    | Code::QuotaExceeded
                    | Code::TooManyRequests
                    | Code::Internal
                    | Code::StorageFull
                    | Code::Unavailable
            ),
        }
    }
}

/// What came back: the text of a good answer.
pub type Answer<T> = Result<T, Failure>;

/// What was read, and since when it is kept where it did not come from the server just now.
#[derive(Clone, PartialEq, Debug)]
pub struct Got<T> {
    /// What it is.
    pub value: T,
    /// When the server said so, if that was not now.
    pub kept_at: Option<Timestamp>,
}

impl<T> Got<T> {
    /// The same with something made of it.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Got<U> {
        Got { value: with(self.value), kept_at: self.kept_at }
    }
}

/// A good answer's text, and what the server calls this state of it.
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) etag: String,
    /// When it was asked for, by the device; Unix milliseconds.
    pub(crate) asked_at: f64,
}

/// A request.
struct Sending<'a> {
    method: &'a str,
    path: &'a str,
    /// JSON to send.
    json: Option<String>,
    /// What is known already: answered with nothing if it is still so.
    etag: &'a str,
    /// Milliseconds until it is given up.
    limit: u32,
}

impl<'a> Sending<'a> {
    const fn new(method: &'a str, path: &'a str) -> Self {
        Self { method, path, json: None, etag: "", limit: LIMIT_MS }
    }
}

/// Reads what is at a path.
pub(crate) async fn get<T: DeserializeOwned>(path: &str) -> Answer<T> {
    read(&text(Sending::new("GET", path)).await?.text)
}

/// Reads what is at a path, or what was there last where the server does not answer.
pub(crate) async fn get_kept<T: DeserializeOwned>(path: &str) -> Answer<Got<T>> {
    let user = ACCOUNT.get();
    let (answer, kept_at) = kept_text(path).await?;
    let value = read(&answer.text)?;
    // Only what could be read takes the place of what is kept.
    if kept_at.is_none() {
        keep(user, path, answer);
    }
    Ok(Got { value, kept_at })
}

/// Not generic, so that it is in the module once.
async fn kept_text(path: &str) -> Answer<(Text, Option<Timestamp>)> {
    let kept = kept::find(path).await;
    let limit = if kept.is_some() { PATIENCE_MS } else { LIMIT_MS };
    match (text(Sending { limit, ..Sending::new("GET", path) }).await, kept) {
        (Ok(answer), _) => Ok((answer, None)),
        (Err(failure), Some(kept)) if failure.is_passing() => {
            let at = kept.at();
            Ok((Text { text: kept.text, etag: kept.etag, asked_at: 0.0 }, Some(at)))
        }
        (Err(failure), _) => Err(failure),
    }
}

fn keep(user: Option<UserId>, path: &str, answer: Text) {
    let path = path.to_owned();
    spawn_local(async move { kept::keep(user, &path, &answer.text, &answer.etag, answer.asked_at).await });
}

/// Whom this page asks for.
pub(crate) fn account() -> Option<UserId> {
    ACCOUNT.get()
}

/// What is at a path if it is no longer what was there under `etag`.
pub(crate) async fn get_changed(path: &str, etag: &str) -> Answer<Option<Text>> {
    send(Sending { etag, ..Sending::new("GET", path) }).await
}

/// Sends a value to a path and reads the answer.
pub(crate) async fn put<T: DeserializeOwned>(path: &str, value: &impl Serialize) -> Answer<T> {
    read(&text(Sending { json: Some(json(value)?), ..Sending::new("PUT", path) }).await?.text)
}

/// Sends a value to a path that answers with nothing.
pub(crate) async fn tell(method: &str, path: &str, value: &impl Serialize) -> Answer<()> {
    text(Sending { json: Some(json(value)?), ..Sending::new(method, path) }).await.map(drop)
}

/// Asks a path to do something without content.
pub(crate) async fn ask(method: &str, path: &str) -> Answer<()> {
    text(Sending::new(method, path)).await.map(drop)
}

fn json(value: &impl Serialize) -> Answer<String> {
    serde_json::to_string(value).map_err(|_| Failure::Unreadable)
}

pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Answer<T> {
    serde_json::from_str(text).map_err(|_| Failure::Unreadable)
}

async fn text(sending: Sending<'_>) -> Answer<Text> {
    send(sending).await?.ok_or(Failure::Unreadable)
}

/// The one place of this page that talks to the network; not generic, so that it is in the module once. What is sent by
/// the outbox goes its own way, for the service worker sends it too.
async fn send(sending: Sending<'_>) -> Answer<Option<Text>> {
    let Sending { method, path, json, etag, limit } = sending;
    let init = RequestInit::new();
    init.set_method(method);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(limit)));
    let headers = Headers::new().map_err(|_| Failure::Unreadable)?;
    let set = |name: &str, value: &str| headers.set(name, value).map_err(|_| Failure::Unreadable);
    // The question of who is signed in is asked for nobody.
    if let Some(account) = ACCOUNT.get().filter(|_| path != "/api/me") {
        set("spotfix-account", &account.to_string())?;
    }
    if !etag.is_empty() {
        set("if-none-match", etag)?;
    }
    if let Some(json) = json {
        set("content-type", "application/json")?;
        init.set_body(&JsValue::from_str(&json));
    }
    init.set_headers(&headers);
    let begun = js_sys::Date::now();
    // A rejected promise means that nothing came back: no network, no server, a request cut off or given up.
    let response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await;
    let response: Response = response.map_err(|_| Failure::Unreached)?.unchecked_into();
    let header = |name: &str| response.headers().get(name).ok().flatten().unwrap_or_default();
    // Not from a cache, nor from something in between.
    if header("cache-control").contains("no-store") && header("content-type").contains("json") {
        note_time(&response, begun);
    }
    if !etag.is_empty() && response.status() == 304 {
        return Ok(None);
    }
    let text = response.text().map_err(|_| Failure::Unreached)?;
    let text = JsFuture::from(text).await.map_err(|_| Failure::Unreached)?.as_string().unwrap_or_default();
    if response.ok() {
        // Something in between answers with a page of its own.
        if !text.is_empty() && !header("content-type").starts_with("application/json") {
            return Err(Failure::Unreadable);
        }
        let etag = header("etag");
        return Ok(Some(Text { text, etag, asked_at: begun }));
    }
    match serde_json::from_str(&text) {
        Ok(problem) => Err(Failure::Refused(Box::new(problem))),
        Err(_) => Err(Failure::Unreadable),
    }
}

/// A path with its query; empty values are left out.
#[must_use]
pub fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    let mut text = path.to_owned();
    let mut mark = '?';
    for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        text.push(mark);
        text.push_str(name);
        text.push('=');
        text.push_str(&String::from(js_sys::encode_uri_component(value)));
        mark = '&';
    }
    text
}
