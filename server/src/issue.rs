//! Issues: reporting them, moving them, finding them.

pub mod chains;
mod damage;
pub mod filter;
pub mod list;
pub mod routes;
mod search;
pub mod store;
mod write;

pub use write::{Asked, Sender, Target, report, take_step};

use crate::catalogue::Loaded;
use crate::db::{self, Db};
use app::event::Sealed;
use app::issue::{Issue, IssueAnswer, Named, Names, Viewer};
use app::role::{Actor, Role};
use app::search::fold;

/// The names a viewer may learn from one issue or many: the catalogue's always; people's to the office, and to a unit only its
/// own side's.
pub(crate) async fn names<'a>(
    db: &Db,
    catalogue: &'a Loaded,
    events: impl IntoIterator<Item = &Sealed>,
    viewer: &Actor,
) -> Result<Names<'a>, db::Error> {
    let mut people: Vec<_> = events
        .into_iter()
        .map(Sealed::event)
        .filter(|event| viewer.role.is_office() || event.role == Role::Unit)
        .map(|event| event.actor_id)
        .collect();
    people.sort_unstable();
    people.dedup();
    let people = store::names_of(db, &people).await?;
    Ok(Names { catalogue: &catalogue.bundle.catalogue, people })
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

/// What is searched: the words of the issue's day, folded as questions are.
pub(crate) fn search_text(issue: &Issue, catalogue: &Loaded) -> String {
    let report = &issue.report;
    let named = issue.named.clone().unwrap_or_else(|| Named::of_old(report, &catalogue.bundle.catalogue));
    let order = issue.order();
    let unit_today = order.and_then(|order| catalogue.unit(order.unit_id));
    let texts = [
        report.description.as_str(),
        &named.spot_name,
        catalogue.spot(report.spot_id).map_or("", |spot| &spot.code),
        &report.clause_code,
        &named.clause_text,
        &named.problem,
        order.map_or("", |order| &order.unit_name),
        unit_today.map_or("", |unit| &unit.name),
    ];
    // A word does not run from one into the next.
    texts.map(fold).join("\n")
}
