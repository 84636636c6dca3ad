//! The pages an inspector comes to after the first one, as one module of its own: fetched while the first page is being
//! looked at, and not before.

use app::role::Role;
use leptos::prelude::*;
use leptos_router::LazyRoute;
use leptos_router::hooks::use_params_map;

use crate::frame::only;
use crate::pages::account::AccountPage;
use crate::pages::{inspector, issue, outbox};

/// Who reports and re-checks.
const ROLES: &[Role] = &[Role::Inspector];

/// A page of the module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Page {
    Report,
    Recheck,
    Mine,
    Issue,
    Account,
    Outbox,
}

/// The module's one door: every door of its own would cut the shared code into more pieces to fetch.
#[lazy]
fn field_page(page: Page) -> AnyView {
    match page {
        Page::Report => only(ROLES, inspector::report::page),
        Page::Mine => only(ROLES, inspector::mine::page),
        Page::Issue => issue::detail::page(),
        Page::Outbox => outbox::page(),
        Page::Account => view! { <AccountPage /> }.into_any(),
        Page::Recheck => {
            let params = use_params_map();
            let is_one =
                Memo::new(move |_| params.with(|params| params.get("id").is_some_and(|id| !id.is_empty())));
            let page =
                move || if is_one.get() { inspector::recheck::page() } else { inspector::rechecks::page() };
            (move || only(ROLES, page)).into_any()
        }
    }
}

macro_rules! routes {
    ($($(#[$doc:meta])* $name:ident = $page:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl LazyRoute for $name {
            fn data() -> Self {
                Self
            }

            async fn view(_this: Self) -> AnyView {
                field_page(Page::$page).await
            }

            async fn preload() {
                __preload_field_page().await;
            }
        }
    )+};
}

routes! {
    /// Reporting a problem.
    ReportRoute = Report;
    /// What waits to be re-checked, and re-checking one of them.
    RecheckRoute = Recheck;
    /// What the inspector has reported.
    MineRoute = Mine;
    /// One issue, for the inspector and the office.
    IssueRoute = Issue;
    /// What is on this phone and not yet sent.
    OutboxRoute = Outbox;
    /// The person's own page.
    AccountRoute = Account;
}
