//! Units to look up: who they are, what they answer for.

use std::sync::Arc;

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
        path: "/manage/units",
        title: words.units,
        search: words.search_units,
        columns: words.unit_columns,
        entries,
        entry,
    })
}

fn entries(county: &County) -> Vec<Entry> {
    let units = county.bundle.catalogue.units.iter().map(|unit| Entry {
        code: unit.code.clone(),
        cells: vec![unit.name.clone(), unit.group.clone(), parent(county, unit)],
        found_by: format!("{} {}", unit.short_name, unit.aliases.join(" ")),
        pinyin: unit.pinyin.clone(),
        inactive: !unit.active,
    });
    units.collect()
}

fn parent(county: &County, unit: &app::unit::Unit) -> String {
    unit.parent_id.map(|id| county.unit_name(id).to_owned()).unwrap_or_default()
}

fn entry(county: &Arc<County>, code: &str) -> Option<Opened> {
    let words = use_words();
    let unit = county.bundle.catalogue.units.iter().find(|unit| unit.code == code)?;
    let spots = &county.bundle.catalogue.spots;
    let is_its = |spot: &&app::spot::Spot| {
        [spot.lead_unit_id, spot.territory_unit_id, spot.operator_unit_id].contains(&Some(unit.id))
    };
    let count = spots.iter().filter(is_its).count();
    let parent = parent(county, unit);
    let issues = with_query("/manage/issues", &[("unit_id", &unit.id.to_string())]);
    let its_spots = with_query("/manage/spots", &[("q", &unit.name)]);
    let it = &words.manager;
    let facts = [
        fact(it.code, &*unit.code),
        fact(it.short_name, &*unit.short_name),
        fact(it.aliases, unit.aliases.join(words.common.comma)),
        fact(it.group, &*unit.group),
        fact(it.parent, parent),
        fact(it.state, if unit.active { "" } else { it.inactive }),
        fact(it.spots_of_unit, (it.count_of)(count)),
    ];
    let view = view! {
        <Facts>{facts.into_iter().flatten().collect::<Vec<_>>()}</Facts>
        <div class="cluster">
            <LinkButton href=issues kind=Kind::Quiet icon=Icon::List>{it.see_issues}</LinkButton>
            <LinkButton href=its_spots kind=Kind::Quiet icon=Icon::MapPin>{it.see_spots}</LinkButton>
        </div>
    };
    Some((unit.name.clone(), view.into_any()))
}
