//! The cookies: out of reach of scripts, never sent from another site, tied to this host where there is TLS.

use crate::AppState;
use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::CookieJar;

/// A cookie that holds a random token.
#[derive(Debug)]
pub struct TokenCookie {
    plain: &'static str,
    secure: &'static str,
}

// The browser refuses a `__Host-` cookie that is not `Secure`, for this host alone and for every path; without TLS it
// refuses it always.

/// The session.
pub const SESSION: TokenCookie = TokenCookie { plain: "spotfix", secure: "__Host-spotfix" };

/// The device, which stays known after its sessions have ended.
pub const DEVICE: TokenCookie = TokenCookie { plain: "spotfix-device", secure: "__Host-spotfix-device" };

impl TokenCookie {
    /// The token a request brings.
    #[must_use]
    pub fn read(&self, headers: &HeaderMap, state: &AppState) -> Option<String> {
        CookieJar::from_headers(headers).get(self.name(state)).map(|c| c.value().to_owned())
    }

    /// The header that gives the browser its token, for so many days.
    #[must_use]
    pub fn set(&self, token: &str, days: u64, state: &AppState) -> HeaderValue {
        self.header(token, days * 86_400, state)
    }

    /// The header that makes the browser forget.
    #[must_use]
    pub fn clear(&self, state: &AppState) -> HeaderValue {
        self.header("", 0, state)
    }

    fn name(&self, state: &AppState) -> &'static str {
        if state.settings.is_secure() { self.secure } else { self.plain }
    }

    fn header(&self, token: &str, max_age_s: u64, state: &AppState) -> HeaderValue {
        let secure = if state.settings.is_secure() { "; Secure" } else { "" };
        let name = self.name(state);
        let text = format!("{name}={token}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}");
        HeaderValue::try_from(text).expect("a token is hex digits")
    }
}
