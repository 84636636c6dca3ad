//! The routing: who answers here, what the rules do, and the rules themselves.

use std::sync::Arc;

use app::routing::RuleTarget;
use leptos::prelude::*;

use super::places;
use super::probe::probe;
use super::simulator::{applies_to, simulator};
use crate::catalogue::{County, use_catalogue};
use crate::components::{EmptyState, Icon, List, Page, Row};
use crate::pages::manager::address::Address;
use crate::words::use_words;

pub(in crate::pages::manager) fn page() -> AnyView {
    let words = &use_words().manager;
    let catalogue = use_catalogue();
    let address = Address::new("/manage/routing", &["spot", "clause"]);
    view! {
        <Page title=words.routing wide=true>
            {places()}
            <div class="columns">
                <div class="stack">
                    {probe(address)}
                    {catalogue.view(|county| rules(&county))}
                </div>
                <div class="stack">{catalogue.view(|county| simulator(&county))}</div>
            </div>
        </Page>
    }
    .into_any()
}

fn rules(county: &Arc<County>) -> AnyView {
    let words = &use_words().manager;
    let rules = &county.bundle.catalogue.rules;
    if rules.is_empty() {
        return view! { <EmptyState icon=Icon::Route title=words.rules_empty help=words.rules_empty_help /> }
            .into_any();
    }
    let rows = rules.iter().map(|rule| {
        let kind = match rule.target {
            RuleTarget::SpotClause { .. } => words.way_spot_clause,
            RuleTarget::SpotTypeArea { .. } => words.way_spot_type_area,
        };
        let mut detail = vec![county.unit_name(rule.unit_id), kind];
        if !rule.note.is_empty() {
            detail.push(&rule.note);
        }
        view! { <Row title=applies_to(rule, county) detail=TextProp::from(detail.join(" · ")) /> }.into_any()
    });
    let rows = rows.collect::<Vec<_>>();
    view! {
        <section class="stack-tight">
            <h2>{words.rules}</h2>
            <List label=words.rules>{rows}</List>
        </section>
    }
    .into_any()
}
