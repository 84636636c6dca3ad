//! The state of an issue or an order: an icon and a word on a tint, never colour alone.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::words::{Words, use_words};

/// What a colour says. The same for badges, clocks, banners and timelines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// Waits for somebody.
    Waiting,
    /// Somebody is at it, in time.
    Active,
    /// Little time is left, or once more from the start.
    Soon,
    /// The due time has passed, or something failed.
    Overdue,
    /// Done.
    Done,
    /// Went back to the office.
    Returned,
    /// No longer counts.
    Void,
}

impl Tone {
    /// The class that colours an element and what is in it.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Waiting => "tone-waiting",
            Self::Active => "tone-active",
            Self::Soon => "tone-soon",
            Self::Overdue => "tone-overdue",
            Self::Done => "tone-done",
            Self::Returned => "tone-returned",
            Self::Void => "tone-void",
        }
    }
}

/// A word on a tint.
#[component]
pub fn Badge(
    /// What the colour says.
    tone: Tone,
    /// What it looks like without the colour.
    icon: Icon,
    /// The word, two to five characters.
    #[prop(into)]
    word: TextProp,
) -> impl IntoView {
    let drawing = super::icon::icon(icon);
    view! { <span class=format!("badge {}", tone.class())>{drawing}<span>{move || word.get()}</span></span> }
}

/// Every state an issue or an order is shown in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the states are those of the handbook; the words are in words/states.rs")]
pub enum Mark {
    Pool,
    Dispatched,
    Accepted,
    Replied,
    Confirmed,
    Rework,
    Returned,
    Reassigned,
    Closed,
    FixedOnSpot,
    Void,
    DueSoon,
    Overdue,
}

impl Mark {
    /// All of them, in the order of the loop.
    pub const ALL: [Self; 13] = [
        Self::Pool,
        Self::Dispatched,
        Self::Accepted,
        Self::Replied,
        Self::Confirmed,
        Self::Rework,
        Self::Returned,
        Self::Reassigned,
        Self::Closed,
        Self::FixedOnSpot,
        Self::Void,
        Self::DueSoon,
        Self::Overdue,
    ];

    /// What its colour says.
    #[must_use]
    pub const fn tone(self) -> Tone {
        match self {
            Self::Pool | Self::Dispatched | Self::Replied => Tone::Waiting,
            Self::Accepted | Self::Confirmed => Tone::Active,
            Self::Rework | Self::DueSoon => Tone::Soon,
            Self::Overdue => Tone::Overdue,
            Self::Closed | Self::FixedOnSpot => Tone::Done,
            Self::Returned => Tone::Returned,
            Self::Reassigned | Self::Void => Tone::Void,
        }
    }

    /// Its drawing.
    #[must_use]
    pub const fn icon(self) -> Icon {
        match self {
            Self::Pool => Icon::CircleDashed,
            Self::Dispatched => Icon::Circle,
            Self::Accepted => Icon::CircleDot,
            Self::Replied => Icon::Hourglass,
            Self::Confirmed => Icon::Eye,
            Self::Rework => Icon::Redo,
            Self::Returned => Icon::Undo,
            Self::Reassigned => Icon::Route,
            Self::Closed => Icon::CircleCheck,
            Self::FixedOnSpot => Icon::Check,
            Self::Void => Icon::Ban,
            Self::DueSoon => Icon::Clock,
            Self::Overdue => Icon::Alarm,
        }
    }

    /// Its word.
    #[must_use]
    pub fn word(self, words: &Words) -> &'static str {
        let states = &words.states;
        match self {
            Self::Pool => states.pool,
            Self::Dispatched => states.dispatched,
            Self::Accepted => states.accepted,
            Self::Replied => states.replied,
            Self::Confirmed => states.confirmed,
            Self::Rework => states.rework,
            Self::Returned => states.returned,
            Self::Reassigned => states.reassigned,
            Self::Closed => states.closed,
            Self::FixedOnSpot => states.fixed_on_spot,
            Self::Void => states.void,
            Self::DueSoon => states.due_soon,
            Self::Overdue => states.overdue,
        }
    }
}

/// The badge of a state.
#[component]
pub fn MarkBadge(
    /// The state; may change while shown.
    #[prop(into)]
    mark: Signal<Mark>,
) -> impl IntoView {
    let words = use_words();
    move || {
        let mark = mark.get();
        view! {
            <span class=format!("badge {}", mark.tone().class())>{icon(mark.icon())}<span>{mark.word(words)}</span></span>
        }
    }
}
