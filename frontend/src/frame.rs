//! The frame around every signed-in page: the tabs of the person's role, and who may see what is inside.

use app::role::Role;
use leptos::prelude::*;
use leptos_router::components::{Outlet, Redirect};
use leptos_router::hooks::use_location;

use crate::catalogue::Catalogue;
use crate::components::{Icon, Page, Shell, Skeleton, Tab};
use crate::load::failed;
use crate::pages::inspector::Draft;
use crate::pages::not_allowed::NotAllowed;
use crate::pages::sign_in::SignIn;
use crate::session::{Who, home, use_session};
use crate::waiting::Waiting;
use crate::words::use_words;

/// The frame. Whoever is not signed in meets the sign-in page, and afterwards the page asked for.
#[component]
pub fn Frame() -> impl IntoView {
    let session = use_session();
    // Only what decides about the frame: a new name or unit of the person does not build the page again.
    let known = Memo::new(move |_| match session.who.get() {
        Who::Unknown => Ok(None),
        Who::Nobody => Err(None),
        Who::Person(me) => Ok(Some(me.role)),
        Who::Unanswered(failure) => Err(Some(failure)),
    });
    move || match known.get() {
        Ok(None) => view! { <Shell tabs=vec![]><Page title=""><Skeleton /></Page></Shell> }.into_any(),
        Err(None) => view! { <SignIn /> }.into_any(),
        Ok(Some(role)) => view! { <SignedIn role=role /> }.into_any(),
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
        Draft::provide();
    }
    // What waits may have changed while the person was on another page.
    let path = use_location().pathname;
    Effect::new(move |before: Option<()>| {
        path.track();
        if before.is_some() {
            waiting.refresh();
        }
    });
    view! {
        <Shell tabs=tabs(role, waiting)>
            <Outlet />
        </Shell>
    }
}

/// The places of a role.
fn tabs(role: Role, waiting: Waiting) -> Vec<Tab> {
    let words = use_words();
    let me = Tab::new("/me", Icon::User, words.account.me);
    match role {
        Role::Inspector => vec![
            Tab::new("/", Icon::Camera, words.inspector.tab_report),
            Tab::new("/rechecks", Icon::ClipboardCheck, words.inspector.tab_recheck)
                .counting(waiting.count()),
            Tab::new("/mine", Icon::List, words.inspector.tab_mine),
            me,
        ],
        Role::Unit => vec![
            Tab::new("/orders", Icon::ClipboardList, words.unit.tab_orders).counting(waiting.count()),
            me,
        ],
        Role::Manager | Role::Admin => vec![
            Tab::new("/manage", Icon::Chart, words.manager.tab_rates),
            Tab::new("/manage/pool", Icon::Inbox, words.manager.tab_pool).counting(waiting.count()),
            Tab::new("/manage/issues", Icon::List, words.manager.tab_issues).also_at(&["/issues"]),
            Tab::new("/manage/units", Icon::Book, words.manager.tab_lookup).also_at(&[
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
