//! Who is signed in on this page, and what follows from it.
//!
//! The person is remembered on the phone, so that the page opens without a network; the server has the last word as soon as
//! it can be asked.

use app::account::Me;
use app::problem::Code;
use app::role::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, Failure};
use crate::globals::{remove, store, stored};
use crate::outbox::Outbox;

/// Where the person is remembered.
const ME_KEY: &str = "spotfix.me";

/// What is known of the person.
#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// Being asked.
    Unknown,
    /// Nobody is signed in.
    Nobody,
    /// This person is.
    Person(Me),
    /// The question was not answered.
    Unanswered(Failure),
}

impl Who {
    /// The person, if somebody is signed in.
    #[must_use]
    pub const fn person(&self) -> Option<&Me> {
        match self {
            Self::Person(me) => Some(me),
            Self::Unknown | Self::Nobody | Self::Unanswered(_) => None,
        }
    }
}

/// The session of this page; one for as long as it lives.
#[derive(Clone, Copy)]
pub struct Session {
    /// What is known of the person.
    pub who: RwSignal<Who>,
    outbox: Outbox,
}

impl Session {
    /// Remembers or asks who is signed in, and puts the session into context.
    pub fn provide() -> Self {
        let session = Self { who: RwSignal::new(Who::Unknown), outbox: Outbox::provide() };
        provide_context(session);
        if let Some(me) = remembered() {
            session.become_person(me);
        }
        session.ask();
        session
    }

    /// Asks who is signed in.
    pub fn ask(self) {
        spawn_local(async move {
            match api::account::me().await {
                Ok(me) => self.become_person(me),
                Err(failure) if failure.code() == Some(Code::NotSignedIn) => self.forget(),
                // Without an answer it is whoever it was.
                Err(failure) => {
                    if self.who.with_untracked(|who| who.person().is_none()) {
                        self.who.set(Who::Unanswered(failure));
                    }
                }
            }
        });
    }

    /// This person is signed in.
    pub fn become_person(self, me: Me) {
        if let Ok(text) = serde_json::to_string(&me) {
            store(ME_KEY, &text);
        }
        api::act_for(Some(me.user_id));
        // Also of whom it was already: another tab may have signed the phone's outbox out.
        self.outbox.belong_to(Some(&me));
        if self.who.with_untracked(|who| who.person() != Some(&me)) {
            self.who.set(Who::Person(me));
        }
    }

    /// Nobody is signed in any more. What is on the phone stays, and waits for its owner.
    pub fn forget(self) {
        remove(ME_KEY);
        api::act_for(None);
        self.outbox.belong_to(None);
        self.who.set(Who::Nobody);
    }

    /// Looks at a failure for what it says about the session.
    pub fn notice(self, failure: &Failure) {
        match failure.code() {
            Some(Code::NotSignedIn) => self.forget(),
            // Somebody else signed in here in the meantime: the page becomes theirs.
            Some(Code::OtherAccount) => self.ask(),
            _ => {}
        }
    }

    /// The person, if somebody is signed in; follows changes.
    #[must_use]
    pub fn me(self) -> Option<Me> {
        self.who.with(|who| who.person().cloned())
    }

    /// The person's role, if somebody is signed in; follows changes.
    #[must_use]
    pub fn role(self) -> Option<Role> {
        self.who.with(|who| who.person().map(|me| me.role))
    }
}

/// The person who was signed in here last.
fn remembered() -> Option<Me> {
    serde_json::from_str(&stored(ME_KEY)?).ok()
}

/// The session of this page.
#[must_use]
pub fn use_session() -> Session {
    expect_context::<Session>()
}

/// Where a person of this role begins.
#[must_use]
pub const fn home(role: Role) -> &'static str {
    match role {
        Role::Inspector => "/",
        Role::Unit => "/orders",
        Role::Manager | Role::Admin => "/manage",
    }
}
