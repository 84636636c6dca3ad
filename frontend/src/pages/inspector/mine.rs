//! What the inspector has reported.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::catalogue::use_catalogue;
use crate::components::{Choice, ChoiceField, EmptyState, Icon, LinkButton, List, Page};
use crate::device;
use crate::load::offline_banner;
use crate::pages::issue::paged::Paged;
use crate::pages::issue::row::issue_row;
use crate::words::use_words;

const OPEN: &str = "pool,dispatched,accepted,replied,confirmed,rework,returned";

pub(in crate::pages) fn page() -> AnyView {
    let words = use_words();
    let now = device::ticking();
    // What is shown lives in the address, so that coming back from an issue finds the same list.
    let query = use_query_map();
    let show = RwSignal::new(query.with_untracked(|query| query.get("show")).unwrap_or_default());
    let navigate = use_navigate();
    Effect::new(move |before: Option<String>| {
        let show = show.get();
        if before.is_some_and(|before| before != show) {
            let path = if show.is_empty() { "/mine".to_owned() } else { format!("/mine?show={show}") };
            navigate(
                &path,
                leptos_router::NavigateOptions { replace: true, scroll: false, ..Default::default() },
            );
        }
        show
    });
    let paged = Paged::new(move || {
        let state = match show.get().as_str() {
            "open" => OPEN,
            "closed" => "closed",
            _ => "",
        };
        vec![("mine", "true".to_owned()), ("state", state.to_owned())]
    });
    let choices = vec![
        Choice::new("", words.inspector.mine_all),
        Choice::new("open", words.inspector.mine_open),
        Choice::new("closed", words.inspector.mine_closed),
    ];
    let empty = move || {
        view! {
            <EmptyState icon=Icon::Camera title=words.inspector.mine_none help=words.inspector.mine_none_help>
                <LinkButton href="/">{words.home.report}</LinkButton>
            </EmptyState>
        }
        .into_any()
    };
    view! {
        <Page title=words.shell.tab_mine>
            {offline_banner(words.errors.offline)}
            <ChoiceField label=words.inspector.show choices=choices value=show />
            {use_catalogue()
                .view(move |county| {
                    paged
                        .view(
                            empty,
                            move |rows| {
                                let rows = rows
                                    .iter()
                                    .map(|row| issue_row(row, &county, now, format!("/issues/{}", row.id), None))
                                    .collect::<Vec<_>>();
                                view! { <List label=words.shell.tab_mine>{rows}</List> }.into_any()
                            },
                        )
                })}
        </Page>
    }
    .into_any()
}
