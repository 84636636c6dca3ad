//! How to have the page on the phone, where that makes a difference: an icon to open it by, and what is kept stays kept.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::components::{Button, Card, Kind};
use crate::words::use_words;

#[wasm_bindgen(module = "spotfix-shell")]
extern "C" {
    fn environment() -> String;
    fn can_install() -> bool;
    async fn install();
}

/// What browser this is.
#[derive(Deserialize)]
struct Environment {
    standalone: bool,
    ios: bool,
    wechat: bool,
}

/// A hint for this browser; nothing where the page is installed or nothing needs saying.
pub(super) fn hint() -> Option<AnyView> {
    let words = &use_words().shell;
    let Environment { standalone, ios, wechat } = serde_json::from_str(&environment()).ok()?;
    let told = |how, why| {
        view! {
            <p>{how}</p>
            <p class="muted small">{why}</p>
        }
        .into_any()
    };
    let inside = if wechat {
        told(words.wechat_how, words.wechat_why)
    } else if standalone {
        return None;
    } else if ios {
        told(words.ios_how, words.ios_why)
    } else if can_install() {
        let is_offered = RwSignal::new(true);
        let ask = move |()| {
            spawn_local(async move {
                install().await;
                is_offered.set(can_install());
            });
        };
        let offer = move || {
            is_offered.get().then(|| {
                view! {
                    <Button kind=Kind::Quiet full=true on_press=ask>{words.install}</Button>
                    <p class="muted small">{words.install_help}</p>
                }
            })
        };
        offer.into_any()
    } else {
        return None;
    };
    Some(view! { <Card title=words.install_title><div class="stack-tight">{inside}</div></Card> }.into_any())
}
