//! The county's catalogue on this page: loaded once, looked up by id, and reckoned with by the same rules as the server.

use std::collections::HashMap;
use std::sync::Arc;

use app::bundle::FieldBundle;
use app::clause::Clause;
use app::clock::{Clock, Due, Limit, Measure, WarningThresholds};
use app::id::{SpotId, UnitId};
use app::issue::{IssueAnswer, Named};
use app::routing::{Assignment, Routing};
use app::spot::{Spot, SpotType};
use app::time::{MINUTE, Timestamp};
use app::unit::Unit;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::catalogue::Dated;
use crate::api::{self, Failure};
use crate::components::Pace;
use crate::device;
use crate::fmt;
use crate::load::{Load, Stage};
use crate::session::{Session, use_session};
use crate::words::use_words;

/// How old the catalogue may be before it is asked for again.
const FRESH_MS: i64 = 10 * MINUTE;

/// The catalogue with its indexes.
#[derive(Debug, PartialEq)]
pub struct County {
    /// What the server sent.
    pub bundle: FieldBundle,
    spots: HashMap<SpotId, usize>,
    units: HashMap<UnitId, usize>,
    clauses: HashMap<String, usize>,
}

impl County {
    fn new(bundle: FieldBundle) -> Self {
        let catalogue = &bundle.catalogue;
        Self {
            spots: catalogue.spots.iter().enumerate().map(|(at, it)| (it.id, at)).collect(),
            units: catalogue.units.iter().enumerate().map(|(at, it)| (it.id, at)).collect(),
            clauses: catalogue.clauses.iter().enumerate().map(|(at, it)| (it.code.clone(), at)).collect(),
            bundle,
        }
    }

    /// The spot.
    #[must_use]
    pub fn spot(&self, id: SpotId) -> Option<&Spot> {
        self.bundle.catalogue.spots.get(*self.spots.get(&id)?)
    }

    /// The unit.
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.bundle.catalogue.units.get(*self.units.get(&id)?)
    }

    /// The unit's name; nothing for one that is not in the catalogue.
    #[must_use]
    pub fn unit_name(&self, id: UnitId) -> &str {
        self.unit(id).map_or("", |unit| &unit.name)
    }

    /// The clause.
    #[must_use]
    pub fn clause(&self, code: &str) -> Option<&Clause> {
        self.bundle.catalogue.clauses.get(*self.clauses.get(code)?)
    }

    /// The spot's type.
    #[must_use]
    pub fn spot_type(&self, spot: &Spot) -> Option<&SpotType> {
        self.bundle.catalogue.spot_type(&spot.spot_type)
    }

    /// The spot type's name.
    #[must_use]
    pub fn type_name(&self, spot: &Spot) -> &str {
        self.spot_type(spot).map_or("", |it| &it.name)
    }

    /// The name of the area the spot lies in.
    #[must_use]
    pub fn area_name(&self, spot: &Spot) -> &str {
        let areas = &self.bundle.catalogue.areas;
        areas.iter().find(|area| area.id == spot.area_id).map_or("", |area| &area.name)
    }

    /// The clause's text as it reads at this spot, or its code when it is not in the catalogue.
    #[must_use]
    pub fn clause_text(&self, spot: SpotId, code: &str) -> String {
        let Some(clause) = self.clause(code) else { return code.to_owned() };
        let checked = self.spot(spot).and_then(|spot| self.spot_type(spot));
        let n =
            checked.and_then(|it| it.clauses.iter().find(|it| it.clause_code == code)).and_then(|it| it.n);
        clause.text_for(n)
    }

    /// What the spot and the clause of an issue were called on its day; today's words for a copy kept from before they came
    /// with it.
    #[must_use]
    pub fn named(&self, issue: &IssueAnswer) -> Named {
        if !issue.named.clause_text.is_empty() {
            return issue.named.clone();
        }
        let spot = self.spot(issue.spot_id);
        Named {
            spot_name: spot.map(|spot| spot.name.clone()).unwrap_or_default(),
            spot_type_name: spot.map(|spot| self.type_name(spot).to_owned()).unwrap_or_default(),
            area_name: spot.map(|spot| self.area_name(spot).to_owned()).unwrap_or_default(),
            address: spot.map(|spot| spot.address.clone()).unwrap_or_default(),
            clause_text: self.clause_text(issue.spot_id, &issue.clause_code),
            problem: String::new(),
        }
    }

    /// Who would answer for the clause at the spot.
    #[must_use]
    pub fn assign(&self, spot: &Spot, clause: &Clause) -> Assignment {
        let catalogue = &self.bundle.catalogue;
        Routing::new(&catalogue.units, &catalogue.areas, &catalogue.rules).assign(spot, clause)
    }

    /// When an order with this limit, dispatched now, would be due.
    #[must_use]
    pub fn forecast(&self, now: Timestamp, limit: Limit) -> Due {
        Clock::new(now, limit, self.bundle.policy.reading).due(&self.bundle.working_time)
    }

    /// How an order with this limit and due time stands at `now`.
    #[must_use]
    pub fn standing(&self, now: Timestamp, due_at: Timestamp, limit: Limit) -> Standing {
        let reading = self.bundle.policy.reading;
        let working = limit.measure(reading) != Measure::WallMs;
        let time = &self.bundle.working_time;
        let left = match (working, due_at >= now) {
            (true, true) => time.between(now, due_at),
            // Overdue from the first moment, also while no working hour has passed since.
            (true, false) => -time.between(due_at, now).max(1),
            (false, _) => due_at.since(now),
        };
        let thresholds = WarningThresholds::default();
        let granted = match limit.measure(reading) {
            Measure::WorkingDays => limit.amount(reading) * time.hours.per_day(),
            Measure::WorkingMs | Measure::WallMs => limit.amount(reading),
        };
        let share = granted / 100 * i64::from(thresholds.due_soon_percent);
        let pace = if due_at < now {
            Pace::Overdue
        } else if left <= share.max(thresholds.due_soon_ms) {
            Pace::Soon
        } else {
            Pace::Calm
        };
        Standing { left, working, pace }
    }
}

