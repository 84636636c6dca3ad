//! Photos: a strip to take and look through them, and before beside after.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use super::lightbox::Lightbox;
use crate::words::use_words;

/// Where a photo is on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PhotoState {
    /// On the server, or on this phone with nothing more to do.
    Ready,
    /// Being made ready on this phone.
    Saving,
    /// On its way.
    Uploading,
    /// Has just arrived.
    Sent,
    /// Did not arrive; a press tries again.
    Failed,
}

/// A photo to show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Photo {
    /// Its id.
    pub id: String,
    /// The address of the small picture.
    pub thumb: String,
    /// The address of the whole picture.
    pub full: String,
    /// What is to be seen, for those who do not ("整改前：东门菜市场入口").
    pub alt: String,
    /// Where it is on its way.
    pub state: PhotoState,
}

/// A row of photos. With `on_camera` it begins with the camera; with `on_remove` each can be taken away again.
#[component]
pub fn PhotoStrip(
    /// What the photos are of ("整改后照片").
    #[prop(into)]
    label: String,
    /// The photos.
    #[prop(into)]
    photos: Signal<Vec<Photo>>,
    /// Opens the camera.
    #[prop(optional, into)]
    on_camera: Option<Callback<()>>,
    /// Takes one away, by id.
    #[prop(optional, into)]
    on_remove: Option<Callback<String>>,
    /// Tries again with one that failed, by id.
    #[prop(optional, into)]
    on_retry: Option<Callback<String>>,
    /// Draws on a copy of one, by id.
    #[prop(optional, into)]
    on_draw: Option<Callback<String>>,
) -> impl IntoView {
    let words = use_words();
    let shown = RwSignal::new(None::<usize>);
    let tiles = move || {
        photos
            .get()
            .into_iter()
            .enumerate()
            .map(|(i, photo)| tile(i, photo, shown, on_remove, on_retry))
            .collect::<Vec<_>>()
    };
    let nothing = move || {
        (on_camera.is_none() && photos.with(Vec::is_empty))
            .then(|| view! { <p class="muted small">{words.common.photos_none}</p> })
    };
    view! {
        <div class="photos" role="group" aria-label=label>
            {on_camera.map(camera_tile)}
            {tiles}
            {nothing}
        </div>
        <Lightbox photos=photos shown=shown on_draw=on_draw />
    }
}

fn camera_tile(open: Callback<()>) -> AnyView {
    let words = use_words();
    view! {
        <button type="button" class="photo photo-add" on:click=move |_| open.run(())>
            {icon(Icon::Camera)}
            <span>{words.common.photo_add}</span>
        </button>
    }
    .into_any()
}

fn tile(
    i: usize,
    photo: Photo,
    shown: RwSignal<Option<usize>>,
    on_remove: Option<Callback<String>>,
    on_retry: Option<Callback<String>>,
) -> AnyView {
    let words = use_words();
    let nth = u32::try_from(i + 1).unwrap_or(u32::MAX);
    let Photo { id, thumb, alt, state, .. } = photo;
    let id = StoredValue::new(id);
    let over = match state {
        PhotoState::Ready => None,
        PhotoState::Saving => {
            Some(view! { <span class="photo-state">{icon(Icon::Spinner)}<span>{words.common.saving}</span></span> }.into_any())
        }
        PhotoState::Sent => {
            Some(view! { <span class="photo-sent">{icon(Icon::Check)}<span class="sr-only">{words.common.sent}</span></span> }.into_any())
        }
        PhotoState::Uploading => {
            Some(view! { <span class="photo-state">{icon(Icon::Spinner)}<span>{words.common.photo_uploading}</span></span> }.into_any())
        }
        PhotoState::Failed => Some(
            view! { <span class="photo-state tone-overdue">{icon(Icon::Alert)}<span>{words.common.photo_failed}</span></span> }
                .into_any(),
        ),
    };
    let press = move |_| match (state, on_retry) {
        (PhotoState::Failed, Some(on_retry)) => on_retry.run(id.get_value()),
        _ => shown.set(Some(i)),
    };
    let name = if state == PhotoState::Failed && on_retry.is_some() {
        format!("{} {alt}", words.common.retry)
    } else {
        format!("{} {alt}", (words.common.photo_open)(nth))
    };
    let remove = on_remove.map(|on_remove| {
        view! {
            <button
                type="button"
                class="photo-remove"
                aria-label=(words.common.photo_remove)(nth)
                on:click=move |_| on_remove.run(id.get_value())
            >
                {icon(Icon::Close)}
            </button>
        }
    });
    // A picture of the camera has none before it is made smaller.
    let picture = (!thumb.is_empty()).then(|| view! { <img src=thumb alt="" loading="lazy" /> });
    view! {
        <div class="photo" class:is-uploading=state == PhotoState::Uploading class:is-failed=state == PhotoState::Failed>
            <button type="button" class="photo-open" on:click=press>
                <span class="sr-only">{name}</span>
                {picture}
                {over}
            </button>
            {remove}
        </div>
    }
    .into_any()
}

/// Before beside after, the whole pictures a press away.
#[component]
pub fn BeforeAfter(
    /// As the inspector found it.
    #[prop(into)]
    before: Signal<Vec<Photo>>,
    /// As the unit left it.
    #[prop(into)]
    after: Signal<Vec<Photo>>,
) -> impl IntoView {
    let words = use_words();
    // One row of pictures to look through: the befores, then the afters.
    let all = Signal::derive(move || {
        let mut all = before.get();
        all.extend(after.get());
        all
    });
    let shown = RwSignal::new(None::<usize>);
    let side = move |caption: &'static str, photos: Signal<Vec<Photo>>, first: Signal<usize>| {
        view! {
            <figure class="compare-side">
                <figcaption>{caption}</figcaption>
                {move || {
                    let first = first.get();
                    let photos = photos.get();
                    if photos.is_empty() {
                        return view! { <div class="compare-none">{icon(Icon::Image)}<span>{words.common.photos_none}</span></div> }
                            .into_any();
                    }
                    photos.into_iter().enumerate().map(|(i, photo)| tile(first + i, photo, shown, None, None)).collect::<Vec<_>>().into_any()
                }}
            </figure>
        }
    };
    view! {
        <div class="compare">
            {side(words.common.before, before, Signal::stored(0))}
            {side(words.common.after, after, Signal::derive(move || before.with(Vec::len)))}
        </div>
        <Lightbox photos=all shown=shown on_draw=None />
    }
}
