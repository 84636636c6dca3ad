//! What the device gives: the time, fresh ids, where it is, smaller photos.

pub mod photo;
pub mod position;

use app::time::{MINUTE, Timestamp};
use leptos::prelude::*;
use std::time::Duration;
use uuid::{Builder, Uuid};

use crate::api;

/// The device's time; the server has the last word on it.
#[must_use]
pub fn now() -> Timestamp {
    moment(js_sys::Date::now())
}

/// A moment as scripts tell it, in Unix milliseconds.
#[must_use]
pub fn moment(millis: f64) -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds of any year are whole and far below 2^53"
    )]
    Timestamp::from_millis(millis as i64)
}

/// The time, once a minute, for clocks that run while one looks.
#[must_use]
pub fn ticking() -> Signal<Timestamp> {
    let at = RwSignal::new(now());
    let every = Duration::from_millis(MINUTE.unsigned_abs());
    if let Ok(handle) = set_interval_with_handle(move || at.set(now()), every) {
        on_cleanup(move || handle.clear());
    }
    at.into()
}

/// A fresh id (UUIDv7) for whatever is made on this device. An id tells when it was made to whoever may see it, so it is made
/// of the server's time where that is known: a clock that is off would be known again, as a name would be.
#[must_use]
pub fn fresh_id<T: From<Uuid>>() -> T {
    let mut random = [0; 10];
    if let Ok(crypto) = window().crypto() {
        // Refused only for more than 64 KB.
        let _ = crypto.get_random_values_with_u8_array(&mut random);
    }
    let skew = untrack(api::clock_skew).unwrap_or_default();
    let millis = u64::try_from(now().millis().saturating_sub(skew)).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid().into()
}

/// Waits so long.
pub async fn pause(time: Duration) {
    let waited = js_sys::Promise::new(&mut |resolve, _| {
        // A page that cannot wait does not.
        set_timeout(
            move || {
                let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
            },
            time,
        );
    });
    let _ = wasm_bindgen_futures::JsFuture::from(waited).await;
}

/// Whether the browser believes to have a network; follows changes.
#[must_use]
pub fn online() -> Signal<bool> {
    let online = RwSignal::new(window().navigator().on_line());
    let gone = window_event_listener(leptos::ev::offline, move |_| online.set(false));
    let back = window_event_listener(leptos::ev::online, move |_| online.set(true));
    on_cleanup(move || {
        gone.remove();
        back.remove();
    });
    online.into()
}
