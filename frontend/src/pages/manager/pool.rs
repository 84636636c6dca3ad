//! What waits for the office: issues for which no unit was found, and orders that units have sent back.

use std::sync::Arc;

use app::issue::IssueRow;
use app::order::StepKind;
use app::time::Timestamp;
use leptos::prelude::*;

use super::act::{Asked, OfficeSheet};
use crate::catalogue::{County, use_catalogue};
use crate::components::{Button, EmptyState, Icon, Kind, List, Page};
use crate::device::ticking;
use crate::load::offline_banner;
use crate::pages::issue::assignment::explanation;
use crate::pages::issue::paged::Paged;
use crate::pages::issue::row::issue_row;
use crate::words::{Words, use_words};

pub(super) fn page() -> AnyView {
    let words = use_words();
    let catalogue = use_catalogue();
    let of_state = |state: &'static str| {
        Paged::new(move || vec![("state", state.to_owned()), ("sort", "reported_at".to_owned())])
    };
    let (pool, returned) = (of_state("pool"), of_state("returned"));
    let asked = RwSignal::new(None);
    let done = Callback::new(move |()| {
        pool.again();
        returned.again();
    });
    let nothing =
        |icon, title, help| move || view! { <EmptyState icon=icon title=title help=help /> }.into_any();
    let words = &words.manager;
    view! {
        <Page title=words.pool_title>
            {offline_banner(use_words().errors.offline)}
            <section class="stack" aria-label=words.pool_unassigned>
                <h2>{words.pool_unassigned}</h2>
                {catalogue.view(move |county| {
                    pool.view(
                        nothing(Icon::Inbox, words.pool_empty, words.pool_empty_help),
                        move |rows| cards(rows, &county, StepKind::Assign, asked),
                    )
                })}
            </section>
            <section class="stack" aria-label=words.pool_returned>
                <h2>{words.pool_returned}</h2>
                {catalogue.view(move |county| {
                    returned.view(
                        nothing(Icon::Undo, words.returns_empty, words.returns_empty_help),
                        move |rows| cards(rows, &county, StepKind::Rule, asked),
                    )
                })}
            </section>
            <OfficeSheet asked=asked done=done />
        </Page>
    }
    .into_any()
}

/// A card per issue: the issue, why it is here, and what the office can do about it.
fn cards(rows: &[IssueRow], county: &Arc<County>, step: StepKind, asked: RwSignal<Option<Asked>>) -> AnyView {
    let now = ticking();
    let cards = rows.iter().map(|row| card(row, county, step, asked, now)).collect::<Vec<_>>();
    view! { <ul class="pool">{cards}</ul> }.into_any()
}

fn card(
    row: &IssueRow,
    county: &Arc<County>,
    step: StepKind,
    asked: RwSignal<Option<Asked>>,
    now: Signal<Timestamp>,
) -> AnyView {
    let words = use_words();
    let about = format!("{} · {}", row.spot_name, row.title());
    let target = |step: StepKind| Asked {
        step,
        issue_id: row.id,
        order_id: row.order_id,
        unit_id: row.unit_id,
        about: about.clone(),
    };
    let press = |step: StepKind| {
        let target = target(step);
        Callback::new(move |()| asked.set(Some(target.clone())))
    };
    let buttons = if step == StepKind::Assign {
        view! {
            <Button kind=Kind::Quiet icon=Icon::Ban on_press=press(StepKind::Void)>{words.manager.void_do}</Button>
            <Button icon=Icon::Route on_press=press(StepKind::Assign)>{words.manager.assign}</Button>
        }
        .into_any()
    } else {
        view! { <Button icon=Icon::Undo on_press=press(StepKind::Rule)>{words.manager.rule}</Button> }
            .into_any()
    };
    let why = (step == StepKind::Assign).then(|| why_here(row, county, words));
    let line = issue_row(row, county, now, format!("/issues/{}", row.id), None);
    view! {
        <li class="pool-card">
            <List label=row.spot_name.clone()>{line}</List>
            {why}
            <div class="pool-actions">{buttons}</div>
        </li>
    }
    .into_any()
}

/// Why no unit was found, by the rules in force now.
fn why_here(row: &IssueRow, county: &Arc<County>, words: &Words) -> Option<AnyView> {
    let assignment = county.assign(county.spot(row.spot_id)?, county.clause(&row.clause_code)?);
    let explained = explanation(&assignment, county);
    let summary = words.issue.why_pool;
    Some(view! { <details class="disclosure"><summary>{summary}</summary>{explained}</details> }.into_any())
}
