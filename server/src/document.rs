//! The contract as an OpenAPI document. The paths come from the handlers; what they share is said here once.

use crate::access;
use app::id::{AreaId, EventId, IssueId, OrderId, PhotoId, RuleId, SpotId, UnitId, UserId};
use app::photo::{PhotoSize, PhotoSource};
use app::problem::{Code, FieldCode, FieldProblem, Problem};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::schema::{AnyOf, KnownFormat, Schema, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{
    Components, Content, Header, ObjectBuilder, Ref, RefOr, Required, Response, SchemaFormat,
};
use utoipa::{Modify, OpenApi};

/// What the document says before any path is added.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Spotfix",
        description = "Inspection, rectification and re-checking of spots. Every error is a problem document (RFC 9457) with a code."
    ),
    // What only stands in paths and queries would not be found through any body.
    components(schemas(
        Problem, FieldProblem, Code, FieldCode,
        AreaId, EventId, IssueId, OrderId, PhotoId, RuleId, SpotId, UnitId, UserId, PhotoSize, PhotoSource
    )),
    security(("session" = [])),
    modifiers(&Session),
)]
pub struct Document;

struct Session;

impl Modify for Session {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let cookie = ApiKeyValue::with_description(
            "spotfix",
            "The cookie that `POST /api/session` sets; `__Host-spotfix` where the server is reached over TLS.",
        );
        let components = document.components.get_or_insert_with(Components::new);
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Where the header that every operation may carry is described once.
const ACCOUNT_REF: &str = "#/components/parameters/Account";

/// Who gets an answer that every operation may give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom {
    /// Whoever asks.
    Everybody,
    /// Whoever asks where a session is needed.
    SignedIn,
    /// Whoever asks for a change.
    Changing,
    /// Whoever sends a body.
    Sending,
}

/// Refusals that do not depend on the operation: status, name in the document, codes, and who gets them.
const SHARED: [(u16, &str, &str, Whom); 13] = [
    (
        400,
        "BadRequest",
        "`invalid_id`, `invalid_header`, `invalid_parameter`, `unknown_parameter`, `invalid_json`, `invalid_body`",
        Whom::Everybody,
    ),
    (401, "NotSignedIn", "`not_signed_in`", Whom::SignedIn),
    (403, "CrossSite", "`cross_site`", Whom::Changing),
    (408, "Timeout", "`timeout`", Whom::Everybody),
    (409, "OtherAccount", "`other_account`", Whom::SignedIn),
    (413, "PayloadTooLarge", "`payload_too_large`", Whom::Sending),
    (414, "UriTooLong", "`uri_too_long`", Whom::Everybody),
    (415, "UnsupportedMediaType", "`unsupported_media_type`", Whom::Sending),
    (422, "InvalidFields", "`invalid_fields`, `unknown_field`", Whom::Sending),
    (429, "TooManyRequests", "`too_many_requests`", Whom::Sending),
    (500, "Internal", "`internal`", Whom::Everybody),
    (503, "Unavailable", "`unavailable`", Whom::Everybody),
    (507, "StorageFull", "`storage_full`", Whom::Everybody),
];

/// Statuses that say when to try again.
const LATER: [&str; 3] = ["429", "503", "507"];

/// Adds to every operation the refusals that do not depend on it, to every answer the headers that all have, and to those
/// that ask who is there the header that says who is meant. Says bytes and choices as OpenAPI 3.1 says them.
#[must_use]
pub fn complete(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let components = document.components.get_or_insert_with(Components::new);
    let account = Parameter::builder()
        .name(access::ACCOUNT.as_str())
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The account meant; `other_account` when the session is of another"))
        .schema(Some(Ref::from_schema_name("UserId")))
        .build();
    components.parameters.insert("Account".to_owned(), account.into());
    for (name, header) in shared_headers() {
        components.headers.insert(name.to_owned(), header.into());
    }
    for (status, name, codes, _) in SHARED {
        let mut refusal = Response::builder()
            .description(codes)
            .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))))
            .build();
        add_headers(&status.to_string(), &mut refusal);
        components.responses.insert(name.to_owned(), refusal.into());
    }
    components.schemas.values_mut().for_each(say_untagged);
    for item in document.paths.paths.values_mut() {
        let operations: [(bool, &mut Option<Operation>); 5] = [
            (false, &mut item.get),
            (true, &mut item.put),
            (true, &mut item.post),
            (true, &mut item.delete),
            (true, &mut item.patch),
        ];
        for (is_change, operation) in operations {
            if let Some(operation) = operation {
                complete_operation(is_change, operation);
            }
        }
    }
    document
}

