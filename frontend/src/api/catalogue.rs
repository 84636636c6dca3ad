//! The county's catalogue, calendar and policy in one answer.

use std::time::Duration;

use app::bundle::{Catalogue, FieldBundle};
use app::calendar::WorkingTime;
use app::issue::Policy;
use serde::Deserialize;

use super::{Answer, Failure, get_changed, read};
use crate::device;
use crate::outbox::kept;
use app::time::Timestamp;

/// Where it is: the part of the bundle that is the same for everybody, so that a new order does not bring it anew.
const PATH: &str = "/api/field-bundle?part=catalogue";

/// What the bundle holds beside the catalogue.
#[derive(Deserialize)]
struct Beside {
    working_time: WorkingTime,
    policy: Policy,
}

/// The field bundle, and when the server said so.
pub struct Dated {
    /// The bundle.
    pub bundle: FieldBundle,
    /// When the server gave it, or said that it is still so.
    pub at: Timestamp,
    /// What the server calls this state of it.
    pub etag: String,
}

/// The field bundle as it is kept on the phone; nothing if it is not, or if this page cannot read it.
pub async fn kept_bundle() -> Option<Dated> {
    let kept = kept::find(PATH).await?;
    let (at, etag) = (kept.at(), kept.etag.clone());
    Some(Dated { bundle: parse(&kept.text).await.ok()?, at, etag })
}

/// The field bundle if it is no longer what it was under `etag`; kept on the phone.
///
/// # Errors
/// `not_signed_in`; nothing answered.
pub async fn field_bundle(etag: &str, now: Timestamp) -> Answer<Option<Dated>> {
    let user = super::account();
    let Some(answer) = get_changed(PATH, etag).await? else {
        kept::touch(PATH).await;
        return Ok(None);
    };
    let bundle = parse(&answer.text).await?;
    kept::keep(user, PATH, &answer.text, &answer.etag, answer.asked_at).await;
    Ok(Some(Dated { bundle, at: now, etag: answer.etag }))
}

async fn parse(text: &str) -> Result<FieldBundle, Failure> {
    // Read twice, each time past the other half: reading the flattened type in one go would buffer every value, in code
    // that weighs more than the rest of this page.
    let catalogue: Catalogue = read(text)?;
    // A slow phone draws and listens in between.
    device::pause(Duration::ZERO).await;
    let Beside { working_time, policy } = read(text)?;
    device::pause(Duration::ZERO).await;
    Ok(FieldBundle { catalogue, working_time, policy })
}
