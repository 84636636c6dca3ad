//! Issues: reporting them, moving them, finding them.

pub mod chains;
mod damage;
pub mod filter;
pub mod list;
pub mod routes;
pub mod store;
mod write;

pub use write::{Asked, Sender, Target, report, take_step};

use crate::catalogue::Loaded;
use crate::db::{self, Db};
use app::event::Sealed;
use app::issue::{Issue, IssueAnswer, Names, Viewer};
use app::order::Order;
use app::role::{Actor, Role};

/// The names a viewer may learn from one issue or many: units always; people to the office, and to a unit only its own
/// side.
pub(crate) async fn names(
    db: &Db,
    catalogue: &Loaded,
    events: impl IntoIterator<Item = &Sealed>,
    viewer: &Actor,
) -> Result<Names, db::Error> {
    let units = catalogue.bundle.catalogue.units.iter().map(|unit| (unit.id, unit.name.clone())).collect();
    let mut people: Vec<_> = events
        .into_iter()
        .map(Sealed::event)
        .filter(|event| viewer.role.is_office() || event.role == Role::Unit)
        .map(|event| event.actor_id)
        .collect();
    people.sort_unstable();
    people.dedup();
    let people = store::names_of(db, &people).await?;
    Ok(Names { units, people })
}

/// The issue as this person may see it.
pub(crate) async fn answer(
    db: &Db,
    catalogue: &Loaded,
    issue: &Issue,
    chain: &[Sealed],
    viewer: &Actor,
) -> Result<IssueAnswer, db::Error> {
    let names = names(db, catalogue, chain, viewer).await?;
    let viewer = Viewer { actor: viewer, policy: &catalogue.bundle.policy };
    Ok(IssueAnswer::new(issue, chain.iter().map(Sealed::event), &names, viewer))
}

/// What is searched: lower-cased here, because databases lower only ASCII.
pub(crate) fn search_text(issue: &Issue, catalogue: &Loaded) -> String {
    let report = &issue.report;
    let spot = catalogue.spot(report.spot_id);
    let clause = catalogue.clause(&report.clause_code);
    let unit = issue.order().and_then(|order: &Order| catalogue.unit(order.unit_id));
    [
        report.description.as_str(),
        spot.map_or("", |spot| &spot.name),
        spot.map_or("", |spot| &spot.code),
        &report.clause_code,
        clause.map_or("", |clause| &clause.text),
        unit.map_or("", |unit| &unit.name),
    ]
    .join("\n")
    .to_lowercase()
}
