//! The contract as an OpenAPI document. The paths come from the handlers; what they share is said here once.

use app::id::{AreaId, EventId, IssueId, OrderId, PhotoId, RuleId, SpotId, UnitId, UserId};
use app::photo::PhotoSize;
use app::problem::{Code, FieldCode, FieldProblem, Problem};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Components, Content, Ref, RefOr, Response};
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
        AreaId, EventId, IssueId, OrderId, PhotoId, RuleId, SpotId, UnitId, UserId, PhotoSize
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

/// Adds to every operation the answer any of them can give: a problem.
#[must_use]
pub fn complete(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let problem: RefOr<Response> = Response::builder()
        .description("A problem: `code` says which")
        .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))))
        .build()
        .into();
    for item in document.paths.paths.values_mut() {
        let operations: [&mut Option<Operation>; 5] =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            operation.responses.responses.entry("default".to_owned()).or_insert_with(|| problem.clone());
        }
    }
    document
}
