//! Which rule chose the unit, and what it beat.

use app::clause::Category;
use app::id::UnitId;
use app::routing::{Assignment, Way};
use leptos::prelude::*;

use crate::catalogue::County;
use crate::words::use_words;

/// The explanation of an assignment: the way that decided, then those that did not and why.
#[must_use]
pub fn explanation(assignment: &Assignment, county: &County) -> AnyView {
    let words = &use_words().issue;
    let named = |unit: Option<UnitId>| unit.map_or(words.no_unit, |unit| county.unit_name(unit)).to_owned();
    let chosen = match assignment.unit_id {
        Some(unit) => county.unit_name(unit).to_owned(),
        None => words.pool_name.to_owned(),
    };
    let beaten = assignment
        .beaten
        .iter()
        .map(|tried| {
            view! {
                <li>
                    <span>{(words.way)(&tried.way)}{remark(&tried.way, county)}</span>
                    <span class="muted small">
                        {tried.unit_id.map(|unit| format!("{}，", named(Some(unit))))} {(words.beaten)(tried.why)}
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <div class="ways">
            <p class="strong">{chosen}</p>
            <p>{(words.way)(&assignment.way)}{remark(&assignment.way, county)}</p>
            {(!beaten.is_empty())
                .then(|| {
                    view! {
                        <p class="muted small">{words.beaten_ways}</p>
                        <ol class="ways-beaten">{beaten}</ol>
                    }
                })}
        </div>
    }
    .into_any()
}

/// What the office wrote beside a rule, or how the category put the units in order.
fn remark(way: &Way, county: &County) -> Option<String> {
    let common = &use_words().common;
    let words = &use_words().issue;
    let text = match way {
        Way::SpotClause { rule_id } | Way::SpotTypeArea { rule_id } => {
            let rules = &county.bundle.catalogue.rules;
            rules.iter().find(|rule| rule.id == *rule_id).map(|rule| rule.note.as_str())?
        }
        Way::SpotRole { by_category: Some(Category::Part), .. } => words.by_part,
        Way::SpotRole { by_category: Some(Category::Event), .. } => words.by_event,
        _ => return None,
    };
    (!text.is_empty()).then(|| (common.in_brackets)(text))
}
