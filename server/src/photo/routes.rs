//! Sending photos and looking at them.

use crate::AppState;
use crate::access::{SendsPhotos, SignedIn};
use crate::device_time::DeviceTime;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::limit::content_length;
use crate::photo::receive::{Sender, Sent, receive};
use crate::photo::{quota, store};
use app::id::PhotoId;
use app::photo::{PhotoAnswer, PhotoSize, Shot};
use app::problem::{Code, Problem};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The paths of this noun; bodies here may be as large as a photo.
pub fn router(max_bytes: usize) -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(create_photo, find_photo)).layer(DefaultBodyLimit::max(max_bytes))
}

/// Send a photo. Repeatable: the same bytes under the same id are answered as the first time.
///
/// What is told of it stays as it was told the first time.
#[utoipa::path(
    put, path = "/api/photos/{id}", tag = "photo",
    params(
        ("id" = PhotoId, Path, description = "Made by the device, UUIDv7"),
        DeviceTime,
        Shot,
    ),
    request_body(content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp")
    ), description = "The bytes, at most 30 MiB and 64 megapixels, of WebP 12; what they are is seen from them"),
    responses(
        (status = 201, description = "Taken in", body = PhotoAnswer),
        (status = 200, description = "Was taken in before", body = PhotoAnswer),
        (status = 400, description = "`unknown_parameter`, `invalid_parameter`, `invalid_header`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`id_taken`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`payload_too_large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`not_an_image`, `too_many_pixels`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`: too many at once; `quota_exceeded`: too many today", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create_photo(
    State(state): State<AppState>,
    me: SignedIn,
    Path(id): Path<Uuid>,
    Query(shot): Query<Shot>,
    DeviceTime(skew): DeviceTime,
    request: Request,
) -> Result<(StatusCode, Json<PhotoAnswer>)> {
    let granted = me.may::<SendsPhotos>()?;
    if id.is_nil() {
        return Err(Code::InvalidId.into());
    }
    let id = PhotoId(id);
    let fields = shot.check(id);
    if !fields.is_empty() {
        return Err(Problem { fields, ..Problem::new(Code::InvalidParameter) }.into());
    }
    if !may_be_photo(request.headers()) {
        return Err(Problem::new(Code::UnsupportedMediaType)
            .with_detail("send image/jpeg, image/png, image/webp or application/octet-stream")
            .into());
    }
    let (uploader, most) = (me.actor().user_id, state.darkroom.limits.max_bytes);
    let told = content_length(request.headers()).unwrap_or(0);
    if told > u64::try_from(most).unwrap_or(u64::MAX) {
        return Err(Code::PayloadTooLarge.into());
    }
    let _under_way = state.bodies.begin(uploader)?;
    quota::check(&state, &granted, uploader, id, told).await?;
    let arrived = state.spool.take_in(request.into_body(), most).await?;
    let (arrived, memory) = arrived.weighed(state.darkroom.limits).await?;
    let turn = state.darkroom.turn(uploader, arrived.bytes(), memory).await?;
    let sent = Sent { bytes: arrived.read().await?, turn: Some(turn) };
    let sender = Sender { uploader, shot: &shot, skew };
    let received = receive(&state, granted, id, sender, sent).await?;
    let status = if received.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(received.answer)))
}

/// What the bytes are is seen from the bytes. A header that says nothing lets them come, and so does each name that phones
/// and programs have for what is taken. HEIC and AVIF come, too, so that they are refused by their name.
fn may_be_photo(headers: &HeaderMap) -> bool {
    const NAMES: [&str; 16] = [
        "",
        "application/octet-stream",
        "binary/octet-stream",
        "image/jpeg",
        "image/jpg",
        "image/pjpeg",
        "image/x-jpeg",
        "image/png",
        "image/x-png",
        "image/webp",
        "image/heic",
        "image/heif",
        "image/heic-sequence",
        "image/heif-sequence",
        "image/avif",
        "image/avif-sequence",
    ];
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return true };
    let essence = value.to_str().ok().and_then(|text| text.split(';').next());
    essence.is_some_and(|essence| NAMES.contains(&essence.trim().to_ascii_lowercase().as_str()))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// `thumb` or `full`.
    #[serde(default)]
    size: PhotoSize,
}

/// A photo that I sent, or of an issue I may see: always a JPEG without metadata.
#[utoipa::path(
    get, path = "/api/photos/{id}", tag = "photo",
    params(("id" = PhotoId, Path, description = "The photo"), Wanted),
    responses(
        (
            status = 200, description = "The picture", body = Vec<u8>, content_type = "image/jpeg",
            headers(("etag" = String, description = "Names the picture"), ("vary" = String, description = "What the answer depends on"))
        ),
        (
            status = 304, description = "Unchanged",
            headers(("etag" = String, description = "Names the picture"), ("vary" = String, description = "What the answer depends on"))
        ),
        (status = 404, description = "`not_found`: there is none, or not for me", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn find_photo(
    State(state): State<AppState>,
    me: SignedIn,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response> {
    let id = PhotoId(id);
    let visible = store::find_visible(&state.db, id, me.actor().user_id, &me.scope()).await?;
    let key = visible.ok_or(Code::NotFound)?;
    let etag = format!("\"{}\"", &key.sha256[..32]);
    // A photo never changes. Another account on the same phone has another cookie, and so not this copy.
    let caching = [
        (header::VARY, HeaderValue::from_static("cookie")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400, immutable")),
        (header::ETAG, HeaderValue::from_str(&etag).map_err(anyhow::Error::from)?),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let Some(shown) = state.files.show(&key, wanted.size).await? else {
        state.files.tell_lost(&key);
        return Err(Code::NotFound.into());
    };
    let (length, kind) = (HeaderValue::from(shown.length), HeaderValue::from_static("image/jpeg"));
    let body = [(header::CONTENT_LENGTH, length), (header::CONTENT_TYPE, kind)];
    Ok((caching, body, shown.into_body()).into_response())
}
