//! When and where it was, as the photos of a form tell.

use app::spot::Location;
use app::time::Timestamp;
use leptos::prelude::*;

use super::Shots;
use crate::outbox::Source;

/// When and where the photos of a form were taken, as far as they tell.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Seen {
    /// When; `None` where nobody knows.
    pub at: Option<Timestamp>,
    /// Where; `None` where nobody knows, or not yet.
    pub place: Option<Location>,
    /// One of them was taken with the camera, here and now.
    pub is_here: bool,
}

impl Shots {
    /// What the photos say of when and where it was: the first of the camera, else the first that was chosen; `None` without any.
    /// Follows changes.
    #[must_use]
    pub fn seen(self) -> Option<Seen> {
        self.items.with(|items| {
            let by_camera = items.iter().find(|shot| shot.meta.source == Source::Camera);
            let meta = &by_camera.or(items.first())?.meta;
            let is_here = by_camera.is_some();
            Some(Seen { at: meta.captured_at, place: meta.place(), is_here })
        })
    }
}
