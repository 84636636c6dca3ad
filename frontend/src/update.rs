//! A new build of the page: told when one is there, used when the person says so.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::components::{Banner, BannerKind, Button, Kind};
use crate::words::use_words;

#[wasm_bindgen(module = "spotfix-shell")]
extern "C" {
    fn watch_update(callback: &Closure<dyn FnMut(u8)>);
    fn activate_update();
}

/// What `frontend/web/shell/page.js` calls a new build that waits to be asked for.
const WAITING: u8 = 1;

/// Where a person is in the middle of something that is kept as a draft.
const WRITING: [&str; 3] = ["/report", "/rechecks/", "/orders/"];

/// Says that there is a new build, and nothing while there is none. Never changes a page by itself.
pub(crate) fn update_banner() -> AnyView {
    let words = use_words();
    let known = RwSignal::new(0);
    let listener = Closure::new(move |what| {
        // A page in another language has a listener of its own.
        let _ = known.try_set(what);
    });
    watch_update(&listener);
    // The script calls it for as long as the page lives.
    listener.forget();
    let path = use_location().pathname;
    let is_writing = move || path.with(|path| WRITING.iter().any(|it| path.starts_with(it)));
    let banner = move || {
        let (title, action, help) = match known.get() {
            0 => return None,
            WAITING => (words.shell.new_build, words.shell.update, ""),
            _ => (words.shell.replaced, words.shell.open_again, words.shell.replaced_help),
        };
        Some(view! {
            <div class="update">
                <Banner kind=BannerKind::Info title=title>
                    <div class="split">
                        <p>{help} {move || is_writing().then_some(words.shell.kept)}</p>
                        <Button kind=Kind::Quiet on_press=move |()| activate_update()>{action}</Button>
                    </div>
                </Banner>
            </div>
        })
    };
    banner.into_any()
}
