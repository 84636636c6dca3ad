//! Signing in.

use app::problem::Code;
use leptos::prelude::*;
use leptos_router::components::Redirect;

use crate::api;
use crate::components::{Banner, BannerKind, Button, Page, Preferences, Shell, TextField};
use crate::load::Deed;
use crate::outbox::use_outbox;
use crate::session::{home, use_session};
use crate::words::use_words;

/// The address for signing in; whoever is signed in already goes on to their start.
#[component]
pub fn SignInPage() -> impl IntoView {
    let session = use_session();
    move || match session.role() {
        Some(role) => view! { <Redirect path=home(role) /> }.into_any(),
        None => view! { <SignIn /> }.into_any(),
    }
}

/// The form; also shown in place of any page that needs a person.
#[component]
pub fn SignIn() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let username = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let asked = RwSignal::new(false);
    let deed = Deed::new();
    let missing = move |field: RwSignal<String>, label: &'static str| {
        Signal::derive(move || {
            (asked.get() && field.with(|text| text.trim().is_empty()))
                .then(|| (words.errors.required_field)(label))
        })
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        asked.set(true);
        let (name, word) = (username.get_untracked(), password.get_untracked());
        if name.trim().is_empty() || word.is_empty() {
            return;
        }
        let sign_in = async move {
            api::account::sign_in(&name, &word).await?;
            api::account::me().await
        };
        deed.run(sign_in, move |me| session.become_person(me));
    };
    // A wrong password stands beside the password; all else concerns the whole page.
    let wrong = Signal::derive(move || {
        deed.failure
            .with(|failure| failure.as_ref().and_then(|it| it.code()) == Some(Code::WrongCredentials))
            .then(|| (words.errors.code)(Code::WrongCredentials).to_owned())
    });
    let password_missing = missing(password, words.account.password);
    let password_error = Signal::derive(move || password_missing.get().or_else(|| wrong.get()));
    // The password was right, and the browser did not keep the cookie: by http, or under another address than the county's.
    let is_forgotten = move || {
        let code = deed.failure.with(|failure| failure.as_ref().and_then(|it| it.code()));
        code == Some(Code::NotSignedIn)
    };
    let refusal = move || {
        if is_forgotten() {
            let text = words.account.sign_in_forgotten;
            return Some(view! { <Banner kind=BannerKind::Error>{text}</Banner> }.into_any());
        }
        wrong.get().is_none().then(|| deed.refusal())
    };
    view! {
        <Shell tabs=vec![]>
            <Page title=words.account.sign_in_title>
                <p class="muted">{words.account.sign_in_lead}</p>
                {waiting_for_their_owner()}
                <form class="stack" novalidate on:submit=submit>
                    {refusal}
                    <TextField
                        label=words.account.username
                        value=username
                        error=missing(username, words.account.username)
                        autocomplete="username"
                        name="username"
                    />
                    <TextField
                        label=words.account.password
                        value=password
                        error=password_error
                        kind="password"
                        autocomplete="current-password"
                        name="password"
                    />
                    <Button submit=true full=true busy=deed.busy>
                        {words.account.sign_in}
                    </Button>
                </form>
                <details class="disclosure">
                    <summary>{words.account.settings}</summary>
                    <Preferences />
                </details>
            </Page>
        </Shell>
    }
}

/// How much on this phone waits for its owner to sign in again; not what it is.
fn waiting_for_their_owner() -> AnyView {
    let words = &use_words().glance;
    let status = use_outbox().status;
    (move || {
        let count = status.with(|status| status.of_others);
        (count > 0).then(|| view! { <p role="status">{(words.kept_for_others)(count)}</p> })
    })
    .into_any()
}
