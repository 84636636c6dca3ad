//! Where a sign-in comes from: an address, and perhaps a device that is known.

use crate::error::{Error, Result};
use crate::peer::{self, Peer};
use crate::session::{cookie, hash_token};
use crate::{AppState, access::SignedIn};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::net::IpAddr;

/// Where a password comes from that is to be checked.
#[derive(Debug, Clone)]
pub struct Origin {
    client: IpAddr,
    device_hash: Option<String>,
    session_hash: Option<String>,
}

impl Origin {
    /// Nowhere in particular, for the test suites.
    #[cfg(feature = "testing")]
    #[must_use]
    pub const fn for_tests() -> Self {
        Self { client: IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), device_hash: None, session_hash: None }
    }

    /// The address, as it is counted.
    pub(crate) const fn client(&self) -> IpAddr {
        self.client
    }

    /// The hash of the device's token, known or not.
    pub(crate) fn device_hash(&self) -> Option<&str> {
        self.device_hash.as_deref()
    }

    /// The hash of the session in which the password is asked for once more.
    pub(crate) fn session_hash(&self) -> Option<&str> {
        self.session_hash.as_deref()
    }

    /// The same, from within a session: whoever has one was right before, as on a known device.
    #[must_use]
    pub(crate) fn within(self, me: &SignedIn) -> Self {
        Self { session_hash: Some(me.token_hash().to_owned()), ..self }
    }
}

impl FromRequestParts<AppState> for Origin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let peer = parts.extensions.get::<Peer>().copied();
        let client = peer::counted(state.settings.trusted_proxies.client(peer, &parts.headers));
        let device_hash = cookie::DEVICE.read(&parts.headers, state).map(|token| hash_token(&token));
        Ok(Self { client, device_hash, session_hash: None })
    }
}
