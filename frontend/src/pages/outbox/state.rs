//! How far an item is, in words: as a banner, and as a line of a list.

use app::order::StepKind;
use leptos::prelude::*;

use crate::components::{Badge, Banner, BannerKind, Icon, Tone};
use crate::fmt;
use crate::outbox::{Item, ItemKind, Reason, Stage, use_outbox};
use crate::words::{Words, use_words};

/// What the item does: reports, or which step.
pub(super) fn name(words: &Words, item: &Item) -> &'static str {
    match (item.kind, item.step) {
        (ItemKind::Report, _) | (_, None) => words.outbox.report,
        (_, Some(step)) => step_name(words, step),
    }
}

/// The word for a step.
pub(super) fn step_name(words: &Words, step: StepKind) -> &'static str {
    match step {
        StepKind::Accept => words.unit.accept,
        StepKind::Confirm => words.unit.confirm,
        StepKind::Return => words.unit.return_do,
        StepKind::Pass | StepKind::Fail => words.outbox.recheck,
        _ => words.outbox.reply,
    }
}

/// How far it is, as a badge.
pub(super) fn badge(item: &Item) -> AnyView {
    let words = &use_words().outbox;
    let (tone, drawing, word) = match item.stage {
        Stage::Waiting => (Tone::Waiting, Icon::Saved, words.saved_short.to_owned()),
        Stage::Sending => (Tone::Active, Icon::Upload, progress(item)),
        Stage::Received => (Tone::Done, Icon::CircleCheck, words.arrived.to_owned()),
        Stage::NeedsYou => (Tone::Overdue, Icon::Alert, words.refused.to_owned()),
    };
    view! { <Badge tone=tone icon=drawing word=word /> }.into_any()
}

fn progress(item: &Item) -> String {
    let words = &use_words().outbox;
    match item.photos.len() {
        of if item.sent < of => (words.sending)(item.sent + 1, of),
        _ => words.sending_record.to_owned(),
    }
}

/// Why nothing is sent at all, in words; nothing while something may be.
fn stopped(words: &Words) -> Option<String> {
    let pause = use_outbox().status.with_untracked(|status| status.pause);
    pause.map(|pause| (words.outbox.paused)(pause).to_owned())
}

/// Why it has not arrived, in words; nothing while there is no reason.
pub(super) fn why(words: &Words, item: &Item) -> Option<String> {
    if item.is_held {
        return Some(words.outbox.held.to_owned());
    }
    let why = item.why.as_ref()?;
    Some(match (&why.problem, why.kind) {
        (Some(problem), Reason::Refused) => {
            let fields = problem
                .fields
                .iter()
                .map(|field| {
                    let said = (words.errors.field)(field.code);
                    // What may change while one is away is called by its name.
                    match field.field.as_str() {
                        "spot_id" => (words.common.labelled)(words.states.spot, said),
                        "clause_code" => (words.common.labelled)(words.states.clause, said),
                        _ => said.to_owned(),
                    }
                })
                .collect::<Vec<_>>()
                .join(words.common.comma);
            let text = words.errors.explain(problem);
            if fields.is_empty() { text } else { format!("{text}{}", (words.common.in_brackets)(&fields)) }
        }
        (_, kind) => (words.outbox.why)(kind).to_owned(),
    })
}

/// How far it is and what follows, as a banner.
pub(in crate::pages) fn banner(item: &Item) -> AnyView {
    let all = use_words();
    let words = &all.outbox;
    let reason = why(all, item);
    let (kind, title, text) = match item.stage {
        Stage::Waiting => (
            BannerKind::Offline,
            words.waiting.to_owned(),
            reason.or_else(|| stopped(all)).unwrap_or_else(|| words.waiting_help.to_owned()),
        ),
        Stage::Sending => (BannerKind::Info, progress(item), words.waiting_help.to_owned()),
        Stage::Received => {
            let at = item.received_at.map(fmt::near).unwrap_or_default();
            (BannerKind::Success, words.arrived.to_owned(), (words.arrived_at)(&at))
        }
        Stage::NeedsYou => (BannerKind::Error, words.refused.to_owned(), reason.unwrap_or_default()),
    };
    view! { <Banner kind=kind title=title>{text}</Banner> }.into_any()
}
