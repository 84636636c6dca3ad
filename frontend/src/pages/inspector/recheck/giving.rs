//! The photos and words of a re-check, what it has to show, and the two buttons.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::issue::{MAX_NOTE_CHARS, is_same_hours};
use app::order::StepKind;
use app::problem::Code;
use app::spot::Spot;
use app::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::verdict::{FRESH_MS, Verdict};
use crate::api;
use crate::components::toast::{STAY_UNDOABLE, Undo};
use crate::components::{
    Banner, BannerKind, Button, Icon, Kind, Sheet, TextAreaField, is_too_long, show_first_error,
};
use crate::device;
use crate::fmt;
use crate::globals::use_globals;
use crate::outbox;
use crate::pages::inspector::here::{Place, find};
use crate::pages::inspector::spots::metres;
use crate::pages::shooting::{Camera, shot_strip};
use crate::pages::step_item::say_what_became;
use crate::words::use_words;

/// What a verdict has to show.
#[derive(Clone)]
pub(super) struct Asks {
    /// When the problem was seen, and how far from that hour it may pass; where it exists only at certain hours.
    pub(super) hours: Option<(Timestamp, i64)>,
    /// It passes only with a photo.
    pub(super) needs_photo: bool,
    pub(super) spot: Option<Spot>,
    /// Farther away than this is said, metres.
    pub(super) far_m: u32,
}

