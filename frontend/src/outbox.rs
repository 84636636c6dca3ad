//! What is on this phone and not yet with the server: drafts, what waits to be sent, and its photos.
//!
//! Keeping and sending is done by scripts that the service worker runs too (`frontend/web/outbox/`); here are their
//! types, and the counts that every screen shows.

mod bridge;
mod draft;
mod item;
pub mod kept;
mod photo;
pub mod rescue;

pub use draft::{Draft, Form, ReportForm, StepForm};
pub use item::{Forecast, Item, ItemKind, Reason, Stage, Subject, Why};
pub use photo::{About, KeptPhoto, Meta, Source};

pub(crate) use bridge::{photo_bytes, photo_url, set_clock_skew};

use app::account::Me;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

/// Why something could not be kept on this phone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// There is no space left.
    Full,
    /// It is being sent, or may have arrived without its answer: it cannot be taken back now.
    UnderWay,
    /// Another page has sent it or written on it meanwhile.
    Elsewhere,
    /// Nobody is signed in here any more.
    SignedOut,
    /// This browser cannot show the photo that was chosen.
    NoPicture,
    /// A part of the photo that was chosen is missing.
    CutOff,
    /// The photo that was chosen was moved, changed or removed since.
    FileGone,
    /// Anything else, in the browser's words.
    Failed(String),
}

/// Why nothing is being sent although something waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// The session has ended.
    SignedOut,
    /// Another account is signed in.
    OtherAccount,
}

/// How much is unsent, and whether it is on its way.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default)]
pub struct Status {
    /// Something is being sent at this moment.
    pub sending: bool,
    /// Why nothing is.
    pub pause: Option<Pause>,
    /// Items that have not arrived, those that need the person among them.
    pub unsent: u32,
    /// Items that need the person.
    pub needs_you: u32,
    /// Drafts.
    pub drafts: u32,
    /// Items that other accounts have not sent from this phone; what they are, nobody else sees.
    pub of_others: u32,
    /// Whose this is; empty before the phone has been asked, and for nobody.
    user: String,
}

impl Status {
    /// Whether the phone has been asked: until then a zero says nothing.
    pub fn is_known(&self) -> bool {
        !self.user.is_empty()
    }
}

/// The outbox of this page, as the whole page knows it.
#[derive(Clone, Copy)]
pub struct Outbox {
    /// How much is unsent.
    pub status: RwSignal<Status>,
    /// Counts up with every change on the phone, by this tab or another.
    pub changes: RwSignal<u32>,
}

impl Outbox {
    /// Begins to follow what is on the phone, and puts the outbox into context; once per page.
    pub fn provide() -> Self {
        let outbox = Self { status: RwSignal::new(Status::default()), changes: RwSignal::new(0) };
        provide_context(outbox);
        let changed = Closure::<dyn FnMut()>::new(move || outbox.refresh());
        bridge::watch(&changed);
        // The page listens for as long as it lives.
        changed.forget();
        bridge::mend_images();
        outbox
    }

    /// From now on this account's items are shown and sent; nobody's when nobody is signed in.
    pub fn belong_to(self, me: Option<&Me>) {
        let user = me.map(|me| me.user_id.to_string()).unwrap_or_default();
        if me.is_none() {
            self.status.set(Status::default());
        }
        let profile = me.and_then(|me| serde_json::to_string(me).ok()).unwrap_or_default();
        spawn_local(async move {
            // A browser that keeps nothing has nothing to send either; whoever saves something is told.
            let _ = bridge::use_account(&user, &profile).await;
            self.refresh();
        });
    }

    /// How much is unsent, as the phone's storage says now: `status` may not have been read yet, or lag behind another tab.
    ///
    /// # Errors
    /// When the phone's storage cannot be read.
    pub async fn look(self) -> Result<Status, Trouble> {
        let status = read::<Status>(bridge::status().await)?;
        self.status.set(status.clone());
        Ok(status)
    }

    fn refresh(self) {
        self.changes.update(|changes| *changes = changes.wrapping_add(1));
        spawn_local(async move {
            // A browser that keeps nothing leaves the counts unknown.
            let _ = self.look().await;
        });
    }
}

/// Why nothing is being sent, as the phone's storage says now.
pub async fn pause() -> Option<Pause> {
    read::<Status>(bridge::status().await).ok()?.pause
}

