//! The photos of a form: taken, made smaller, and kept on this phone before anything else happens to them.
//!
//! Each has its id from the shutter on, and belongs to the draft it was taken for until the outbox takes both over.

mod marking;
mod seen;
mod storing;

use app::id::{PhotoId, UserId};
use app::issue::MAX_PHOTOS;
use app::spot::{Location, LocationSource};
use app::time::MINUTE;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, Url};

use crate::components::{Photo, PhotoState};
use crate::device;
use crate::device::photo::Picture;
use crate::device::position::locate;
use crate::outbox::{self, Meta, Source, Trouble};
use crate::session::use_session;

use storing::{address, keep, release};

pub use marking::{Unfinished, finish};
pub use seen::Seen;

/// A position found within the last seconds is the one of this shutter, too.
const SAME_PLACE_MS: u32 = 10_000;

/// A chosen photo that is no older was taken where the person stands.
const JUST_NOW_MS: i64 = 10 * MINUTE;

/// How far a photo is.
#[derive(Clone, PartialEq, Debug)]
enum Stage {
    /// Being made smaller and kept.
    Saving,
    /// Safe on this phone.
    Kept,
    /// Not kept: it is only in this page's memory, and can be tried again.
    Failed(Trouble),
}

#[derive(Clone, PartialEq, Debug)]
struct Shot {
    id: PhotoId,
    /// Addresses inside this page.
    thumb: String,
    full: String,
    stage: Stage,
    meta: Meta,
    sha256: String,
}

/// The photos of one part of a form.
#[derive(Clone, Copy)]
pub struct Shots {
    items: RwSignal<Vec<Shot>>,
    owner: StoredValue<Uuid>,
    user: Option<UserId>,
    /// What could not be kept, until it can.
    loose: StoredValue<Vec<(PhotoId, Loose)>, LocalStorage>,
}

/// A photo that is in this page's memory only.
enum Loose {
    /// As the camera or the gallery gave it.
    Taken(JsValue, bool),
    /// Made smaller.
    Reduced(Picture),
}

/// Whose a photo is and what is known of it, from the shutter on, whatever becomes of the form.
struct Taken {
    id: PhotoId,
    owner: Option<(UserId, Uuid)>,
    meta: Meta,
}

impl Shots {
    /// None yet; those to come belong to this draft.
    #[must_use]
    pub fn new(owner: Uuid) -> Self {
        let user = use_session().who.with_untracked(|who| who.person().map(|me| me.user_id));
        let shots = Self {
            items: RwSignal::new(Vec::new()),
            owner: StoredValue::new(owner),
            user,
            loose: StoredValue::new_local(Vec::new()),
        };
        on_cleanup(move || {
            if let Some(items) = shots.items.try_get_untracked() {
                items.iter().for_each(release);
            }
        });
        shots
    }

    /// Takes in what the camera or the gallery gave, up to the most a form may carry.
    pub fn add(self, source: JsValue, is_camera: bool) {
        if self.count() >= MAX_PHOTOS {
            return;
        }
        let id: PhotoId = device::fresh_id();
        // When a chosen photo was taken, only its file can say.
        let meta = if is_camera {
            Meta::new(Some(device::now()), Source::Camera)
        } else {
            Meta::new(None, Source::Gallery)
        };
        let thumb = source.dyn_ref::<Blob>().and_then(|it| Url::create_object_url_with_blob(it).ok());
        let thumb = thumb.unwrap_or_default();
        let taken = Taken { id, owner: self.user.zip(self.owner.try_get_value()), meta: meta.clone() };
        let shot = Shot { id, full: thumb.clone(), thumb, stage: Stage::Saving, meta, sha256: String::new() };
        self.items.update(|items| items.push(shot));
        spawn_local(self.keep(taken, Loose::Taken(source, is_camera)));
        if is_camera {
            self.locate(id);
        }
    }

    /// The position of the shutter, asked for at the shutter; the photo does not wait for it.
    fn locate(self, id: PhotoId) {
        spawn_local(async move {
            let Ok(place) = locate(SAME_PLACE_MS).await else { return };
            self.change(id, |shot| shot.meta = shot.meta.clone().at(Some(place)));
            self.note(id).await;
        });
    }

    /// Writes down what is known of a photo that is kept already.
    async fn note(self, id: PhotoId) {
        let kept = self.find(id).filter(|shot| shot.stage == Stage::Kept);
        if let Some(shot) = kept {
            // The photo itself is safe; where it was taken also stands in the report.
            let _ = outbox::note_photo(id, &shot.meta).await;
        }
    }

