//! The report of a problem, and what is checked before anything is done with it.

use crate::clause::{Clause, Severity};
use crate::device_time::Skew;
use crate::id::{PhotoId, SpotId};
use crate::issue::Policy;
use crate::problem::{FieldCode, FieldProblem};
use crate::spot::{Location, Spot};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The longest description or note, in characters.
pub const MAX_NOTE_CHARS: usize = 2_000;
/// The most photos one report or step may carry.
pub const MAX_PHOTOS: usize = 12;

/// A problem as the inspector sends it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Where.
    pub spot_id: SpotId,
    /// Which clause it breaks.
    pub clause_code: String,
    /// Which common problem of the clause it is; absent where none fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase_code: Option<String>,
    /// In words, at most 2 000 characters; may be empty where the clause says enough.
    #[serde(default)]
    pub description: String,
    /// How bad.
    pub severity: Severity,
    /// Where the inspector stood, taken once; absent where the device could not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// When the device says it was seen; missing where it cannot tell, as with an old photo that names no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<Timestamp>,
    /// Photos already sent, at most 12; a minor problem needs none.
    #[serde(default)]
    pub photo_ids: Vec<PhotoId>,
    /// Set when it was put right at once (现场即改).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_on_spot: Option<FixedOnSpot>,
}

/// How a problem was put right while the inspector stood there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FixedOnSpot {
    /// After-photos already sent, at most 12; none needed for a minor problem reported without any.
    #[serde(default)]
    pub photo_ids: Vec<PhotoId>,
    /// What was done; at most 2 000 characters.
    #[serde(default)]
    pub note: String,
}

/// Something odd about a report: kept and shown, never a reason to refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// The position is far from the spot.
    FarFromSpot,
    /// The device could not tell where it was.
    NoPosition,
    /// The device says that it was seen later than the server heard of it.
    ObservedInFuture,
    /// It was seen long before it was sent.
    ObservedLongAgo,
    /// The device's clock was far from the server's; when it was seen has been corrected.
    ClockWrong,
    /// It lay on the device for long before it was sent, which its clock, right or corrected, tells.
    SentLate,
    /// The device knows its position only roughly: the radius is larger than the distance that counts as far.
    PositionCoarse,
    /// A photo was chosen from what was on the device.
    FromGallery,
    /// Nobody knows when it was seen.
    NoTime,
}

impl Report {
    /// Everything wrong with the report that can be told from itself, so that nothing is done before it is right.
    #[must_use]
    pub fn check(&self) -> Vec<FieldProblem> {
        let mut errors = Vec::new();
        check_text("description", &self.description, &mut errors);
        if let Some(field) = self.location.and_then(|location| location.out_of_range()) {
            errors.push(FieldProblem::new(format!("location.{field}"), FieldCode::OutOfRange));
        }
        check_photos("photo_ids", &self.photo_ids, &mut errors);
        if self.photo_ids.is_empty() && self.severity.needs_photo() {
            errors.push(FieldProblem::new("photo_ids", FieldCode::Required));
        }
        if let Some(fixed) = &self.fixed_on_spot {
            check_photos("fixed_on_spot.photo_ids", &fixed.photo_ids, &mut errors);
            if fixed.photo_ids.is_empty() && self.is_shown_by_photos() {
                errors.push(FieldProblem::new("fixed_on_spot.photo_ids", FieldCode::Required));
            }
            check_text("fixed_on_spot.note", &fixed.note, &mut errors);
            if fixed.photo_ids.iter().any(|id| self.photo_ids.contains(id)) {
                errors.push(FieldProblem::new("fixed_on_spot.photo_ids", FieldCode::Repeated));
            }
        }
        errors
    }