/// How an order stands: what a clock shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Milliseconds left in the order's own time; negative when overdue.
    pub left: i64,
    /// Whether that time runs only inside working hours.
    pub working: bool,
    /// How urgent it is.
    pub pace: Pace,
}

/// The catalogue of this page, as far as it has come.
#[derive(Clone, Copy)]
pub struct Catalogue {
    load: Load<Arc<County>>,
    /// When the server last said that it is so.
    fresh_at: RwSignal<Option<Timestamp>>,
    etag: StoredValue<String>,
    session: Session,
}

impl Catalogue {
    /// Loads the catalogue, and puts it into context; for signed-in pages. What is on the phone is shown at once, and
    /// asked about afterwards.
    pub fn provide() -> Self {
        let (fresh_at, etag) = (RwSignal::new(None), StoredValue::new(String::new()));
        let take = move |dated: Dated| {
            fresh_at.try_set(Some(dated.at));
            etag.try_set_value(dated.etag);
            Arc::new(County::new(dated.bundle))
        };
        let load = Load::new(move || async move {
            if let Some(kept) = api::catalogue::kept_bundle().await {
                return Ok(take(kept));
            }
            let fresh = api::catalogue::field_bundle("", device::now()).await?;
            fresh.map(take).ok_or(Failure::Unreadable)
        });
        let catalogue = Self { load, fresh_at, etag, session: use_session() };
        provide_context(catalogue);
        // Once it is here, and again whenever the network returns.
        let online = device::online();
        let is_here = Memo::new(move |_| fresh_at.with(Option::is_some));
        Effect::new(move |_| {
            if online.get() && is_here.get() {
                catalogue.refresh();
            }
        });
        catalogue
    }

    /// Asks whether it has changed, unless that was asked a moment ago: a phone may show this page for days.
    pub fn refresh(self) {
        let now = device::now();
        // Until it is here it is being asked for.
        let Some(Some(fresh_at)) = self.fresh_at.try_get_untracked() else { return };
        // A clock that was set back makes it look fresh for ever.
        if (0..FRESH_MS).contains(&now.since(fresh_at)) {
            return;
        }
        let etag = self.etag.get_value();
        spawn_local(async move {
            match api::catalogue::field_bundle(&etag, now).await {
                Ok(changed) => {
                    self.fresh_at.try_set(Some(now));
                    if let Some(dated) = changed {
                        self.etag.try_set_value(dated.etag);
                        self.load.stage.try_set(Stage::Ready(Arc::new(County::new(dated.bundle))));
                    }
                }
                // What is on the phone serves on.
                Err(failure) => self.session.notice(&failure),
            }
        });
    }

    /// When the server last said that it is so; follows changes.
    #[must_use]
    pub fn fresh_at(self) -> Option<Timestamp> {
        self.fresh_at.get()
    }

    /// How old it is, in words.
    #[must_use]
    pub fn age(self) -> AnyView {
        let words = use_words();
        (move || {
            self.fresh_at().map(|at| {
                let text = (words.glance.catalogue_at)(&fmt::near(at.millis()));
                view! { <p class="muted small num">{text}</p> }
            })
        })
        .into_any()
    }

    /// The county, once it is here; follows changes.
    #[must_use]
    pub fn county(self) -> Option<Arc<County>> {
        self.load.value()
    }

    /// Shows the same, `view` made once: what somebody is writing in is not made anew because the catalogue has changed,
    /// whatever `view` reads of it.
    pub fn view_once(self, view: impl Fn(Arc<County>) -> AnyView + Send + Sync + 'static) -> AnyView {
        let is_here = Memo::new(move |_| self.county().is_some());
        (move || {
            let is_here = is_here.get();
            let made = || if is_here { self.county().map(&view) } else { None };
            untrack(made).unwrap_or_else(|| self.view(|_| ().into_any()))
        })
        .into_any()
    }

    /// Shows grey rows, what went wrong, or what `view` makes of the county.
    pub fn view(self, view: impl Fn(Arc<County>) -> AnyView + Send + Sync + 'static) -> AnyView {
        self.load.view(view)
    }
}

/// The catalogue of this page.
#[must_use]
pub fn use_catalogue() -> Catalogue {
    expect_context::<Catalogue>()
}
