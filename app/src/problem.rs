//! What went wrong, as the API says it: RFC 9457 problem documents with a code.
//!
//! The server sends codes and values; the words a person reads belong to the user interface.

use crate::id::PhotoId;
use serde::{Deserialize, Serialize};

// `$code` is a token and no `literal`: an attribute macro sees a `literal` wrapped up, and utoipa would not read the name.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:tt, $status:literal, $title:literal;)*) => {
        /// Why a request was refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word in JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status it travels with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// A short sentence for developers.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or not UTF-8.
    InvalidJson = "invalid_json", 400, "The body is not valid JSON";
    /// The body is not what its headers say, or broke off.
    InvalidBody = "invalid_body", 400, "The body could not be read";
    /// A query parameter the path does not know; `fields` names it.
    UnknownParameter = "unknown_parameter", 400, "Unknown query parameter";
    /// A query parameter whose value does not fit; `fields` names it.
    InvalidParameter = "invalid_parameter", 400, "A query parameter is not valid";
    /// A header whose value does not fit; `fields` names it.
    InvalidHeader = "invalid_header", 400, "A header is not valid";
    /// An id in the path that is not one.
    InvalidId = "invalid_id", 400, "An id in the path is not valid";
    /// A paging cursor we did not make.
    InvalidCursor = "invalid_cursor", 400, "The cursor is not valid";
    /// No session, or one that has ended.
    NotSignedIn = "not_signed_in", 401, "Not signed in";
    /// No such account with this password, or the account is disabled.
    WrongCredentials = "wrong_credentials", 401, "Wrong user name or password";
    /// Signed in, but this is not for this role or this person.
    Forbidden = "forbidden", 403, "Not allowed";
    /// A browser sent this from another site.
    CrossSite = "cross_site", 403, "Requests from other sites are refused";
    /// Nothing here, or nothing this person may see.
    NotFound = "not_found", 404, "Not found";
    /// The path is right, the method is not; see `Allow`.
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed";
    /// Took too long to arrive or to answer.
    Timeout = "timeout", 408, "The request took too long";
    /// The id is taken by something else, or the same thing with other content.
    IdTaken = "id_taken", 409, "The id is taken by other content";
    /// The session is not of the account that `spotfix-account` names; nothing was done.
    OtherAccount = "other_account", 409, "Signed in as another account";
    /// The name is taken.
    NameTaken = "name_taken", 409, "The name is taken";
    /// The state does not allow this step; `allowed` lists those it does.
    StepNotAllowed = "step_not_allowed", 409, "The state does not allow this step";
    /// This problem exists only at certain hours: its re-check passes only in those (同时段).
    NotSameHours = "not_same_hours", 409, "Re-checked outside the hours of the problem";
    /// More bytes than this path takes.
    PayloadTooLarge = "payload_too_large", 413, "The body is too large";
    /// The address is longer than any real one.
    UriTooLong = "uri_too_long", 414, "The address is too long";
    /// A content type this path does not take.
    UnsupportedMediaType = "unsupported_media_type", 415, "Unsupported content type";
    /// A JSON field the type does not know; `fields` names it.
    UnknownField = "unknown_field", 422, "Unknown field";
    /// Fields whose values do not fit; `fields` names them.
    InvalidFields = "invalid_fields", 422, "Some fields are not valid";
    /// Photos named that have not arrived, or that this person may not see; `photo_ids` lists them.
    PhotoMissing = "photo_missing", 422, "A photo has not arrived";
    /// Photos named that somebody else took, or that belong elsewhere, as far as this person may see them; `photo_ids` lists them.
    PhotoNotYours = "photo_not_yours", 422, "A photo is somebody else's";
    /// The bytes cannot be decoded as JPEG, PNG or WebP.
    NotAnImage = "not_an_image", 422, "Not an image that can be decoded";
    /// The picture has more pixels than are decoded.
    TooManyPixels = "too_many_pixels", 422, "The image has too many pixels";
    /// Wrong too often: wait `retry_after_s`.
    LockedOut = "locked_out", 429, "Too many wrong passwords";
    /// This account has sent as many photos today as it may: `retry_after_s` is until the next business day.
    QuotaExceeded = "quota_exceeded", 429, "The account's photos for today are used up";
    /// Too much at once: wait `retry_after_s`.
    TooManyRequests = "too_many_requests", 429, "Too many requests";
    /// Our fault; the log has more under this request id.
    Internal = "internal", 500, "Something went wrong on the server";
    /// What is stored of this issue does not prove itself: nothing of it is shown, and no step is taken.
    IssueDamaged = "issue_damaged", 500, "The stored record of this issue is damaged";
    /// The server's disk takes nothing more; nothing was kept.
    StorageFull = "storage_full", 507, "The server has no room left";
    /// Starting, stopping or without its database.
    Unavailable = "unavailable", 503, "Not available right now";
}

