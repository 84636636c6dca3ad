//! What handlers take from a request: strict JSON, strict queries, ids from the path. Whatever does not fit is a problem
//! that names the field.

use crate::error::{Error, Result};
use crate::limit::Share;
use crate::linger::Silent;
use app::problem::{Code, FieldCode, FieldProblem, Problem};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A JSON body. The content type must say so, and a field the type does not know is refused wherever it stands.
#[derive(Debug)]
pub struct Json<T>(pub T);

/// Query parameters. One the type does not know is refused.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// Ids in the path.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        if !is_json(request.headers()) {
            return Err(Problem::new(Code::UnsupportedMediaType).with_detail("send application/json").into());
        }
        read_json(&body(request, state).await?).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        read_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        if has_nul(parts.uri.path().as_bytes()) {
            return Err(Code::InvalidId.into());
        }
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) if rejection.status().is_server_error() => {
                Err(anyhow::anyhow!("a handler and its path disagree: {rejection}").into())
            }
            Err(_) => Err(Code::InvalidId.into()),
        }
    }
}

/// The whole body, as far as the path's limit allows.
///
/// # Errors
/// When it is too large, breaks off, or nothing of it comes for too long; when too many of the account are under way.
pub async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes> {
    let share = request.extensions().get::<Share>();
    let _under_way = share.map(|share| share.bodies.begin(share.account)).transpose()?;
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Code::PayloadTooLarge.into(),
        _ => broken(&rejection).into(),
    })
}

