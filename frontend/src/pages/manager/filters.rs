//! The filters of the list of issues: fields in a sheet, and a chip for each that is set.

use std::sync::Arc;

use app::order::State;
use app::rate::{Basis, Measure};
use leptos::prelude::*;

use super::address::Address;
use super::choices;
use super::figures::measure_name;
use super::picker::{Pick, Picker};
use super::question::{basis_name, read_day};
use crate::catalogue::County;
use crate::components::{Button, Choice, Icon, Kind, SelectField, TextField, icon};
use crate::pages::issue::mark::mark;
use crate::words::{Words, use_words};

/// The parameters of the list, those of the API without the paging.
pub(super) const NAMES: &[&str] = &[
    "q",
    "state",
    "unit_id",
    "unit_group",
    "spot_id",
    "spot_type",
    "area_id",
    "clause_code",
    "overdue",
    "basis",
    "from",
    "to",
    "measure",
    "sort",
];

/// Every state that is not the end.
const OPEN: &str = "pool,dispatched,accepted,replied,confirmed,rework,returned";

/// The fields. Each changes the address at once, so the list is seen behind the sheet.
pub(super) fn fields(address: Address, county: &Arc<County>) -> AnyView {
    let words = use_words();
    // `none` is what holds while nothing is chosen.
    let select_or = |name: &'static str, label: &'static str, choices: Vec<Choice>, none: &'static str| {
        let (value, choices) = (address.field(name), Signal::stored(choices));
        view! { <SelectField label=label choices=choices value=value none=none optional=true /> }.into_any()
    };
    let select = |name, label, choices| select_or(name, label, choices, words.common.all);
    let day = |name: &'static str, label: &'static str| {
        view! { <TextField label=label kind="date" value=address.field(name) optional=true /> }.into_any()
    };
    let it = &words.manager;
    let catalogue = &county.bundle.catalogue;
    let areas = catalogue.areas.iter().map(|area| Choice::new(area.id.to_string(), &*area.name)).collect();
    let types = catalogue.spot_types.iter().map(|it| Choice::new(&*it.code, &*it.name)).collect();
    let overdue = vec![Choice::new("true", it.overdue_yes), Choice::new("false", it.overdue_no)];
    let measures = Measure::ALL.map(|it| Choice::new(it.code(), measure_name(it, words))).to_vec();
    let bases = Basis::ALL.map(|it| Choice::new(it.code(), basis_name(it, words))).to_vec();
    let [units, spots, clauses] =
        [choices::units(county), choices::spots(county), choices::clauses(county, None)]
            .map(StoredValue::new);
    view! {
        {select("state", it.state, states(words))}
        {select("overdue", it.overdue, overdue)}
        {pick("unit_id", words.states.unit, it.search_units, units, address)}
        {select("unit_group", it.group, groups(county))}
        {pick("spot_id", words.states.spot, it.search_spots, spots, address)}
        {select("spot_type", words.states.spot_type, types)}
        {pick("clause_code", words.states.clause, it.search_clauses, clauses, address)}
        {select("area_id", it.area, areas)}
        {select_or("basis", it.date_basis, bases, it.basis_reported)}
        {day("from", it.from)}
        {day("to", it.to)}
        {select("measure", it.measure, measures)}
        {select_or("sort", it.order_of_list, orders(words), it.newest_first)}
    }
    .into_any()
}

fn states(words: &Words) -> Vec<Choice> {
    let single = State::ALL.iter().filter(|state| **state != State::Reassigned);
    let mut choices = vec![Choice::new(OPEN, words.manager.open_states)];
    choices.extend(single.map(|state| Choice::new(state.code(), mark(*state, None).word(words))));
    choices
}

fn orders(words: &Words) -> Vec<Choice> {
    let words = &words.manager;
    vec![
        Choice::new("reported_at", words.oldest_first),
        Choice::new("due_at", words.due_first),
        Choice::new("-due_at", words.due_last),
    ]
}

