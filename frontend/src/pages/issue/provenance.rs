//! Where the photos of an issue come from, and what is odd about them: told in words beneath the photos.

use app::issue::IssueAnswer;
use app::photo::{PhotoNote, PhotoSource};
use leptos::prelude::*;

use crate::components::{Banner, BannerKind};
use crate::fmt;
use crate::words::{Words, use_words};

/// The photos before and after, one line each; those with something odd stand in a warning above the others.
#[must_use]
pub fn photo_notes(issue: &IssueAnswer) -> Option<AnyView> {
    let words = use_words();
    let after = issue.order.as_ref().map(|order| order.reply_photo_ids.as_slice()).unwrap_or_default();
    let groups = [
        (words.common.before, issue.photo_ids.as_slice()),
        (words.common.after, issue.fixed_photo_ids.as_slice()),
        (words.common.after, after),
    ];
    let mut odd = Vec::new();
    let mut plain = Vec::new();
    for (group, ids) in groups {
        for (at, id) in ids.iter().enumerate() {
            let Some(note) = issue.photos.iter().find(|note| note.id == *id) else { continue };
            let text = (words.common.labelled)(&format!("{group} {}", at + 1), &line(words, note));
            let lines = if note.oddities.is_empty() { &mut plain } else { &mut odd };
            lines.push(view! { <li>{text}</li> });
        }
    }
    (!odd.is_empty() || !plain.is_empty()).then(|| {
        view! {
            {(!odd.is_empty())
                .then(|| view! { <Banner kind=BannerKind::Warning title=words.issue.photos_odd><ul>{odd}</ul></Banner> })}
            {(!plain.is_empty()).then(|| view! { <ul class="plain muted small num">{plain}</ul> })}
        }
        .into_any()
    })
}

/// Where it comes from, when and how far away it was taken, and what is odd.
fn line(words: &Words, note: &PhotoNote) -> String {
    // That a photo was chosen is among what is odd.
    let source = if note.source == Some(PhotoSource::Camera) { words.issue.from_camera } else { "" };
    let taken = note.taken_at.map(|at| fmt::date_time(at.millis()));
    let away = note.distance_m.map(|m| (words.issue.from_spot)(&(words.common.metres)(m)));
    let odd = note.oddities.iter().map(|it| (words.issue.oddity)(*it).to_owned());
    let parts = [source.to_owned()].into_iter().chain(odd).chain(taken).chain(away);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
