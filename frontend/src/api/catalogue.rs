//! The county's catalogue, calendar and policy in one answer.

use app::bundle::FieldBundle;

use super::{Answer, get};

/// The field bundle. The browser keeps it and asks whether it has changed (`ETag`).
///
/// # Errors
/// `not_signed_in`; nothing answered.
pub async fn field_bundle() -> Answer<FieldBundle> {
    get("/api/field-bundle").await
}