/// The outbox of this page.
#[must_use]
pub fn use_outbox() -> Outbox {
    expect_context::<Outbox>()
}

/// Everything of this account that was sent, is being sent or waits, the newest first; follows changes.
#[must_use]
pub fn items() -> RwSignal<Option<Vec<Item>>> {
    follow(|| async { read(bridge::list_items().await) })
}

/// What a list shows of them: so many of each stage, without what is sent; follows changes.
#[must_use]
pub fn rows(most: RwSignal<u32>) -> RwSignal<Option<Vec<Item>>> {
    follow(move || {
        let most = most.get();
        async move { read(bridge::list_rows(most).await) }
    })
}

/// The drafts of this account, the newest first; follows changes.
#[must_use]
pub fn drafts() -> RwSignal<Option<Vec<Draft>>> {
    follow(|| async { drafts_now().await })
}

/// Every draft that can be gone on with here: one that an older page has written otherwise hides none of the others.
async fn drafts_now() -> Result<Vec<Draft>, Trouble> {
    readable(bridge::list_drafts().await)
}

fn follow<T: Send + Sync + 'static, F>(list: impl Fn() -> F + 'static) -> RwSignal<Option<T>>
where
    F: Future<Output = Result<T, Trouble>> + 'static,
{
    let found = RwSignal::new(None);
    let outbox = use_outbox();
    let latest = StoredValue::new(0_u32);
    Effect::new(move |_| {
        outbox.changes.track();
        latest.update_value(|n| *n += 1);
        let mine = latest.get_value();
        let list = list();
        spawn_local(async move {
            if let Ok(list) = list.await
                && latest.try_get_value() == Some(mine)
            {
                found.try_set(Some(list));
            }
        });
    });
    found
}

/// Keeps a draft as it is now.
///
/// # Errors
/// When it could not be kept.
pub async fn save_draft(draft: &Draft) -> Result<(), Trouble> {
    done(bridge::save_draft(&json(draft)?).await)
}

/// The draft under this id, to go on with: from now on this page writes it.
///
/// # Errors
/// When the phone's storage cannot be read, or the draft was written by another build in a way this one does not know.
pub async fn open_draft(id: uuid::Uuid) -> Result<Option<Draft>, Trouble> {
    let text = bridge::open_draft(&id.to_string()).await.map_err(trouble)?;
    if text.as_string().is_some_and(|text| text.is_empty()) { Ok(None) } else { read(Ok(text)).map(Some) }
}

/// The latest draft of a step for which `fits` holds.
pub async fn find_step_draft(fits: impl Fn(&Draft) -> bool) -> Option<(uuid::Uuid, StepForm)> {
    let latest = drafts_now().await.ok()?.into_iter().filter(fits).max_by_key(|draft| draft.updated_at)?;
    let latest = open_draft(latest.id).await.ok()??;
    match latest.form {
        Form::Reply(form) | Form::Recheck(form) => Some((latest.id, form)),
        Form::Report(_) => None,
    }
}

/// How far these items are; one that cannot be found waits.
pub async fn stages(ids: &[uuid::Uuid]) -> Vec<Stage> {
    let stages = find_stages(ids).await.unwrap_or_default();
    stages.into_iter().map(Option::unwrap_or_default).collect()
}

async fn find_stages(ids: &[uuid::Uuid]) -> Result<Vec<Option<Stage>>, Trouble> {
    read(bridge::stages(&json(ids)?).await)
}

/// Whether something with this id was given to the outbox.
pub async fn has_item(id: uuid::Uuid) -> bool {
    find_stages(&[id]).await.is_ok_and(|stages| stages.iter().any(Option::is_some))
}

/// Whether this id belongs to something of another account of this phone: an address may lead there.
pub async fn is_elses(id: uuid::Uuid) -> bool {
    bridge::is_elses(&id.to_string()).await.is_ok_and(|it| it.is_truthy())
}

/// Throws a draft away, and its photos.
///
/// # Errors
/// When the phone's storage cannot be written.
pub async fn drop_draft(id: uuid::Uuid) -> Result<(), Trouble> {
    done(bridge::drop_draft(&id.to_string()).await)
}

/// Everything was taken out of a draft again, unless another page has put something in.
///
/// # Errors
/// When the phone's storage cannot be written; `Elsewhere`.
pub async fn empty_draft(id: uuid::Uuid) -> Result<(), Trouble> {
    done(bridge::empty_draft(&id.to_string()).await)
}

