//! The gallery: every component in every state, with the field's own words.

mod camera;
mod desk;
mod forms;
mod lists;
mod samples;
mod states;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Card, Icon, IconButton, Page, Preferences, Shell, Tab};
use crate::globals::{Theme, use_globals};
use crate::words::use_words;

/// The gallery. Its code is a module of its own, fetched by whoever comes
/// here, because no inspector should carry it about.
#[derive(Debug)]
pub struct GalleryRoute;

#[lazy_route]
impl LazyRoute for GalleryRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <GalleryPage /> }.into_any()
    }
}

#[component]
fn GalleryPage() -> impl IntoView {
    let words = use_words();
    let globals = use_globals();
    let tabs = vec![
        Tab::new("/gallery", Icon::Camera, words.shell.tab_report),
        Tab::new("/gallery/recheck", Icon::ClipboardCheck, words.shell.tab_recheck)
            .counting(Signal::stored(3)),
        Tab::new("/gallery/mine", Icon::List, words.shell.tab_mine).counting(Signal::stored(128)),
        Tab::new("/gallery/me", Icon::User, words.account.me),
    ];
    let turn = Callback::new(move |()| {
        let dark = document().document_element().is_some_and(|root| root.class_list().contains("dark"));
        globals.theme.set(if dark { Theme::Light } else { Theme::Dark });
    });
    view! {
        <Shell tabs=tabs>
            <Page
                title=words.gallery.title
                back="/"
                wide=true
                actions=move || view! { <IconButton icon=Icon::Contrast label=words.account.theme on_press=turn /> }
            >
                <p class="muted">{words.gallery.intro}</p>
                {states::both_themes()}
                <div class="columns">
                    <div class="stack-loose">
                        {lists::rows()} {forms::fields()} {forms::photos()} {desk::timeline()}
                    </div>
                    <div class="stack-loose">
                        <Card title=words.gallery.settings>
                            <Preferences />
                        </Card>
                        {forms::sheets()} {camera::camera()} {desk::facts()} {lists::waiting()} {desk::type_scale()}
                    </div>
                </div>
                {desk::table()}
            </Page>
        </Shell>
    }
}

/// A part of the gallery with its heading.
fn part(heading: &'static str, content: AnyView) -> AnyView {
    view! {
        <section class="stack">
            <h2>{heading}</h2>
            {content}
        </section>
    }
    .into_any()
}
