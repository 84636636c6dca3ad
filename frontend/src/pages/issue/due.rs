//! Why an order is due when it is, line by line, in words.

use app::calendar::TimeOfDay;
use app::clock::{Due, Limit, Line, Measure, Reason};
use app::time::{HOUR, MINUTE, Timestamp};
use leptos::prelude::*;

use crate::fmt;
use crate::words::{Words, use_words};

/// The explanation of a due time: the sum in one sentence, then every stretch that counted or did not.
#[component]
pub fn DueExplanation(
    /// The due time as it was reckoned.
    due: Due,
    /// The limit of the order.
    limit: Limit,
    /// When the order was dispatched.
    from: Timestamp,
) -> impl IntoView {
    let words = use_words();
    let granted = (words.issue.limit)(limit.value(), limit.kind());
    let begun = fmt::near(from.millis());
    let sum = match due.at() {
        Some(at) => (words.issue.due_sum)(&granted, &begun, &fmt::near(at.millis())),
        None => (words.issue.due_standing)(&granted, &begun),
    };
    let lines = due.lines.iter().map(|line| line_view(words, due.measure, line)).collect::<Vec<_>>();
    let years = due
        .lines
        .first()
        .zip(due.lines.last())
        .map(|(a, b)| (a.first.year(), b.last.unwrap_or(b.first).year()));
    view! {
        <div class="due">
            <p>{sum}</p>
            <ol class="due-lines">{lines}</ol>
            {due.provisional.then(|| view! { <p class="small">{words.issue.due_provisional}</p> })}
            {years.map(|(first, last)| view! { <p class="muted small">{(words.issue.holidays)(first, last)}</p> })}
        </div>
    }
}

fn line_view(words: &Words, measure: Measure, line: &Line) -> AnyView {
    let counted = line.counted > 0 || line.granted > 0;
    let mut reason = (words.issue.reason)(line.reason).to_owned();
    if line.days_off > 0 {
        reason.push('，');
        reason.push_str(&(words.issue.with_days_off)(line.days_off));
    }
    view! {
        <li class:counted=counted>
            <span class="due-when num">{when(words, line)}</span>
            <span class="due-reason">{reason}</span>
            <span class="due-counted num">{amount(words, measure, line)}</span>
        </li>
    }
    .into_any()
}

/// `11月23日 14:00–18:00`, `11月24日–28日`, `11月23日 09:00 – 11月25日 09:00`.
fn when(words: &Words, line: &Line) -> String {
    let day = |date: time::Date| (words.issue.day)(u8::from(date.month()), date.day());
    // Seconds explain nothing.
    let clock = |at: TimeOfDay| at.to_string().chars().take(5).collect::<String>();
    match (line.last, line.from, line.to) {
        (None, None, _) => day(line.first),
        (None, Some(from), Some(to)) => format!("{} {}–{}", day(line.first), clock(from), clock(to)),
        (None, Some(from), None) if line.reason == Reason::Paused => {
            (words.issue.since)(&format!("{} {}", day(line.first), clock(from)))
        }
        (None, Some(from), None) => format!("{} {}", day(line.first), clock(from)),
        (Some(last), Some(from), Some(to)) => {
            format!("{} {} – {} {}", day(line.first), clock(from), day(last), clock(to))
        }
        (Some(last), Some(from), None) => format!("{} {} – {}", day(line.first), clock(from), day(last)),
        (Some(last), None, _) => format!("{}–{}", day(line.first), day(last)),
    }
}

fn amount(words: &Words, measure: Measure, line: &Line) -> String {
    let said = |amount: i64| match measure {
        Measure::WorkingDays => None,
        Measure::WallMs | Measure::WorkingMs => {
            Some((words.issue.hours)(amount / HOUR, amount % HOUR / MINUTE))
        }
    };
    match (line.counted, line.granted) {
        (0, 0) => words.issue.counts_not.to_owned(),
        (0, granted) => (words.issue.granted)(&said(granted).unwrap_or_else(|| granted.to_string())),
        (counted, _) => said(counted)
            .map_or_else(|| (words.issue.counts_days)(counted), |text| (words.issue.counts)(&text)),
    }
}
