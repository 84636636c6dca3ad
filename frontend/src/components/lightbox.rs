//! One photo at a time, as large as the screen.

use leptos::html::Dialog;
use leptos::prelude::*;

use super::button::IconButton;
use super::icon::Icon;
use super::photos::Photo;
use super::sheet::show;
use crate::words::use_words;

/// Shows the photo `shown` points at, and moves through the others with buttons or the arrow keys; `on_draw` offers to draw
/// on a copy of it, by id.
#[component]
pub(super) fn Lightbox(
    photos: Signal<Vec<Photo>>,
    shown: RwSignal<Option<usize>>,
    on_draw: Option<Callback<String>>,
) -> impl IntoView {
    let words = use_words();
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move || {
        let (Some(dialog), shown) = (dialog.get(), shown.get()) else { return };
        show(&dialog, shown.is_some());
    });
    let go = move |by: isize| {
        let last = photos.with_untracked(Vec::len).saturating_sub(1);
        shown.update(|shown| *shown = shown.map(|at| at.saturating_add_signed(by).min(last)));
    };
    let keys = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "ArrowLeft" => go(-1),
        "ArrowRight" => go(1),
        _ => {}
    };
    let content = move || {
        let at = shown.get()?;
        let (photo, count) = photos.with(|photos| (photos.get(at).cloned(), photos.len()));
        let photo = photo?;
        let [nth, of] = [at + 1, count].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        let back = (at > 0).then(|| {
            view! { <IconButton icon=Icon::ChevronLeft label=words.common.photo_previous on_press=move |()| go(-1) /> }
        });
        let on = (at + 1 < count).then(|| {
            view! { <IconButton icon=Icon::ChevronRight label=words.common.photo_next on_press=move |()| go(1) /> }
        });
        let id = photo.id;
        let draw = on_draw.map(|on_draw| {
            let press = move |()| {
                shown.set(None);
                on_draw.run(id.clone());
            };
            view! { <IconButton icon=Icon::Pencil label=words.common.photo_draw on_press=press /> }
        });
        Some(view! {
            <div class="lightbox-bar">
                <p class="num" role="status">{(words.common.photo_of)(nth, of)}</p>
                <span class="cluster">
                    {draw}
                    <IconButton icon=Icon::Close label=words.common.close on_press=move |()| shown.set(None) />
                </span>
            </div>
            <img class="lightbox-photo" src=photo.full alt=photo.alt.clone() />
            <div class="lightbox-bar">
                <span class="lightbox-step">{back}</span>
                <p class="small">{photo.alt}</p>
                <span class="lightbox-step">{on}</span>
            </div>
        })
    };
    view! {
        <dialog node_ref=dialog class="lightbox dark" aria-label=words.common.details on:keydown=keys on:close=move |_| shown.set(None)>
            {content}
        </dialog>
    }
}
