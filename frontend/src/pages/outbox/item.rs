//! One item: how far it is, what is in it, what the server has instead, and what can be done about it.

use app::id::IssueId;
use app::issue::IssueAnswer;
use app::problem::Code;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;

use super::{rescue, state};
use crate::api::{self, Failure};
use crate::catalogue::use_catalogue;
use crate::components::{
    Banner, BannerKind, Button, Card, EmptyState, Fact, Facts, Icon, Kind, LinkButton, MarkBadge, Page,
    Photo, PhotoState, PhotoStrip, Sheet, Skeleton,
};
use crate::fmt;
use crate::globals::use_globals;
use crate::load::Load;
use crate::outbox::{self, Form, Item, Stage};
use crate::pages::issue::history::history;
use crate::pages::issue::mark::mark;
use crate::words::use_words;

pub(super) fn page(id: Uuid) -> AnyView {
    let words = use_words();
    let items = outbox::items();
    let found = Memo::new(move |_| {
        items.with(|items| items.as_ref().map(|items| items.iter().find(|item| item.id == id).cloned()))
    });
    // How far it is on its way changes often; what is in it and what may be done do not.
    let head = move || found.get().flatten().map(|item| state::banner(&item));
    let stage = Memo::new(move |_| {
        let of = |item: Item| if item.stage == Stage::Sending { Stage::Waiting } else { item.stage };
        found.get().map(|item| item.map(of))
    });
    let body = move || match stage.get() {
        None => view! { <Skeleton rows=4 /> }.into_any(),
        Some(None) => {
            view! { <EmptyState icon=Icon::Inbox title=words.outbox.gone help=words.outbox.gone_help /> }
                .into_any()
        }
        Some(Some(_)) => found.get_untracked().flatten().map(|item| body(&item)).into_any(),
    };
    view! {
        <Page title=words.outbox.item_title back="/outbox">
            {head}
            {body}
        </Page>
    }
    .into_any()
}

fn body(item: &Item) -> AnyView {
    let theirs = (item.stage == Stage::NeedsYou).then(|| theirs(item));
    view! {
        {mine(item)}
        {theirs}
        {actions(item)}
    }
    .into_any()
}

/// What was written here.
fn mine(item: &Item) -> AnyView {
    let words = use_words();
    let (note, reason) = match item.draft.as_ref().map(|draft| &draft.form) {
        None => Default::default(),
        Some(Form::Report(form)) => (form.description.clone(), form.fix_note.clone()),
        Some(Form::Reply(form) | Form::Recheck(form)) => (form.note.clone(), form.reason.clone()),
    };
    let text =
        [note, reason].into_iter().filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n");
    let photos = RwSignal::new(Vec::<Photo>::new());
    let ids = item.photos.clone();
    on_cleanup(move || {
        let photos = photos.try_get_untracked().unwrap_or_default();
        for url in
            photos.iter().flat_map(|photo| [&photo.thumb, &photo.full]).filter(|url| url.starts_with("blob:"))
        {
            // An address that is gone already needs no releasing.
            let _ = web_sys::Url::revoke_object_url(url);
        }
    });
    let (sent, alt) = (item.sent, item.title.clone());
    spawn_local(async move {
        for (nth, id) in ids.into_iter().enumerate() {
            let url = async |size| {
                let url = outbox::photo_url(&id.to_string(), size).await;
                url.ok().and_then(|url| url.as_string()).filter(|url| !url.is_empty())
            };
            let thumb = url("thumb").await.unwrap_or_else(|| api::photo::thumb(id));
            let full = url("full").await.unwrap_or_else(|| api::photo::full(id));
            let state = if nth < sent { PhotoState::Sent } else { PhotoState::Ready };
            photos.try_update(|photos| {
                photos.push(Photo { id: id.to_string(), thumb, full, alt: alt.clone(), state });
            });
        }
    });
    let (what, title, detail) = (state::name(words, item), item.title.clone(), item.detail.clone());
    let at = fmt::date_time(item.made_at);
    view! {
        <Card title=words.outbox.mine>
            <Facts>
                <Fact name=what>{title}</Fact>
                <Fact name=words.states.spot>{detail}</Fact>
                <Fact name=words.outbox.made_at>{at}</Fact>
                {(!text.is_empty()).then(|| view! { <Fact name=words.inspector.description><span class="prose">{text}</span></Fact> })}
            </Facts>
            {move || {
                (!photos.with(Vec::is_empty)).then(|| view! { <PhotoStrip label=words.issue.photos photos=photos /> })
            }}
        </Card>
    }
    .into_any()
}

