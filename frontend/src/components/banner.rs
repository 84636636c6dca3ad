//! A message about the whole page that stays until it is no longer true: information, no network, an error, success.

use leptos::prelude::*;

use super::badge::Tone;
use super::button::{Button, Kind};
use super::icon::{Icon, icon};
use crate::words::use_words;

/// What a banner is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BannerKind {
    /// Something worth knowing.
    Info,
    /// There is no network; work goes on.
    Offline,
    /// Something to mind before going on.
    Warning,
    /// It did not work.
    Error,
    /// It worked, and what follows from it.
    Success,
}

/// A message about the whole page.
#[component]
pub fn Banner(
    /// What it is about.
    kind: BannerKind,
    /// What happened, in a few words; left out when `children` say it all.
    #[prop(optional, into)]
    title: Option<String>,
    /// Offers to try again.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
    /// What it means and what helps.
    children: Children,
) -> impl IntoView {
    let words = use_words();
    let (tone, drawing) = match kind {
        BannerKind::Info => (Tone::Waiting, Icon::Info),
        BannerKind::Offline => (Tone::Waiting, Icon::Offline),
        BannerKind::Warning => (Tone::Soon, Icon::Warning),
        BannerKind::Error => (Tone::Overdue, Icon::Alert),
        BannerKind::Success => (Tone::Done, Icon::CircleCheck),
    };
    // Errors interrupt a screen reader, everything else waits for a pause.
    let role = if kind == BannerKind::Error { "alert" } else { "status" };
    view! {
        <div class=format!("banner {}", tone.class()) role=role>
            {icon(drawing)}
            <div class="banner-text">
                {title.map(|title| view! { <p class="strong">{title}</p> })}
                <div>{children()}</div>
            </div>
            {retry
                .map(|retry| {
                    view! {
                        <div class="banner-action">
                            <Button kind=Kind::Quiet icon=Icon::Refresh on_press=retry>
                                {words.common.retry}
                            </Button>
                        </div>
                    }
                })}
        </div>
    }
}
