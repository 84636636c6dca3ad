//! How much of this phone's space the page may still use.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::Card;
use crate::fmt;
use crate::outbox::rescue::{Space, space};
use crate::outbox::use_outbox;
use crate::words::use_words;

/// A gauge of the space, and whether the browser may clear it.
pub(super) fn card() -> AnyView {
    let words = &use_words().outbox;
    let changes = use_outbox().changes;
    let found = RwSignal::new(None::<Space>);
    Effect::new(move |_| {
        changes.track();
        spawn_local(async move {
            if let Ok(space) = space().await {
                found.try_set(Some(space));
            }
        });
    });
    let gauge = move || {
        let space = found.get().filter(|space| space.quota > 0.0)?;
        let text = (words.space)(&fmt::bytes(space.usage), &fmt::bytes(space.quota));
        let promise = if space.persisted { words.persisted } else { words.not_persisted };
        Some(view! {
            <Card>
                <meter class="gauge" min="0" max=space.quota high=space.quota * 0.9 value=space.usage aria-label=text.clone()></meter>
                <p class="small num">{text}</p>
                <p class="muted small">{promise}</p>
            </Card>
        })
    };
    gauge.into_any()
}
