//! A button that opens the camera.

use leptos::html::Input;
use leptos::prelude::*;
use web_sys::File;

use crate::components::{Icon, icon};

/// A button that opens the camera and gives what was taken.
pub(super) fn camera_button(label: &'static str, on_taken: Callback<Vec<File>>) -> AnyView {
    let input = NodeRef::<Input>::new();
    let taken = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let files = input
            .files()
            .iter()
            .flat_map(|list| (0..list.length()).filter_map(|i| list.get(i)))
            .collect::<Vec<_>>();
        // So that the same picture can be taken again.
        input.set_value("");
        if !files.is_empty() {
            on_taken.run(files);
        }
    };
    // The browser's own file control lies over the whole button: it opens the camera in every browser of a phone.
    view! {
        <label class="button button-primary button-full camera">
            <input
                node_ref=input
                class="photo-input"
                type="file"
                accept="image/*"
                capture="environment"
                multiple
                on:change=taken
            />
            {icon(Icon::Camera)}
            <span class="button-label">{label}</span>
        </label>
    }
    .into_any()
}
