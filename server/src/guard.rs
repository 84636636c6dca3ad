//! What stands before every handler: the request's id and log line, the headers of every answer, the refusal of
//! requests from other sites, and the last catch when a handler panics.

use crate::AppState;
use crate::error::{Error, Result, problem_response};
use app::problem::{Code, Problem};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id and writes one line about it: method, route, status, time and role. Never the address with
/// its ids, never who: a log must not tell what a screen hides.
pub async fn log(request: Request, next: Next) -> Response {
    let mut bytes = [0; 8];
    // An id only has to tell requests apart in a log; without randomness it is zero.
    let _ = getrandom::fill(&mut bytes);
    let id = hex::encode(bytes);
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id, role = tracing::field::Empty);
    let method = request.method().clone();
    let is_probe = matches!(route.as_str(), "/healthz" | "/readyz");
    async move {
        let begun = std::time::Instant::now();
        let mut response = next.run(request).await;
        let status = response.status().as_u16();
        let ms = begun.elapsed().as_millis();
        if is_probe {
            tracing::debug!(%method, route, status, ms, "answered");
        } else {
            tracing::info!(%method, route, status, ms, "answered");
        }
        if let Ok(id) = HeaderValue::try_from(id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
    .instrument(span)
    .await
}

/// Headers of every answer.
pub async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if state.settings.is_secure() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    // What the API says is for one person; a handler that knows better has set its own.
    if is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

const ALWAYS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
         connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Refuses changes that a browser sends from another site. Browsers say where a request comes from in headers no page
/// can set; programs without them have no cookie that could be abused.
pub async fn same_site(State(state): State<AppState>, request: Request, next: Next) -> Result<Response> {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe || is_same_site(request.headers(), request.uri(), &state.settings.public_url) {
        Ok(next.run(request).await)
    } else {
        Err(Code::CrossSite.into())
    }
}

fn is_same_site(headers: &HeaderMap, uri: &Uri, public_url: &str) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if text(HeaderName::from_static("sec-fetch-site"))
        .is_some_and(|from| !matches!(from, "same-origin" | "none"))
    {
        return false;
    }
    let Some(origin) = text(header::ORIGIN) else { return true };
    let Some((_, origin_host)) = origin.split_once("://") else { return false };
    let host = text(header::HOST).or_else(|| uri.authority().map(|authority| authority.as_str()));
    host.is_some_and(|host| origin_host.eq_ignore_ascii_case(host))
        || (!public_url.is_empty() && origin.eq_ignore_ascii_case(public_url.trim_end_matches('/')))
}

/// The answer to a path that exists, by a method it does not have. axum adds `Allow`.
pub async fn method_not_allowed() -> Error {
    Code::MethodNotAllowed.into()
}

/// The answer when a handler panicked; the panic itself goes to the log.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over by value")]
pub fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(message, "a handler panicked");
    problem_response(&Problem::new(Code::Internal)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    fn allowed(headers: &[(&'static str, &str)], public_url: &str) -> bool {
        let map = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().expect("a header")))
            .collect();
        is_same_site(&map, &Uri::from_static("/"), public_url)
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_that_tells_nothing() {
        async fn fail() -> &'static str {
            panic!("the secret is 42")
        }
        let layer = tower_http::catch_panic::CatchPanicLayer::custom(panicked);
        let router = axum::Router::new().route("/", axum::routing::get(fail)).layer(layer);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        let mut connection = tokio::net::TcpStream::connect(address).await.expect("listening");
        connection.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.expect("sent");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.expect("an answer");
        assert!(
            answer.starts_with("HTTP/1.1 500 ") && answer.contains("application/problem+json"),
            "{answer}"
        );
        assert!(answer.contains(r#""code":"internal""#) && !answer.contains("42"), "{answer}");
    }

    #[test]
    fn changes_come_from_our_own_pages_or_from_programs() {
        assert!(allowed(&[("host", "a.cn")], ""));
        assert!(allowed(
            &[("host", "a.cn"), ("origin", "https://a.cn"), ("sec-fetch-site", "same-origin")],
            ""
        ));
        assert!(allowed(&[("host", "localhost:8080"), ("origin", "http://localhost:8080")], ""));
        assert!(allowed(&[("host", "inner:8080"), ("origin", "https://a.cn")], "https://a.cn/"));
        assert!(!allowed(&[("host", "a.cn"), ("sec-fetch-site", "cross-site")], ""));
        assert!(!allowed(&[("host", "a.cn"), ("sec-fetch-site", "same-site")], ""));
        assert!(!allowed(&[("host", "a.cn"), ("origin", "https://evil.cn")], ""));
        assert!(!allowed(&[("host", "a.cn"), ("origin", "https://a.cn:444")], ""));
        assert!(!allowed(&[("host", "a.cn"), ("origin", "null")], ""));
    }
}
