//! Drafts: what somebody has begun and not yet sent, kept at every change.

use app::id::{IssueId, OrderId, PhotoId, SpotId, UserId};
use app::spot::Location;
use app::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A draft.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// The id of the issue or step it will be.
    pub id: Uuid,
    /// Whose it is.
    pub user: UserId,
    /// What it is about, for lists.
    pub title: String,
    /// More about it.
    pub detail: String,
    /// When it was changed last, by the device; Unix milliseconds.
    pub updated_at: i64,
    /// What was filled in.
    pub form: Form,
}

/// What is being filled in.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The report of a problem.
    Report(ReportForm),
    /// A unit's answer to an order, or its return.
    Reply(StepForm),
    /// A re-check.
    Recheck(StepForm),
}

/// A report in the making.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportForm {
    /// Where.
    pub spot_id: Option<SpotId>,
    /// The spot was chosen by hand; no position changes it.
    pub is_spot_chosen: bool,
    /// Which clause.
    pub clause_code: Option<String>,
    /// Which common problem of it, by its code.
    pub phrase_code: Option<String>,
    /// How bad, by its code.
    pub severity: String,
    /// In words.
    pub description: String,
    /// Put right at once.
    pub is_fixed: bool,
    /// What was done then.
    pub fix_note: String,
    /// Where the inspector stood at the first shutter.
    pub location: Option<Location>,
    /// When it was seen.
    pub observed_at: Option<Timestamp>,
    /// The photos of the problem.
    pub before: Vec<PhotoId>,
    /// The photos after it was put right at once.
    pub after: Vec<PhotoId>,
}

/// A step in the making: what stands on the desk beside an order.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StepForm {
    /// The issue.
    pub issue_id: IssueId,
    /// The order.
    pub order_id: OrderId,
    /// What was done or found.
    pub note: String,
    /// Why it goes back.
    pub reason: String,
    /// Photos of how it looks now.
    pub photos: Vec<PhotoId>,
}

impl StepForm {
    /// An empty one.
    #[must_use]
    pub const fn new(issue_id: IssueId, order_id: OrderId) -> Self {
        Self { issue_id, order_id, note: String::new(), reason: String::new(), photos: Vec::new() }
    }
}

impl Form {
    /// Whether nothing would be lost by throwing it away.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Report(it) => {
                it.before.is_empty()
                    && it.after.is_empty()
                    && it.clause_code.is_none()
                    && it.description.is_empty()
            }
            Self::Reply(it) | Self::Recheck(it) => {
                it.photos.is_empty() && it.note.trim().is_empty() && it.reason.trim().is_empty()
            }
        }
    }

    /// How many photos it has.
    #[must_use]
    pub const fn photo_count(&self) -> usize {
        match self {
            Self::Report(it) => it.before.len() + it.after.len(),
            Self::Reply(it) | Self::Recheck(it) => it.photos.len(),
        }
    }
}

impl Draft {
    /// Where it is gone on with.
    #[must_use]
    pub fn href(&self) -> String {
        let id = self.id;
        match &self.form {
            Form::Report(_) => format!("/report?draft={id}"),
            Form::Reply(it) => format!("/orders/{}?draft={id}", it.issue_id),
            Form::Recheck(it) => format!("/rechecks/{}?draft={id}", it.issue_id),
        }
    }
}