fn complete_operation(is_change: bool, operation: &mut Operation) {
    // What says nothing about security of its own asks for the session.
    let is_signed_in = operation.security.is_none();
    if is_signed_in {
        operation.parameters.get_or_insert_default().push(RefOr::Ref(Ref::new(ACCOUNT_REF)));
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        say_bytes(&mut body.content);
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            say_bytes(&mut response.content);
            add_headers(status, response);
        }
    }
    for (status, name, _, whom) in SHARED {
        let is_possible = match whom {
            Whom::Everybody => true,
            Whom::SignedIn => is_signed_in,
            Whom::Changing => is_change,
            Whom::Sending => operation.request_body.is_some(),
        };
        if is_possible {
            let responses = &mut operation.responses.responses;
            responses.entry(status.to_string()).or_insert_with(|| RefOr::Ref(Ref::from_response_name(name)));
        }
    }
}

fn shared_headers() -> [(&'static str, Header); 3] {
    let header = |of_type, description| {
        let schema = ObjectBuilder::new().schema_type(of_type).build();
        let header = HeaderBuilder::new().schema(Some(schema)).description(Some(description));
        required(header.build())
    };
    [
        ("RequestId", header(Type::String, "Names the request in the server's log")),
        ("CacheControl", header(Type::String, "Who may keep the answer, and how long")),
        ("RetryAfter", header(Type::Integer, "Seconds to wait, as `retry_after_s` says them")),
    ]
}

/// Headers that every answer of this status has.
fn add_headers(status: &str, response: &mut Response) {
    for header in response.headers.values_mut() {
        if let RefOr::T(header) = header {
            // What an operation says of its headers holds for each of its answers.
            *header = required(std::mem::take(header));
        }
    }
    let mut add = |name: &str, component: &str| {
        let header = RefOr::Ref(Ref::new(format!("#/components/headers/{component}")));
        response.headers.insert(name.to_owned(), header);
    };
    add("x-request-id", "RequestId");
    add("cache-control", "CacheControl");
    if LATER.contains(&status) {
        add("retry-after", "RetryAfter");
    }
}

/// `required` is a member of OpenAPI's header object that the library has no name for.
fn required(mut header: Header) -> Header {
    header.extensions = Some(Extensions::from_iter([("required", true)]));
    header
}

/// Bytes are no array of numbers: the library writes what it sees, a `Vec<u8>`.
fn say_bytes<'a>(contents: impl IntoIterator<Item = (&'a String, &'a mut RefOr<Content>)>) {
    for (media_type, content) in contents {
        if let RefOr::T(content) = content
            && !media_type.ends_with("json")
        {
            let bytes = ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
                .content_media_type(media_type);
            content.schema = Some(bytes.into());
        }
    }
}

/// Several types without a tag, one of which holds what another does: more than one may fit. The library says `oneOf` of
/// every enum.
fn say_untagged(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::OneOf(choice)) = schema {
        let is_untagged = choice.items.iter().all(|item| matches!(item, RefOr::Ref(_)));
        if is_untagged {
            let mut any = AnyOf::new();
            any.items = std::mem::take(&mut choice.items);
            any.description = choice.description.take();
            *schema = RefOr::T(Schema::AnyOf(any));
        }
    }
}
