//! The person's own page: who one is, language and appearance, password, signing out.

mod install;
mod leaving;

use std::time::Duration;

use app::account::PASSWORD_MIN;
use app::problem::FieldCode;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, Failure};
use crate::components::{Button, Card, Fact, Facts, Icon, Kind, Page, Preferences, Sheet, TextField};
use crate::device;
use crate::globals::use_globals;
use crate::load::Deed;
use crate::outbox::{kept, use_outbox};
use crate::session::use_session;
use crate::words::use_words;

/// How far somebody signs out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Leave {
    Here,
    Everywhere,
}

/// Somebody who wants to sign out and is asked first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Leaving {
    how: Leave,
    /// Whether the phone has said what is unsent.
    is_counted: bool,
}

/// How long the phone's storage may take to say what is unsent; then it is not known.
const STORAGE_PATIENCE: Duration = Duration::from_secs(8);

/// The person's own page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let deed = Deed::new();
    let changing = RwSignal::new(false);
    // What was read goes with its reader; what is unsent stays, and waits for its owner.
    let gone = move |()| {
        if let Some(me) = session.who.with_untracked(|who| who.person().map(|me| me.user_id)) {
            spawn_local(kept::forget(me));
        }
        session.forget();
    };
    let leaving = RwSignal::new(None::<Leaving>);
    let leave = Callback::new(move |how: Leave| match how {
        Leave::Here => deed.run(api::account::sign_out(), gone),
        Leave::Everywhere => deed.run(api::account::sign_out_everywhere(), gone),
    });
    let outbox = use_outbox();
    // The phone's storage is being asked, where another tab may be writing.
    let asking = RwSignal::new(false);
    let busy = Signal::derive(move || asking.get() || deed.busy.get());
    let ask = move |how: Leave| {
        move |()| {
            if busy.get_untracked() {
                return;
            }
            asking.set(true);
            let give_up = move || {
                if asking.try_get_untracked() == Some(true) {
                    asking.set(false);
                    leaving.set(Some(Leaving { how, is_counted: false }));
                }
            };
            set_timeout(give_up, STORAGE_PATIENCE);
            spawn_local(async move {
                let counted = outbox.look().await;
                // Gone on, or given up.
                if asking.try_get_untracked() != Some(true) {
                    return;
                }
                asking.set(false);
                match counted {
                    Ok(status) if status.is_known() && status.unsent == 0 => drop(leave.try_run(how)),
                    counted => {
                        let is_counted = counted.is_ok_and(|status| status.is_known());
                        leaving.try_set(Some(Leaving { how, is_counted }));
                    }
                }
            });
        }
    };
    let online = device::online();
    let needs_network =
        move || (!online.get()).then(|| view! { <p class="muted small">{words.outbox.sign_out_offline}</p> });
    let person = move || {
        session.me().map(|me| {
            let units = me.units.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>().join(words.common.comma);
            view! {
                <Card title=me.name>
                    <Facts>
                        <Fact name=words.account.username>{me.username}</Fact>
                        <Fact name=words.account.role>{(words.account.role_of)(me.role)}</Fact>
                        {(!units.is_empty()).then(|| view! { <Fact name=words.account.my_units>{units}</Fact> })}
                    </Facts>
                </Card>
            }
        })
    };
    view! {
        <Page title=words.account.me>
            {person}
            {install::hint()}
            <Card title=words.account.settings>
                <Preferences />
            </Card>
            <Card title=words.account.security>
                {deed.refusal()}
                <div class="stack-tight">
                    <Button kind=Kind::Quiet full=true on_press=move |()| changing.set(true)>
                        {words.account.change_password}
                    </Button>
                    <Button kind=Kind::Quiet full=true icon=Icon::LogOut busy=busy on_press=ask(Leave::Here)>
                        {words.account.sign_out}
                    </Button>
                    <Button kind=Kind::Quiet full=true busy=busy on_press=ask(Leave::Everywhere)>
                        {words.account.sign_out_everywhere}
                    </Button>
                    <p class="muted small">{words.account.sign_out_everywhere_help}</p>
                    {needs_network}
                </div>
            </Card>
            {password_sheet(changing)}
            {leaving::sheet(leaving, leave)}
        </Page>
    }
}

fn password_sheet(open: RwSignal<bool>) -> AnyView {
    let words = use_words();
    let globals = use_globals();
    let old = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let deed = Deed::new();
    let change = move |()| {
        let (from, to) = (old.get_untracked(), new.get_untracked());
        deed.run(async move { api::account::change_password(&from, &to).await }, move |()| {
            open.set(false);
            old.set(String::new());
            new.set(String::new());
            globals.toast(words.account.password_changed);
        });
    };
    let error_of = move |field: &'static str| {
        deed.failure.with(|failure| match failure {
            Some(Failure::Refused(problem)) => {
                problem.fields.iter().find(|it| it.field == field).map(|it| it.code)
            }
            _ => None,
        })
    };
    let old_error = Signal::derive(move || match error_of("old") {
        Some(FieldCode::Wrong) => Some(words.account.old_wrong.to_owned()),
        other => other.map(|code| (words.errors.field)(code).to_owned()),
    });
    let new_error = Signal::derive(move || error_of("new").map(|code| (words.errors.field)(code).to_owned()));
    let refusal = move || (old_error.get().is_none() && new_error.get().is_none()).then(|| deed.refusal());
    view! {
        <Sheet
            open=open
            title=words.account.change_password
            actions=move || {
                view! {
                    <Button kind=Kind::Quiet on_press=move |()| open.set(false)>{words.common.cancel}</Button>
                    <Button busy=deed.busy on_press=change>{words.common.save}</Button>
                }
            }
        >
            <div class="stack">
                {refusal}
                <TextField
                    label=words.account.old_password
                    value=old
                    error=old_error
                    kind="password"
                    autocomplete="current-password"
                />
                <TextField
                    label=words.account.new_password
                    value=new
                    hint=(words.account.new_password_hint)(PASSWORD_MIN)
                    error=new_error
                    kind="password"
                    autocomplete="new-password"
                />
            </div>
        </Sheet>
    }
    .into_any()
}
