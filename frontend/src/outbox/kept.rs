//! The last answers of the server, for reading where there is no network.

use app::time::Timestamp;
use serde::Deserialize;

use super::bridge;
use crate::device;

/// An answer that was kept.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Kept {
    /// The answer's text.
    pub text: String,
    /// When the server was asked for it, by the device; Unix milliseconds.
    at: f64,
    /// What the server called this state of it.
    #[serde(default)]
    pub etag: String,
}

impl Kept {
    /// When the server was asked for it. Where the clock was put back since, that was before now all the same.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        device::moment(self.at).min(device::now())
    }
}

/// Keeps an answer in the place of the one before, for whom it was given to; `asked_at` is when it was asked for, by the device.
pub async fn keep(user: Option<app::id::UserId>, path: &str, text: &str, etag: &str, asked_at: f64) {
    let user = user.map(|user| user.to_string()).unwrap_or_default();
    // What cannot be kept is not there without a network; what was asked for has been answered all the same.
    let _ = bridge::keep_answer(&user, path, text, etag, asked_at).await;
}

/// Says that the last answer of a path is still right.
pub async fn touch(path: &str) {
    // Then it only looks older than it is.
    let _ = bridge::touch_answer(path).await;
}

/// Fetches the person's work and these lists, with their photos, as far as they have changed.
pub async fn refresh_work(lists: &[String]) {
    if let Ok(lists) = super::json(lists) {
        // What did not come now comes the next time.
        let _ = bridge::refresh_work(&lists).await;
    }
}

/// Forgets what was read for an account; what is unsent stays.
pub async fn forget(user: app::id::UserId) {
    let _ = bridge::forget_account(&user.to_string()).await;
}

/// The last answer of a path, for the account of this page.
pub async fn find(path: &str) -> Option<Kept> {
    super::read::<Option<Kept>>(bridge::kept_answer(path).await).ok().flatten()
}
