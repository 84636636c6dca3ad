//! Everything on this phone: what needs the person first, then what waits, drafts, and what was received lately.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{rescue, space, state};
use crate::catalogue::use_catalogue;
use crate::components::{
    Banner, BannerKind, Button, EmptyState, Icon, IconButton, Kind, List, Page, Row, Sheet,
};
use crate::fmt;
use crate::globals::use_globals;
use crate::load::offline_banner;
use crate::outbox::{self, Draft, Form, Item, Stage, use_outbox};
use crate::session::use_session;
use crate::words::use_words;

/// So many of each part are shown at first, and with each press on.
const SHOWN: u32 = 50;

pub(super) fn page() -> AnyView {
    let all = use_words();
    let words = &all.outbox;
    // Whoever has more than this on a phone looks for the first, or presses on.
    let most = RwSignal::new(SHOWN);
    let items = outbox::rows(most);
    let drafts = outbox::drafts();
    let part = move |title: &'static str, is_in: fn(&Item) -> bool| {
        move || {
            let rows = items
                .with(|items| items.iter().flatten().filter(|item| is_in(item)).map(row).collect::<Vec<_>>());
            (!rows.is_empty()).then(|| {
                view! { <section class="stack-tight"><h2>{title}</h2><List label=title>{rows}</List></section> }
            })
        }
    };
    let more = move || {
        let is_full = |items: &Vec<Item>, stage| {
            let shown = items.iter().filter(|item| item.stage == stage).count();
            u32::try_from(shown).is_ok_and(|shown| shown >= most.get())
        };
        let stages = [Stage::NeedsYou, Stage::Waiting, Stage::Received];
        items
            .with(|items| {
                items.as_ref().is_some_and(|items| stages.iter().any(|stage| is_full(items, *stage)))
            })
            .then(|| {
                let press = move |()| most.update(|most| *most += SHOWN);
                view! { <Button kind=Kind::Quiet full=true on_press=press>{all.common.more}</Button> }
            })
    };
    let is_empty = move || {
        items.with(|items| items.as_ref().is_some_and(|items| items.iter().all(|item| !item.is_unsent())))
            && drafts.with(|drafts| drafts.as_ref().is_some_and(Vec::is_empty))
    };
    let nothing = move || {
        is_empty().then(|| {
            view! { <EmptyState icon=Icon::Saved title=words.nothing help=words.nothing_help /> }
        })
    };
    let sends = move || {
        let is_waiting = items.with(|items| items.iter().flatten().any(|it| it.stage == Stage::Waiting));
        is_waiting.then(|| {
            let send = Callback::new(move |()| {
                spawn_local(async move {
                    // What could not be begun is shown as waiting still.
                    let _ = outbox::send_now().await;
                });
            });
            view! { <Button icon=Icon::Send full=true on_press=send>{words.send_now}</Button> }
        })
    };
    let unsent = |item: &Item| matches!(item.stage, Stage::Waiting | Stage::Sending);
    view! {
        <Page title=words.title back="/">
            {offline_banner(all.common.offline)}
            {paused()}
            {nothing}
            {part(words.needs_you, |item| item.stage == Stage::NeedsYou)}
            {part(words.unsent, unsent)}
            {sends}
            {draft_list(drafts)}
            {part(words.received, |item| item.stage == Stage::Received)}
            {more}
            {rescue::card()}
            {space::card()}
            {use_catalogue().age()}
        </Page>
    }
    .into_any()
}

/// Why nothing is being sent, and the way out.
fn paused() -> AnyView {
    let words = &use_words().outbox;
    let (outbox, session) = (use_outbox(), use_session());
    (move || {
        let pause = outbox.status.with(|status| status.pause)?;
        let text = (words.paused)(pause);
        let again = Callback::new(move |()| session.ask());
        Some(view! {
            <Banner kind=BannerKind::Warning title=text>
                <Button kind=Kind::Quiet on_press=again>{words.sign_in_again}</Button>
            </Banner>
        })
    })
    .into_any()
}

fn row(item: &Item) -> AnyView {
    let words = use_words();
    let what = state::name(words, item);
    let title = if item.title.is_empty() { words.outbox.untitled.to_owned() } else { item.title.clone() };
    let detail = format!("{what} · {}", item.detail);
    let at = fmt::near(item.made_at);
    let why = state::why(words, item).map(|why| view! { <span class="small muted">{why}</span> });
    let (href, badge) = (format!("/outbox/{}", item.id), state::badge(item));
    view! {
        <Row href=href icon=Icon::Upload title=title detail=detail aside=at>
            {badge}
            {why}
        </Row>
    }
    .into_any()
}

/// The drafts: one press goes on, one more throws away after asking.
fn draft_list(drafts: RwSignal<Option<Vec<Draft>>>) -> AnyView {
    let all = use_words();
    let words = &all.outbox;
    let globals = use_globals();
    let asking = RwSignal::new(None::<uuid::Uuid>);
    let is_open = RwSignal::new(false);
    let discard = Callback::new(move |()| {
        is_open.set(false);
        let Some(id) = asking.get_untracked() else { return };
        spawn_local(async move {
            if outbox::drop_draft(id).await.is_ok() {
                globals.toast(words.discarded);
            }
        });
    });
    let rows = move || {
        let rows = drafts.get().unwrap_or_default().into_iter().map(|draft| {
            let id = draft.id;
            let ask = move |()| {
                asking.set(Some(id));
                is_open.set(true);
            };
            draft_row(&draft, Callback::new(ask))
        });
        let rows = rows.collect::<Vec<_>>();
        (!rows.is_empty()).then(|| {
            view! {
                <section class="stack-tight">
                    <h2>{words.drafts}</h2>
                    {rows}
                </section>
            }
        })
    };
    view! {
        {rows}
        <Sheet
            open=is_open
            title=all.inspector.give_up_title
            actions=move || {
                view! {
                    <Button kind=Kind::Quiet on_press=move |()| is_open.set(false)>{all.common.cancel}</Button>
                    <Button kind=Kind::Danger on_press=discard>{words.discard}</Button>
                }
            }
        >
            <p>{all.inspector.give_up_help}</p>
        </Sheet>
    }
    .into_any()
}

fn draft_row(draft: &Draft, ask: Callback<()>) -> AnyView {
    let all = use_words();
    let words = &all.outbox;
    let what = match draft.form {
        Form::Report(_) => words.report,
        Form::Reply(_) => words.reply,
        Form::Recheck(_) => words.recheck,
    };
    let title = if draft.title.is_empty() { words.untitled.to_owned() } else { draft.title.clone() };
    let parts = [what.to_owned(), draft.detail.clone(), (words.photo_count)(draft.form.photo_count())];
    let detail = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let at = fmt::near(draft.updated_at);
    let href = draft.href();
    view! {
        <div class="draft">
            <List label=title.clone()>
                <Row href=href icon=Icon::Pencil title=title detail=detail aside=at />
            </List>
            <IconButton icon=Icon::Trash label=words.discard on_press=ask />
        </div>
    }
    .into_any()
}
