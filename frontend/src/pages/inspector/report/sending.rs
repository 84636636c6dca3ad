//! Giving the report to the outbox: what is missing is shown, the photos get their watermark, then it is safe on the phone
//! and on its way.

use std::sync::Arc;
use std::time::Duration;

use app::clause::Severity;
use app::issue::{MAX_NOTE_CHARS, Report};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::catalogue::County;
use crate::components::{Banner, BannerKind, is_too_long, show_first_error};
use crate::device;
use crate::outbox::{self, Forecast, Item, ItemKind, Stage, Subject, Trouble};
use crate::pages::inspector::draft::{Draft, use_draft};
use crate::pages::inspector::here::Place;
use crate::shots;
use crate::usual;
use crate::words::Words;

/// How long sending waits for a position that is being found.
const POSITION_MS: i64 = 3_000;

/// Sending one report.
#[derive(Clone, Copy)]
pub(super) struct Sending {
    draft: Draft,
    /// The person has asked for it: what is missing is shown from now on.
    pub(super) asked: RwSignal<bool>,
    /// It is being made ready.
    pub(super) busy: RwSignal<bool>,
    trouble: RwSignal<Option<Trouble>>,
    given: Callback<()>,
}

impl Sending {
    pub(super) fn new(given: Callback<()>) -> Self {
        Self {
            draft: use_draft(),
            asked: RwSignal::new(false),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
            given,
        }
    }

    /// Makes it ready and gives it to the outbox, unless something is missing.
    pub(super) fn send(self, county: Arc<County>) {
        self.asked.set(true);
        let draft = self.draft;
        let lacks = untrack(|| {
            lacks_photo(draft)
                || lacks_after(draft)
                || draft.before.trouble().or(draft.after.trouble()).is_some()
                || draft.spot.get().is_none()
                || draft.clause.with(Option::is_none)
                || draft.description.with(|text| is_too_long(text, MAX_NOTE_CHARS))
                || (draft.is_fixed.get() && draft.fix_note.with(|text| is_too_long(text, MAX_NOTE_CHARS)))
        });
        if lacks {
            show_first_error();
            return;
        }
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        spawn_local(async move {
            let answer = self.give(&county).await;
            self.busy.try_set(false);
            match answer {
                Ok(true) if self.asked.try_get_untracked().is_some() => {
                    window().scroll_to_with_x_and_y(0.0, 0.0);
                    self.given.run(());
                }
                Ok(_) => {}
                Err(trouble) => {
                    draft.keeping.go_on();
                    self.trouble.try_set(Some(trouble));
                }
            }
        });
    }

    /// Whether the outbox has it now.
    async fn give(self, county: &County) -> Result<bool, Trouble> {
        let draft = self.draft;
        // A photo that is still being kept, and a position that is just being found, are worth a moment.
        let begun = device::now();
        while draft.before.is_saving_now()
            || draft.after.is_saving_now()
            || (draft.place.try_get_untracked() == Some(Place::Looking)
                && device::now().since(begun) < POSITION_MS)
        {
            device::pause(Duration::from_millis(50)).await;
        }
        // The page was left in this moment: the draft stays.
        if self.asked.try_get_untracked().is_none() {
            return Ok(false);
        }
        // What is only in this page's memory would be lost with it; it is said above the button.
        if untrack(|| draft.before.trouble().or_else(|| draft.after.trouble())).is_some() {
            return Ok(false);
        }
        // From here on it is sent as it stands now, whatever becomes of the page.
        let (Some(report), Some(kept)) = (draft.report(), untrack(|| draft.to_kept())) else {
            return Ok(false);
        };
        let (id, issue_id) = (draft.id(), draft.issue_id());
        draft.keeping.end();
        let spot = county.spot(report.spot_id).map(|spot| spot.name.clone()).unwrap_or_default();
        let (before, after) = (draft.before.to_finish(), draft.after.to_finish());
        shots::finish(before, &spot).await?;
        if report.fixed_on_spot.is_some() {
            shots::finish(after, &spot).await?;
        }
        let body = serde_json::to_string(&report).map_err(|error| Trouble::Failed(error.to_string()))?;
        let user = kept.user;
        let item = Item {
            id,
            user: kept.user,
            kind: ItemKind::Report,
            step: None,
            path: api::issue::path(issue_id),
            body,
            answer_id: id,
            photos: report.all_photo_ids().collect(),
            lane: issue_id,
            title: kept.title.clone(),
            detail: kept.detail.clone(),
            subject: Some(Subject {
                issue_id: Some(issue_id),
                order_id: None,
                spot_id: Some(report.spot_id),
                clause_code: Some(report.clause_code.clone()),
            }),
            forecast: forecast(county, &report),
            draft: Some(kept),
            is_undoable: false,
            made_at: device::now().millis(),
            stage: Stage::Waiting,
            sent: 0,
            is_held: false,
            may_have_arrived: false,
            why: None,
            answer: None,
            received_at: None,
        };
        outbox::queue(&[item], Some(id)).await?;
        if let Some(spot) = county.spot(report.spot_id) {
            usual::note(user, &spot.spot_type, &report.clause_code);
        }
        Ok(true)
    }

    /// What stands in the way of keeping it.
    pub(super) fn trouble(self, words: &'static Words) -> AnyView {
        (move || {
            let draft = self.draft;
            let trouble =
                self.trouble.get().or_else(|| draft.before.trouble()).or_else(|| draft.after.trouble());
            trouble.map(|trouble| {
                let text = (words.outbox.trouble)(&trouble);
                view! {
                    <Banner kind=BannerKind::Error title=words.outbox.not_kept>
                        <p class="field-error">{text}</p>
                    </Banner>
                }
            })
        })
        .into_any()
    }
}

/// What the phone reckons the server will answer.
fn forecast(county: &County, report: &Report) -> Option<Forecast> {
    if report.fixed_on_spot.is_some() {
        return None;
    }
    let (spot, clause) = (county.spot(report.spot_id)?, county.clause(&report.clause_code)?);
    let unit = county.assign(spot, clause).unit_id;
    Some(Forecast {
        unit: unit.map(|unit| county.unit_name(unit).to_owned()),
        due_at: unit.and_then(|_| county.forecast(device::now(), clause.limit).at()),
    })
}

pub(super) fn lacks_photo(draft: Draft) -> bool {
    let needed = draft.severity.with(|code| Severity::from_code(code)).is_none_or(Severity::needs_photo);
    needed && draft.before.is_empty()
}

pub(super) fn lacks_after(draft: Draft) -> bool {
    draft.is_fixed.get() && !draft.before.is_empty() && draft.after.is_empty()
}
