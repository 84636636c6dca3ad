//! Accounts: who can sign in, and as what.

pub mod password;
pub mod routes;
pub mod store;

use crate::AppState;
use crate::error::{Error, Result};
use crate::session::device;
use crate::session::origin::Origin;
use crate::session::throttle::Try;
use app::account::{PASSWORD_MAX, username_key};
use app::id::UserId;
use app::problem::{Code, Problem};

/// An account whose password was right a moment ago. Whoever acts on it has to see that this is still so.
#[derive(Debug)]
pub struct Verified {
    /// The account.
    pub user_id: UserId,
    /// The hash that the password fitted.
    pub(crate) password_hash: String,
    /// The hash of the token of the device it came from, known or not.
    pub(crate) device_hash: Option<String>,
}

/// Whose user name and password these are.
///
/// A name without an account, a disabled account and a wrong password take the same work and get the same answer.
///
/// # Errors
/// `wrong_credentials`; `locked_out` with the seconds to wait after too many of those.
pub async fn check_credentials(
    state: &AppState,
    origin: &Origin,
    username: &str,
    password: &str,
) -> Result<Verified> {
    // Longer ones can be nobody's; they are not worth a counter or the work.
    if username.len() > 400 || password.chars().count() > PASSWORD_MAX {
        return Err(Code::WrongCredentials.into());
    }
    let key = username_key(username);
    let known_since = device::known_since(state.clock.now());
    let found = store::find_credentials(&state.db, &key, origin.device_hash(), known_since).await?;
    let known_device = found.as_ref().and_then(|account| account.known_device.as_deref());
    let attempt = Try {
        username_key: &key,
        client: origin.client(),
        known: known_device.or(origin.session_hash()),
        epoch: found.as_ref().map_or(0, |account| account.sign_in_epoch),
    };
    let admitted = state.throttle.admit(&state.clock, attempt).await.map_err(locked_out)?;
    let hash = found.as_ref().map(|account| account.password_hash.clone());
    // A device that is known waits its own turn: a flood of tries at the name is not to fill it.
    let is_right = state.passwords.verify(attempt.known.unwrap_or(&key), password, hash).await?;
    match found {
        Some(account) if is_right && account.disabled_at.is_none() => {
            admitted.was_right();
            Ok(Verified {
                user_id: UserId(account.id),
                password_hash: account.password_hash,
                device_hash: origin.device_hash().map(str::to_owned),
            })
        }
        _ => {
            admitted.was_wrong();
            Err(Error::from(Code::WrongCredentials))
        }
    }
}

fn locked_out(millis: i64) -> Problem {
    let seconds = u64::try_from(millis).unwrap_or(0).div_ceil(1000).max(1);
    Problem::new(Code::LockedOut).with_retry_after_s(seconds)
}
