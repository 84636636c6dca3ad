//! Where an inspector begins: the camera under the thumb, what waits, the spots around.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::LazyRoute;
use leptos_router::hooks::use_navigate;

use super::camera::camera_button;
use super::draft::{Place, use_draft};
use super::spots::{Press, place_text, spot_list};
use crate::catalogue::use_catalogue;
use crate::components::{Icon, List, Page, Row, SearchField};
use crate::load::offline_banner;
use crate::pages::field::ReportRoute;
use crate::waiting::use_waiting;
use crate::words::use_words;

pub(super) fn page() -> AnyView {
    let words = use_words();
    let draft = use_draft();
    let asked = RwSignal::new(String::new());
    // Whoever comes back here is done with the last answer.
    if draft.answer.with_untracked(Option::is_some) {
        draft.reset(false);
    }
    draft.look_around();
    use_catalogue().refresh();
    // There before the shutter is, also where the network is slow.
    spawn_local(ReportRoute::preload());
    let navigate = use_navigate();
    let taken = Callback::new(move |files| {
        draft.take(files);
        navigate("/report", Default::default());
    });
    let heading = move || match (draft.here.get(), asked.with(String::is_empty)) {
        (Place::At(_), true) => words.inspector.spots_near,
        _ => words.inspector.spots_all,
    };
    view! {
        <Page title=words.inspector.home_title>
            {offline_banner(words.inspector.offline)}
            {tasks()}
            <section class="stack-tight">
                <div class="split">
                    <h2>{heading}</h2>
                    <p class="muted small num" role="status">{move || place_text(words, draft.here.get())}</p>
                </div>
                <SearchField label=words.inspector.search_spots.to_owned() value=asked />
                {use_catalogue().view(move |county| spot_list(county, asked, Press::Report))}
            </section>
            <div class="action-bar">
                {camera_button(words.inspector.report, taken)}
            </div>
        </Page>
    }
    .into_any()
}

/// What waits: a report that was begun, problems to re-check.
fn tasks() -> AnyView {
    let words = use_words();
    let draft = use_draft();
    let count = use_waiting().count();
    (move || {
        let begun = draft.has_content().then(|| {
            view! {
                <Row
                    href="/report"
                    icon=Icon::Pencil
                    title=words.inspector.draft_waits
                    detail=(words.inspector.draft_waits_help)(draft.before.count())
                />
            }
        });
        let rechecks = Some(count.get()).filter(|n| *n > 0).map(|n| {
            view! {
                <Row
                    href="/rechecks"
                    icon=Icon::ClipboardCheck
                    title=(words.inspector.rechecks_wait)(n)
                    detail=words.inspector.rechecks_wait_help
                />
            }
        });
        (begun.is_some() || rechecks.is_some())
            .then(|| view! { <List label=words.inspector.tab_recheck>{begun} {rechecks}</List> })
    })
    .into_any()
}
