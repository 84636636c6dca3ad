//! Who may do what, as types.
//!
//! A store function that changes something takes a [`Granted`] right, one that reads issues takes a [`Scope`]. Neither
//! can be built outside this file: the only ways to one lead through [`SignedIn`] (a session that was looked up) or
//! through the operator at the command line. So a handler that forgets to ask does not compile:
//!
//! ```compile_fail
//! // error[E0451]: fields of struct `Granted` are private
//! let granted: server::access::Granted<server::access::ManagesUsers> =
//!     server::access::Granted { by: None, right: std::marker::PhantomData };
//! ```
//!
//! ```compile_fail
//! // error[E0423]: cannot initialize a tuple struct which contains private fields
//! let scope = server::access::Scope(server::access::Reach::Office);
//! ```

use crate::error::{Error, Result};
use crate::extract::read_header;
use crate::limit::Share;
use crate::listen::Caller;
use crate::session::{self, cookie};
use crate::{AppState, cli};
use app::id::{UnitId, UserId};
use app::problem::Code;
use app::role::{Actor, Role};
use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::request::Parts;
use std::marker::PhantomData;
use uuid::Uuid;

/// The header that names the account the client believes it acts for; optional.
pub const ACCOUNT: HeaderName = HeaderName::from_static("spotfix-account");

/// A right that roles have or have not.
pub trait Right: Send + Sync + 'static {
    /// Whether somebody of this role has it.
    fn is_held_by(role: Role) -> bool;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident = |$role:pat_param| $held:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl Right for $name {
            fn is_held_by($role: Role) -> bool {
                $held
            }
        }
    )*};
}

rights! {
    /// Changing one's own password and ending one's own sessions.
    OwnsAccount = |_| true;
    /// Sending photos: inspectors before, units after.
    SendsPhotos = |_| true;
    /// Reporting a problem.
    Reports = |role| role.may_report();
    /// Moving an order or an issue a step; which step, `app` decides from the state and the actor.
    TakesSteps = |_| true;
    /// Looking up units, spots, clauses and types.
    ReadsCatalogue = |_| true;
    /// Changing units, spots, clauses, types and routing rules.
    ManagesCatalogue = |role| role == Role::Admin;
    /// Preparing what is to be imported.
    PreparesCatalogue = |role| role.is_office();
    /// Seeing why routing goes where it goes, and what it does not reach.
    ReadsRouting = |role| role.is_office();
    /// Rates and rankings.
    ReadsRates = |role| role.is_office();
    /// Adding and disabling accounts.
    ManagesUsers = |role| role == Role::Admin;
}

/// The proof that whoever acts has the right `R`.
#[derive(Debug)]
pub struct Granted<R> {
    by: Option<Actor>,
    right: PhantomData<R>,
}

impl<R: Right> Granted<R> {
    /// Everything is granted to whoever can start the binary on the machine that holds the database.
    #[must_use]
    pub const fn to_operator(_: &cli::Operator) -> Self {
        Self { by: None, right: PhantomData }
    }

    /// What the operator does for somebody is done by that person: granted what the person's role has, and no more.
    ///
    /// # Errors
    /// `forbidden` when the role does not have it.
    pub fn to_operator_for(_: &cli::Operator, actor: &Actor) -> Result<Self> {
        Self::to(actor)
    }

    fn to(actor: &Actor) -> Result<Self> {
        if R::is_held_by(actor.role) {
            Ok(Self { by: Some(actor.clone()), right: PhantomData })
        } else {
            Err(Code::Forbidden.into())
        }
    }

    /// The person the right was granted to; `None` for the operator.
    #[must_use]
    pub const fn by(&self) -> Option<&Actor> {
        self.by.as_ref()
    }

    /// Which issues whoever it was granted to sees; the operator sees what the office sees.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.by.as_ref().map_or(Scope(Reach::Office), Scope::of)
    }

    /// The account the right was granted to; `None` for the operator.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        self.by.as_ref().map(|actor| actor.user_id)
    }
}

/// Which issues a person sees. Every function that reads issues takes one.
#[derive(Debug, Clone)]
pub struct Scope(Reach);

/// How far a [`Scope`] reaches.
#[derive(Debug, Clone)]
pub enum Reach {
    /// Every issue, and who inspected.
    Office,
    /// What inspectors see: this one.
    Inspector(UserId),
    /// The orders of these units, never who inspected.
    Units(Vec<UnitId>),
}

impl Scope {
    /// The operator sees what the office sees.
    #[must_use]
    pub const fn of_operator(_: &cli::Operator) -> Self {
        Self(Reach::Office)
    }

    fn of(actor: &Actor) -> Self {
        Self(match actor.role {
            Role::Manager | Role::Admin => Reach::Office,
            Role::Inspector => Reach::Inspector(actor.user_id),
            Role::Unit => Reach::Units(actor.units.clone()),
        })
    }

    /// How far it reaches.
    #[must_use]
    pub const fn reach(&self) -> &Reach {
        &self.0
    }

    /// Whether this person may learn who inspected.
    #[must_use]
    pub const fn sees_inspectors(&self) -> bool {
        matches!(self.0, Reach::Office)
    }
}

/// The person behind a request: there is a session, it has not ended, the account is not disabled.
#[derive(Debug, Clone)]
pub struct SignedIn {
    actor: Actor,
    username: String,
    name: String,
    token_hash: String,
}

impl SignedIn {
    /// The person, as the rules see them.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What the person types to sign in.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The person's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The hash of this session's token.
    #[must_use]
    pub fn token_hash(&self) -> &str {
        &self.token_hash
    }

    /// The proof that this person has the right `R`.
    ///
    /// # Errors
    /// `forbidden` when the role does not have it.
    pub fn may<R: Right>(&self) -> Result<Granted<R>> {
        Granted::to(&self.actor)
    }

    /// Which issues this person sees.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::of(&self.actor)
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let token = cookie::SESSION.read(&parts.headers, state).ok_or(Code::NotSignedIn)?;
        let token_hash = session::hash_token(&token);
        let found = session::store::find(state, &token_hash).await?.ok_or(Code::NotSignedIn)?;
        if let Some(caller) = parts.extensions.get::<Caller>() {
            caller.is_signed_in_now();
        }
        // Another tab has signed in as somebody else since: what this one sends must not become that person's doing.
        let meant = read_header(&parts.headers, &ACCOUNT, |text| Uuid::parse_str(text).ok())?;
        if meant.is_some_and(|meant| meant != found.actor.user_id.0) {
            return Err(Code::OtherAccount.into());
        }
        parts.extensions.insert(Share { bodies: state.bodies.clone(), account: found.actor.user_id });
        // The role, never the person: a log must not tell who inspected.
        tracing::Span::current().record("role", found.actor.role.code());
        Ok(Self { actor: found.actor, username: found.username, name: found.name, token_hash })
    }
}
