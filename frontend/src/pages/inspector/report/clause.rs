//! What is wrong: a clause out of the list of the spot's type, with how to look and what does not count.

use std::sync::Arc;

use app::clause::Clause;
use app::search::Asked;
use app::spot::TypeClause;
use leptos::prelude::*;

use crate::catalogue::County;
use crate::components::{Button, Choice, ChoiceField, EmptyState, Icon, Kind, List, Row, SearchField};
use crate::pages::inspector::draft::use_draft;
use crate::words::use_words;

/// The clause: the list while none is chosen, else the chosen one.
pub(super) fn view(county: Arc<County>, error: Signal<Option<&'static str>>) -> AnyView {
    let words = use_words();
    let draft = use_draft();
    let asked = RwSignal::new(String::new());
    let body = move || {
        let Some(spot) = draft.spot.get().and_then(|id| county.spot(id).cloned()) else {
            return view! { <p class="muted">{words.inspector.clause_choose_spot}</p> }.into_any();
        };
        let checked = county.spot_type(&spot).map(|it| it.clauses.clone()).unwrap_or_default();
        let code = draft.clause.get();
        let chosen = code.and_then(|code| checked.iter().find(|it| it.clause_code == code).cloned());
        match chosen.as_ref().and_then(|it| Some((it, county.clause(&it.clause_code)?))) {
            Some((it, clause)) => chosen_view(it, clause),
            None => list(county.clone(), checked, draft.usual_at(&spot.spot_type), asked),
        }
    };
    view! {
        <section class="stack-tight">
            <h2>{words.inspector.what}</h2>
            {move || error.get().map(|text| view! { <p class="field-error">{text}</p> })}
            {body}
        </section>
    }
    .into_any()
}

/// The clauses by dimension; what this person reports most here stands first.
fn list(
    county: Arc<County>,
    checked: Vec<TypeClause>,
    usual: Vec<String>,
    asked: RwSignal<String>,
) -> AnyView {
    let words = use_words();
    let groups = move || {
        let asked = asked.with(|asked| Asked::new(asked));
        let mut groups: Vec<(&str, Vec<(&TypeClause, &Clause)>)> = Vec::new();
        if asked.words().is_empty() {
            let at = |code: &String| checked.iter().find(|it| it.clause_code == *code);
            let clause = |it: &'_ TypeClause| county.clause(&it.clause_code).filter(|clause| clause.active);
            let often = usual.iter().filter_map(at).filter_map(|it| Some((it, clause(it)?)));
            let often = often.collect::<Vec<_>>();
            if !often.is_empty() {
                groups.push((words.inspector.clause_usual, often));
            }
        }
        for it in &checked {
            let Some(clause) = county.clause(&it.clause_code).filter(|clause| clause.active) else {
                continue;
            };
            if !clause.is_found(&asked, &[&it.note, &clause.text_for(it.n)]) {
                continue;
            }
            match groups.iter_mut().find(|(dimension, _)| *dimension == clause.dimension) {
                Some((_, members)) => members.push((it, clause)),
                None => groups.push((&clause.dimension, vec![(it, clause)])),
            }
        }
        if groups.is_empty() {
            return view! {
                <EmptyState icon=Icon::Search title=words.inspector.clause_none help=words.inspector.clause_none_help />
            }
            .into_any();
        }
        groups
            .into_iter()
            .map(|(dimension, members)| {
                let rows = members.into_iter().map(|(it, clause)| row(it, clause)).collect::<Vec<_>>();
                view! {
                    <h3>{dimension.to_owned()}</h3>
                    <List label=dimension.to_owned()>{rows}</List>
                }
            })
            .collect::<Vec<_>>()
            .into_any()
    };
    view! {
        <SearchField label=words.inspector.clause_search.to_owned() value=asked />
        {groups}
    }
    .into_any()
}

fn row(it: &TypeClause, clause: &Clause) -> AnyView {
    let words = use_words();
    let draft = use_draft();
    let chosen = clause.clone();
    let choose = Callback::new(move |()| draft.choose_clause(&chosen));
    let limit = (words.issue.limit)(clause.limit.value(), clause.limit.kind());
    view! { <Row on_press=choose title=clause.text_for(it.n) detail=limit /> }.into_any()
}

fn chosen_view(it: &TypeClause, clause: &Clause) -> AnyView {
    let words = use_words();
    let draft = use_draft();
    let help = |title: &'static str, text: &str| {
        (!text.is_empty()).then(|| {
            view! {
                <details class="disclosure">
                    <summary>{title}</summary>
                    <p class="prose">{text.to_owned()}</p>
                </details>
            }
        })
    };
    let method = match it.note.as_str() {
        "" => clause.method.clone(),
        note => format!("{}\n{note}", clause.method),
    };
    view! {
        <div class="chosen">
            <p class="chosen-text">{clause.text_for(it.n)}</p>
            <Button kind=Kind::Quiet on_press=move |()| draft.clause.set(None)>{words.inspector.clause_change}</Button>
        </div>
        {phrases(clause)}
        <div>{help(words.inspector.how_to_look, &method)} {help(words.inspector.not_counted, &clause.not_counted)}</div>
    }
    .into_any()
}

/// The common problems of the clause, one press each; the first is chosen with the clause.
fn phrases(clause: &Clause) -> Option<AnyView> {
    let words = use_words();
    let draft = use_draft();
    let offered = clause.offered_phrases().cloned().collect::<Vec<_>>();
    if offered.is_empty() {
        return None;
    }
    let mut choices: Vec<_> =
        offered.iter().map(|it| Choice::new(it.code.clone(), it.text.clone())).collect();
    choices.push(Choice::new("", words.inspector.phrase_none));
    let plain = clause.severity;
    // The severity goes with the problem, until somebody sets it.
    let mut before = draft.phrase.get_untracked();
    Effect::new(move |_| {
        let code = draft.phrase.get();
        if code != before {
            let phrase = offered.iter().find(|it| it.code == code);
            draft.severity.set(phrase.and_then(|it| it.severity).unwrap_or(plain).code().to_owned());
            before = code;
        }
    });
    Some(view! { <ChoiceField label=words.inspector.phrase choices=choices value=draft.phrase /> }.into_any())
}