/// The photos and words of the re-check, and the two buttons.
pub(super) fn verdict_view(verdict: Verdict, before: Option<String>, asks: Asks) -> AnyView {
    let words = use_words();
    let Asks { hours, needs_photo, spot, far_m } = asks;
    if verdict.place.get_untracked() == Place::Unknown {
        find(verdict.place, FRESH_MS);
    }
    let is_failing = RwSignal::new(false);
    let asked = RwSignal::new(false);
    let globals = use_globals();
    let navigate = use_navigate();
    let is_refused = RwSignal::new(false);
    let lacks_photo = RwSignal::new(false);
    // By the server's clock, where that is known.
    let is_wrong_at = move |now: Timestamp| {
        let now = now.plus(-untrack(api::clock_skew).unwrap_or_default());
        hours.is_some_and(|(seen, within)| !is_same_hours(seen, now, within))
    };
    let give = Callback::new(move |step: StepKind| {
        // What the server would refuse is told while one still stands there.
        let passes = step == StepKind::Pass;
        is_refused.set(passes && is_wrong_at(device::now()));
        lacks_photo.set(passes && needs_photo && untrack(|| verdict.shots.is_empty()));
        if lacks_photo.get_untracked() {
            show_first_error();
        }
        if is_refused.get_untracked() || lacks_photo.get_untracked() {
            return;
        }
        // The field says so.
        let note = if step == StepKind::Pass { verdict.remark } else { verdict.reason };
        if note.with_untracked(|text| is_too_long(text, MAX_NOTE_CHARS)) {
            show_first_error();
            return;
        }
        let navigate = navigate.clone();
        let id = verdict.id.get_value();
        let done = Callback::new(move |()| {
            let passes = step == StepKind::Pass;
            let back = navigate.clone();
            let issue_id = verdict.issue_id;
            // Both outlive the page, which is left now.
            let is_undone = Arc::new(AtomicBool::new(false));
            let undone = is_undone.clone();
            let undo: Undo = Arc::new(move || {
                let (back, undone) = (back.clone(), undone.clone());
                spawn_local(async move {
                    match outbox::mend(id).await {
                        Ok(_) => {
                            undone.store(true, Ordering::Relaxed);
                            back(&format!("/rechecks/{issue_id}?draft={id}"), Default::default());
                        }
                        Err(_) => globals.toast_trouble(words.inspector.undo_late),
                    }
                });
            });
            let soon = if passes { words.inspector.passed_soon } else { words.inspector.failed_soon };
            globals.toast_undoable(soon, undo);
            let said = if passes { words.inspector.passed } else { words.inspector.failed };
            spawn_local(async move {
                device::pause(STAY_UNDOABLE).await;
                // Nobody asks any more where the page has gone; the outbox says how far it is.
                if !is_undone.load(Ordering::Relaxed) {
                    say_what_became(globals, vec![id], said).await;
                }
            });
            // Whoever has gone elsewhere in the meantime is not called back.
            if is_failing.try_set(false).is_none() {
                navigate("/rechecks", Default::default());
            }
        });
        verdict.give(step, done);
    });
    let fail = Callback::new(move |()| {
        asked.set(true);
        if verdict.reason.with_untracked(|text| !text.trim().is_empty()) {
            give.run(StepKind::Fail);
        }
    });
    // What was remarked so far is the beginning of the reason: the answer carries one text.
    let open_fail = Callback::new(move |()| {
        if verdict.reason.with_untracked(|text| text.trim().is_empty()) {
            verdict.reason.set(verdict.remark.get_untracked());
        }
        is_failing.set(true);
    });
    let reason_error = Signal::derive(move || {
        (asked.get() && verdict.reason.with(|text| text.trim().is_empty()))
            .then(|| (words.errors.required_field)(words.inspector.fail_reason))
    });
    let overlay = before.map(|before| Signal::stored(Some(before)));
    let camera = Camera { open: RwSignal::new(false), is_single: false, overlay };
    let busy = verdict.busy;
    let now = device::ticking();
    let pass = move || match hours.filter(|_| is_wrong_at(now.get())) {
        Some((seen, within)) => {
            let (from, to) = (seen.plus(-within).millis(), seen.plus(within).millis());
            (words.inspector.pass_hours)(&fmt::time_of_day(from), &fmt::time_of_day(to))
        }
        None => words.inspector.pass.to_owned(),
    };
    let far = move || {
        let (at, spot) = (verdict.stands_at()?, spot.as_ref()?);
        let distance = at.distance_to(spot);
        (distance - at.accuracy_m > f64::from(far_m)).then(|| {
            let text = (words.inspector.recheck_far)(&(words.common.metres)(metres(distance)));
            view! { <Banner kind=BannerKind::Warning title=words.inspector.far_title>{text}</Banner> }
        })
    };
    let no_photo = move || {
        let is_lacking = lacks_photo.get() && verdict.shots.is_empty();
        is_lacking.then(|| view! { <p class="field-error">{words.inspector.recheck_photo_needed}</p> })
    };
    view! {
        <section class="stack-tight">
            <h2>{words.inspector.recheck_photos}</h2>
            {shot_strip(verdict.shots, words.inspector.recheck_photos, camera)}
            {no_photo}
        </section>
        {far}
        <TextAreaField label=words.inspector.recheck_note value=verdict.remark optional=true max=MAX_NOTE_CHARS />
        {verdict.keeping.sign()}
        {move || (!is_failing.get()).then(|| verdict.refusal())}
        {move || {
            is_refused.get().then(|| {
                let text = (words.errors.code)(Code::NotSameHours);
                view! { <Banner kind=BannerKind::Error>{text}</Banner> }
            })
        }}
        <div class="action-bar">
            <Button kind=Kind::Quiet icon=Icon::Redo on_press=open_fail>
                {words.inspector.fail}
            </Button>
            <Button icon=Icon::Check busy=busy on_press=move |()| give.run(StepKind::Pass)>
                {pass}
            </Button>
        </div>
        <Sheet
            open=is_failing
            title=words.inspector.fail_title
            actions=move || {
                view! {
                    <Button kind=Kind::Quiet on_press=move |()| is_failing.set(false)>{words.common.cancel}</Button>
                    <Button busy=busy on_press=fail>{words.inspector.fail}</Button>
                }
            }
        >
            <div class="stack">
                <p>{words.inspector.fail_help}</p>
                {move || is_failing.get().then(|| verdict.refusal())}
                <TextAreaField
                    label=words.inspector.fail_reason
                    value=verdict.reason
                    error=reason_error
                    max=MAX_NOTE_CHARS
                />
            </div>
        </Sheet>
    }
    .into_any()
}
