//! Where the device is: asked once, never followed.

use app::spot::{Location, LocationSource};
use js_sys::Promise;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::PositionOptions;

/// How long positioning may take; indoors it may never come.
const WAIT_MS: u32 = 12_000;

/// Why there is no position.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoPosition {
    /// The person, or the browser for them, said no.
    Denied,
    /// It could not be found in time, or the device cannot tell.
    NotFound,
}

/// Where the device is now; a position found in the last `fresh_for_ms` will do.
///
/// # Errors
/// When it may not or cannot be told.
pub async fn locate(fresh_for_ms: u32) -> Result<Location, NoPosition> {
    let geolocation =
        leptos::prelude::window().navigator().geolocation().map_err(|_| NoPosition::NotFound)?;
    let promise = Promise::new(&mut |resolve, reject| {
        let options = PositionOptions::new();
        options.set_enable_high_accuracy(true);
        options.set_timeout(WAIT_MS);
        options.set_maximum_age(fresh_for_ms);
        let found = Closure::once_into_js(move |position: JsValue| {
            // Calling a function of our own promise cannot fail.
            let _ = resolve.call1(&JsValue::UNDEFINED, &position);
        });
        let failed = reject.clone();
        let not_found = Closure::once_into_js(move |error: JsValue| {
            let _ = failed.call1(&JsValue::UNDEFINED, &error);
        });
        let asked = geolocation.get_current_position_with_error_callback_and_options(
            found.unchecked_ref(),
            Some(not_found.unchecked_ref()),
            &options,
        );
        if asked.is_err() {
            let _ = reject.call0(&JsValue::UNDEFINED);
        }
    });
    match JsFuture::from(promise).await {
        Ok(position) => {
            let coords = position.unchecked_into::<web_sys::Position>().coords();
            Ok(Location {
                lng: coords.longitude(),
                lat: coords.latitude(),
                accuracy_m: coords.accuracy().clamp(0.0, 1_000_000.0),
                source: LocationSource::Device,
            })
        }
        Err(error) => {
            let denied = error
                .dyn_ref::<web_sys::PositionError>()
                .is_some_and(|error| error.code() == web_sys::PositionError::PERMISSION_DENIED);
            Err(if denied { NoPosition::Denied } else { NoPosition::NotFound })
        }
    }
}
