//! Whether there is room for a desk's layout: tables and filters beside each other.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Where the styles turn the tabs into a rail.
const WIDE: &str = "(min-width: 1024px)";

/// Whether the page is wide; follows the window.
pub(super) fn wide() -> Signal<bool> {
    let Ok(Some(query)) = window().match_media(WIDE) else { return Signal::stored(false) };
    let wide = RwSignal::new(query.matches());
    let heard = query.clone();
    let listener = Closure::<dyn FnMut()>::new(move || {
        wide.try_set(heard.matches());
    });
    query.set_onchange(Some(listener.as_ref().unchecked_ref()));
    // Kept with the page and gone with it: a media query without its listener is silent.
    let kept = StoredValue::new_local((query, listener));
    on_cleanup(move || {
        kept.try_with_value(|(query, _)| query.set_onchange(None));
    });
    wide.into()
}
