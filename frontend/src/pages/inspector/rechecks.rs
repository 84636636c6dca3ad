//! What waits to be re-checked, the nearest first.

use app::issue::IssueRow;
use app::spot::Location;
use leptos::prelude::*;

use super::here::use_here;
use super::spots::{by_distance, metres, place_text};
use crate::api;
use crate::catalogue::{County, use_catalogue};
use crate::components::{EmptyState, Icon, Kind, LinkButton, List, Page};
use crate::device;
use crate::load::{Load, damaged, offline_banner};
use crate::outbox;
use crate::pages::issue::row::issue_row;
use crate::pages::outbox::pending::steps_on_the_way;
use crate::words::use_words;

pub(in crate::pages) fn page() -> AnyView {
    let words = use_words();
    let here = use_here();
    let now = device::ticking();
    here.look_around();
    let load = Load::kept(|| api::issue::list(api::issue::RECHECKS));
    // What was re-checked here and is on its way, or has arrived since the list was kept, is not to be done again.
    let items = outbox::items();
    let is_done = move |row: &IssueRow| {
        items.with(|items| {
            let of_it = items.iter().flatten().filter(|item| item.lane == row.id);
            steps_on_the_way(of_it, load.as_of()).is_some_and(|steps| !steps.is_empty())
        })
    };
    view! {
        <Page title=words.inspector.rechecks_title>
            {offline_banner(words.errors.offline)}
            <p class="muted small num" role="status">{move || place_text(words, here.0.get())}</p>
            {use_catalogue()
                .view(move |county| {
                    load.view(move |page| {
                        let damaged = damaged(page.damaged.len().into());
                        let rows = page.items.into_iter().filter(|row| !is_done(row)).collect::<Vec<_>>();
                        if rows.is_empty() {
                            return view! {
                                {damaged}
                                <EmptyState
                                    icon=Icon::ClipboardCheck
                                    title=words.inspector.rechecks_none
                                    help=words.inspector.rechecks_none_help
                                >
                                    <LinkButton href="/" kind=Kind::Quiet icon=Icon::MapPin>
                                        {words.home.spots_near}
                                    </LinkButton>
                                </EmptyState>
                            }
                                .into_any();
                        }
                        let county = county.clone();
                        let list = move || {
                            let views = nearest_first(&rows, &county, here.at())
                                .into_iter()
                                .map(|(row, metres)| {
                                    let aside = metres.map(words.common.metres);
                                    issue_row(row, &county, now, format!("/rechecks/{}", row.id), aside)
                                })
                                .collect::<Vec<_>>();
                            view! { <List label=words.inspector.rechecks_title>{views}</List> }
                        };
                        view! { {damaged} {list} }.into_any()
                    })
                })}
        </Page>
    }
    .into_any()
}

/// The rows with their distance in metres; in the order of their due times where no position is known.
fn nearest_first<'a>(
    rows: &'a [IssueRow],
    county: &County,
    from: Option<Location>,
) -> Vec<(&'a IssueRow, Option<u32>)> {
    let away = |row: &IssueRow| Some(metres(from?.distance_to(county.spot(row.spot_id)?)));
    let order = by_distance(rows.len(), |i| away(&rows[i]).unwrap_or(u32::MAX));
    order.into_iter().map(|i| (&rows[i], away(&rows[i]))).collect()
}
