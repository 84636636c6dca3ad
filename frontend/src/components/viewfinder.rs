//! The camera as large as the screen: one thumb, one photo after the other.
//!
//! Where the browser gives no camera it says why, and the phone's own camera and album take its place. Heavy enough to
//! be used by pages of lazy modules alone.

mod live;

use leptos::html::{Dialog, Video};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlInputElement, ImageBitmap};

use self::live::{Change, Trouble};
use super::button::{Button, Kind};
use super::icon::{Icon, icon};
use super::sheet::show;
use crate::globals::use_globals;
use crate::words::use_words;

/// How strongly the photo laid over the picture shows at first, in hundredths.
const OVERLAY: u32 = 35;

/// What was taken.
#[derive(Clone, Debug)]
pub struct Shot {
    /// An `ImageBitmap` or a `File`, which is the receiver's now.
    pub source: JsValue,
    /// Taken here and now. The phone's own camera and its album cannot be told apart, so that what came as a file is not.
    pub is_camera: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Opening,
    Live,
    Failed(Trouble),
}

/// The camera.
#[component]
pub fn Viewfinder(
    /// Whether it is shown; "done" and Escape set it to false.
    open: RwSignal<bool>,
    /// What is photographed ("整改后照片").
    #[prop(into)]
    title: TextProp,
    /// Takes each photo at the shutter. It must not wait: the next may follow at once.
    on_shot: Callback<Shot>,
    /// How many more may be taken; without it, any number.
    #[prop(optional, into)]
    room: Option<Signal<usize>>,
    /// A photo to lay over the picture, to stand where its taker stood.
    #[prop(optional, into)]
    overlay_src: MaybeProp<String>,
) -> impl IntoView {
    let words = use_words();
    let globals = use_globals();
    let dialog = NodeRef::<Dialog>::new();
    let video = NodeRef::<Video>::new();
    let state = RwSignal::new(State::Opening);
    // Whether the light is on; none where there is no light.
    let light = RwSignal::new(None::<bool>);
    let previews = RwSignal::new(Vec::<(usize, String)>::new());
    let taken = RwSignal::new(0_usize);
    let flashes = RwSignal::new(0_u32);
    let strength = RwSignal::new(OVERLAY);

    let changed = Closure::<dyn FnMut(String)>::new(move |name: String| {
        // The dialog may have gone in the meantime.
        match Change::named(&name) {
            Change::Live => state.try_set(State::Live),
            Change::Paused => state.try_set(State::Opening),
            Change::Lost(trouble) => state.try_set(State::Failed(trouble)),
        };
        light.try_update(|light| *light = light.map(|_| false));
    });
    let changed = StoredValue::new_local(changed);
    let start = move || {
        let Some(video) = video.get_untracked() else { return };
        state.set(State::Opening);
        let told = changed.with_value(|it| it.as_ref().clone());
        spawn_local(async move {
            match live::open(&video, &told).await {
                Some(Ok(has_light)) => {
                    light.try_set(has_light.then_some(false));
                    state.try_set(State::Live);
                }
                Some(Err(trouble)) => {
                    state.try_set(State::Failed(trouble));
                }
                None => {}
            }
        });
    };
    let forget = move || {
        if let Some(previews) = previews.try_update(std::mem::take) {
            previews.iter().for_each(|(_, address)| live::forget(address));
        }
    };
    Effect::new(move |was: Option<bool>| {
        let (Some(dialog), open) = (dialog.get(), open.get()) else { return false };
        show(&dialog, open);
        if open && was != Some(true) {
            taken.set(0);
            start();
        } else if !open && was == Some(true) {
            live::close();
            forget();
        }
        open
    });
    on_cleanup(move || {
        if open.try_get_untracked() != Some(false) {
            live::close();
        }
        forget();
    });

    let is_full = move || room.is_some_and(|room| room.get() == 0);
    let has_room = move || room.is_none_or(|room| room.get_untracked() > 0);
    let take = move |source: JsValue, is_camera: bool| {
        if has_room() {
            let preview = live::preview(&source);
            on_shot.run(Shot { source, is_camera });
            taken.update(|taken| *taken += 1);
            previews.update(|previews| previews.insert(0, (taken.get_untracked(), preview)));
        } else if let Ok(frame) = source.dyn_into::<ImageBitmap>() {
            frame.close();
        }
    };
    let shutter = move |_| {
        if state.get_untracked() != State::Live || !has_room() {
            return;
        }
        flashes.update(|flashes| *flashes = flashes.wrapping_add(1));
        spawn_local(async move {
            match live::shoot().await {
                // Pressed just before it was closed: there is nobody to take it.
                Ok(frame) if taken.try_get_untracked().is_some() => take(frame, true),
                Ok(_) => {}
                Err(trouble) => {
                    state.try_set(State::Failed(trouble));
                }
            }
        });
    };
    let files = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let mut left_out = 0;
        for file in input.files().iter().flat_map(|list| (0..list.length()).filter_map(|i| list.get(i))) {
            if has_room() {
                take(file.into(), false);
            } else {
                left_out += 1;
            }
        }
        if left_out > 0 {
            globals.toast_trouble((words.camera.left_out)(left_out));
        }
        // So that the same picture can be chosen again.
        input.set_value("");
    };
    let press_light = move |_| {
        let on = light.get_untracked() == Some(false);
        spawn_local(async move {
            let on = live::light(on).await;
            light.try_update(|light| *light = light.map(|_| on));
        });
    };

    let stage = move || {
        match state.get() {
        State::Live => None,
        State::Opening => Some(
            view! { <p class="viewfinder-note" role="status">{icon(Icon::Spinner)}{words.camera.opening}</p> }.into_any(),
        ),
        State::Failed(trouble) => {
            let (what, help) = trouble.explained(words);
            let again = trouble.may_pass().then(|| {
                view! { <Button kind=Kind::Quiet icon=Icon::Refresh on_press=move |()| start()>{words.common.retry}</Button> }
            });
            Some(
                view! {
                    <div class="viewfinder-note" role="alert">
                        {icon(Icon::Alert)}
                        <h3>{what}</h3>
                        <p>{help}</p>
                        {again}
                    </div>
                }
                .into_any(),
            )
        }
    }
    };
    // The big button is the shutter, or where there is no picture the way to the phone's own camera.
    let big = move || {
        if matches!(state.get(), State::Failed(_)) {
            return view! {
                <label class="shutter shutter-system" class:is-off=is_full title=words.camera.system>
                    <input
                        class="photo-input"
                        type="file"
                        accept="image/*"
                        capture="environment"
                        aria-label=words.camera.system
                        disabled=is_full
                        on:change=files
                    />
                    {icon(Icon::Camera)}
                </label>
            }
            .into_any();
        }
        view! {
            <button
                type="button"
                class="shutter"
                aria-label=words.common.photo_add
                aria-disabled=move || (state.get() != State::Live || is_full()).then_some("true")
                on:click=shutter
                autofocus
            >
                <span class="shutter-dot"></span>
            </button>
        }
        .into_any()
    };
    let over = move || {
        overlay_src.get().map(|src| {
            view! { <img class="viewfinder-overlay" src=src alt="" style:opacity=move || format!("{}%", strength.get()) /> }
        })
    };
    let slider = move || {
        overlay_src.get().map(|_| {
            view! {
                <label class="viewfinder-slider">
                    <span>{words.camera.overlay}</span>
                    <input
                        type="range"
                        min="0"
                        max="100"
                        step="5"
                        prop:value=move || strength.get().to_string()
                        on:input:target=move |event| strength.set(event.target().value().parse().unwrap_or(OVERLAY))
                    />
                </label>
            }
        })
    };
    let torch = move || {
        let is_live = state.get() == State::Live;
        light.get().filter(|_| is_live).map(|on| {
            view! {
                <button type="button" class="viewfinder-light" aria-pressed=on.to_string() on:click=press_light>
                    {icon(Icon::Light)}
                    <span>{words.camera.torch}</span>
                </button>
            }
        })
    };
    let count = move || {
        if is_full() {
            words.camera.full.to_owned()
        } else {
            match taken.get() {
                0 => String::new(),
                taken => (words.camera.taken)(taken),
            }
        }
    };
    let heading = super::fresh_id("viewfinder");
    let labelled = heading.clone();
    view! {
        <dialog
            node_ref=dialog
            class="viewfinder dark"
            aria-labelledby=labelled
            on:close=move |_| open.set(false)
        >
            <header class="viewfinder-bar">
                <h2 id=heading>{move || title.get()}</h2>
                {torch}
            </header>
            <div class="viewfinder-stage">
                <video node_ref=video aria-label=words.camera.live playsinline autoplay prop:muted=true></video>
                {over}
                {move || view! { <span class="viewfinder-flash" class:is-odd=move || flashes.get() % 2 == 1 hidden=move || flashes.get() == 0></span> }}
                {stage}
            </div>
            <div class="viewfinder-tray">
                {slider}
                <p class="num" role="status">{count}</p>
                <div class="viewfinder-taken">
                    <For each=move || previews.get() key=|(nth, _)| *nth let((_, address))>
                        <img src=address alt="" />
                    </For>
                </div>
            </div>
            <div class="viewfinder-keys">
                <label class="viewfinder-album" class:is-off=is_full>
                    <input class="photo-input" type="file" accept="image/*" multiple disabled=is_full on:change=files />
                    {icon(Icon::Image)}
                    <span>{words.camera.album}</span>
                </label>
                {big}
                <Button on_press=move |()| open.set(false)>{words.common.done}</Button>
            </div>
        </dialog>
    }
}
