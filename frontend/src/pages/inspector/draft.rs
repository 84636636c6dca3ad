//! A report in the making. It outlives its page, so that a look at another tab loses nothing.

use app::clause::Severity;
use app::id::{IssueId, SpotId};
use app::issue::{FixedOnSpot, IssueAnswer, Report};
use app::spot::Location;
use app::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use crate::device;
use crate::device::position::{NoPosition, locate};
use crate::upload::Uploads;

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
}

impl Place {
    /// The position, if it is known.
    pub(crate) const fn at(self) -> Option<Location> {
        match self {
            Self::At(at) => Some(at),
            Self::Unknown | Self::Looking | Self::Without(_) => None,
        }
    }
}

/// A report in the making.
#[derive(Clone, Copy)]
pub(crate) struct Draft {
    id: StoredValue<IssueId>,
    observed_at: StoredValue<Option<Timestamp>>,
    /// The photos of the problem.
    pub(crate) before: Uploads,
    /// The photos after it was put right at once.
    pub(crate) after: Uploads,
    /// Where: suggested by position, or chosen.
    pub(crate) spot: RwSignal<Option<SpotId>>,
    /// The spot was chosen, and no position changes it any more.
    pub(crate) is_spot_chosen: RwSignal<bool>,
    /// Which clause, by its code.
    pub(crate) clause: RwSignal<Option<String>>,
    /// How bad, by its code.
    pub(crate) severity: RwSignal<String>,
    /// In words.
    pub(crate) description: RwSignal<String>,
    /// It was put right at once.
    pub(crate) is_fixed: RwSignal<bool>,
    /// What was done then.
    pub(crate) fix_note: RwSignal<String>,
    /// Where the inspector stood at the shutter.
    pub(crate) place: RwSignal<Place>,
    /// Where the inspector was when the page was opened.
    pub(crate) here: RwSignal<Place>,
    /// What the server made of it.
    pub(crate) answer: RwSignal<Option<IssueAnswer>>,
}

impl Draft {
    /// Puts an empty draft into context.
    pub(crate) fn provide() -> Self {
        let draft = Self {
            id: StoredValue::new(device::fresh_id()),
            observed_at: StoredValue::new(None),
            before: Uploads::new(),
            after: Uploads::new(),
            spot: RwSignal::new(None),
            is_spot_chosen: RwSignal::new(false),
            clause: RwSignal::new(None),
            severity: RwSignal::new(Severity::General.code().to_owned()),
            description: RwSignal::new(String::new()),
            is_fixed: RwSignal::new(false),
            fix_note: RwSignal::new(String::new()),
            place: RwSignal::new(Place::Unknown),
            here: RwSignal::new(Place::Unknown),
            answer: RwSignal::new(None),
        };
        provide_context(draft);
        draft
    }

    /// Takes in photos of the problem; the first one fixes when and where it was seen.
    pub(crate) fn take(self, files: Vec<File>) {
        self.before.add(files);
        if self.observed_at.get_value().is_none() {
            self.observed_at.set_value(Some(device::now()));
            find(self.place, 0);
        }
    }

    /// Finds the position of the report once more.
    pub(crate) fn locate_again(self) {
        find(self.place, 0);
    }

    /// Finds out where the inspector is, unless that was asked before.
    pub(crate) fn look_around(self) {
        if self.here.get_untracked() == Place::Unknown {
            find(self.here, FRESH_MS);
        }
    }

    /// The best that is known of the position: at the shutter, else at opening; follows changes.
    pub(crate) fn best_place(self) -> Option<Location> {
        self.place.get().at().or_else(|| self.here.get().at())
    }

    /// Whether something would be lost by throwing it away; follows changes.
    pub(crate) fn has_content(self) -> bool {
        self.answer.with(Option::is_none) && !self.before.is_empty()
    }

    /// The id it is sent under, again and again until an answer arrives.
    pub(crate) fn id(self) -> IssueId {
        self.id.get_value()
    }

    /// The report, once spot and clause are chosen.
    pub(crate) fn report(self) -> Option<Report> {
        let fixed = self.is_fixed.get_untracked().then(|| FixedOnSpot {
            photo_ids: self.after.ids(),
            note: self.fix_note.get_untracked().trim().to_owned(),
        });
        // Set once, so that the report is the same however often it is sent.
        if self.observed_at.get_value().is_none() {
            self.observed_at.set_value(Some(device::now()));
        }
        Some(Report {
            spot_id: self.spot.get_untracked()?,
            clause_code: self.clause.get_untracked()?,
            description: self.description.get_untracked().trim().to_owned(),
            severity: Severity::from_code(&self.severity.get_untracked()).unwrap_or(Severity::General),
            location: self.place.get_untracked().at(),
            observed_at: self.observed_at.get_value()?,
            photo_ids: self.before.ids(),
            fixed_on_spot: fixed,
        })
    }

    /// Chooses the spot by hand; a clause that is not checked there is given up.
    pub(crate) fn choose_spot(self, spot: SpotId) {
        self.is_spot_chosen.set(true);
        self.spot.set(Some(spot));
    }

    /// Begins anew, at the same spot where asked.
    pub(crate) fn reset(self, keep_spot: bool) {
        self.id.set_value(device::fresh_id());
        self.observed_at.set_value(None);
        self.before.clear();
        self.after.clear();
        if !keep_spot {
            self.spot.set(None);
            self.is_spot_chosen.set(false);
        }
        self.clause.set(None);
        self.severity.set(Severity::General.code().to_owned());
        self.description.set(String::new());
        self.is_fixed.set(false);
        self.fix_note.set(String::new());
        self.place.set(Place::Unknown);
        self.answer.set(None);
    }
}

/// The report in the making.
pub(crate) fn use_draft() -> Draft {
    expect_context::<Draft>()
}

fn find(place: RwSignal<Place>, fresh_for_ms: u32) {
    place.set(Place::Looking);
    spawn_local(async move {
        let found = locate(fresh_for_ms).await;
        // Whoever began anew in the meantime is not told where the last report was.
        if place.try_get_untracked() == Some(Place::Looking) {
            place.set(found.map_or_else(Place::Without, Place::At));
        }
    });
}
