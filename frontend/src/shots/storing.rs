//! Photos on their way into the phone's storage, and the addresses under which the page shows them.

use app::id::{PhotoId, UserId};
use uuid::Uuid;
use wasm_bindgen::JsValue;
use web_sys::{Blob, Url};

use super::Shot;
use crate::device::photo::Picture;
use crate::outbox::{self, About, Meta, Trouble};

/// Keeps a photo for its owner, or keeps it anew under the same id.
pub(super) async fn keep(
    id: PhotoId,
    (user, owner): (UserId, Uuid),
    picture: &Picture,
    meta: Meta,
) -> Result<(), Trouble> {
    let about = About {
        id,
        user,
        owner,
        sha256: picture.sha256.clone(),
        size: picture.bytes.byte_length(),
        width: picture.width,
        height: picture.height,
        meta,
    };
    outbox::keep_photo(&about, &picture.bytes, &picture.thumb).await
}

/// An address inside this page for bytes of a JPEG.
pub(super) fn address(bytes: &JsValue) -> String {
    if bytes.is_null() || bytes.is_undefined() {
        return String::new();
    }
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("image/jpeg");
    let blob = Blob::new_with_u8_array_sequence_and_options(&js_sys::Array::of1(bytes), &options);
    blob.and_then(|blob| Url::create_object_url_with_blob(&blob)).unwrap_or_default()
}

/// Lets go of the addresses of a photo that is shown no more.
pub(super) fn release(shot: &Shot) {
    for url in [&shot.thumb, &shot.full] {
        // An address that is gone already needs no releasing.
        let _ = Url::revoke_object_url(url);
    }
}