    async fn keep(self, mut taken: Taken, source: Loose) {
        let id = taken.id;
        let reduced = match source {
            Loose::Reduced(picture) => Ok(picture),
            Loose::Taken(source, is_camera) => device::photo::reduce(&source, is_camera)
                .await
                .map_err(|error| (outbox::trouble(error), Loose::Taken(source, is_camera))),
        };
        let now = device::now();
        if let (Source::Gallery, Ok(picture)) = (taken.meta.source, &reduced) {
            taken.meta.captured_at = picture.taken_at.filter(|at| *at <= now);
            let said = picture.taken_where.map(|(lng, lat)| Location {
                lng,
                lat,
                accuracy_m: 0.0,
                source: LocationSource::Photo,
            });
            taken.meta = taken.meta.at(said);
            let meta = taken.meta.clone();
            self.change(id, |shot| shot.meta = meta);
        }
        let kept = match reduced {
            Ok(picture) => match self.store(&taken, &picture).await {
                Ok(()) => Ok(picture),
                Err(trouble) => Err((trouble, Loose::Reduced(picture))),
            },
            Err(failed) => Err(failed),
        };
        match kept {
            Ok(picture) => {
                self.change(id, |shot| {
                    release(shot);
                    (shot.thumb, shot.full) = (address(&picture.thumb), address(&picture.bytes));
                    shot.sha256 = picture.sha256;
                    shot.stage = Stage::Kept;
                });
                self.note(id).await;
                // The phone's own camera may have made it a moment ago; where an older one was taken, nobody here knows.
                let is_recent = |at| now.since(at) < JUST_NOW_MS;
                let is_placeless = taken.meta.source == Source::Gallery && taken.meta.lng.is_none();
                if is_placeless && taken.meta.captured_at.is_some_and(is_recent) {
                    self.locate(id);
                }
            }
            Err((trouble, source)) => {
                self.loose.try_update_value(|loose| {
                    loose.retain(|it| it.0 != id);
                    loose.push((id, source));
                });
                self.change(id, |shot| shot.stage = Stage::Failed(trouble));
            }
        }
    }

    /// Keeps a photo unless it has been taken away meanwhile. Where the form has gone, it is kept for whoever comes back.
    async fn store(self, taken: &Taken, picture: &Picture) -> Result<(), Trouble> {
        let meta = match self.items.try_with_untracked(|items| {
            items.iter().find(|shot| shot.id == taken.id).map(|shot| shot.meta.clone())
        }) {
            Some(None) => return Ok(()),
            Some(Some(meta)) => meta,
            None => taken.meta.clone(),
        };
        match taken.owner {
            Some(owner) => keep(taken.id, owner, picture, meta).await,
            None => Ok(()),
        }
    }

    async fn keep_as(self, id: PhotoId, picture: &Picture, meta: Meta) -> Result<(), Trouble> {
        let (Some(user), Some(owner)) = (self.user, self.owner.try_get_value()) else { return Ok(()) };
        keep(id, (user, owner), picture, meta).await
    }

    /// What [`finish`] needs, so that it goes on when the page is left.
    #[must_use]
    pub fn to_finish(self) -> Unfinished {
        let owner = self.user.zip(self.owner.try_get_value());
        Unfinished { owner, shots: self.items.try_get_untracked().unwrap_or_default() }
    }

    /// Tries once more to keep what could not be kept.
    pub fn retry(self, id: PhotoId) {
        let source = self.loose.try_update_value(|loose| {
            let at = loose.iter().position(|it| it.0 == id)?;
            Some(loose.swap_remove(at).1)
        });
        if let (Some(Some(source)), Some(shot)) = (source, self.find(id)) {
            let taken = Taken { id, owner: self.user.zip(self.owner.try_get_value()), meta: shot.meta };
            self.change(id, |shot| shot.stage = Stage::Saving);
            spawn_local(self.keep(taken, source));
        }
    }

