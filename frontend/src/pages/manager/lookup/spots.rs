//! Spots to look up: where they are, whose they are, what is checked there.

use std::sync::Arc;

use app::id::UnitId;
use leptos::prelude::*;

use super::browse::{Entry, Opened, Part, browse};
use super::fact;
use crate::api::with_query;
use crate::catalogue::County;
use crate::components::{Facts, Icon, Kind, LinkButton};
use crate::words::use_words;

pub(super) fn page() -> AnyView {
    let words = &use_words().manager;
    browse(Part {
        path: "/manage/spots",
        title: words.spots,
        search: words.search_spots,
        columns: words.spot_columns,
        entries,
        entry,
    })
}

fn entries(county: &County) -> Vec<Entry> {
    let spots = county.bundle.catalogue.spots.iter().map(|spot| {
        let named = |unit: Option<UnitId>| unit.map_or("", |unit| county.unit_name(unit));
        Entry {
            code: spot.code.clone(),
            cells: vec![
                spot.name.clone(),
                county.type_name(spot).to_owned(),
                county.area_name(spot).to_owned(),
                named(spot.operator_unit_id.or(spot.lead_unit_id)).to_owned(),
            ],
            found_by: format!(
                "{} {} {} {}",
                spot.initials,
                spot.address,
                named(spot.lead_unit_id),
                named(spot.territory_unit_id)
            ),
            pinyin: spot.pinyin.clone(),
            inactive: !spot.active,
        }
    });
    spots.collect()
}

fn entry(county: &Arc<County>, code: &str) -> Option<Opened> {
    let words = use_words();
    let spot = county.bundle.catalogue.spots.iter().find(|spot| spot.code == code)?;
    let it = &words.manager;
    let unit = |unit: Option<UnitId>| unit.map_or("", |unit| county.unit_name(unit));
    let checks = county.spot_type(spot).map_or(0, |it| it.clauses.len());
    let issues = with_query("/manage/issues", &[("spot_id", &spot.id.to_string())]);
    let routing = with_query("/manage/routing", &[("spot", &spot.id.to_string())]);
    let facts = [
        fact(it.code, &*spot.code),
        fact(it.spot_type, county.type_name(spot)),
        fact(it.area, county.area_name(spot)),
        fact(it.address, &*spot.address),
        fact(it.position, format!("{:.6}, {:.6}", spot.lng, spot.lat)),
        fact(it.lead, unit(spot.lead_unit_id)),
        fact(it.territory, unit(spot.territory_unit_id)),
        fact(it.operator, unit(spot.operator_unit_id)),
        fact(it.head, &*spot.head),
        fact(it.hours, &*spot.hours),
        fact(it.checks, (it.count_of)(checks)),
    ];
    let view = view! {
        <Facts>{facts.into_iter().flatten().collect::<Vec<_>>()}</Facts>
        <div class="cluster">
            <LinkButton href=issues kind=Kind::Quiet icon=Icon::List>{it.see_issues}</LinkButton>
            <LinkButton href=routing kind=Kind::Quiet icon=Icon::Route>{it.see_routing}</LinkButton>
        </div>
    };
    Some((spot.name.clone(), view.into_any()))
}
