//! Who answers here? A spot and a clause, decided on the spot by the same rules as the server.

use leptos::prelude::*;

use crate::catalogue::use_catalogue;
use crate::components::{Button, Card, Icon, Kind};
use crate::pages::issue::assignment::explanation;
use crate::pages::manager::address::Address;
use crate::pages::manager::choices;
use crate::pages::manager::picker::{Pick, Picker};
use crate::words::use_words;

/// The probe; what is asked stands in the address.
pub(super) fn probe(address: Address) -> AnyView {
    let words = &use_words().manager;
    let catalogue = use_catalogue();
    let (spot, clause) = (address.field("spot"), address.field("clause"));
    let spots =
        Signal::derive(move || catalogue.county().map(|county| choices::spots(&county)).unwrap_or_default());
    let clauses = Signal::derive(move || {
        let county = catalogue.county();
        let clauses = county.map(|county| {
            let at = spot.with(|spot| choices::spot_id(spot)).and_then(|id| county.spot(id));
            choices::clauses(&county, at)
        });
        clauses.unwrap_or_default()
    });
    let answer = move || {
        let county = catalogue.county()?;
        let at = county.spot(spot.with(|spot| choices::spot_id(spot))?)?;
        let what = clause.with(|clause| county.clause(clause))?;
        let answer = explanation(&county.assign(at, what), &county);
        Some(view! { <div class="quote" role="status">{answer}</div> })
    };
    view! {
        <Card title=words.probe>
            <p class="muted small">{words.probe_help}</p>
            {choose(words.choose_spot, words.search_spots, spots, spot)}
            {choose(words.choose_clause, words.search_clauses, clauses, clause)}
            {answer}
        </Card>
    }
    .into_any()
}

fn choose(
    label: &'static str,
    search: &'static str,
    picks: Signal<Vec<Pick>>,
    chosen: RwSignal<String>,
) -> AnyView {
    let open = RwSignal::new(false);
    let title = move || {
        let found = chosen.with(|chosen| {
            picks.with(|picks| picks.iter().find(|pick| pick.value == *chosen).map(|pick| pick.title.clone()))
        });
        found.unwrap_or_else(|| label.to_owned())
    };
    view! {
        <Button kind=Kind::Quiet full=true icon=Icon::Search on_press=move |()| open.set(true)>{title}</Button>
        <Picker open=open title=label search=search picks=picks chosen=chosen />
    }
    .into_any()
}