    /// Puts in the photos that are kept under these ids, after a reload or from a draft, and behind them those that no part of
    /// the form names, where `others` are the rest of the form: the page went just after they were taken.
    pub async fn restore(self, ids: &[PhotoId], others: Option<&[PhotoId]>) -> Result<(), Trouble> {
        let Some(owner) = self.owner.try_get_value() else { return Ok(()) };
        let kept = outbox::list_photos(owner).await?;
        let unnamed = others.map(|others| {
            kept.iter()
                .map(|photo| photo.id)
                .filter(|id| !ids.contains(id) && !others.contains(id))
                .collect::<Vec<_>>()
        });
        for id in ids.iter().chain(unnamed.iter().flatten()) {
            let Some(photo) = kept.iter().find(|photo| photo.id == *id) else { continue };
            let url = async |size| {
                let url = outbox::photo_url(&id.to_string(), size).await;
                url.ok().and_then(|url| url.as_string()).unwrap_or_default()
            };
            let (thumb, full) = (url("thumb").await, url("full").await);
            let (meta, sha256) = (photo.meta.clone(), photo.sha256.clone());
            let shot = Shot { id: *id, thumb, full, stage: Stage::Kept, meta, sha256 };
            let mut shot = Some(shot);
            self.items.try_update(|items| items.extend(shot.take()));
            // The page was left meanwhile: nobody shows it.
            shot.iter().for_each(release);
        }
        Ok(())
    }

    /// Adds a copy with something drawn on it behind the photo it was made of.
    ///
    /// # Errors
    /// When it could not be drawn or kept.
    pub async fn add_copy(self, of: PhotoId, shapes: &str) -> Result<(), Trouble> {
        let bytes = outbox::photo_bytes(&of.to_string()).await.map_err(outbox::trouble)?;
        let picture = device::photo::draw(&bytes, shapes).await.map_err(outbox::trouble)?;
        let Some(original) = self.find(of) else { return Ok(()) };
        let id: PhotoId = device::fresh_id();
        let meta = Meta { copy_of: Some(of), ..original.meta };
        self.keep_as(id, &picture, meta.clone()).await?;
        let shot = Shot {
            id,
            thumb: address(&picture.thumb),
            full: address(&picture.bytes),
            stage: Stage::Kept,
            meta,
            sha256: picture.sha256,
        };
        self.items.try_update(|items| {
            let at = items.iter().position(|shot| shot.id == of).map_or(items.len(), |at| at + 1);
            items.insert(at, shot);
        });
        Ok(())
    }

    /// Takes one away.
    pub fn remove(self, id: PhotoId) {
        self.loose.update_value(|loose| loose.retain(|it| it.0 != id));
        self.items.update(|items| {
            items.iter().filter(|shot| shot.id == id).for_each(release);
            items.retain(|shot| shot.id != id);
        });
        spawn_local(async move {
            // What stays behind goes with its draft.
            let _ = outbox::drop_photo(id).await;
        });
    }

    /// Begins anew for another draft; the photos are its predecessor's.
    pub fn start_over(self, owner: Uuid) {
        self.items.try_update(|items| {
            items.iter().for_each(release);
            items.clear();
        });
        self.loose.try_update_value(Vec::clear);
        self.owner.try_set_value(owner);
    }

    /// Their ids, in the order they were taken; follows changes. One that could not be kept is not among them.
    #[must_use]
    pub fn kept_ids(self) -> Vec<PhotoId> {
        self.items
            .with(|items| items.iter().filter(|shot| shot.stage == Stage::Kept).map(|shot| shot.id).collect())
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

    /// Whether one is being kept at this moment.
    #[must_use]
    pub fn is_saving_now(self) -> bool {
        self.items
            .try_with_untracked(|items| items.iter().any(|shot| shot.stage == Stage::Saving))
            .unwrap_or(false)
    }

    /// Why the first that could not be kept was not; follows changes.
    #[must_use]
    pub fn trouble(self) -> Option<Trouble> {
        self.items.with(|items| {
            items.iter().find_map(|shot| match &shot.stage {
                Stage::Failed(trouble) => Some(trouble.clone()),
                _ => None,
            })
        })
    }

    /// The pictures to show; `alt` says what is to be seen.
    pub(crate) fn photos(self, alt: &str) -> Vec<Photo> {
        self.items.with(|items| {
            items
                .iter()
                .map(|shot| Photo {
                    id: shot.id.to_string(),
                    thumb: shot.thumb.clone(),
                    full: shot.full.clone(),
                    alt: alt.to_owned(),
                    state: match shot.stage {
                        Stage::Saving => PhotoState::Saving,
                        Stage::Kept => PhotoState::Ready,
                        Stage::Failed(_) => PhotoState::Failed,
                    },
                })
                .collect()
        })
    }

    fn find(self, id: PhotoId) -> Option<Shot> {
        self.items.try_with_untracked(|items| items.iter().find(|shot| shot.id == id).cloned()).flatten()
    }

    fn change(self, id: PhotoId, with: impl FnOnce(&mut Shot)) {
        // The form may have gone in the meantime.
        self.items.try_update(|items| {
            if let Some(shot) = items.iter_mut().find(|shot| shot.id == id) {
                with(shot);
            }
        });
    }
}