/// What is wrong with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    /// Missing or empty.
    Required,
    /// Not one this place knows.
    Unknown,
    /// Given more than once.
    Repeated,
    /// Not of the type or form it must have.
    Invalid,
    /// Fewer characters or items than needed.
    TooShort,
    /// More characters or items than taken.
    TooLong,
    /// A number or a moment outside its range.
    OutOfRange,
    /// Names something that does not exist.
    NotFound,
    /// Somebody else has it.
    Taken,
    /// Not the one on record.
    Wrong,
    /// Withdrawn or closed: kept for what is old, taken for nothing new.
    Withdrawn,
    /// A clause that is not checked at spots of this type.
    NotForSpotType,
}

/// A field and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// The field as a path: `location.lng`, `photo_ids[2]`.
    pub field: String,
    /// What is wrong with it.
    pub code: FieldCode,
}

/// A problem document: `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// The kind of problem as a URI, `urn:spotfix:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short sentence for developers, the same for every problem of this code.
    pub title: String,
    /// The HTTP status, repeated for whoever only has the document.
    pub status: u16,
    /// Why, for programs.
    pub code: Code,
    /// More about this one, for developers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The fields or parameters that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// The steps that are allowed now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<String>>,
    /// The photos meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photo_ids: Vec<PhotoId>,
    /// Seconds to wait before trying again; also in `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
}

impl Problem {
    /// A problem of this code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            kind: format!("urn:spotfix:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: None,
            fields: Vec::new(),
            allowed: None,
            photo_ids: Vec::new(),
            retry_after_s: None,
        }
    }

    /// Fields that do not fit.
    #[must_use]
    pub fn fields(fields: impl IntoIterator<Item = FieldProblem>) -> Self {
        Self { fields: fields.into_iter().collect(), ..Self::new(Code::InvalidFields) }
    }

    /// With a sentence about this one.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// With one more field.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>, code: FieldCode) -> Self {
        self.fields.push(FieldProblem::new(field, code));
        self
    }

    /// With the steps that are allowed now.
    #[must_use]
    pub fn with_allowed<S: Into<String>>(self, steps: impl IntoIterator<Item = S>) -> Self {
        Self { allowed: Some(steps.into_iter().map(Into::into).collect()), ..self }
    }

    /// With the photos meant.
    #[must_use]
    pub fn with_photos(self, photos: impl IntoIterator<Item = PhotoId>) -> Self {
        Self { photo_ids: photos.into_iter().collect(), ..self }
    }

    /// With the seconds to wait.
    #[must_use]
    pub fn with_retry_after_s(self, seconds: u64) -> Self {
        Self { retry_after_s: Some(seconds), ..self }
    }
}

impl FieldProblem {
    /// This field, this fault.
    #[must_use]
    pub fn new(field: impl Into<String>, code: FieldCode) -> Self {
        Self { field: field.into(), code }
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_rfc_9457_asks_and_no_more() {
        let problem = Problem::new(Code::UnknownField).with_field("colour", FieldCode::Unknown);
        let json = serde_json::to_value(&problem).expect("plain data");
        assert_eq!(
            json,
            serde_json::json!({
                "type": "urn:spotfix:problem:unknown_field",
                "title": "Unknown field",
                "status": 422,
                "code": "unknown_field",
                "fields": [{ "field": "colour", "code": "unknown" }],
            })
        );
        assert_eq!(serde_json::from_value::<Problem>(json).expect("reads back"), problem);
    }

    #[test]
    fn codes_are_written_as_they_are_named() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).expect("plain data"), code.as_str());
            assert!((400..600).contains(&code.status()));
        }
    }
}
