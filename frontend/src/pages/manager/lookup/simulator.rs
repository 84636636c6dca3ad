//! Every clause of every spot decided once: how many by each way, rules that never win, what nothing reaches.

use std::sync::Arc;

use app::routing::{Beaten, NeverWins, RoutingRule, RuleTarget, Unreached};
use leptos::prelude::*;

use crate::api::with_query;
use crate::catalogue::County;
use crate::components::{Icon, List, Row};
use crate::fmt;
use crate::words::{Words, use_words};

/// What the rules in force do.
pub(super) fn simulator(county: &Arc<County>) -> AnyView {
    let words = use_words();
    let it = &words.manager;
    let found = county.bundle.catalogue.simulate();
    let ways = WAYS.into_iter().filter_map(|by| {
        let pairs = found.by_way.iter().find(|way| way.by == by)?.pairs;
        let count = TextProp::from(fmt::number(u64::from(pairs)));
        Some(view! { <Row title=way_name(by, words) aside=count /> }.into_any())
    });
    let ways = ways.collect::<Vec<_>>();
    let losers = found.never_win.iter().map(|loser| never_wins(loser, county, words)).collect::<Vec<_>>();
    let gaps = found.unreached.iter().filter_map(|gap| unreached(gap, county, words)).collect::<Vec<_>>();
    view! {
        <section class="stack-tight">
            <h2>{it.simulator}</h2>
            <p class="muted small">{(it.simulated)(&fmt::number(u64::from(found.pairs)))}</p>
            <List label=it.simulator>{ways}</List>
        </section>
        <section class="stack-tight">
            <h2>{it.never_win}</h2>
            {if losers.is_empty() {
                view! { <p class="muted">{it.never_win_none}</p> }.into_any()
            } else {
                view! { <List label=it.never_win>{losers}</List> }.into_any()
            }}
        </section>
        <section class="stack-tight">
            <h2>{it.unreached}</h2>
            {if gaps.is_empty() {
                view! { <p class="muted">{it.unreached_none}</p> }.into_any()
            } else {
                view! {
                    <p class="muted small">{it.unreached_help}</p>
                    <List label=it.unreached>{gaps}</List>
                }
                    .into_any()
            }}
        </section>
    }
    .into_any()
}

/// The ways in the order in which they are tried.
const WAYS: [&str; 5] = ["spot_clause", "spot_role", "clause_default", "spot_type_area", "pool"];

fn way_name(by: &str, words: &Words) -> &'static str {
    let words = &words.manager;
    match by {
        "spot_clause" => words.way_spot_clause,
        "spot_role" => words.way_spot_role,
        "clause_default" => words.way_clause_default,
        "spot_type_area" => words.way_spot_type_area,
        _ => words.way_pool,
    }
}

fn never_wins(loser: &NeverWins, county: &County, words: &Words) -> AnyView {
    let it = &words.manager;
    let why = match loser.why {
        None => it.never_looked_at,
        Some(Beaten::LessSpecific) => it.beaten_less_specific,
        Some(Beaten::UnitClosed) => it.beaten_unit_closed,
        Some(Beaten::NoUnit) => it.beaten_no_unit,
    };
    let detail = format!("{} · {why}", county.unit_name(loser.rule.unit_id));
    view! { <Row icon=Icon::Warning title=applies_to(&loser.rule, county) detail=TextProp::from(detail) /> }
        .into_any()
}

fn unreached(gap: &Unreached, county: &County, words: &Words) -> Option<AnyView> {
    let spot = county.spot(gap.spot_id)?;
    // One clause is told in full; of several the codes are enough to look them up.
    let detail = match gap.clause_codes.as_slice() {
        [code] => county.clause_text(spot.id, code),
        codes => codes.join(words.common.comma),
    };
    let first = gap.clause_codes.first().map_or("", String::as_str);
    let href = with_query("/manage/routing", &[("spot", &spot.id.to_string()), ("clause", first)]);
    let count = (words.manager.count_of)(gap.clause_codes.len());
    Some(view! { <Row href=href title=spot.name.clone() detail=TextProp::from(detail) aside=TextProp::from(count) /> }.into_any())
}

/// What a rule applies to, in words.
pub(super) fn applies_to(rule: &RoutingRule, county: &County) -> String {
    let catalogue = &county.bundle.catalogue;
    match &rule.target {
        RuleTarget::SpotClause { spot_id, clause_code } => {
            let spot = county.spot(*spot_id).map_or("", |spot| &spot.name);
            format!("{spot} · {clause_code} {}", county.clause_text(*spot_id, clause_code))
        }
        RuleTarget::SpotTypeArea { spot_type, area_id } => {
            let kind = catalogue.spot_type(spot_type).map_or(spot_type.as_str(), |it| &it.name);
            let area = catalogue.areas.iter().find(|area| area.id == *area_id).map_or("", |area| &area.name);
            format!("{kind} · {area}")
        }
    }
}
