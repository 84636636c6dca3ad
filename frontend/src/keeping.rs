//! Keeping what is being written: every change goes to the phone's storage, one after the other, and the screen says how
//! far that is.

use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use crate::components::{Icon, icon};
use crate::device;
use crate::outbox::{self, Draft, Trouble};
use crate::words::use_words;

/// How far it is.
#[derive(Clone, PartialEq, Debug)]
enum Stage {
    /// There is nothing to keep.
    Nothing,
    /// A change is being kept.
    Saving,
    /// Everything is kept.
    Kept,
    /// The last change is not.
    Failed(Trouble),
}

/// What has become of what is written.
enum Change {
    /// It is this now.
    Written(Box<Draft>),
    /// Everything was taken out again.
    Emptied(Uuid),
}

/// What is being kept.
#[derive(Clone, Copy)]
pub struct Keeping {
    stage: RwSignal<Stage>,
    /// What has changed since the last was begun to be kept.
    next: StoredValue<Option<Change>>,
    /// The outbox has it now: nothing more is kept.
    is_over: StoredValue<bool>,
}

impl Keeping {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            stage: RwSignal::new(Stage::Nothing),
            next: StoredValue::new(None),
            is_over: StoredValue::new(false),
        }
    }

    /// Keeps what `draft` gives, again whenever a signal read in it changes.
    pub fn follow(self, draft: impl Fn() -> Option<Draft> + 'static) {
        Effect::new(move |before: Option<Option<Draft>>| {
            let now = draft();
            match (before.flatten(), &now) {
                (before, Some(draft)) if before.as_ref() != Some(draft) => {
                    let draft = Draft { updated_at: device::now().millis(), ..draft.clone() };
                    self.keep(Change::Written(Box::new(draft)));
                }
                (Some(before), None) => self.keep(Change::Emptied(before.id)),
                _ => {}
            }
            now
        });
    }

    fn keep(self, change: Change) {
        if self.is_over.get_value() {
            return;
        }
        self.next.set_value(Some(change));
        if self.stage.get_untracked() == Stage::Saving {
            return;
        }
        self.stage.set(Stage::Saving);
        spawn_local(async move {
            // One after the other, and of several waiting only the last: an older one never overwrites a newer.
            while let Some(Some(change)) = self.next.try_update_value(Option::take) {
                if self.is_over.try_get_value() != Some(false) {
                    return;
                }
                let kept = match change {
                    Change::Written(draft) => outbox::save_draft(&draft).await,
                    Change::Emptied(id) => outbox::empty_draft(id).await,
                };
                if let Err(trouble) = kept {
                    self.stage.try_set(Stage::Failed(trouble));
                    return;
                }
            }
            self.stage.try_set(Stage::Kept);
        });
    }

    /// The draft is gone, sent or thrown away: a late change does not bring it back.
    pub fn end(self) {
        self.is_over.try_set_value(true);
        self.next.try_set_value(None);
    }

    /// It goes on after all.
    pub fn go_on(self) {
        self.is_over.try_set_value(false);
    }

    /// How far it is, for the eye.
    #[must_use]
    pub fn sign(self) -> AnyView {
        let words = use_words();
        (move || {
            let (drawing, text, tone) = match self.stage.get() {
                Stage::Nothing => return ().into_any(),
                Stage::Saving => (Icon::Spinner, words.common.saving.to_owned(), ""),
                Stage::Kept => (Icon::Saved, words.common.saved_here.to_owned(), ""),
                Stage::Failed(trouble) => {
                    (Icon::Alert, (words.outbox.trouble)(&trouble), "tone-overdue")
                }
            };
            view! { <p class=format!("cluster small muted {tone}") role="status">{icon(drawing)} <span>{text}</span></p> }
                .into_any()
        })
        .into_any()
    }
}

impl Default for Keeping {
    fn default() -> Self {
        Self::new()
    }
}
