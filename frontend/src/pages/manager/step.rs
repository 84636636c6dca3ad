//! Steps on their way: the same content goes out under the same id until an answer has come.

use app::id::EventId;
use app::order::{StepKind, StepRequest};
use leptos::prelude::*;

use crate::device::{fresh_id, now};

/// The last step asked for on this page.
#[derive(Clone, Copy)]
pub(crate) struct Attempt(StoredValue<Option<(EventId, StepRequest)>>);

impl Attempt {
    /// Nothing asked for yet.
    pub(crate) fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// The id and content to send: those of the last time when nothing but the clock has changed since, so that a step
    /// that arrived without its answer is not taken twice.
    pub(crate) fn of(self, request: StepRequest) -> (EventId, StepRequest) {
        let before = self.0.get_value().filter(|(_, before)| {
            StepRequest { device_at: None, ..before.clone() }
                == StepRequest { device_at: None, ..request.clone() }
        });
        let attempt =
            before.unwrap_or_else(|| (fresh_id(), StepRequest { device_at: Some(now()), ..request }));
        self.0.set_value(Some(attempt.clone()));
        attempt
    }

    /// An answer has come: the same step asked for again is another step.
    pub(crate) fn done(self) {
        self.0.set_value(None);
    }
}

/// A step without anything to it.
pub(crate) fn plain(step: StepKind) -> StepRequest {
    StepRequest {
        step,
        note: String::new(),
        photo_ids: Vec::new(),
        unit_id: None,
        device_at: None,
        location: None,
    }
}
