//! Photos made smaller on the device: a tenth of the bytes on a mobile network, and nothing of the camera's metadata.

use js_sys::Promise;
use leptos::prelude::document;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap, ImageBitmapOptions,
    ImageOrientation,
};

/// The longer edge of what is sent, in pixels: enough to read a sign across a street.
const LONG_EDGE: u32 = 2048;
/// JPEG quality of what is sent.
const QUALITY: f64 = 0.8;

/// The photo as it is sent: upright, at most [`LONG_EDGE`], JPEG. What this browser cannot decode is sent as it is; the
/// server has the last word.
pub async fn reduce(file: &File) -> Blob {
    shrink(file).await.unwrap_or_else(|_| Blob::from(file.clone()))
}

async fn shrink(file: &File) -> Result<Blob, JsValue> {
    let options = ImageBitmapOptions::new();
    // Phones store pictures lying on their side; a canvas keeps no note of it.
    options.set_image_orientation(ImageOrientation::FromImage);
    let decoding =
        leptos::prelude::window().create_image_bitmap_with_blob_and_image_bitmap_options(file, &options)?;
    let picture: ImageBitmap = JsFuture::from(decoding).await?.unchecked_into();
    let (width, height) = fit(picture.width(), picture.height());
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    context.draw_image_with_image_bitmap_and_dw_and_dh(
        &picture,
        0.0,
        0.0,
        f64::from(width),
        f64::from(height),
    )?;
    picture.close();
    let encoding = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            // Calling a function of our own promise cannot fail.
            let _ = resolve.call1(&JsValue::UNDEFINED, &blob);
        });
        if canvas
            .to_blob_with_type_and_encoder_options(done.unchecked_ref(), "image/jpeg", &QUALITY.into())
            .is_err()
        {
            let _ = reject.call0(&JsValue::UNDEFINED);
        }
    });
    JsFuture::from(encoding).await?.dyn_into()
}

/// The size that fits into [`LONG_EDGE`], never larger than it was.
fn fit(width: u32, height: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= LONG_EDGE {
        return (width, height);
    }
    let scale = |side: u32| (u64::from(side) * u64::from(LONG_EDGE) + u64::from(long) / 2) / u64::from(long);
    let scale = |side| u32::try_from(scale(side)).unwrap_or(LONG_EDGE).max(1);
    (scale(width), scale(height))
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn the_longer_edge_fits_and_the_shape_stays() {
        assert_eq!(fit(4032, 3024), (2048, 1536));
        assert_eq!(fit(3024, 4032), (1536, 2048));
        assert_eq!(fit(800, 600), (800, 600));
        assert_eq!(fit(20_000, 1), (2048, 1));
    }
}
