//! A step of an order as an item of the outbox.

use app::id::EventId;
use app::order::StepRequest;

use crate::api;
use crate::device;
use crate::outbox::{Draft, Form, Item, ItemKind, Stage, Subject, Trouble};

/// The item that takes this step; `draft` is what it was made of.
///
/// # Errors
/// When it cannot be written as JSON, or the draft is none of a step.
pub(crate) fn step_item(id: EventId, step: StepRequest, draft: Draft) -> Result<Item, Trouble> {
    let (Form::Reply(form) | Form::Recheck(form)) = &draft.form else {
        return Err(Trouble::Failed("the draft is not one of a step".to_owned()));
    };
    let (issue_id, order_id) = (form.issue_id, form.order_id);
    let step = StepRequest { device_at: Some(device::now()), ..step };
    let body = serde_json::to_string(&step).map_err(|error| Trouble::Failed(error.to_string()))?;
    Ok(Item {
        id: id.0,
        user: draft.user,
        kind: ItemKind::Step,
        step: Some(step.step),
        path: api::order::step_path(order_id, id),
        body,
        answer_id: order_id.0,
        photos: step.photo_ids,
        lane: issue_id,
        title: draft.title.clone(),
        detail: draft.detail.clone(),
        subject: Subject { issue_id: Some(issue_id), order_id: Some(order_id), ..Subject::default() },
        forecast: None,
        draft,
        made_at: device::now().millis(),
        stage: Stage::Waiting,
        sent: 0,
        why: None,
        answer: None,
        received_at: None,
    })
}
