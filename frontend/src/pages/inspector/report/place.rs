//! Where: the spot, suggested by position and changed in a sheet, and how well the position is known.

use std::sync::Arc;

use leptos::prelude::*;

use crate::catalogue::County;
use crate::components::{Banner, BannerKind, Button, Icon, Kind, List, Row, SearchField, Sheet};
use crate::pages::inspector::draft::use_draft;
use crate::pages::inspector::here::Place;
use crate::pages::inspector::spots::{Press, metres, offered, place_text, spot_list, suggested};
use crate::words::use_words;

/// The spot and the position.
pub(super) fn view(county: Arc<County>, error: Signal<Option<&'static str>>) -> AnyView {
    let words = use_words();
    let draft = use_draft();
    let is_open = RwSignal::new(false);
    let asked = RwSignal::new(String::new());
    // A problem that needs no photo has no shutter: then it is here that the position is taken.
    if draft.place.get_untracked() == Place::Unknown {
        draft.locate_again();
    }
    {
        let county = county.clone();
        Effect::new(move |_| {
            // The position at the shutter has the last word, as long as nobody has chosen.
            if !draft.is_spot_chosen.get() {
                draft.spot.set(draft.best_place().and_then(|at| suggested(&county, at)));
            }
        });
    }
    let choose = Callback::new(move |spot| {
        draft.choose_spot(spot);
        is_open.set(false);
        asked.set(String::new());
    });
    let open = Callback::new(move |()| is_open.set(true));
    let from = Signal::derive(move || draft.best_place());
    let listed = county.clone();
    let shown = county.clone();
    let row = move || {
        let spot = draft.spot.get().and_then(|id| shown.spot(id));
        let Some(spot) = spot else {
            let press = Press::Choose(choose, draft.spot.into());
            let near = draft.best_place().map(|at| offered(&shown, at, press));
            return view! {
                {near}
                <Row on_press=open icon=Icon::MapPin title=words.inspector.spot_choose />
            }
            .into_any();
        };
        let kind = format!("{} · {}", shown.type_name(spot), shown.area_name(spot));
        let detail = if draft.is_spot_chosen.get() {
            kind
        } else {
            format!("{} · {kind}", words.inspector.spot_suggested)
        };
        let aside = draft.best_place().map(|at| (words.common.metres)(metres(at.distance_to(spot))));
        view! {
            <Row
                on_press=open
                icon=Icon::MapPin
                title=spot.name.clone()
                detail=detail
                aside=aside.unwrap_or_default()
            />
        }
        .into_any()
    };
    let far = move || {
        let at = draft.best_place()?;
        let spot = draft.spot.get().and_then(|id| county.spot(id))?;
        let distance = at.distance_to(spot);
        let limit = f64::from(county.bundle.policy.far_from_spot_m);
        (distance - at.accuracy_m > limit).then(|| {
            let text = (words.inspector.far)(&(words.common.metres)(metres(distance)));
            view! { <Banner kind=BannerKind::Warning title=words.inspector.far_title>{text}</Banner> }
        })
    };
    let position = move || {
        let place = draft.shown_place();
        let again = matches!(place, Place::Without(_)).then(|| {
            view! {
                <Button kind=Kind::Quiet icon=Icon::Refresh on_press=move |()| draft.locate_again()>
                    {words.home.locate_again}
                </Button>
            }
        });
        let text = place_text(words, place);
        (!text.is_empty()).then(|| view! { <div class="cluster"><p class="muted small num" role="status">{text}</p>{again}</div> })
    };
    view! {
        <section class="stack-tight">
            <h2>{words.inspector.where_}</h2>
            <List label=words.inspector.where_>{row}</List>
            {move || error.get().map(|text| view! { <p class="field-error">{text}</p> })}
            {position}
            {far}
        </section>
        <Sheet open=is_open title=words.inspector.spot_choose>
            <div class="stack-tight">
                <SearchField label=words.home.search_spots.to_owned() value=asked />
                // Made only when it is looked at.
                {move || is_open.get().then(|| spot_list(listed.clone(), asked, from, Press::Choose(choose, draft.spot.into())))}
            </div>
        </Sheet>
    }
    .into_any()
}