/// What the server has under the issue now.
fn theirs(item: &Item) -> AnyView {
    let words = use_words();
    let id: IssueId = item.lane;
    let is_same_id =
        item.why.as_ref().and_then(|why| why.problem.as_ref()).map(|it| it.code) == Some(Code::IdTaken);
    let load = Load::new(move || async move {
        // What is kept here is from before: it says nothing of what the server has now.
        api::issue::find(id).await.and_then(|got| match got.kept_at {
            None => Ok(got.value),
            Some(_) => Err(Failure::Unreached),
        })
    });
    let shown = move || match load.stage.get() {
        crate::load::Stage::Loading => view! { <Skeleton rows=2 /> }.into_any(),
        crate::load::Stage::Ready(issue) => on_server(&issue, is_same_id),
        crate::load::Stage::Failed(failure) if failure.is_passing() => {
            view! { <p class="muted">{words.outbox.theirs_offline}</p> }.into_any()
        }
        crate::load::Stage::Failed(_) => view! { <p class="muted">{words.outbox.theirs_none}</p> }.into_any(),
    };
    view! { <Card title=words.outbox.theirs>{shown}</Card> }.into_any()
}

fn on_server(issue: &IssueAnswer, is_same_id: bool) -> AnyView {
    let words = use_words();
    let county = use_catalogue().county();
    let named = county.map_or_else(|| issue.named.clone(), |county| county.named(issue));
    let same = is_same_id.then(|| view! { <Banner kind=BannerKind::Warning>{words.outbox.same_id}</Banner> });
    let last = issue.timeline.iter().rev().take(2).rev().cloned().collect::<Vec<_>>();
    let (description, badge) = (issue.description.clone(), mark(issue.state, issue.closing_kind));
    view! {
        {same}
        <div class="cluster"><MarkBadge mark=Signal::stored(badge) /></div>
        <Facts>
            <Fact name=words.states.clause>{named.clause_text}</Fact>
            <Fact name=words.states.spot>{named.spot_name}</Fact>
            {(!description.is_empty()).then(|| view! { <Fact name=words.inspector.description>{description}</Fact> })}
        </Facts>
        {history(&last)}
        <LinkButton href=format!("/issues/{}", issue.id) kind=Kind::Quiet>{words.inspector.see}</LinkButton>
    }
    .into_any()
}

fn actions(item: &Item) -> AnyView {
    let all = use_words();
    let words = &all.outbox;
    let globals = use_globals();
    let navigate = use_navigate();
    let id = item.id;
    let trouble = RwSignal::new(None::<String>);
    let is_open = RwSignal::new(false);
    let failed = move |it: outbox::Trouble| drop(trouble.try_set(Some((words.trouble)(&it))));
    let mend = {
        let navigate = navigate.clone();
        Callback::new(move |()| {
            let navigate = navigate.clone();
            spawn_local(async move {
                match outbox::mend(id).await {
                    Ok(draft) => navigate(&draft.href(), Default::default()),
                    Err(it) => failed(it),
                }
            });
        })
    };
    let again = Callback::new(move |()| {
        spawn_local(async move {
            if let Err(it) = outbox::retry(id).await {
                failed(it);
            }
        });
    });
    let export = Callback::new(move |()| {
        spawn_local(async move {
            match rescue::export(Some(vec![id])).await {
                Ok(name) => globals.toast((words.exported)(&name)),
                Err(it) => failed(it),
            }
        });
    });
    let delete = Callback::new(move |()| {
        is_open.set(false);
        let navigate = navigate.clone();
        spawn_local(async move {
            match outbox::drop_item(id).await {
                Ok(()) => {
                    globals.toast(words.deleted);
                    navigate("/outbox", Default::default());
                }
                Err(it) => failed(it),
            }
        });
    });
    let needs_you = item.stage == Stage::NeedsYou;
    let is_unsent = item.is_unsent();
    // An accepted order or a confirmation has nothing that could be written anew.
    let can_mend = is_unsent
        && item.draft.is_some()
        && matches!(
            item.step,
            None | Some(
                app::order::StepKind::Reply
                    | app::order::StepKind::Return
                    | app::order::StepKind::Pass
                    | app::order::StepKind::Fail
            )
        );
    let help = match (is_unsent, item.may_have_arrived) {
        (false, _) => words.delete_received_help,
        (true, true) => words.delete_unsure_help,
        (true, false) => words.delete_help,
    };
    view! {
        {move || trouble.get().map(|text| view! { <Banner kind=BannerKind::Error>{text}</Banner> })}
        <div class="stack-tight">
            {can_mend.then(|| view! {
                <Button full=true icon=Icon::Pencil on_press=mend>{words.mend}</Button>
                <p class="muted small">{words.mend_help}</p>
            })}
            {needs_you.then(|| view! { <Button kind=Kind::Quiet full=true icon=Icon::Refresh on_press=again>{words.try_again}</Button> })}
            {is_unsent.then(|| view! { <Button kind=Kind::Quiet full=true icon=Icon::Upload on_press=export>{words.export_one}</Button> })}
            <Button kind=Kind::Quiet full=true icon=Icon::Trash on_press=move |()| is_open.set(true)>{words.delete}</Button>
        </div>
        <Sheet
            open=is_open
            title=words.delete_title
            actions=move || {
                view! {
                    <Button kind=Kind::Quiet on_press=move |()| is_open.set(false)>{all.common.cancel}</Button>
                    <Button kind=Kind::Danger on_press=delete>{words.delete}</Button>
                }
            }
        >
            <p>{help}</p>
        </Sheet>
    }
    .into_any()
}
