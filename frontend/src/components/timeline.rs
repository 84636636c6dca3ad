//! What happened, in the order it happened.

use leptos::prelude::*;

use super::badge::Tone;
use super::icon::{Icon, icon};

/// A timeline; takes [`TimelineItem`]s, the earliest first.
#[component]
pub fn Timeline(
    /// The items.
    children: Children,
) -> impl IntoView {
    view! { <ol class="timeline">{children()}</ol> }
}

/// One thing that happened.
#[component]
pub fn TimelineItem(
    /// What its colour says.
    tone: Tone,
    /// Its drawing.
    icon: Icon,
    /// What happened ("责任单位签收").
    #[prop(into)]
    title: TextProp,
    /// When, ready to read.
    #[prop(into)]
    at: TextProp,
    /// Who; left out where the reader may not know.
    #[prop(optional, into)]
    by: Option<String>,
    /// A note, photos.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let drawing = self::icon(icon);
    view! {
        <li class=format!("timeline-item {}", tone.class())>
            <span class="timeline-dot">{drawing}</span>
            <div class="timeline-body">
                <p class="timeline-title">{move || title.get()}</p>
                <p class="timeline-meta">
                    {by.map(|by| view! { <span>{by}</span> })} <span class="num">{move || at.get()}</span>
                </p>
                {children.map(|children| view! { <div class="timeline-note">{children()}</div> })}
            </div>
        </li>
    }
}
