//! Photos made ready on the device, off the main thread: smaller, upright, without what the camera wrote into them; marked
//! with time and place; drawn on. `frontend/web/photo/page.js` does it.

use app::time::Timestamp;
use js_sys::{ArrayBuffer, Reflect};
use wasm_bindgen::prelude::*;

use super::moment;

#[wasm_bindgen(module = "spotfix-photo")]
extern "C" {
    #[wasm_bindgen(catch, js_name = reduce)]
    async fn reduce_in_worker(source: &JsValue, is_camera: bool) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = finish)]
    async fn finish_in_worker(bytes: &JsValue, mark: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = draw)]
    async fn draw_in_worker(bytes: &JsValue, shapes: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = ready)]
    fn start_worker();
}

/// A photo that is ready to be kept.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The file's bytes.
    pub bytes: ArrayBuffer,
    /// A small JPEG of it; null where this browser cannot read it.
    pub thumb: JsValue,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// Pixels across; 0 where this browser cannot read it.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// When its camera says that it was taken; for files alone.
    pub taken_at: Option<Timestamp>,
    /// Where its camera says that it was taken, degrees east and north; for files alone.
    pub taken_where: Option<(f64, f64)>,
}

/// What is written on a photo: when, where, and the first digits of its hash. Never who.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watermark {
    /// The device's time at the shutter, to the minute.
    pub time: String,
    /// The spot's name.
    pub spot: String,
    /// Eight digits that tie the picture to its record.
    pub hash: String,
    /// It bears one already, of another spot.
    pub is_again: bool,
}

/// Has the worker ready before the first photo.
pub fn prepare() {
    start_worker();
}

/// The photo as it is kept. What this browser cannot decode is kept as it is; the server has the last word.
///
/// # Errors
/// When the bytes cannot be read at all.
pub async fn reduce(source: &JsValue, is_camera: bool) -> Result<Picture, JsValue> {
    read(&reduce_in_worker(source, is_camera).await?)
}

/// The photo as it is sent, with its watermark.
///
/// # Errors
/// When the bytes cannot be read.
pub async fn finish(bytes: &JsValue, mark: &Watermark) -> Result<Picture, JsValue> {
    let object = js_sys::Object::new();
    for (name, value) in [("time", &mark.time), ("spot", &mark.spot), ("hash", &mark.hash)] {
        Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value))?;
    }
    Reflect::set(&object, &JsValue::from_str("is_again"), &mark.is_again.into())?;
    read(&finish_in_worker(bytes, &object).await?)
}

/// A copy with arrows, circles and words drawn on it, given as JSON.
///
/// # Errors
/// When the bytes cannot be read.
pub async fn draw(bytes: &JsValue, shapes: &str) -> Result<Picture, JsValue> {
    read(&draw_in_worker(bytes, shapes).await?)
}

fn read(made: &JsValue) -> Result<Picture, JsValue> {
    let part = |name: &str| Reflect::get(made, &JsValue::from_str(name));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels, below 2^16")]
    let pixels = |name: &str| Ok::<_, JsValue>(part(name)?.as_f64().unwrap_or_default() as u32);
    Ok(Picture {
        bytes: part("bytes")?.dyn_into()?,
        thumb: part("thumb")?,
        sha256: part("sha256")?.as_string().unwrap_or_default(),
        width: pixels("width")?,
        height: pixels("height")?,
        taken_at: part("taken_at")?.as_f64().map(moment),
        taken_where: part("lng")?.as_f64().zip(part("lat")?.as_f64()),
    })
}
