//! What the sender's clock shows while it sends, from the header `spotfix-device-time`.
//!
//! It is no part of what is asked for: the same request sent again has another time, and is the same request.

use crate::AppState;
use crate::error::{Error, Result};
use crate::extract::read_header;
use app::device_time::Skew;
use app::time::Timestamp;
use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::request::Parts;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{Ref, Required};

/// The header: RFC 3339, optional.
pub const DEVICE_TIME: HeaderName = HeaderName::from_static("spotfix-device-time");

/// How far the sender's clock is ahead of ours, where the sender tells. Compared when the head of the request has
/// arrived: a photo may be on its way for minutes after that.
#[derive(Debug, Clone, Copy)]
pub struct DeviceTime(pub Option<Skew>);

impl FromRequestParts<AppState> for DeviceTime {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let told = read_header(&parts.headers, &DEVICE_TIME, |text| Timestamp::parse(text).ok())?;
        Ok(Self(told.map(|device| Skew::between(device, state.clock.now()))))
    }
}

impl IntoParams for DeviceTime {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let told = Parameter::builder()
            .name(DEVICE_TIME.as_str())
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("What the device's clock shows while it sends"))
            .schema(Some(Ref::from_schema_name("Timestamp")));
        vec![told.build()]
    }
}
