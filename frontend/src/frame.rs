//! The frame around every signed-in page: the tabs of the person's role, and who may see what is inside.

use std::time::Duration;

use app::role::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{Outlet, Redirect};
use leptos_router::hooks::use_location;

use crate::catalogue::{Catalogue, use_catalogue};
use crate::components::page::TopbarEnd;
use crate::components::{Icon, Page, Shell, Skeleton, Tab, icon};
use crate::device;
use crate::load::failed;
use crate::outbox::{kept, use_outbox};
use crate::pages::inspector::Here;
use crate::pages::not_allowed::NotAllowed;
use crate::pages::sign_in::SignIn;
use crate::session::{Who, home, use_session};
use crate::update::update_banner;
use crate::waiting::{Waiting, work_lists};
use crate::words::use_words;

/// The frame. Whoever is not signed in meets the sign-in page, and afterwards the page asked for.
#[component]
pub fn Frame() -> impl IntoView {
    let session = use_session();
    // Only what decides about the frame: a new name or unit of the person does not build the page again, another person
    // does.
    let known = Memo::new(move |_| match session.who.get() {
        Who::Unknown => Ok(None),
        Who::Nobody => Err(None),
        Who::Person(me) => Ok(Some((me.role, me.user_id))),
        Who::Unanswered(failure) => Err(Some(failure)),
    });
    move || match known.get() {
        Ok(None) => view! { <Shell tabs=vec![]><Page title=""><Skeleton /></Page></Shell> }.into_any(),
        Err(None) => view! { <SignIn /> }.into_any(),
        Ok(Some((role, _))) => view! { <SignedIn role=role /> }.into_any(),
        Err(Some(failure)) => {
            let again = Callback::new(move |()| {
                session.who.set(Who::Unknown);
                session.ask();
            });
            view! { <Shell tabs=vec![]><Page title="">{failed(&failure, again)}</Page></Shell> }.into_any()
        }
    }
}

#[component]
fn SignedIn(role: Role) -> impl IntoView {
    Catalogue::provide();
    let waiting = Waiting::provide(role);
    if role == Role::Inspector {
        Here::provide();
    }
    // What waits may have changed while the person was on another page.
    let path = use_location().pathname;
    Effect::new(move |before: Option<()>| {
        path.track();
        if before.is_some() {
            waiting.refresh();
        }
    });
    keep_work(role);
    provide_context(TopbarEnd(StoredValue::new(ViewFn::from(move || pill(role)))));
    // The frame first, the page in the next breath: a slow phone shows and hears something in between.
    let is_framed = RwSignal::new(false);
    set_timeout(move || is_framed.set(true), Duration::ZERO);
    view! {
        <Shell tabs=tabs(role, waiting)>
            {update_banner()}
            {move || is_framed.get().then(|| view! { <Outlet /> })}
        </Shell>
    }
}

/// How long the page is left alone before the person's work is fetched beside it.
const AFTER: Duration = Duration::from_secs(2);
/// How often it is fetched anew while the page is open.
const EVERY: Duration = Duration::from_secs(300);

/// Has the person's work on the phone while there is a network, for when there is none.
fn keep_work(role: Role) {
    let lists = work_lists(role);
    if lists.is_empty() {
        return;
    }
    let catalogue = use_catalogue();
    let fetch = move || {
        catalogue.refresh();
        let lists = lists.clone();
        spawn_local(async move { kept::refresh_work(&lists).await });
        // What makes photos small comes over the network too, where no service worker has kept it.
        device::photo::prepare();
    };
    let soon = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(soon)) = soon.try_update_value(Option::take) {
            soon.clear();
        }
    };
    on_cleanup(stop);
    let online = device::online();
    let outbox = use_outbox();
    let unsent = Memo::new(move |_| outbox.status.with(|status| status.unsent));
    let again = fetch.clone();
    Effect::new(move |before: Option<u32>| {
        let unsent = unsent.get();
        // At the start, and whenever something has arrived: what is kept here does not know of it.
        if online.get() && before.is_none_or(|before| unsent <= before) {
            stop();
            soon.set_value(set_timeout_with_handle(again.clone(), AFTER).ok());
        }
        unsent
    });
    if let Ok(handle) = set_interval_with_handle(fetch, EVERY) {
        on_cleanup(move || handle.clear());
    }
}

/// The number of what is unsent, in the bar of every page: nothing where a person has no field work and nothing is unsent,
/// nor before that is known.
fn pill(role: Role) -> AnyView {
    let words = &use_words().glance;
    let outbox = use_outbox();
    let status = Memo::new(move |_| outbox.status.get());
    (move || {
        let status = status.get();
        if !status.is_known() || (status.unsent == 0 && role.is_office()) {
            return ().into_any();
        }
        let (drawing, text, tone) = match (status.unsent, status.needs_you) {
            (0, _) => (Icon::Saved, String::new(), ""),
            (n, 0) => {
                (if status.sending { Icon::Upload } else { Icon::Unsent }, (words.pill)(n), "tone-waiting")
            }
            (n, _) => (Icon::Alert, (words.pill)(n), "tone-overdue"),
        };
        let label =
            if status.unsent == 0 { words.pill_none.to_owned() } else { (words.pill_label)(status.unsent) };
        view! {
            <a href="/outbox" class=format!("pill {tone}") aria-label=label>
                {icon(drawing)}
                <span class="num">{text}</span>
            </a>
        }
        .into_any()
    })
    .into_any()
}

/// The places of a role.
fn tabs(role: Role, waiting: Waiting) -> Vec<Tab> {
    let words = use_words();
    let me = Tab::new("/me", Icon::User, words.account.me);
    match role {
        Role::Inspector => vec![
            Tab::new("/", Icon::Camera, words.shell.tab_report),
            Tab::new("/rechecks", Icon::ClipboardCheck, words.shell.tab_recheck).counting(waiting.count()),
            Tab::new("/mine", Icon::List, words.shell.tab_mine),
            me,
        ],
        Role::Unit => vec![
            Tab::new("/orders", Icon::ClipboardList, words.shell.tab_orders).counting(waiting.count()),
            me,
        ],
        Role::Manager | Role::Admin => vec![
            Tab::new("/manage", Icon::Chart, words.shell.tab_rates),
            Tab::new("/manage/pool", Icon::Inbox, words.shell.tab_pool).counting(waiting.count()),
            Tab::new("/manage/issues", Icon::List, words.shell.tab_issues).also_at(&["/issues"]),
            Tab::new("/manage/units", Icon::Book, words.shell.tab_lookup).also_at(&[
                "/manage/spots",
                "/manage/clauses",
                "/manage/routing",
            ]),
            me,
        ],
    }
}

/// Shows a page to the roles it is for; to others that it is not for them, or their own start.
#[must_use]
pub fn only(roles: &'static [Role], page: impl Fn() -> AnyView) -> AnyView {
    let role = use_session().role();
    match role {
        Some(role) if roles.contains(&role) => page(),
        Some(role) if use_location().pathname.get_untracked() == "/" => {
            view! { <Redirect path=home(role) /> }.into_any()
        }
        _ => view! { <NotAllowed /> }.into_any(),
    }
}
