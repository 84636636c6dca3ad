//! The field bundle on the wire: the catalogue written and compressed once per state of it, not per request; the work of
//! a person written for that person.

use crate::error::Result;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::io::Write;

/// Close to the smallest brotli makes, in a tenth of the time of its last step.
const BROTLI_QUALITY: u32 = 9;
const BROTLI_WINDOW: u32 = 22;

/// JSON in every form a phone may ask for.
#[derive(Debug, Clone)]
pub struct Encoded {
    /// What [`header::ETAG`] says: quoted, from the content, so that it holds between processes.
    pub etag: String,
    /// As it is.
    pub json: Bytes,
    /// In brotli.
    pub br: Bytes,
    /// In gzip.
    pub gzip: Bytes,
}

impl Encoded {
    pub(super) fn new(json: Vec<u8>) -> Result<Self> {
        let etag = tag([json.as_slice()]);
        let mut br = Vec::new();
        let mut writer = brotli::CompressorWriter::new(&mut br, 4096, BROTLI_QUALITY, BROTLI_WINDOW);
        writer.write_all(&json).map_err(anyhow::Error::from)?;
        drop(writer);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&json).map_err(anyhow::Error::from)?;
        let gzip = gzip.finish().map_err(anyhow::Error::from)?;
        Ok(Self { etag, json: json.into(), br: br.into(), gzip: gzip.into() })
    }

    /// The answer to a request with these headers: 304 where the phone has it already.
    #[must_use]
    pub fn response(&self, asked: &HeaderMap) -> Response {
        let (body, encoding) = match smallest(asked) {
            Some("br") => (&self.br, Some("br")),
            Some("gzip") => (&self.gzip, Some("gzip")),
            _ => (&self.json, None),
        };
        respond(asked, &self.etag, body.clone(), encoding, "accept-encoding")
    }
}

/// The answer with JSON that was made for one person, under its own tag. Compressed on its way, if at all.
pub(super) fn personal(asked: &HeaderMap, etag: &str, json: Vec<u8>) -> Response {
    respond(asked, etag, json.into(), None, "accept-encoding, cookie")
}

/// What names these contents: quoted, as [`header::ETAG`] says it.
pub(super) fn tag<'a>(contents: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    contents.into_iter().for_each(|content| hash.update(content));
    format!("\"{}\"", &hex::encode(hash.finalize())[..32])
}

/// A JSON object with one more member, without reading it again.
pub(super) fn with_member(object: &[u8], name: &str, value: &[u8]) -> Vec<u8> {
    let open = object.strip_suffix(b"}").unwrap_or(object);
    [open, b",\"", name.as_bytes(), b"\":", value, b"}"].concat()
}

fn respond(
    asked: &HeaderMap,
    etag: &str,
    body: Bytes,
    encoding: Option<&'static str>,
    vary: &'static str,
) -> Response {
    let mut response = if has_it(asked, etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Body::from(body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::VARY, HeaderValue::from_static(vary));
    // Kept by the phone alone, and asked for again every time.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn has_it(asked: &HeaderMap, etag: &str) -> bool {
    // What compressed on the way marks the tag as weak; it is the same content.
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    text(asked, header::IF_NONE_MATCH).split(',').any(|tag| tag.trim() == "*" || bare(tag) == etag)
}

fn smallest(asked: &HeaderMap) -> Option<&'static str> {
    let accepted = text(asked, header::ACCEPT_ENCODING);
    ["br", "gzip"].into_iter().find(|encoding| {
        accepted.split(',').any(|part| {
            let mut pieces = part.split(';').map(str::trim);
            pieces.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding))
                && !pieces.any(|piece| matches!(piece, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn ask(headers: &[(header::HeaderName, &str)]) -> Response {
        let encoded = Encoded::new(vec![b' '; 5000]).expect("compresses");
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().expect("a header")));
        encoded.response(&headers.collect())
    }

    #[test]
    fn the_smallest_form_asked_for_is_sent() {
        let encoding = |accepted: &str| {
            let response = ask(&[(header::ACCEPT_ENCODING, accepted)]);
            response.headers().get(header::CONTENT_ENCODING).map(|it| it.to_str().expect("text").to_owned())
        };
        assert_eq!(encoding("gzip, deflate, br").as_deref(), Some("br"));
        assert_eq!(encoding("br;q=0, gzip;q=0.5").as_deref(), Some("gzip"));
        assert_eq!(encoding("identity"), None);
    }

    #[test]
    fn every_form_says_the_same() {
        let json = "{\"名\":[1,2,3]}".repeat(500).into_bytes();
        let encoded = Encoded::new(json.clone()).expect("compresses");
        let (mut br, mut gzip) = (Vec::new(), Vec::new());
        brotli::Decompressor::new(&*encoded.br, 4096).read_to_end(&mut br).expect("brotli");
        flate2::read::GzDecoder::new(&*encoded.gzip).read_to_end(&mut gzip).expect("gzip");
        assert!(br == json && gzip == json && encoded.json == json);
    }

    #[test]
    fn what_is_there_already_is_not_sent_again() {
        let etag = ask(&[]).headers()[header::ETAG].to_str().expect("text").to_owned();
        let status = |tag: &str| ask(&[(header::IF_NONE_MATCH, tag)]).status();
        assert_eq!(status(&etag), StatusCode::NOT_MODIFIED);
        assert_eq!(status(&format!("\"x\", W/{etag}")), StatusCode::NOT_MODIFIED);
        assert_eq!(status("\"x\""), StatusCode::OK);
    }
}
