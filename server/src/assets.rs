//! The front end, served from the binary: precompressed, hashed names cached for good.
//!
//! In a debug build the files are read from `target/bundle` as they are.

use crate::error::{Error, Result};
use app::problem::Code;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../target/bundle"]
#[allow_missing = true]
struct Bundle;

/// What a server without a front end says at `/`.
const NO_BUNDLE: &str = "<!doctype html><meta charset=utf-8><title>Spotfix</title>\
    <p>This build has no front end. Run <code>cargo xtask web</code> and build again.</p>";

/// Everything that is no route: a file of the front end, or the page that finds its own way from the address.
pub async fn serve(request: Request) -> Result<Response> {
    let path = request.uri().path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Err(Code::NotFound.into());
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allow = [(header::ALLOW, HeaderValue::from_static("GET, HEAD"))];
        return Ok((allow, Error::from(Code::MethodNotAllowed)).into_response());
    }
    if !path.is_empty() && path != "index.html" {
        // The compressed siblings are ways to send a file, not files of their own.
        if !path.ends_with(".br") && !path.ends_with(".gz") && Bundle::get(path).is_some() {
            return send(path, request.headers());
        }
        if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
            return Err(Code::NotFound.into());
        }
    }
    let wants_page = request.headers().get(header::ACCEPT).is_none_or(|accept| {
        accept.to_str().is_ok_and(|text| text.contains("text/html") || text.contains("*/*"))
    });
    match (wants_page, Bundle::get("index.html")) {
        (false, _) => Err(Code::NotFound.into()),
        (true, Some(_)) => send("index.html", request.headers()),
        (true, None) => Ok(axum::response::Html(NO_BUNDLE).into_response()),
    }
}

fn send(path: &str, asked: &HeaderMap) -> Result<Response> {
    let (file, encoding) = choose(path, asked).ok_or(Code::NotFound)?;
    let etag = format!("\"{}\"", &hex::encode(file.metadata.sha256_hash())[..32]);
    let is_known = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag));

    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { file.data.into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type(path));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching(path)));
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(header::ETAG, etag);
    }
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

/// The smallest form the browser takes.
fn choose(path: &str, asked: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted =
        asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (encoding, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(accepted, encoding)
            && let Some(file) = Bundle::get(&format!("{path}{suffix}"))
        {
            return Some((file, Some(encoding)));
        }
    }
    Some((Bundle::get(path)?, None))
}

fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        pieces.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding))
            && !pieces.any(|piece| matches!(piece, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn content_type(path: &str) -> HeaderValue {
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    HeaderValue::from_static(kind)
}

/// A name that carries its content's hash never changes; everything else is asked for again.
fn caching(path: &str) -> &'static str {
    if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// `app-0123456789abcdef.js`: at least eight hex digits between the last `-` or `.` of the stem and the extension.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    stem.rsplit(['-', '.']).next().is_some_and(|hash| {
        hash.len() >= 8 && hash.len() < stem.len() && hash.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_names_are_kept_for_good() {
        assert!(is_hashed("app-0123456789abcdef.wasm"));
        assert!(is_hashed("snippets/x.0123abcd.js"));
        for path in ["index.html", "sw.js", "manifest.webmanifest", "icon-192.png", "deadbeef.js"] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn encodings_are_read_as_the_browser_means_them() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
    }
}
