//! What an issue's place and clause were called on the day of its report. A catalogue that changes later renames nothing.

use crate::bundle::Catalogue;
use crate::clause::Clause;
use crate::issue::Report;
use crate::spot::Spot;
use serde::{Deserialize, Serialize};

/// The words of the catalogue that belong to an issue, as they were when it was reported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Named {
    /// The spot's name.
    pub spot_name: String,
    /// What kind of place it was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub spot_type_name: String,
    /// The area it lay in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub area_name: String,
    /// Where it was, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The clause as it read at this spot.
    pub clause_text: String,
    /// The common problem that was chosen; empty where none was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub problem: String,
}

impl Named {
    /// What the issue is called: the common problem, else the clause.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.problem.is_empty() { &self.clause_text } else { &self.problem }
    }

    /// The words of today's catalogue.
    #[must_use]
    pub fn new(spot: &Spot, clause: &Clause, phrase_code: Option<&str>, catalogue: &Catalogue) -> Self {
        let spot_type = catalogue.spot_type(&spot.spot_type);
        let checked = spot_type.and_then(|it| it.clauses.iter().find(|it| it.clause_code == clause.code));
        let area = catalogue.areas.iter().find(|area| area.id == spot.area_id);
        Self {
            spot_name: spot.name.clone(),
            spot_type_name: spot_type.map(|it| it.name.clone()).unwrap_or_default(),
            area_name: area.map(|area| area.name.clone()).unwrap_or_default(),
            address: spot.address.clone(),
            clause_text: clause.text_for(checked.and_then(|it| it.n)),
            problem: phrase_code
                .and_then(|code| clause.phrase(code))
                .map(|it| it.text.clone())
                .unwrap_or_default(),
        }
    }

    /// Today's words for a report from before they were kept: codes where the catalogue has lost something.
    #[must_use]
    pub fn of_old(report: &Report, catalogue: &Catalogue) -> Self {
        let spot = catalogue.spots.iter().find(|spot| spot.id == report.spot_id);
        match (spot, catalogue.clause(&report.clause_code)) {
            (Some(spot), Some(clause)) => Self::new(spot, clause, report.phrase_code.as_deref(), catalogue),
            (spot, clause) => Self {
                spot_name: spot.map(|spot| spot.name.clone()).unwrap_or_default(),
                clause_text: clause
                    .map_or_else(|| report.clause_code.clone(), |clause| clause.text_for(None)),
                ..Self::default()
            },
        }
    }
}
