//! The camera and the drawing board, each a press away.

use leptos::prelude::*;

use super::part;
use crate::components::{Button, Drawing, Kind, Viewfinder};
use crate::words::use_words;

/// How many photos the camera with a before-photo takes.
const ROOM: usize = 3;

pub(super) fn camera() -> AnyView {
    let words = use_words();
    let [camera, beside, board] = [RwSignal::new(false), RwSignal::new(false), RwSignal::new(false)];
    let taken = RwSignal::new(0_usize);
    let drawn = RwSignal::new(String::new());
    let content = view! {
        <div class="cluster">
            <Button kind=Kind::Quiet on_press=move |()| camera.set(true)>{words.common.photo_add}</Button>
            <Button kind=Kind::Quiet on_press=move |()| beside.set(true)>{words.camera.overlay}</Button>
            <Button kind=Kind::Quiet on_press=move |()| board.set(true)>{words.camera.draw}</Button>
        </div>
        <p class="small muted">{drawn}</p>
        <Viewfinder open=camera title="问题照片" on_shot=Callback::new(|_| ()) />
        <Viewfinder
            open=beside
            title="整改后照片"
            on_shot=Callback::new(move |_| taken.update(|taken| *taken += 1))
            room=Signal::derive(move || ROOM - taken.get())
            overlay_src="/gallery/before.svg"
        />
        <Drawing open=board src="/gallery/before.svg" on_save=Callback::new(move |shapes| drawn.set(shapes)) />
    };
    part(words.gallery.camera, content.into_any())
}
