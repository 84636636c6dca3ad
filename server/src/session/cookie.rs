//! The session cookie: out of reach of scripts, never sent from another site, tied to this host where there is TLS.

use crate::AppState;
use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::CookieJar;

/// The browser refuses a `__Host-` cookie that is not `Secure`, for this host alone and for every path; without TLS it
/// refuses it always.
const fn name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-spotfix" } else { "spotfix" }
}

/// The token a request brings.
#[must_use]
pub fn read(headers: &HeaderMap, state: &AppState) -> Option<String> {
    CookieJar::from_headers(headers).get(name(state.settings.is_secure())).map(|c| c.value().to_owned())
}

/// The header that gives the browser its token.
#[must_use]
pub fn set(token: &str, state: &AppState) -> HeaderValue {
    header(token, state.settings.session_max_days * 86_400, state.settings.is_secure())
}

/// The header that makes the browser forget.
#[must_use]
pub fn clear(state: &AppState) -> HeaderValue {
    header("", 0, state.settings.is_secure())
}

fn header(token: &str, max_age_s: u64, is_secure: bool) -> HeaderValue {
    let secure = if is_secure { "; Secure" } else { "" };
    let text = format!(
        "{}={token}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}",
        name(is_secure)
    );
    HeaderValue::try_from(text).expect("a token is hex digits")
}
