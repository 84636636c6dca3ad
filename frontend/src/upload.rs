//! Photos on their way: taken, made smaller on the device, sent while the form is being filled.
//!
//! Each photo has its id from the moment it is taken, so that sending can be tried again and again.

use app::id::PhotoId;
use app::issue::MAX_PHOTOS;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashMap;
use web_sys::{Blob, File, Url};

use crate::api::{self, Failure};
use crate::components::{Photo, PhotoState, PhotoStrip};
use crate::device;
use crate::session::{Session, use_session};
use crate::words::use_words;

/// How far a photo is.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Preparing,
    Sending,
    Sent,
    Failed(Failure),
}

#[derive(Clone, Debug, PartialEq)]
struct Upload {
    id: PhotoId,
    /// An address inside this page.
    preview: String,
    stage: Stage,
}

/// The photos of one form.
#[derive(Clone, Copy)]
pub struct Uploads {
    items: RwSignal<Vec<Upload>>,
    blobs: StoredValue<HashMap<PhotoId, Blob>, LocalStorage>,
    session: Session,
}

impl Uploads {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            items: RwSignal::new(Vec::new()),
            blobs: StoredValue::new_local(HashMap::new()),
            session: use_session(),
        }
    }

    /// Takes in what the camera gave, up to the most a form may carry, and begins to send.
    pub fn add(self, files: Vec<File>) {
        let room = MAX_PHOTOS.saturating_sub(self.count());
        for file in files.into_iter().take(room) {
            let id: PhotoId = device::fresh_id();
            let preview = Url::create_object_url_with_blob(&file).unwrap_or_default();
            self.items.update(|items| items.push(Upload { id, preview, stage: Stage::Preparing }));
            spawn_local(async move {
                let blob = device::photo::reduce(&file).await;
                self.blobs.try_update_value(|blobs| blobs.insert(id, blob));
                self.send(id).await;
            });
        }
    }

    /// Takes one away.
    pub fn remove(self, id: PhotoId) {
        self.blobs.update_value(|blobs| drop(blobs.remove(&id)));
        self.items.update(|items| {
            for gone in items.iter().filter(|item| item.id == id) {
                release(gone);
            }
            items.retain(|item| item.id != id);
        });
    }

    /// Takes all away: they have arrived with their form, or the form was given up.
    pub fn clear(self) {
        self.blobs.update_value(HashMap::clear);
        self.items.update(|items| {
            items.iter().for_each(release);
            items.clear();
        });
    }

    /// Sends one again that did not arrive.
    pub fn retry(self, id: PhotoId) {
        spawn_local(self.send(id));
    }

    /// Sends all again that did not arrive.
    pub fn retry_all(self) {
        let failed = self.items.with_untracked(|items| {
            items
                .iter()
                .filter(|item| matches!(item.stage, Stage::Failed(_)))
                .map(|item| item.id)
                .collect::<Vec<_>>()
        });
        failed.into_iter().for_each(|id| self.retry(id));
    }

    async fn send(self, id: PhotoId) {
        let Some(Some(blob)) = self.blobs.try_with_value(|blobs| blobs.get(&id).cloned()) else { return };
        self.set_stage(id, Stage::Sending);
        let stage = match api::photo::send(id, &blob).await {
            Ok(_) => Stage::Sent,
            Err(failure) => {
                self.session.notice(&failure);
                Stage::Failed(failure)
            }
        };
        self.set_stage(id, stage);
    }

    fn set_stage(self, id: PhotoId, stage: Stage) {
        // The form may have gone in the meantime.
        self.items.try_update(|items| {
            if let Some(item) = items.iter_mut().find(|item| item.id == id) {
                item.stage = stage;
            }
        });
    }

    /// Their ids, in the order they were taken.
    #[must_use]
    pub fn ids(self) -> Vec<PhotoId> {
        self.items.with_untracked(|items| items.iter().map(|item| item.id).collect())
    }

    /// How many there are.
    #[must_use]
    pub fn count(self) -> usize {
        self.items.with_untracked(Vec::len)
    }

    /// Whether there are none; follows changes.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.items.with(Vec::is_empty)
    }

    /// Whether every photo has arrived; follows changes.
    #[must_use]
    pub fn are_sent(self) -> bool {
        self.items.with(|items| items.iter().all(|item| item.stage == Stage::Sent))
    }

    /// Whether something is still on its way, which did not fail; follows changes.
    #[must_use]
    pub fn are_moving(self) -> bool {
        self.items
            .with(|items| items.iter().any(|item| matches!(item.stage, Stage::Preparing | Stage::Sending)))
    }

    /// Why the first that did not arrive did not; follows changes.
    #[must_use]
    pub fn failure(self) -> Option<Failure> {
        self.items.with(|items| {
            items.iter().find_map(|item| match &item.stage {
                Stage::Failed(failure) => Some(failure.clone()),
                _ => None,
            })
        })
    }

    fn photos(self, alt: &str) -> Vec<Photo> {
        self.items.with(|items| {
            items
                .iter()
                .map(|item| Photo {
                    id: item.id.to_string(),
                    thumb: item.preview.clone(),
                    full: item.preview.clone(),
                    alt: alt.to_owned(),
                    state: match item.stage {
                        Stage::Preparing => PhotoState::Saving,
                        Stage::Sending => PhotoState::Uploading,
                        Stage::Sent => PhotoState::Sent,
                        Stage::Failed(_) => PhotoState::Failed,
                    },
                })
                .collect()
        })
    }

    /// The strip to take, look through, remove and send again; `label` says what the photos are of.
    #[must_use]
    pub fn strip(self, label: &str) -> AnyView {
        let words = use_words();
        let alt = label.to_owned();
        let photos = Signal::derive(move || self.photos(&alt));
        let by_id = move |then: fn(Self, PhotoId)| {
            Callback::new(move |id: String| {
                if let Ok(id) = id.parse() {
                    then(self, id);
                }
            })
        };
        let why = move || {
            self.failure().map(|failure| {
                let text = match failure {
                    Failure::Refused(problem) => words.errors.explain(&problem),
                    Failure::Unreached => words.inspector.photo_waits.to_owned(),
                    Failure::Unreadable => words.errors.unreadable.to_owned(),
                };
                view! { <p class="field-error" role="status">{text}</p> }
            })
        };
        view! {
            <PhotoStrip
                label=label.to_owned()
                photos=photos
                on_add=Callback::new(move |files| self.add(files))
                on_remove=by_id(Self::remove)
                on_retry=by_id(Self::retry)
            />
            {why}
        }
        .into_any()
    }
}

impl Default for Uploads {
    fn default() -> Self {
        Self::new()
    }
}

fn release(upload: &Upload) {
    // An address that is gone already needs no releasing.
    let _ = Url::revoke_object_url(&upload.preview);
}
