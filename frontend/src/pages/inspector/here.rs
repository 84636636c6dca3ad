//! Where the inspector is: asked once when the page is opened, for the list of what is near.

use app::spot::Location;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::position::{NoPosition, locate};

/// A position found within the last minute will do for a list of spots.
const FRESH_MS: u32 = 60_000;

/// What is known of where somebody is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Place {
    /// Not asked.
    Unknown,
    /// Being found.
    Looking,
    /// Here.
    At(Location),
    /// It cannot be told.
    Without(NoPosition),
    /// Of a photo that was taken elsewhere, or nobody knows where.
    Elsewhere,
}

impl Place {
    /// The position, if it is known.
    pub(crate) const fn at(self) -> Option<Location> {
        match self {
            Self::At(at) => Some(at),
            Self::Unknown | Self::Looking | Self::Without(_) | Self::Elsewhere => None,
        }
    }
}

/// Where the inspector was when the page was opened.
#[derive(Clone, Copy)]
pub(crate) struct Here(pub(crate) RwSignal<Place>);

impl Here {
    /// Not asked yet; puts itself into context.
    pub(crate) fn provide() {
        provide_context(Self(RwSignal::new(Place::Unknown)));
    }

    /// Finds out, unless that was asked before.
    pub(crate) fn look_around(self) {
        if self.0.get_untracked() == Place::Unknown {
            find(self.0, FRESH_MS);
        }
    }

    /// The position, if it is known; follows changes.
    pub(crate) fn at(self) -> Option<Location> {
        self.0.get().at()
    }
}

/// Where the inspector is.
pub(crate) fn use_here() -> Here {
    expect_context::<Here>()
}

/// Finds a position and puts it into `place`.
pub(super) fn find(place: RwSignal<Place>, fresh_for_ms: u32) {
    place.set(Place::Looking);
    spawn_local(async move {
        let found = locate(fresh_for_ms).await;
        // Whoever began anew in the meantime is not told where the last report was.
        if place.try_get_untracked() == Some(Place::Looking) {
            place.set(found.map_or_else(Place::Without, Place::At));
        }
    });
}
