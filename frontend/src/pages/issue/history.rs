//! What happened to an issue, entry by entry.

use app::issue::{Party, TimelineEntry};
use leptos::prelude::*;

use super::photos::photos;
use crate::components::{Icon, PhotoStrip, Timeline, TimelineItem, Tone};
use crate::fmt;
use crate::words::{Words, use_words};

/// The history, the earliest first.
#[must_use]
pub fn history(entries: &[TimelineEntry]) -> AnyView {
    let items = entries.iter().map(item).collect::<Vec<_>>();
    view! { <Timeline>{items}</Timeline> }.into_any()
}

fn item(entry: &TimelineEntry) -> AnyView {
    let words = use_words();
    let what = (words.issue.what)(&entry.what);
    let title = match &entry.receiver {
        Some(unit) => format!("{what} · {}", (words.issue.to_unit)(unit)),
        None => what.to_owned(),
    };
    let (tone, icon) = look(&entry.what);
    let due = entry.due_at.map(|at| (words.issue.due_by)(&fmt::near(at.millis())));
    let strip = (!entry.photo_ids.is_empty()).then(|| {
        let shown = photos(&entry.photo_ids, what);
        view! { <PhotoStrip label=what photos=Signal::stored(shown) /> }
    });
    let note = (!entry.note.is_empty()).then(|| view! { <p class="prose">{entry.note.clone()}</p> });
    let due = due.map(|due| view! { <p class="small num">{due}</p> });
    let flags = entry.flags.iter().map(|flag| (words.issue.flag)(*flag)).collect::<Vec<_>>();
    let flags = (!flags.is_empty())
        .then(|| (words.common.labelled)(words.issue.noted, &flags.join(words.common.semicolon)))
        .map(|text| view! { <p class="small">{text}</p> });
    let at = fmt::date_time(entry.at.millis());
    view! {
        <TimelineItem tone=tone icon=icon title=title at=at by=party(words, &entry.by)>
            {note}
            {due}
            {flags}
            {strip}
        </TimelineItem>
    }
    .into_any()
}

/// Whoever did something, as far as the reader may know.
#[must_use]
pub fn party(words: &Words, party: &Party) -> String {
    match party {
        Party::Office => words.issue.office.to_owned(),
        Party::Me => words.issue.by_me.to_owned(),
        Party::System => words.issue.by_rule.to_owned(),
        Party::Unit { unit_name, person: Some(person), .. } => format!("{unit_name} {person}"),
        Party::Unit { unit_name, person: None, .. } => unit_name.clone(),
        Party::Person { name, role, .. } => {
            format!("{name}{}", (words.common.in_brackets)((words.account.role_of)(*role)))
        }
    }
}

fn look(what: &str) -> (Tone, Icon) {
    match what {
        "reported" => (Tone::Waiting, Icon::Camera),
        "fixed_on_spot" => (Tone::Done, Icon::Check),
        "pooled" => (Tone::Waiting, Icon::CircleDashed),
        "dispatched" => (Tone::Waiting, Icon::Send),
        "accepted" => (Tone::Active, Icon::CircleDot),
        "replied" => (Tone::Waiting, Icon::Pencil),
        "confirmed" => (Tone::Active, Icon::ClipboardCheck),
        "returned" => (Tone::Returned, Icon::Undo),
        "ruled_same" => (Tone::Active, Icon::Redo),
        "reassigned" => (Tone::Void, Icon::Route),
        "passed" => (Tone::Done, Icon::CircleCheck),
        "failed" => (Tone::Soon, Icon::Redo),
        "voided" => (Tone::Void, Icon::Ban),
        _ => (Tone::Waiting, Icon::Circle),
    }
}
