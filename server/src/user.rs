//! Accounts: who can sign in, and as what.

pub mod password;
pub mod routes;
pub mod store;

use crate::AppState;
use crate::error::{Error, Result};
use crate::session;
use app::account::{PASSWORD_MAX, username_key};
use app::id::UserId;
use app::problem::{Code, Problem};

/// Whose user name and password these are.
///
/// A name without an account, a disabled account and a wrong password take the same work and get the same answer.
///
/// # Errors
/// `wrong_credentials`, or `locked_out` after too many of those.
pub async fn check_credentials(state: &AppState, username: &str, password: &str) -> Result<UserId> {
    // Longer ones can be nobody's; they are not worth a row or the work.
    if username.len() > 400 || password.chars().count() > PASSWORD_MAX {
        return Err(Code::WrongCredentials.into());
    }
    let key = username_key(username);
    if let Err(seconds) = session::store::count_try(state, &key).await? {
        return Err(Problem::new(Code::LockedOut).with_retry_after_s(seconds).into());
    }
    let found = store::find_credentials(&state.db, &key).await?;
    let hash = found.as_ref().map(|account| account.password_hash.clone());
    let is_right = state.passwords.verify(password, hash).await?;
    match found {
        Some(account) if is_right && account.disabled_at.is_none() => {
            session::store::forget_failures(state, &key).await?;
            Ok(UserId(account.id))
        }
        _ => Err(Error::from(Code::WrongCredentials)),
    }
}
