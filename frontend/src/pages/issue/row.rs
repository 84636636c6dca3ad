//! An issue in a list, the same in every list.

use std::sync::Arc;

use app::issue::IssueRow;
use app::time::Timestamp;
use leptos::prelude::*;

use super::mark::{mark, row_clock};
use crate::api;
use crate::catalogue::County;
use crate::components::{Icon, MarkBadge, Row};
use crate::fmt;
use crate::words::use_words;

/// An issue in a list: what it is, where, whose, how it stands. `href` is where it leads, `aside` what stands at the far
/// right: the time of the report when left out.
#[must_use]
pub fn issue_row(
    row: &IssueRow,
    county: &Arc<County>,
    now: Signal<Timestamp>,
    href: String,
    aside: Option<String>,
) -> AnyView {
    let words = use_words();
    let title = row.title().to_owned();
    let clause = row.problem.as_ref().map(|_| row.clause_text.clone());
    let detail = match &row.unit_name {
        Some(unit) => format!("{} · {unit}", row.spot_name),
        None => row.spot_name.clone(),
    };
    let aside = aside.unwrap_or_else(|| {
        let age = u64::try_from(now.get_untracked().since(row.reported_at)).unwrap_or(0);
        if age < 86_400_000 { fmt::ago(words, age) } else { fmt::date(row.reported_at.millis()) }
    });
    let marks = view! {
        {clause.map(|text| view! { <span class="row-clause clamp-2">{text}</span> })}
        <MarkBadge mark=Signal::stored(mark(row.state, row.closing_kind)) />
        {(row.round > 1).then(|| view! { <span class="small muted">{(words.issue.round)(row.round)}</span> })}
        {row.is_recurrence.then(|| view! { <span class="small muted">{words.issue.recurrence}</span> })}
        {row_clock(row, county, now)}
    }
    .into_any();
    match row.photo_id {
        Some(photo) => view! {
            <Row href=href thumb=api::photo::thumb(photo) title=title detail=detail aside=aside>{marks}</Row>
        }
        .into_any(),
        None => view! { <Row href=href icon=Icon::Image title=title detail=detail aside=aside>{marks}</Row> }
            .into_any(),
    }
}