/// What a body's error means: its sender fell silent, or it broke off.
pub(crate) fn broken(error: &(dyn std::error::Error + 'static)) -> Code {
    if is_silence(error) { Code::Timeout } else { Code::InvalidBody }
}

/// Whether a body did not come because its sender fell silent.
fn is_silence(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<Silent>() || error.source().is_some_and(is_silence)
}

/// A header of ours, if it is there.
///
/// # Errors
/// `invalid_header` when it is there twice or `read` makes nothing of it.
pub fn read_header<T>(
    headers: &HeaderMap,
    name: &HeaderName,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>> {
    let refused = |code| Problem::new(Code::InvalidHeader).with_field(name.as_str(), code);
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(refused(FieldCode::Repeated).into());
    }
    match value.to_str().ok().and_then(read) {
        Some(value) => Ok(Some(value)),
        None => Err(refused(FieldCode::Invalid).into()),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// Whether percent-encoded text holds the character U+0000, which PostgreSQL cannot store and nobody types.
fn has_nul(encoded: &[u8]) -> bool {
    encoded.windows(3).any(|three| three == b"%00")
}

/// Whether a string in this JSON holds U+0000: an escape that is not itself escaped.
fn has_nul_escape(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(at) = rest.windows(6).position(|six| six == br"\u0000") {
        let slashes = rest[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        if slashes % 2 == 0 {
            return true;
        }
        rest = &rest[at + 6..];
    }
    false
}

/// Reads a JSON body.
///
/// # Errors
/// When it is none, does not fit, or has a field the type does not know.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if has_nul_escape(bytes) {
        return Err(Problem::new(Code::InvalidJson)
            .with_detail("U+0000 is not a character of any text")
            .into());
    }
    let mut unknown = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut note_unknown = |path: serde_ignored::Path<'_>| unknown.push(path.to_string());
    let value =
        serde_path_to_error::deserialize(serde_ignored::Deserializer::new(&mut reader, &mut note_unknown));
    match value {
        Ok(value) => {
            reader.end().map_err(|error| invalid_json(&error))?;
            if unknown.is_empty() {
                return Ok(value);
            }
            let fields = unknown.into_iter().take(20).map(|path| FieldProblem::new(path, FieldCode::Unknown));
            Err(Problem { fields: fields.collect(), ..Problem::new(Code::UnknownField) }.into())
        }
        Err(error) => {
            let path = error.path().to_string();
            let error = error.into_inner();
            match error.classify() {
                serde_json::error::Category::Data => Err(misfit(&path, &error.to_string()).into()),
                // A number where a word belongs: serde_json calls it a syntax error, though the text is sound.
                _ if serde_json::from_slice::<serde_json::Value>(bytes).is_ok() => {
                    Err(misfit(&path, &error.to_string()).into())
                }
                _ => Err(invalid_json(&error)),
            }
        }
    }
}

fn invalid_json(error: &serde_json::Error) -> Error {
    Problem::new(Code::InvalidJson).with_detail(error.to_string()).into()
}

/// A value of the wrong type or form. serde says which kind of misfit it is only in words.
fn misfit(path: &str, message: &str) -> Problem {
    let named = message.split('`').nth(1);
    match named {
        Some(name) if message.starts_with("unknown field") => {
            Problem::new(Code::UnknownField).with_field(inside(path, name), FieldCode::Unknown)
        }
        Some(name) if message.starts_with("missing field") => {
            Problem::fields([FieldProblem::new(inside(path, name), FieldCode::Required)])
        }
        Some(name) if message.starts_with("duplicate field") => {
            Problem::fields([FieldProblem::new(inside(path, name), FieldCode::Repeated)])
        }
        _ => Problem::fields([FieldProblem::new(path, FieldCode::Invalid)]).with_detail(message),
    }
}

/// The path of field `name` where serde stopped at `path`; some formats include the name already, some do not.
fn inside(path: &str, name: &str) -> String {
    if path == "." || path.is_empty() {
        name.to_owned()
    } else if path == name || path.ends_with(&format!(".{name}")) {
        path.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// Reads a query string.
///
/// # Errors
/// When a parameter is unknown, given twice or does not fit.
pub fn read_query<T: DeserializeOwned>(text: &str) -> Result<T> {
    if has_nul(text.as_bytes()) {
        return Err(Code::InvalidParameter.into());
    }
    let mut unknown = Vec::new();
    let mut note_unknown = |path: serde_ignored::Path<'_>| unknown.push(path.to_string());
    let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    let value = serde_path_to_error::deserialize(serde_ignored::Deserializer::new(reader, &mut note_unknown));
    match value {
        Ok(value) if unknown.is_empty() => Ok(value),
        Ok(_) => {
            let fields = unknown.into_iter().take(20).map(|name| FieldProblem::new(name, FieldCode::Unknown));
            Err(Problem { fields: fields.collect(), ..Problem::new(Code::UnknownParameter) }.into())
        }
        Err(error) => {
            let path = error.path().to_string();
            let problem = misfit(&path, &error.into_inner().to_string());
            let code = if problem.code == Code::UnknownField {
                Code::UnknownParameter
            } else {
                Code::InvalidParameter
            };
            Err(Problem { fields: problem.fields, detail: problem.detail, ..Problem::new(code) }.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Place {
        lng: f64,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Report {
        note: Option<String>,
        place: Place,
    }

    fn refused<T: std::fmt::Debug>(result: Result<T>) -> (Code, Vec<(String, FieldCode)>) {
        let problem = result.expect_err("refused").into_problem();
        (problem.code, problem.fields.into_iter().map(|f| (f.field, f.code)).collect())
    }

    #[test]
    fn json_that_does_not_fit_names_the_field() {
        let read = |text: &str| read_json::<Report>(text.as_bytes());
        let good = read(r#"{"note":"x","place":{"lng":1}}"#).expect("fits");
        assert_eq!((good.note.as_deref(), good.place.lng), (Some("x"), 1.0));
        let field = |name: &str, code| vec![(name.to_owned(), code)];
        assert_eq!(
            refused(read(r#"{"place":{"lng":1,"colour":2}}"#)),
            (Code::UnknownField, field("place.colour", FieldCode::Unknown))
        );
        assert_eq!(
            refused(read(r#"{"place":{"lng":"east"}}"#)),
            (Code::InvalidFields, field("place.lng", FieldCode::Invalid))
        );
        assert_eq!(
            refused(read(r#"{"place":{}}"#)),
            (Code::InvalidFields, field("place.lng", FieldCode::Required))
        );
        assert_eq!(
            refused(read(r#"{"note":null}"#)),
            (Code::InvalidFields, field("place", FieldCode::Required))
        );
        assert_eq!(refused(read("{")).0, Code::InvalidJson);
        assert_eq!(refused(read(r#"{"note":"\u0000"}"#)).0, Code::InvalidJson);
        assert!(read(r#"{"note":"\\u0000","place":{"lng":1}}"#).is_ok());
        assert_eq!(refused(read(r#"{"place":{"lng":1}} x"#)).0, Code::InvalidJson);
        assert_eq!(refused(read_json::<Report>(b"{\"note\":\"\xff\"}")).0, Code::InvalidJson);
    }

    #[test]
    fn query_parameters_that_do_not_fit_are_named() {
        #[derive(Debug, serde::Deserialize)]
        struct Filter {
            limit: Option<u32>,
        }
        assert_eq!(read_query::<Filter>("limit=3").expect("fits").limit, Some(3));
        let field = |name: &str, code| vec![(name.to_owned(), code)];
        assert_eq!(
            refused(read_query::<Filter>("colour=red")),
            (Code::UnknownParameter, field("colour", FieldCode::Unknown))
        );
        assert_eq!(
            refused(read_query::<Filter>("limit=many")),
            (Code::InvalidParameter, field("limit", FieldCode::Invalid))
        );
        assert_eq!(refused(read_query::<Filter>("limit=1&limit=2")).0, Code::InvalidParameter);
    }
}
