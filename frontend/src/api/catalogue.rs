//! The county's catalogue, calendar and policy in one answer.

use app::bundle::{Catalogue, FieldBundle};
use app::calendar::WorkingTime;
use app::issue::Policy;
use serde::Deserialize;

use super::{Answer, get_text, read};

/// What the bundle holds beside the catalogue.
#[derive(Deserialize)]
struct Beside {
    working_time: WorkingTime,
    policy: Policy,
}

/// The field bundle. The browser keeps it and asks whether it has changed (`ETag`).
///
/// # Errors
/// `not_signed_in`; nothing answered.
pub async fn field_bundle() -> Answer<FieldBundle> {
    let text = get_text("/api/field-bundle").await?;
    // Read twice, each time past the other half: reading the flattened type in one go would buffer every value, in code
    // that weighs more than the rest of this page.
    let catalogue: Catalogue = read(&text)?;
    let Beside { working_time, policy } = read(&text)?;
    Ok(FieldBundle { catalogue, working_time, policy })
}
