//! The routes, and what is around every page.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, path};

use crate::frame::Frame;
use crate::globals::Globals;
use crate::pages::field::{AccountRoute, IssueRoute, MineRoute, OutboxRoute, RecheckRoute, ReportRoute};
use crate::pages::gallery::GalleryRoute;
use crate::pages::inspector;
use crate::pages::manager::OfficeRoute;
use crate::pages::not_found::not_found;
use crate::pages::sign_in::SignInPage;
use crate::pages::unit::UnitRoute;
use crate::session::Session;

/// The page.
#[component]
pub fn App() -> impl IntoView {
    let globals = Globals::provide();
    Session::provide();
    // A change of language builds everything again: rare, and it lets views treat words as plain text.
    move || {
        globals.lang.track();
        view! {
            <Router>
                <Routes fallback=not_found>
                    <Route path=path!("/gallery") view={Lazy::<GalleryRoute>::new()} />
                    <Route path=path!("/sign-in") view=SignInPage />
                    <ParentRoute path=path!("") view=Frame>
                        // For everybody.
                        <Route path=path!("/me") view={Lazy::<AccountRoute>::new()} />
                        <Route path=path!("/issues/:id") view={Lazy::<IssueRoute>::new()} />
                        <Route path=path!("/outbox/*id") view={Lazy::<OutboxRoute>::new()} />
                        // The inspector.
                        <Route path=path!("/") view=inspector::home />
                        <Route path=path!("/report") view={Lazy::<ReportRoute>::new()} />
                        <Route path=path!("/rechecks/*id") view={Lazy::<RecheckRoute>::new()} />
                        <Route path=path!("/mine") view={Lazy::<MineRoute>::new()} />
                        // The unit.
                        <Route path=path!("/orders/*issue_id") view={Lazy::<UnitRoute>::new()} />
                        // The office.
                        <Route path=path!("/manage/*page") view={Lazy::<OfficeRoute>::new()} />
                    </ParentRoute>
                </Routes>
            </Router>
        }
        .into_any()
    }
}
