//! What may be asked of a list of issues, and everything about a question that can be wrong.

use crate::error::Result;
use app::id::{SpotId, UnitId};
use app::order::State;
use app::problem::{Code, FieldCode, FieldProblem, Problem};
use app::rate::{Basis, Measure};
use app::time::{DAY, Timestamp};
use serde::Deserialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most issues on one page.
pub const MAX_PAGE: u32 = 200;
/// The page when none is asked for.
const PAGE: u32 = 50;
/// The longest text searched for, in characters.
const MAX_Q_CHARS: usize = 100;

/// What is asked for. Everything is optional; what is given must all hold.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// One state or several with commas between them.
    pub state: Option<String>,
    /// The unit of the order in force.
    pub unit_id: Option<UnitId>,
    /// The ranking group of that unit.
    pub unit_group: Option<String>,
    /// The spot.
    pub spot_id: Option<SpotId>,
    /// The code of the spot's type.
    pub spot_type: Option<String>,
    /// The spot's area.
    pub area_id: Option<Uuid>,
    /// The clause.
    pub clause_code: Option<String>,
    /// Open and past due now, or not.
    pub overdue: Option<bool>,
    /// Reported by me, or not.
    pub mine: Option<bool>,
    /// Waiting for a re-check that I may do.
    pub recheck: Option<bool>,
    /// First business day, `2026-11-01`, by `basis`.
    pub from: Option<String>,
    /// Last business day, inclusive.
    pub to: Option<String>,
    /// By which time `from` and `to` are meant; the time of the report when absent.
    pub basis: Option<String>,
    /// Only those that a figure of the rates counts.
    pub measure: Option<String>,
    /// Words, in any order, in the description, the spot, the clause or the unit, or in their pinyin; at most 100 characters.
    pub q: Option<String>,
    /// `-reported_at` (newest first, the default), `reported_at`, `due_at` or `-due_at`.
    pub sort: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sort {
    pub(super) by_due: bool,
    pub(super) is_descending: bool,
}

/// Everything about a filter that can be wrong, found before the database is asked.
#[derive(Debug)]
pub struct Checked {
    pub(super) filter: Filter,
    pub(super) states: Vec<State>,
    pub(super) days: (Option<Timestamp>, Option<Timestamp>),
    pub(super) basis: Option<Basis>,
    pub(super) measure: Option<Measure>,
    pub(super) sort: Sort,
    pub(super) limit: u32,
    pub(super) after: Option<(i64, Uuid)>,
}

impl Filter {
    /// Reads every value, naming each that does not fit.
    ///
    /// # Errors
    /// `invalid_parameter` with the parameters; `invalid_cursor`.
    pub fn check(self) -> Result<Checked> {
        let mut wrong = Vec::new();
        let mut misfit = |name: &str, code| wrong.push(FieldProblem::new(name, code));
        let states: Option<Vec<State>> = self.state.as_deref().map_or(Some(Vec::new()), |text| {
            let states: Option<BTreeSet<State>> = text.split(',').map(State::from_code).collect();
            Some(states?.into_iter().collect())
        });
        if states.is_none() {
            misfit("state", FieldCode::Unknown);
        }
        let basis = self.basis.as_deref().map(Basis::from_code);
        if basis == Some(None) {
            misfit("basis", FieldCode::Unknown);
        }
        let measure = self.measure.as_deref().map(Measure::from_code);
        if measure == Some(None) {
            misfit("measure", FieldCode::Unknown);
        }
        let from = self.from.as_deref().map(day);
        if from == Some(None) {
            misfit("from", FieldCode::Invalid);
        }
        let to = self.to.as_deref().map(day);
        if to == Some(None) {
            misfit("to", FieldCode::Invalid);
        }
        if matches!((from, to), (Some(Some(from)), Some(Some(to))) if from > to) {
            misfit("from", FieldCode::OutOfRange);
        }
        let limit = self.limit.unwrap_or(PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            misfit("limit", FieldCode::OutOfRange);
        }
        if self.q.as_deref().is_some_and(|q| q.chars().count() > MAX_Q_CHARS) {
            misfit("q", FieldCode::TooLong);
        }
        let sort = match self.sort.as_deref() {
            None | Some("-reported_at") => Some(Sort { by_due: false, is_descending: true }),
            Some("reported_at") => Some(Sort { by_due: false, is_descending: false }),
            Some("due_at") => Some(Sort { by_due: true, is_descending: false }),
            Some("-due_at") => Some(Sort { by_due: true, is_descending: true }),
            Some(_) => None,
        };
        if sort.is_none() {
            misfit("sort", FieldCode::Unknown);
        }
        let (Some(states), Some(sort), true) = (states, sort, wrong.is_empty()) else {
            return Err(Problem { fields: wrong, ..Problem::new(Code::InvalidParameter) }.into());
        };
        let after = match self.cursor.as_deref() {
            None => None,
            Some(text) => Some(read_cursor(text, sort).ok_or(Code::InvalidCursor)?),
        };
        Ok(Checked {
            states,
            days: (from.flatten(), to.flatten().map(|at| at.plus(DAY))),
            basis: basis.flatten(),
            measure: measure.flatten(),
            sort,
            limit,
            after,
            filter: self,
        })
    }
}

impl Checked {
    /// Whether the answer would depend on who reported.
    #[must_use]
    pub const fn asks_for_reporter(&self) -> bool {
        self.filter.mine.is_some() || self.filter.recheck.is_some()
    }
}

/// The start of a business day.
pub(crate) fn day(text: &str) -> Option<Timestamp> {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    let date = time::Date::parse(text, &format).ok()?;
    (1900..=9998).contains(&date.year()).then(|| Timestamp::at(date, 0))
}

pub(super) fn cursor(sort: Sort, key: i64, id: Uuid) -> String {
    format!("{}{key}-{}", sort.letter(), id.simple())
}

fn read_cursor(text: &str, sort: Sort) -> Option<(i64, Uuid)> {
    let rest = text.strip_prefix(sort.letter())?;
    let (key, id) = rest.rsplit_once('-')?;
    Some((key.parse().ok()?, Uuid::try_parse(id).ok()?))
}

impl Sort {
    /// A cursor of one order is of no use in another.
    const fn letter(self) -> char {
        match (self.by_due, self.is_descending) {
            (false, true) => 'r',
            (false, false) => 's',
            (true, true) => 'd',
            (true, false) => 'e',
        }
    }

    pub(super) const fn column(self) -> &'static str {
        if self.by_due { "i.due_at" } else { "i.reported_at" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_fits_only_its_own_order() {
        let newest = Sort { by_due: false, is_descending: true };
        let id = Uuid::from_u128(7);
        let text = cursor(newest, -5, id);
        assert_eq!(read_cursor(&text, newest), Some((-5, id)), "{text}");
        assert_eq!(read_cursor(&text, Sort { by_due: true, ..newest }), None);
        assert_eq!(read_cursor("r", newest), None);
        assert_eq!(read_cursor("'; drop table issue; --", newest), None);
    }

    #[test]
    fn days_are_read_strictly() {
        assert_eq!(day("2026-11-01").expect("a day").to_string(), "2026-11-01T00:00:00+08:00");
        assert_eq!(day("2026-02-30"), None);
        assert_eq!(day("99999-01-01"), None);
    }
}
