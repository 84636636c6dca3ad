//! Clauses to look up: the line, how to look and count, what does not count, who answers and how long they have.

use std::sync::Arc;

use app::clause::{Category, Clause, SpotRole};
use leptos::prelude::*;

use super::browse::{Entry, Opened, Part, browse};
use super::fact;
use crate::api::with_query;
use crate::catalogue::County;
use crate::components::{Facts, Icon, Kind, LinkButton};
use crate::words::{Words, use_words};

pub(super) fn page() -> AnyView {
    let words = &use_words().manager;
    browse(Part {
        path: "/manage/clauses",
        title: words.clauses,
        search: words.search_clauses,
        columns: words.clause_columns,
        entries,
        entry,
    })
}

fn entries(county: &County) -> Vec<Entry> {
    let words = use_words();
    let clauses = county.bundle.catalogue.clauses.iter().map(|clause| Entry {
        code: clause.code.clone(),
        cells: vec![
            clause.text_for(None),
            clause.dimension.clone(),
            (words.issue.limit)(clause.limit.value(), clause.limit.kind()),
            owner(county, clause, words),
        ],
        found_by: format!("{} {}", clause.method, clause.not_counted),
        pinyin: clause.pinyin.clone(),
        inactive: !clause.active,
    });
    clauses.collect()
}

/// Who answers, in general: the spot's unit in a role, or the clause's own.
fn owner(county: &County, clause: &Clause, words: &Words) -> String {
    let it = &words.manager;
    let role = clause.role.map(|role| match role {
        SpotRole::Lead => it.lead,
        SpotRole::Territory => it.territory,
        SpotRole::Operator => it.operator,
    });
    let default = clause.default_unit_id.map(|unit| county.unit_name(unit));
    match (role, default) {
        (Some(role), Some(unit)) => format!("{role}，{unit}"),
        (Some(role), None) => role.to_owned(),
        (None, Some(unit)) => unit.to_owned(),
        (None, None) => clause.owner_text.clone(),
    }
}

fn entry(county: &Arc<County>, code: &str) -> Option<Opened> {
    let words = use_words();
    let clause = county.clause(code)?;
    let it = &words.manager;
    let severity = match clause.severity {
        app::clause::Severity::Minor => words.states.minor,
        app::clause::Severity::General => words.states.general,
        app::clause::Severity::Serious => words.states.serious,
    };
    let types = county.bundle.catalogue.spot_types.iter();
    let types =
        types.filter(|it| it.clauses.iter().any(|it| it.clause_code == code)).map(|it| it.name.as_str());
    let types = types.collect::<Vec<_>>().join(words.common.comma);
    let issues = with_query("/manage/issues", &[("clause_code", code)]);
    let category = match clause.category {
        Category::Part => it.part,
        Category::Event => it.event,
    };
    let facts = [
        fact(it.dimension, &*clause.dimension),
        fact(it.method, &*clause.method),
        fact(it.not_counted, &*clause.not_counted),
        fact(it.category, category),
        fact(it.owner, owner(county, clause, words)),
        fact(words.states.limit, (words.issue.limit)(clause.limit.value(), clause.limit.kind())),
        fact(words.states.severity, severity),
        fact(it.same_hours, if clause.hours_sensitive { it.yes } else { "" }),
        fact(it.checked_at, types),
    ];
    let text = clause.text_for(None);
    let view = view! {
        <p>{text}</p>
        <Facts>{facts.into_iter().flatten().collect::<Vec<_>>()}</Facts>
        <div class="cluster">
            <LinkButton href=issues kind=Kind::Quiet icon=Icon::List>{it.see_issues}</LinkButton>
        </div>
    };
    Some((format!("{} {code}", words.states.clause), view.into_any()))
}
