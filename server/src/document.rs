//! The contract as an OpenAPI document. The paths come from the handlers; what they share is said here once.

use crate::access;
use app::id::{AreaId, EventId, IssueId, OrderId, PhotoId, RuleId, SpotId, UnitId, UserId};
use app::photo::{PhotoSize, PhotoSource};
use app::problem::{Code, FieldCode, FieldProblem, Problem};
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Components, Content, Ref, RefOr, Required, Response};
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

/// Adds to every operation the answer any of them can give, a problem, and to those that ask who is there the header that
/// says who is meant.
#[must_use]
pub fn complete(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let problem: RefOr<Response> = Response::builder()
        .description("A problem: `code` says which")
        .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))))
        .build()
        .into();
    let account = Parameter::builder()
        .name(access::ACCOUNT.as_str())
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The account meant; `other_account` when the session is of another"))
        .schema(Some(Ref::from_schema_name("UserId")))
        .build();
    let components = document.components.get_or_insert_with(Components::new);
    components.parameters.insert("Account".to_owned(), account.into());
    for item in document.paths.paths.values_mut() {
        let operations: [&mut Option<Operation>; 5] =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            operation.responses.responses.entry("default".to_owned()).or_insert_with(|| problem.clone());
            // What says nothing about security of its own asks for the session.
            if operation.security.is_none() {
                operation.parameters.get_or_insert_default().push(RefOr::Ref(Ref::new(ACCOUNT_REF)));
            }
        }
    }
    document
}
