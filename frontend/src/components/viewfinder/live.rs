//! The camera's other half in `frontend/web/photo/`, and what can go wrong with it.

use wasm_bindgen::prelude::*;
use web_sys::HtmlVideoElement;

use crate::words::Words;

mod script {
    use super::*;

    #[wasm_bindgen(module = "spotfix-photo")]
    extern "C" {
        #[wasm_bindgen(catch)]
        pub(super) async fn open_camera(
            video: &HtmlVideoElement,
            facing: &str,
            changed: &JsValue,
        ) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch)]
        pub(super) async fn shoot() -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch)]
        pub(super) async fn torch(on: bool) -> Result<JsValue, JsValue>;
        pub(super) fn preview(source: &JsValue) -> String;
        pub(super) fn forget(address: &str);
        pub(super) fn close_camera();
    }
}

/// Why there is no picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Trouble {
    /// The person, or the browser for them, said no.
    Refused,
    /// There is no camera, or this browser gives none.
    Missing,
    /// It is there and does not open.
    Busy,
    /// The page did not come over TLS.
    Insecure,
}

impl Trouble {
    fn named(name: &str) -> Self {
        match name {
            "NotAllowedError" => Self::Refused,
            "NotFoundError" => Self::Missing,
            "Insecure" => Self::Insecure,
            _ => Self::Busy,
        }
    }

    /// What is wrong, and what to do now.
    pub(super) fn explained(self, words: &Words) -> (&'static str, &'static str) {
        let words = &words.camera;
        match self {
            Self::Refused => (words.refused, words.refused_help),
            Self::Missing => (words.missing, words.missing_help),
            Self::Busy => (words.busy, words.busy_help),
            Self::Insecure => (words.insecure, words.insecure_help),
        }
    }

    /// Whether asking again may help.
    pub(super) const fn may_pass(self) -> bool {
        matches!(self, Self::Refused | Self::Busy)
    }
}

/// What happens to a camera once it is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Change {
    /// It shows its picture again.
    Live,
    /// It was let go of while nobody looks.
    Paused,
    /// It shows nothing any more.
    Lost(Trouble),
}

impl Change {
    pub(super) fn named(name: &str) -> Self {
        match name {
            "live" => Self::Live,
            "paused" => Self::Paused,
            other => Self::Lost(Trouble::named(other)),
        }
    }
}

/// Shows the camera on the device's back; gives whether it has a light. None when it was closed before it was open.
pub(super) async fn open(video: &HtmlVideoElement, changed: &JsValue) -> Option<Result<bool, Trouble>> {
    match script::open_camera(video, "environment", changed).await {
        Ok(about) => Some(Ok(get(&about, "torch").is_truthy())),
        Err(error) => match get(&error, "name").as_string().unwrap_or_default().as_str() {
            "AbortError" => None,
            name => Some(Err(Trouble::named(name))),
        },
    }
}

/// The frame of this moment, an `ImageBitmap`.
pub(super) async fn shoot() -> Result<JsValue, Trouble> {
    script::shoot().await.map_err(|_| Trouble::Busy)
}

/// Turns the light on or off; gives whether it is on.
pub(super) async fn light(on: bool) -> bool {
    script::torch(on).await.is_ok() && on
}

/// The address of a small picture of what was taken, until [`forget`].
pub(super) fn preview(source: &JsValue) -> String {
    script::preview(source)
}

/// Lets go of a small picture.
pub(super) fn forget(address: &str) {
    script::forget(address);
}

/// Lets go of the camera.
pub(super) fn close() {
    script::close_camera();
}

fn get(object: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
