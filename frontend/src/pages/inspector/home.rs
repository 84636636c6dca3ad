//! Where an inspector begins: the camera under the thumb, what waits, the spots around.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::LazyRoute;

use super::here::{Place, use_here};
use super::spots::{Press, place_text, spot_list};
use crate::catalogue::use_catalogue;
use crate::components::{Icon, LinkButton, List, Page, Row, SearchField};
use crate::load::offline_banner;
use crate::outbox::use_outbox;
use crate::pages::field::ReportRoute;
use crate::waiting::use_waiting;
use crate::words::use_words;

/// How long the spots have the network to themselves.
const PRELOAD_AFTER: Duration = Duration::from_secs(2);

pub(super) fn page() -> AnyView {
    let words = use_words();
    let here = use_here();
    let asked = RwSignal::new(String::new());
    here.look_around();
    let catalogue = use_catalogue();
    catalogue.refresh();
    // There before the shutter is, also where the network is slow; but after what is looked at now.
    Effect::new(move |_| {
        if catalogue.fresh_at().is_some() {
            set_timeout(|| spawn_local(ReportRoute::preload()), PRELOAD_AFTER);
        }
    });
    let heading = move || match (here.0.get(), asked.with(String::is_empty)) {
        (Place::At(_), true) => words.home.spots_near,
        _ => words.home.spots_all,
    };
    let from = Signal::derive(move || here.at());
    view! {
        <Page title=words.home.home_title>
            {offline_banner(words.home.offline)}
            {tasks()}
            <section class="stack-tight">
                <div class="split">
                    <h2>{heading}</h2>
                    <p class="muted small num" role="status">{move || place_text(words, here.0.get())}</p>
                </div>
                <SearchField label=words.home.search_spots.to_owned() value=asked />
                {catalogue.view(move |county| spot_list(county, asked, from, Press::Report))}
                {catalogue.age()}
            </section>
            <div class="action-bar">
                <LinkButton href="/report?shoot=1" icon=Icon::Camera full=true>{words.home.report}</LinkButton>
            </div>
        </Page>
    }
    .into_any()
}

/// What waits: drafts, problems to re-check.
fn tasks() -> AnyView {
    let words = use_words();
    let outbox = use_outbox();
    let count = use_waiting().count();
    let begun = move || {
        Some(outbox.status.get().drafts).filter(|n| *n > 0).map(|n| {
            view! {
                <Row
                    href="/outbox"
                    icon=Icon::Pencil
                    title=(words.glance.drafts_wait)(n)
                    detail=words.glance.drafts_wait_help
                />
            }
            .into_any()
        })
    };
    // Always there: what is below does not move when the count comes.
    let title = move || match count.get() {
        0 => words.shell.tab_recheck.to_owned(),
        n => (words.home.rechecks_wait)(n),
    };
    view! {
        <List label=words.shell.tab_recheck>
            {begun}
            <Row href="/rechecks" icon=Icon::ClipboardCheck title=title detail=words.home.rechecks_wait_help />
        </List>
    }
    .into_any()
}
