//! A step of an order as an item of the outbox, and what is said of it once it was given there.

use std::time::Duration;

use app::id::EventId;
use app::order::StepRequest;
use uuid::Uuid;

use crate::api;
use crate::device;
use crate::globals::Globals;
use crate::outbox::{self, Draft, Form, Item, ItemKind, Stage, Subject, Trouble};
use crate::words::Words;

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
        subject: Some(Subject { issue_id: Some(issue_id), order_id: Some(order_id), ..Subject::default() }),
        forecast: None,
        draft: Some(draft),
        is_undoable: step.step.is_recheck(),
        made_at: device::now().millis(),
        stage: Stage::Waiting,
        sent: 0,
        is_held: false,
        may_have_arrived: false,
        why: None,
        answer: None,
        received_at: None,
    })
}

/// How often what was given to the outbox is looked at before it is only said to be safe: with a network it arrives sooner.
const LOOKS: u32 = 25;

/// Says `done` when everything has arrived soon, else that it is safe on this phone.
pub(crate) async fn say_what_became(globals: Globals, ids: Vec<Uuid>, done: &'static str) {
    let words = Words::of(leptos::prelude::GetUntracked::get_untracked(&globals.lang));
    for _ in 0..LOOKS {
        match outbox::stages(&ids).await {
            stages if stages.iter().all(|stage| *stage == Stage::Received) => return globals.toast(done),
            stages if stages.contains(&Stage::NeedsYou) => {
                return globals.toast_trouble(words.outbox.refused);
            }
            _ => device::pause(Duration::from_millis(100)).await,
        }
    }
    match outbox::pause().await {
        // It is not sent by itself.
        Some(pause) => globals.toast_trouble((words.outbox.paused)(pause)),
        None => globals.toast(words.outbox.saved),
    }
}
