//! Talking to the server: one request, one answer, or the reason why there is none.
//!
//! The types are those of `app`, so that what the page sends and reads is what the server reads and sends. The functions
//! live under `api/`, by noun.

pub mod account;
pub mod catalogue;
pub mod issue;
pub mod order;
pub mod photo;
pub mod rate;

use app::problem::{Code, Problem};
use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

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
                Code::Timeout | Code::TooManyRequests | Code::Internal | Code::Unavailable
            ),
        }
    }
}

/// What came back: the text of a good answer.
pub type Answer<T> = Result<T, Failure>;

/// A request's content with its type.
struct Content<'a> {
    kind: &'a str,
    body: JsValue,
}

/// Reads what is at a path.
pub(crate) async fn get<T: DeserializeOwned>(path: &str) -> Answer<T> {
    read(&send("GET", path, None).await?)
}

/// What is at a path, as text.
pub(crate) async fn get_text(path: &str) -> Answer<String> {
    send("GET", path, None).await
}

/// Sends a value to a path and reads the answer.
pub(crate) async fn put<T: DeserializeOwned>(path: &str, value: &impl Serialize) -> Answer<T> {
    read(&send("PUT", path, Some(json(value)?)).await?)
}

/// Sends a value to a path that answers with nothing.
pub(crate) async fn tell(method: &str, path: &str, value: &impl Serialize) -> Answer<()> {
    send(method, path, Some(json(value)?)).await.map(drop)
}

/// Asks a path to do something without content.
pub(crate) async fn ask(method: &str, path: &str) -> Answer<()> {
    send(method, path, None).await.map(drop)
}

/// Sends bytes to a path and reads the answer.
pub(crate) async fn put_bytes<T: DeserializeOwned>(
    path: &str,
    kind: &str,
    bytes: &web_sys::Blob,
) -> Answer<T> {
    let content = Content { kind, body: JsValue::from(bytes) };
    read(&send("PUT", path, Some(content)).await?)
}

fn json(value: &impl Serialize) -> Answer<Content<'static>> {
    let text = serde_json::to_string(value).map_err(|_| Failure::Unreadable)?;
    Ok(Content { kind: "application/json", body: JsValue::from_str(&text) })
}

pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Answer<T> {
    serde_json::from_str(text).map_err(|_| Failure::Unreadable)
}

/// The one place that talks to the network; not generic, so that it is in the module once.
async fn send(method: &str, path: &str, content: Option<Content<'_>>) -> Answer<String> {
    let init = RequestInit::new();
    init.set_method(method);
    if let Some(Content { kind, body }) = content {
        let headers = Headers::new().map_err(|_| Failure::Unreadable)?;
        headers.set("content-type", kind).map_err(|_| Failure::Unreadable)?;
        init.set_headers(&headers);
        init.set_body(&body);
    }
    // A rejected promise means that nothing came back: no network, no server, a request cut off.
    let response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await;
    let response: Response = response.map_err(|_| Failure::Unreached)?.unchecked_into();
    let text = response.text().map_err(|_| Failure::Unreached)?;
    let text = JsFuture::from(text).await.map_err(|_| Failure::Unreached)?.as_string().unwrap_or_default();
    if response.ok() {
        return Ok(text);
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