/// Gives items to the outbox in the place of the draft they were made of, all or nothing.
///
/// # Errors
/// When they could not be kept; the draft is then what it was.
pub async fn queue(items: &[Item], draft: Option<uuid::Uuid>) -> Result<(), Trouble> {
    let draft = draft.map(|id| id.to_string()).unwrap_or_default();
    done(bridge::queue(&json(items)?, &draft).await)
}

/// Makes an unsent item a draft again.
///
/// # Errors
/// When it is being sent at this moment.
pub async fn mend(id: uuid::Uuid) -> Result<Draft, Trouble> {
    read(bridge::mend_item(&id.to_string()).await)
}

/// Removes an item with its photos.
///
/// # Errors
/// When it is being sent at this moment.
pub async fn drop_item(id: uuid::Uuid) -> Result<(), Trouble> {
    done(bridge::drop_item(&id.to_string()).await)
}

/// Sends one again that needed the person.
///
/// # Errors
/// When the phone's storage cannot be written.
pub async fn retry(id: uuid::Uuid) -> Result<(), Trouble> {
    done(bridge::retry_item(&id.to_string()).await)
}

/// Sends everything that waits, without waiting any longer.
///
/// # Errors
/// When the phone's storage cannot be read.
pub async fn send_now() -> Result<(), Trouble> {
    done(bridge::send_now().await)
}

/// Keeps a photo, or keeps it anew under the same id.
///
/// # Errors
/// `Full` when there is no space left.
pub async fn keep_photo(about: &About, bytes: &JsValue, thumb: &JsValue) -> Result<(), Trouble> {
    done(bridge::keep_photo(&json(about)?, bytes, thumb).await)
}

/// Writes down anew what is known of a photo that is kept.
///
/// # Errors
/// When the phone's storage cannot be written.
pub async fn note_photo(id: app::id::PhotoId, meta: &Meta) -> Result<(), Trouble> {
    done(bridge::note_photo(&id.to_string(), &json(meta)?).await)
}

/// The photos of a draft or an item, without their bytes.
///
/// # Errors
/// When the phone's storage cannot be read.
pub async fn list_photos(owner: uuid::Uuid) -> Result<Vec<KeptPhoto>, Trouble> {
    readable(bridge::list_photos(&owner.to_string()).await)
}

/// Removes a photo.
///
/// # Errors
/// When the phone's storage cannot be written.
pub async fn drop_photo(id: app::id::PhotoId) -> Result<(), Trouble> {
    done(bridge::drop_photo(&id.to_string()).await)
}

fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, Trouble> {
    serde_json::to_string(value).map_err(|error| Trouble::Failed(error.to_string()))
}

fn done(answer: Result<JsValue, JsValue>) -> Result<(), Trouble> {
    answer.map(drop).map_err(trouble)
}

fn read<T: DeserializeOwned>(answer: Result<JsValue, JsValue>) -> Result<T, Trouble> {
    let text = answer.map_err(trouble)?.as_string().unwrap_or_default();
    serde_json::from_str(&text).map_err(|error| Trouble::Failed(error.to_string()))
}

/// The things of a list that this page can read.
fn readable<T: DeserializeOwned>(answer: Result<JsValue, JsValue>) -> Result<Vec<T>, Trouble> {
    let all: Vec<serde_json::Value> = read(answer)?;
    Ok(all.iter().filter_map(|it| serde_json::from_str(&it.to_string()).ok()).collect())
}

pub(crate) fn trouble(error: JsValue) -> Trouble {
    let text = |name: &str| js_sys::Reflect::get(&error, &JsValue::from_str(name)).ok()?.as_string();
    match text("name").as_deref() {
        Some("QuotaExceededError") => Trouble::Full,
        Some("Undecodable") => Trouble::NoPicture,
        Some("CutOff") => Trouble::CutOff,
        Some("Unreadable") => Trouble::FileGone,
        Some("Sending" | "MayHaveArrived" | "Received") => Trouble::UnderWay,
        Some("AlreadyQueued" | "ChangedElsewhere") => Trouble::Elsewhere,
        name => Trouble::Failed(text("message").unwrap_or_else(|| name.unwrap_or("unknown").to_owned())),
    }
}
