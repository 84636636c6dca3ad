//! Who would answer and until when, by the same rules as on the server, before anything is sent.

use std::sync::Arc;

use leptos::prelude::*;

use crate::catalogue::County;
use crate::components::{Banner, BannerKind, Card};
use crate::device;
use crate::fmt;
use crate::pages::inspector::draft::use_draft;
use crate::pages::issue::assignment;
use crate::pages::issue::due::DueExplanation;
use crate::words::use_words;

/// The forecast, once spot and clause are chosen.
pub(super) fn view(county: Arc<County>) -> AnyView {
    let words = use_words();
    let draft = use_draft();
    (move || {
        let spot = county.spot(draft.spot.get()?)?;
        let code = draft.clause.get()?;
        let clause = county.clause(&code)?;
        if draft.is_fixed.get() {
            let text = words.inspector.forecast_fixed;
            return Some(view! { <Banner kind=BannerKind::Info>{text}</Banner> }.into_any());
        }
        let assignment = county.assign(spot, clause);
        let now = device::now();
        let due = county.forecast(now, clause.limit);
        let unit =
            assignment.unit_id.map_or(words.inspector.sent_pool, |unit| county.unit_name(unit)).to_owned();
        let until = assignment
            .unit_id
            .and(due.at())
            .map(|at| view! { <p class="num">{(words.inspector.due_at)(&fmt::near(at.millis()))}</p> });
        let why_due = assignment.unit_id.is_some().then(|| {
            view! {
                <details class="disclosure">
                    <summary>{words.issue.due_why}</summary>
                    <DueExplanation due=due limit=clause.limit from=now />
                </details>
            }
        });
        let why_unit = assignment::explanation(&assignment, &county);
        let why = if assignment.unit_id.is_some() { words.issue.why_unit } else { words.issue.why_pool };
        Some(
            view! {
                <Card title=words.inspector.forecast>
                    <div>
                        <p class="strong">{unit}</p>
                        {until}
                        <p class="muted small">{words.inspector.forecast_note}</p>
                    </div>
                    <div>
                        <details class="disclosure">
                            <summary>{why}</summary>
                            {why_unit}
                        </details>
                        {why_due}
                    </div>
                </Card>
            }
            .into_any(),
        )
    })
    .into_any()
}
