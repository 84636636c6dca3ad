//! Taking photos for a form: the strip, the viewfinder over the page, drawing on a copy, and the stop before the space is
//! gone.

use app::id::PhotoId;
use app::issue::MAX_PHOTOS;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Banner, BannerKind, Drawing, LinkButton, PhotoStrip, Shot, Viewfinder};
use crate::device;
use crate::globals::use_globals;
use crate::outbox::rescue::space;
use crate::outbox::{Trouble, rescue};
use crate::shots::Shots;
use crate::words::use_words;

/// Less space than this, in bytes, and no more photos are taken: the last ones must still fit, and their report.
const LEAST_SPACE: f64 = 24.0 * 1024.0 * 1024.0;

/// How photos are taken.
#[derive(Clone, Copy)]
pub(crate) struct Camera {
    /// The viewfinder is open.
    pub(crate) open: RwSignal<bool>,
    /// It closes after the first photo when it was opened with the page, so that shutter and clause are one press apart.
    pub(crate) is_single: bool,
    /// What is laid over the picture, to stand where its taker stood.
    pub(crate) overlay: Option<Signal<Option<String>>>,
}

/// The strip to take, look through, draw on and remove; `label` says what the photos are of.
pub(crate) fn shot_strip(shots: Shots, label: &'static str, camera: Camera) -> AnyView {
    let words = use_words();
    let photos = Signal::derive(move || shots.photos(label));
    let is_low = RwSignal::new(false);
    // What the page asked for is opened once there is known to be space.
    let is_open = RwSignal::new(false);
    let is_single = StoredValue::new(camera.is_single);
    let open = move || {
        spawn_local(async move {
            // A browser that does not tell is taken at its word when it refuses to keep a photo.
            let low = space().await.is_ok_and(|space| space.quota > 0.0 && space.left() < LEAST_SPACE);
            is_low.try_set(low);
            if !low {
                is_open.try_set(true);
            }
        });
        spawn_local(rescue::persist());
    };
    device::photo::prepare();
    Effect::new(move |_| {
        if camera.open.get() {
            camera.open.set(false);
            open();
        }
    });
    let again = Callback::new(move |()| {
        is_single.set_value(false);
        open();
    });
    let room = Signal::derive(move || MAX_PHOTOS.saturating_sub(photos.with(Vec::len)));
    let taken = Callback::new(move |shot: Shot| {
        shots.add(shot.source, shot.is_camera);
        if is_single.get_value() {
            is_open.set(false);
        }
    });
    let low = move || {
        is_low.get().then(|| {
            view! {
                <Banner kind=BannerKind::Error title=words.outbox.space_low>
                    <p>{words.outbox.space_low_help}</p>
                    <LinkButton href="/outbox">{words.outbox.title}</LinkButton>
                </Banner>
            }
        })
    };
    let by_id = move |then: fn(Shots, PhotoId)| {
        Callback::new(move |id: String| {
            if let Ok(id) = id.parse() {
                then(shots, id);
            }
        })
    };
    let overlay = camera.overlay.unwrap_or_else(|| Signal::stored(None));
    let (drawing, draw) = drawing(shots);
    view! {
        {low}
        <PhotoStrip
            label=label
            photos=photos
            on_camera=again
            on_remove=by_id(Shots::remove)
            on_retry=by_id(Shots::retry)
            on_draw=draw
        />
        <Viewfinder open=is_open title=label on_shot=taken room=room overlay_src=MaybeProp::derive(move || overlay.get()) />
        {drawing}
    }
    .into_any()
}

/// The editor for drawing on a copy, and what opens it for a photo.
fn drawing(shots: Shots) -> (AnyView, Callback<String>) {
    let words = use_words();
    let globals = use_globals();
    let is_open = RwSignal::new(false);
    let of = RwSignal::new(None::<PhotoId>);
    let trouble = RwSignal::new(None::<Trouble>);
    let src = Signal::derive(move || {
        let of = of.get().map(|id| id.to_string());
        let photos = shots.photos("");
        photos.into_iter().find(|photo| Some(&photo.id) == of.as_ref()).map(|it| it.full).unwrap_or_default()
    });
    let save = Callback::new(move |shapes: String| {
        let Some(id) = of.get_untracked() else { return };
        trouble.set(None);
        spawn_local(async move {
            if let Err(it) = shots.add_copy(id, &shapes).await {
                trouble.try_set(Some(it));
            }
        });
    });
    let draw = Callback::new(move |id: String| {
        if shots.count() >= MAX_PHOTOS {
            globals.toast(words.camera.full);
            return;
        }
        of.set(id.parse().ok());
        is_open.set(true);
    });
    let refused = move || {
        trouble.get().map(|it| {
            let text = (words.outbox.trouble)(&it);
            view! { <Banner kind=BannerKind::Error title=words.outbox.not_kept>{text}</Banner> }
        })
    };
    let view = view! {
        {refused}
        <Drawing open=is_open src=src on_save=save />
    };
    (view.into_any(), draw)
}
