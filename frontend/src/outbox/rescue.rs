//! Unsent work as a file, and the space that is left.

use serde::Deserialize;
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, File};

use super::{Trouble, bridge, json, read, trouble};

/// What came of reading a file.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default)]
pub struct Imported {
    /// Items that are new here.
    pub added: u32,
    /// Items that were here before.
    pub known: u32,
    /// Drafts that are new here.
    pub drafts: u32,
    /// Why nothing was taken.
    pub refused: Vec<Refused>,
}

/// Why a file was not taken.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default)]
pub struct Refused {
    /// What is wrong with it.
    pub code: String,
    /// Whose it is.
    pub name: String,
}

/// How much this browser keeps for the page.
#[derive(Clone, Copy, PartialEq, Default, Debug, Deserialize)]
#[serde(default)]
pub struct Space {
    /// Bytes in use.
    pub usage: f64,
    /// Bytes there may be.
    pub quota: f64,
    /// The browser has promised not to clear it by itself.
    pub persisted: bool,
}

impl Space {
    /// Bytes that are left.
    #[must_use]
    pub fn left(self) -> f64 {
        (self.quota - self.usage).max(0.0)
    }
}

/// Unsent work as a file: these items and drafts, or all.
///
/// # Errors
/// When the phone's storage cannot be read.
pub async fn export(ids: Option<&[Uuid]>) -> Result<(Blob, String), Trouble> {
    let made = bridge::export_unsent(&json(&ids)?).await.map_err(trouble)?;
    let part = |name: &str| js_sys::Reflect::get(&made, &JsValue::from_str(name)).map_err(trouble);
    let blob = part("blob")?.dyn_into::<Blob>().map_err(trouble)?;
    Ok((blob, part("name")?.as_string().unwrap_or_default()))
}

/// Takes in what another phone has exported.
///
/// # Errors
/// When the phone's storage cannot be written.
pub async fn import(file: &File) -> Result<Imported, Trouble> {
    read(bridge::import_unsent(file).await)
}

/// How much space there is.
///
/// # Errors
/// When the browser does not tell.
pub async fn space() -> Result<Space, Trouble> {
    read(bridge::space().await)
}

/// Asks the browser not to clear what is kept.
pub async fn persist() {
    // Whether it agrees is seen in [`Space::persisted`].
    let _ = bridge::persist().await;
}
