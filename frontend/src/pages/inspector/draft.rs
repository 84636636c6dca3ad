//! A report in the making: every change is kept on the phone, so that neither a reload nor an empty battery loses it.

use app::clause::{Clause, Severity};
use app::id::{IssueId, SpotId, UserId};
use app::issue::{FixedOnSpot, Report};
use app::spot::Location;
use app::time::Timestamp;
use leptos::prelude::*;
use uuid::Uuid;

use super::here::{Here, Place, find, use_here};
use crate::catalogue::{Catalogue, use_catalogue};
use crate::device;
use crate::keeping::Keeping;
use crate::outbox::{Draft as Kept, Form, ReportForm};
use crate::session::use_session;
use crate::shots::{Seen, Shots};
use crate::usual;

/// A report in the making.
#[derive(Clone, Copy)]
pub(crate) struct Draft {
    id: StoredValue<Uuid>,
    user: Option<UserId>,
    observed_at: RwSignal<Option<Timestamp>>,
    /// The photos of the problem.
    pub(crate) before: Shots,
    /// The photos after it was put right at once.
    pub(crate) after: Shots,
    /// Where: suggested by position, or chosen.
    pub(crate) spot: RwSignal<Option<SpotId>>,
    /// The spot was chosen, and no position changes it any more.
    pub(crate) is_spot_chosen: RwSignal<bool>,
    /// Which clause, by its code.
    pub(crate) clause: RwSignal<Option<String>>,
    /// Which common problem of the clause, by its code; empty where none fits.
    pub(crate) phrase: RwSignal<String>,
    /// How bad, by its code.
    pub(crate) severity: RwSignal<String>,
    /// In words.
    pub(crate) description: RwSignal<String>,
    /// It was put right at once.
    pub(crate) is_fixed: RwSignal<bool>,
    /// What was done then.
    pub(crate) fix_note: RwSignal<String>,
    /// Where the inspector stood at the shutter.
    pub(crate) place: RwSignal<Place>,
    /// What the photos of the problem say of when and where.
    pub(crate) seen: Memo<Option<Seen>>,
    here: Here,
    catalogue: Catalogue,
    /// Whether it is safe on the phone.
    pub(crate) keeping: Keeping,
}

impl Draft {
    /// An empty draft under this id, in context.
    pub(crate) fn provide(id: Uuid) -> Self {
        let user = use_session().me().map(|me| me.user_id);
        let before = Shots::new(id);
        let draft = Self {
            id: StoredValue::new(id),
            user,
            observed_at: RwSignal::new(None),
            before,
            after: Shots::new(id),
            spot: RwSignal::new(None),
            is_spot_chosen: RwSignal::new(false),
            clause: RwSignal::new(None),
            phrase: RwSignal::new(String::new()),
            severity: RwSignal::new(Severity::General.code().to_owned()),
            description: RwSignal::new(String::new()),
            is_fixed: RwSignal::new(false),
            fix_note: RwSignal::new(String::new()),
            place: RwSignal::new(Place::Unknown),
            seen: Memo::new(move |_| before.seen()),
            here: use_here(),
            catalogue: use_catalogue(),
            keeping: Keeping::new(),
        };
        provide_context(draft);
        // The photos say when and where it was seen, whatever was known when the form was opened.
        let seen = draft.seen;
        Effect::new(move |_| {
            let Some(seen) = seen.get() else {
                if draft.place.get_untracked() == Place::Elsewhere {
                    // The photo of elsewhere was taken away again.
                    draft.observed_at.set(None);
                    draft.locate_again();
                }
                return;
            };
            draft.observed_at.set(seen.at);
            match seen.place {
                Some(at) => draft.place.set(Place::At(at)),
                // A photo of another day and place says nothing of here.
                None if !seen.is_here => draft.place.set(Place::Elsewhere),
                None => {}
            }
        });
        draft
    }

    /// From now on every change is kept.
    pub(crate) fn keep_changes(self) {
        self.keeping.follow(move || self.to_kept());
    }

    /// Takes over what was kept.
    pub(crate) async fn restore(self, form: ReportForm) {
        self.observed_at.set(form.observed_at);
        self.is_spot_chosen.set(form.is_spot_chosen);
        self.spot.set(form.spot_id);
        self.clause.set(form.clause_code);
        self.phrase.set(form.phrase_code.unwrap_or_default());
        if !form.severity.is_empty() {
            self.severity.set(form.severity);
        }
        self.description.set(form.description);
        self.is_fixed.set(form.is_fixed);
        self.fix_note.set(form.fix_note);
        if let Some(at) = form.location {
            self.place.set(Place::At(at));
        }
        // A photo that cannot be read here any more is not shown; the draft without it is better than none.
        let _ = self.before.restore(&form.before, Some(&form.after)).await;
        let _ = self.after.restore(&form.after, None).await;
    }

