//! Reporting a problem: photos first, the spot suggested, the clause one press away. What is written is kept on the phone
//! at every change; what is sent goes through the outbox.

mod clause;
mod forecast;
mod form;
mod outcome;
mod place;
mod sending;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use uuid::Uuid;

use super::draft::Draft;
use crate::catalogue::{County, use_catalogue};
use crate::components::{EmptyState, Icon, Kind, LinkButton, Page, Skeleton};
use crate::device;
use crate::load::offline_banner;
use crate::outbox::{self, Form, Item};
use crate::words::use_words;

/// What the page is showing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Looking for what is on the phone under this id.
    Looking,
    /// The form.
    Writing,
    /// It was given to the outbox.
    Given,
    /// The phone has something under this id that cannot be read now: nothing is written over it.
    Unreadable,
}

pub(in crate::pages) fn page() -> AnyView {
    let asked = use_query_map();
    let navigate = use_navigate();
    // Every report has its address, so that a reload, another tab or the way back finds it again.
    let id =
        Memo::new(move |_| asked.with(|asked| asked.get_str("draft").and_then(|id| id.parse::<Uuid>().ok())));
    Effect::new(move |_| {
        if id.get().is_none() {
            let (spot, shoot) =
                asked.with_untracked(|asked| (asked.get("spot"), asked.get("shoot").is_some()));
            let spot = spot.map(|spot| format!("&spot={spot}")).unwrap_or_default();
            let shoot = if shoot { "&shoot=1" } else { "" };
            let path = format!("/report?draft={}{spot}{shoot}", device::fresh_id::<Uuid>());
            navigate(&path, NavigateOptions { replace: true, scroll: false, ..Default::default() });
        }
    });
    (move || id.get().map(one)).into_any()
}

/// One report, as far as it is.
fn one(id: Uuid) -> AnyView {
    let words = use_words();
    let stage = RwSignal::new(Stage::Looking);
    let draft = Draft::provide(id);
    let spot = use_query_map().with_untracked(|query| query.get("spot")).and_then(|spot| spot.parse().ok());
    let is_shooting = RwSignal::new(use_query_map().with_untracked(|query| query.get("shoot").is_some()));
    let items = outbox::items();
    let navigate = use_navigate();
    spawn_local(async move {
        match outbox::open_draft(id).await.map(|kept| kept.map(|kept| kept.form)) {
            Err(_) => drop(stage.try_set(Stage::Unreadable)),
            Ok(Some(Form::Report(form))) => {
                // Begun before: the shutter has been pressed.
                is_shooting.try_set(false);
                draft.restore(form).await;
                stage.try_set(Stage::Writing);
            }
            _ if outbox::has_item(id).await => {
                stage.try_set(Stage::Given);
            }
            // Somebody else's, who used this phone before: this report is another.
            _ if outbox::is_elses(id).await => {
                navigate("/report", NavigateOptions { replace: true, ..Default::default() });
            }
            _ => {
                if let Some(spot) = spot {
                    draft.choose_spot(spot);
                }
                stage.try_set(Stage::Writing);
            }
        }
    });
    Effect::new(move |before: Option<bool>| {
        let is_writing = stage.get() == Stage::Writing;
        if is_writing && before != Some(true) {
            untrack(|| draft.keep_changes());
        }
        is_writing
    });
    let item = Memo::new(move |_| (stage.get() == Stage::Given).then(|| find(items, id)).flatten());
    let title = Signal::derive(move || {
        let how_far = item.with(|item| item.as_ref().map(|item| item.stage));
        match how_far {
            None => words.inspector.report_title,
            Some(outbox::Stage::Received) => words.inspector.sent_title,
            Some(outbox::Stage::NeedsYou) => words.outbox.refused,
            Some(outbox::Stage::Waiting | outbox::Stage::Sending) => words.outbox.saved_short,
        }
        .to_owned()
    });
    let given = Callback::new(move |()| stage.set(Stage::Given));
    let content = move |county: Arc<County>| {
        (move || match stage.get() {
            Stage::Looking => view! { <Skeleton rows=4 /> }.into_any(),
            Stage::Unreadable => view! {
                <EmptyState icon=Icon::Alert title=words.outbox.unreadable help=words.outbox.unreadable_help>
                    <LinkButton href="/outbox" kind=Kind::Quiet>{words.outbox.title}</LinkButton>
                </EmptyState>
            }
            .into_any(),
            Stage::Writing => form::view(county.clone(), is_shooting, given),
            Stage::Given => {
                let county = county.clone();
                (move || item.get().map(|item| outcome::view(&item, &county))).into_any()
            }
        })
        .into_any()
    };
    view! {
        <Page title=title back="/">
            {offline_banner(words.home.offline)}
            {use_catalogue().view_once(content)}
        </Page>
    }
    .into_any()
}

fn find(items: RwSignal<Option<Vec<Item>>>, id: Uuid) -> Option<Item> {
    items.with(|items| items.iter().flatten().find(|item| item.id == id).cloned())
}
