//! Who is signed in on this page, and what follows from it.

use app::account::Me;
use app::problem::Code;
use app::role::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, Failure};

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

/// The session of this page; one for as long as it lives.
#[derive(Clone, Copy)]
pub struct Session {
    /// What is known of the person.
    pub who: RwSignal<Who>,
}

impl Session {
    /// Asks who is signed in, and puts the session into context.
    pub fn provide() -> Self {
        let session = Self { who: RwSignal::new(Who::Unknown) };
        provide_context(session);
        session.ask();
        session
    }

    /// Asks who is signed in.
    pub fn ask(self) {
        spawn_local(async move {
            self.who.set(match api::account::me().await {
                Ok(me) => Who::Person(me),
                Err(failure) if failure.code() == Some(Code::NotSignedIn) => Who::Nobody,
                Err(failure) => Who::Unanswered(failure),
            });
        });
    }

    /// Nobody is signed in any more.
    pub fn forget(self) {
        self.who.set(Who::Nobody);
    }

    /// Looks at a failure for what it says about the session.
    pub fn notice(self, failure: &Failure) {
        if failure.code() == Some(Code::NotSignedIn) {
            self.forget();
        }
    }

    /// The person, if somebody is signed in; follows changes.
    #[must_use]
    pub fn me(self) -> Option<Me> {
        match self.who.get() {
            Who::Person(me) => Some(me),
            _ => None,
        }
    }

    /// The person's role, if somebody is signed in; follows changes.
    #[must_use]
    pub fn role(self) -> Option<Role> {
        self.who.with(|who| match who {
            Who::Person(me) => Some(me.role),
            _ => None,
        })
    }
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
