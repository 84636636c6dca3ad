//! What is loading, in the shape it will have, so that nothing jumps when it arrives.

use leptos::prelude::*;

use crate::words::use_words;

/// Grey rows in place of a list.
#[component]
pub fn Skeleton(
    /// How many rows.
    #[prop(default = 3)]
    rows: usize,
) -> impl IntoView {
    let row = || {
        view! {
            <div class="skeleton-row">
                <span class="skeleton-thumb"></span>
                <span class="skeleton-lines"><span></span><span></span></span>
            </div>
        }
    };
    view! {
        <div role="status">
            <span class="sr-only">{use_words().common.loading}</span>
            <div class="list skeleton" aria-hidden="true">{(0..rows).map(|_| row()).collect::<Vec<_>>()}</div>
        </div>
    }
}
