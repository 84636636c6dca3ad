//! Finding a spot: the nearest first, or by name, pinyin, address or type.

use std::sync::Arc;
use std::time::Duration;

use app::id::SpotId;
use app::search::Asked;
use app::spot::{Location, LocationSource, Spot};
use leptos::prelude::*;

use super::here::Place;
use crate::catalogue::County;
use crate::components::{EmptyState, Icon, List, Row};
use crate::device::position::NoPosition;
use crate::words::{Words, use_words};

/// More than a thumb scrolls through; the rest is found by searching.
const SHOWN: usize = 30;

/// What fills a screen; the rest follows in the next breath, so that a slow phone shows and hears something in between.
const AT_ONCE: usize = 8;

/// Whole metres, for reading.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what the earth allows"
)]
pub(crate) fn metres(distance: f64) -> u32 {
    distance.clamp(0.0, 40_000_000.0).round() as u32
}

/// Where somebody is, in words.
pub(super) fn place_text(words: &Words, place: Place) -> String {
    match place {
        Place::Unknown => String::new(),
        Place::Looking => words.home.locating.to_owned(),
        // A file says where, and not how well that was known.
        Place::At(at) if at.source == LocationSource::Photo => words.home.located_by_photo.to_owned(),
        Place::At(at) => (words.home.located)(metres(at.accuracy_m)),
        Place::Without(NoPosition::Denied) => words.home.position_denied.to_owned(),
        Place::Without(NoPosition::NotFound) => words.home.position_none.to_owned(),
        // The form says it beside the photos.
        Place::Elsewhere => String::new(),
    }
}

/// The spot that the position names beyond doubt.
pub(super) fn suggested(county: &County, at: Location) -> Option<SpotId> {
    app::spot::suggested(&county.bundle.catalogue.spots, at).map(|spot| spot.id)
}

/// How many spots are offered where none is named beyond doubt, and how far away they may be beyond the position's radius.
const OFFERED: usize = 3;
const OFFERED_WITHIN_M: f64 = 2_000.0;

/// The nearest spots, to be chosen with one press.
pub(super) fn offered(county: &County, at: Location, press: Press) -> Vec<AnyView> {
    let is_near = |spot: &&Spot| at.distance_to(spot) - at.accuracy_m <= OFFERED_WITHIN_M;
    let near = search(county, Some(at), "");
    near.into_iter()
        .filter(is_near)
        .take(OFFERED)
        .map(|spot| row(use_words(), county, spot, Some(at), press))
        .collect()
}

/// The spots that match, nearest first; in the catalogue's order where no position is known.
fn search<'a>(county: &'a County, from: Option<Location>, asked: &str) -> Vec<&'a Spot> {
    let asked = Asked::new(asked);
    let found = county
        .bundle
        .catalogue
        .spots
        .iter()
        .filter(|spot| spot.active)
        .filter(|spot| spot.is_found(&asked, &[county.type_name(spot), county.area_name(spot)]))
        .collect::<Vec<_>>();
    match from {
        Some(at) => by_distance(found.len(), |i| metres(at.distance_to(found[i])))
            .into_iter()
            .map(|i| found[i])
            .collect(),
        None => found,
    }
}

/// The places of `count` things, the nearest first. Sorting numbers in one place keeps the module small.
pub(super) fn by_distance(count: usize, metres: impl Fn(usize) -> u32) -> Vec<usize> {
    let mut keyed = (0..count).map(|i| (metres(i), i)).collect::<Vec<_>>();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, i)| i).collect()
}

/// What a press on a spot does: lead somewhere, or choose it.
#[derive(Clone, Copy)]
pub(super) enum Press {
    /// Opens a report at the spot.
    Report,
    /// Chooses it; the chosen one is marked.
    Choose(Callback<SpotId>, Signal<Option<SpotId>>),
}

/// The spots that match what is searched for, the nearest to `from` first.
pub(super) fn spot_list(
    county: Arc<County>,
    asked: RwSignal<String>,
    from: Signal<Option<Location>>,
    press: Press,
) -> AnyView {
    let words = use_words();
    let shown = RwSignal::new(AT_ONCE);
    let rest = move || {
        // Nobody looks any more.
        let _ = shown.try_set(SHOWN);
    };
    set_timeout(rest, Duration::ZERO);
    (move || {
        let from = from.get();
        let found = asked.with(|asked| search(&county, from, asked));
        if found.is_empty() {
            return view! {
                <EmptyState icon=Icon::MapPin title=words.home.spots_none help=words.home.spots_none_help />
            }
            .into_any();
        }
        let more = found.len().saturating_sub(SHOWN);
        let rows = found
            .iter()
            .take(shown.get())
            .map(|spot| row(words, &county, spot, from, press))
            .collect::<Vec<_>>();
        view! {
            <List label=words.states.spot>{rows}</List>
            {(more > 0).then(|| view! { <p class="muted small">{(words.home.spots_more)(more)}</p> })}
        }
        .into_any()
    })
    .into_any()
}

fn row(words: &'static Words, county: &County, spot: &Spot, from: Option<Location>, press: Press) -> AnyView {
    let id = spot.id;
    let title = spot.name.clone();
    let detail = format!("{} · {}", county.type_name(spot), county.area_name(spot));
    let aside = from.map(|at| (words.common.metres)(metres(at.distance_to(spot)))).unwrap_or_default();
    match press {
        Press::Report => {
            view! { <Row href=format!("/report?spot={id}&shoot=1") icon=Icon::MapPin title=title detail=detail aside=aside /> }
                .into_any()
        }
        Press::Choose(choose, chosen) => {
            let selected = Signal::derive(move || chosen.get() == Some(id));
            view! {
                <Row
                    on_press=Callback::new(move |()| choose.run(id))
                    icon=Icon::MapPin
                    title=title
                    detail=detail
                    aside=aside
                    selected=selected
                />
            }
            .into_any()
        }
    }
}