fn groups(county: &County) -> Vec<Choice> {
    let mut groups: Vec<&str> =
        county.bundle.catalogue.units.iter().map(|unit| unit.group.as_str()).collect();
    groups.sort_unstable();
    groups.dedup();
    groups.into_iter().filter(|group| !group.is_empty()).map(|group| Choice::new(group, group)).collect()
}

/// One of too many for a menu: a button that opens a picker.
fn pick(
    name: &'static str,
    label: &'static str,
    search: &'static str,
    picks: StoredValue<Vec<Pick>>,
    address: Address,
) -> AnyView {
    let words = use_words();
    let open = RwSignal::new(false);
    let chosen = address.field(name);
    let title = move || {
        let value = chosen.get();
        let found = picks
            .with_value(|picks| picks.iter().find(|pick| pick.value == value).map(|it| it.title.clone()));
        found.unwrap_or_else(|| if value.is_empty() { words.common.all.to_owned() } else { value })
    };
    view! {
        <div class="field" role="group" aria-label=label>
            <span class="field-label">{label}</span>
            <Button kind=Kind::Quiet full=true icon=Icon::Search on_press=move |()| open.set(true)>{title}</Button>
        </div>
        <Picker open=open title=label search=search picks=Signal::derive(move || picks.get_value()) chosen=chosen />
    }
    .into_any()
}

/// What is set, each a press away from being taken out.
pub(super) fn chips(address: Address, county: Arc<County>) -> AnyView {
    let words = use_words();
    let shown = move || {
        let chips = address
            .pairs()
            .into_iter()
            .filter(|(name, _)| *name != "q")
            .map(|(name, value)| (name, said(name, &value, &county, words)))
            .map(|(name, said)| {
                let href = address.with(&[(name, "")]);
                let label = (words.manager.remove_filter)(&said);
                view! { <li><a class="chip" href=href aria-label=label>{said}{icon(Icon::Close)}</a></li> }
            })
            .collect::<Vec<_>>();
        (!chips.is_empty()).then(|| view! { <ul class="chips" aria-label=words.manager.filters>{chips}</ul> })
    };
    shown.into_any()
}

/// A filter in words. What the catalogue does not know is shown as it is, so that it can still be taken out.
fn said(name: &str, value: &str, county: &County, words: &Words) -> String {
    let it = &words.manager;
    let catalogue = &county.bundle.catalogue;
    let of = |choices: Vec<Choice>| choices.into_iter().find(|it| it.value == value).map(|it| it.label);
    let found = match name {
        "state" => of(states(words)).or_else(|| {
            let each = value.split(',').filter_map(State::from_code);
            Some(each.map(|state| mark(state, None).word(words)).collect::<Vec<_>>().join(words.common.comma))
        }),
        "unit_id" => choices::unit_id(value).map(|id| county.unit_name(id).to_owned()),
        "spot_id" => choices::spot_id(value).and_then(|id| Some(county.spot(id)?.name.clone())),
        "spot_type" => catalogue.spot_type(value).map(|it| it.name.clone()),
        "area_id" => {
            catalogue.areas.iter().find(|area| area.id.to_string() == value).map(|it| it.name.clone())
        }
        "overdue" => Some(if value == "true" { it.overdue_yes } else { it.overdue_no }.to_owned()),
        "basis" => Basis::from_code(value).map(|basis| basis_name(basis, words).to_owned()),
        "from" => Some(format!("{} {}", it.from, read_day(value))),
        "to" => Some(format!("{} {}", it.to, read_day(value))),
        "measure" => Measure::from_code(value)
            .map(|measure| format!("{} {}", it.measure, measure_name(measure, words))),
        "sort" => of(orders(words)),
        _ => None,
    };
    found.filter(|it| !it.is_empty()).unwrap_or_else(|| value.to_owned())
}
