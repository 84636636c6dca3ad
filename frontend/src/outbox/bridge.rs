//! The outbox's other half: scripts shared with the service worker, which has no WASM. `frontend/web/outbox/page.js` says
//! what each function does.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "spotfix-outbox")]
extern "C" {
    #[wasm_bindgen(catch)]
    pub(crate) async fn use_account(user: &str, profile: &str) -> Result<JsValue, JsValue>;
    pub(crate) fn watch(changed: &Closure<dyn FnMut()>);
    #[wasm_bindgen(catch)]
    pub(crate) async fn status() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    pub(crate) async fn save_draft(draft: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn open_draft(id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn list_drafts() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn is_elses(id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn drop_draft(id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn empty_draft(id: &str) -> Result<JsValue, JsValue>;
    pub(crate) fn set_clock_skew(millis: f64);

    #[wasm_bindgen(catch)]
    pub(crate) async fn keep_photo(about: &str, bytes: &JsValue, thumb: &JsValue)
    -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn note_photo(id: &str, meta: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn photo_url(id: &str, size: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn photo_bytes(id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn list_photos(owner: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn drop_photo(id: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    pub(crate) async fn queue(items: &str, draft: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn list_items() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn list_rows(most: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn stages(ids: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn drop_item(id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn mend_item(id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn retry_item(id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn send_now() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    pub(crate) async fn export_unsent(ids: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn import_unsent(file: &web_sys::File) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn space() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn persist() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    pub(crate) async fn keep_answer(
        user: &str,
        path: &str,
        text: &str,
        etag: &str,
        asked_at: f64,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn kept_answer(path: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn touch_answer(path: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn refresh_work(lists: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(crate) async fn forget_account(user: &str) -> Result<JsValue, JsValue>;
    pub(crate) fn mend_images();
}