    /// What is odd about the report, seen from the server at `now`. A device that tells what its clock shows is judged by
    /// the corrected time: a wrong clock is one oddity, not two.
    #[must_use]
    pub fn flags(&self, spot: &Spot, policy: &Policy, now: Timestamp, skew: Option<Skew>) -> Vec<Flag> {
        let mut flags = Vec::new();
        flags.extend(place_flag(self.location, spot, policy.far_from_spot_m));
        let age = self.observed_at.map(|at| skew.map_or(now.since(at), |skew| skew.held_ms(at, now)));
        match age {
            None => flags.push(Flag::NoTime),
            Some(age) if age < policy.clock_skew_ms.saturating_neg() => flags.push(Flag::ObservedInFuture),
            Some(age) if age > policy.observed_long_ago_ms => flags.push(Flag::ObservedLongAgo),
            Some(_) => {}
        }
        if skew.is_some_and(|skew| skew.is_wrong(policy.clock_skew_ms)) {
            flags.push(Flag::ClockWrong);
        }
        if skew.is_some() && age.is_some_and(|age| age > policy.sent_late_ms) {
            flags.push(Flag::SentLate);
        }
        flags
    }

    /// Whether the problem is shown by photos, so that putting it right is shown too. A minor one without any needs none
    /// afterwards either.
    #[must_use]
    pub const fn is_shown_by_photos(&self) -> bool {
        !self.photo_ids.is_empty() || self.severity.needs_photo()
    }

    /// The report as it is kept.
    pub(super) fn to_kept(&self) -> Self {
        Self { location: self.location.map(Location::to_kept), ..self.clone() }
    }

    /// Every photo the report names.
    pub fn all_photo_ids(&self) -> impl Iterator<Item = PhotoId> + '_ {
        let after = self.fixed_on_spot.iter().flat_map(|fixed| fixed.photo_ids.iter());
        self.photo_ids.iter().chain(after).copied()
    }

    /// What is wrong with the common problem that is named, where the clause is known.
    #[must_use]
    pub fn phrase_error(&self, clause: &Clause) -> Option<FieldProblem> {
        let named = self.phrase_code.as_deref()?;
        match clause.phrase(named) {
            None => Some(FieldProblem::new("phrase_code", FieldCode::NotFound)),
            Some(phrase) if !phrase.active => Some(FieldProblem::new("phrase_code", FieldCode::Withdrawn)),
            Some(_) => None,
        }
    }

    /// Whether the clause is one of those checked at this kind of spot is the catalogue's to know; this names the
    /// error when it is not.
    #[must_use]
    pub fn clause_error(clause: Option<&Clause>, belongs: bool) -> Option<FieldProblem> {
        match clause {
            None => Some(FieldProblem::new("clause_code", FieldCode::NotFound)),
            Some(clause) if !clause.active => Some(FieldProblem::new("clause_code", FieldCode::Withdrawn)),
            Some(_) if !belongs => Some(FieldProblem::new("clause_code", FieldCode::NotForSpotType)),
            Some(_) => None,
        }
    }
}

/// What is odd about where somebody stood, of whom `far_m` metres from the spot are asked.
pub(super) fn place_flag(location: Option<Location>, spot: &Spot, far_m: u32) -> Option<Flag> {
    let Some(at) = location else { return Some(Flag::NoPosition) };
    if at.distance_to(spot) - at.accuracy_m > f64::from(far_m) {
        Some(Flag::FarFromSpot)
    } else {
        // So large a circle holds the spot wherever the person stood.
        (at.accuracy_m > f64::from(far_m)).then_some(Flag::PositionCoarse)
    }
}

/// At most [`MAX_NOTE_CHARS`], and no NUL, which is no text and which PostgreSQL does not keep.
pub(crate) fn check_text(field: &str, text: &str, errors: &mut Vec<FieldProblem>) {
    if text.chars().count() > MAX_NOTE_CHARS {
        errors.push(FieldProblem::new(field, FieldCode::TooLong));
    } else if text.contains('\0') {
        errors.push(FieldProblem::new(field, FieldCode::Invalid));
    }
}

/// At most [`MAX_PHOTOS`], none twice.
pub(crate) fn check_photos(field: &str, ids: &[PhotoId], errors: &mut Vec<FieldProblem>) {
    if ids.len() > MAX_PHOTOS {
        errors.push(FieldProblem::new(field, FieldCode::TooLong));
    } else if ids.iter().enumerate().any(|(i, id)| ids[..i].contains(id)) {
        errors.push(FieldProblem::new(field, FieldCode::Repeated));
    }
}