    /// The draft as it is kept, unless nothing was filled in yet; follows changes.
    pub(crate) fn to_kept(self) -> Option<Kept> {
        let form = ReportForm {
            spot_id: self.spot.get(),
            is_spot_chosen: self.is_spot_chosen.get(),
            clause_code: self.clause.get(),
            phrase_code: Some(self.phrase.get()).filter(|code| !code.is_empty()),
            severity: self.severity.get(),
            description: self.description.get(),
            is_fixed: self.is_fixed.get(),
            fix_note: self.fix_note.get(),
            location: self.place.get().at(),
            observed_at: self.observed_at.get(),
            before: self.before.kept_ids(),
            after: self.after.kept_ids(),
        };
        let form = Form::Report(form);
        let (title, detail) = self.subject();
        // From the shutter on there is something to come back to, also while the photo is still being made smaller.
        let is_begun = !form.is_empty() || !self.before.is_empty();
        is_begun.then_some(Kept { id: self.id(), user: self.user?, title, detail, updated_at: 0, form })
    }

    /// What is wrong and where, for lists; follows changes.
    pub(crate) fn subject(self) -> (String, String) {
        let Some(county) = self.catalogue.county() else { return Default::default() };
        let spot = self.spot.get();
        let code = self.clause.get();
        let phrase = code.as_ref().and_then(|code| county.clause(code)?.phrase(&self.phrase.get()));
        let clause = match phrase {
            Some(phrase) => Some(phrase.text.clone()),
            None => spot.zip(code).map(|(spot, code)| county.clause_text(spot, &code)),
        };
        let name = spot.and_then(|spot| county.spot(spot)).map(|spot| spot.name.clone());
        (clause.unwrap_or_default(), name.unwrap_or_default())
    }

    /// Finds the position of the report once more.
    pub(crate) fn locate_again(self) {
        find(self.place, 0);
    }

    /// The best that is known of the position: at the shutter, else at opening; follows changes.
    pub(crate) fn best_place(self) -> Option<Location> {
        match self.place.get() {
            Place::Elsewhere => None,
            place => place.at().or_else(|| self.here.at()),
        }
    }

    /// What to say of the position: of the shutter's, else of the opening's; follows changes.
    pub(crate) fn shown_place(self) -> Place {
        match self.place.get() {
            Place::Unknown => self.here.0.get(),
            place => place,
        }
    }

    /// Whether something would be lost by throwing it away; follows changes.
    pub(crate) fn has_content(self) -> bool {
        self.to_kept().is_some()
    }

    /// The id it is sent under, again and again until an answer arrives.
    pub(crate) fn id(self) -> Uuid {
        self.id.get_value()
    }

    /// The issue it will be.
    pub(crate) fn issue_id(self) -> IssueId {
        IssueId(self.id())
    }

    /// The report, once spot and clause are chosen.
    pub(crate) fn report(self) -> Option<Report> {
        untrack(|| {
            let fixed = self.is_fixed.get().then(|| FixedOnSpot {
                photo_ids: self.after.kept_ids(),
                note: self.fix_note.get().trim().to_owned(),
            });
            Some(Report {
                spot_id: self.spot.get()?,
                clause_code: self.clause.get()?,
                phrase_code: Some(self.phrase.get()).filter(|code| !code.is_empty()),
                description: self.description.get().trim().to_owned(),
                severity: Severity::from_code(&self.severity.get()).unwrap_or(Severity::General),
                location: self.place.get().at(),
                // Without a photo it is seen as it is sent.
                observed_at: self.observed_at.get().or_else(|| self.before.is_empty().then(device::now)),
                photo_ids: self.before.kept_ids(),
                fixed_on_spot: fixed,
            })
        })
    }

    /// The clauses that the person reports most at spots of this type.
    pub(crate) fn usual_at(self, spot_type: &str) -> Vec<String> {
        self.user.map(|user| usual::first(user, spot_type)).unwrap_or_default()
    }

    /// Chooses the clause, with its most common problem.
    pub(crate) fn choose_clause(self, clause: &Clause) {
        let first = clause.offered_phrases().next();
        self.severity.set(first.and_then(|it| it.severity).unwrap_or(clause.severity).code().to_owned());
        self.phrase.set(first.map(|it| it.code.clone()).unwrap_or_default());
        self.clause.set(Some(clause.code.clone()));
    }

    /// Chooses the spot by hand; a clause that is not checked there is given up.
    pub(crate) fn choose_spot(self, spot: SpotId) {
        self.is_spot_chosen.set(true);
        self.spot.set(Some(spot));
    }
}

/// The report in the making.
pub(crate) fn use_draft() -> Draft {
    expect_context::<Draft>()
}
