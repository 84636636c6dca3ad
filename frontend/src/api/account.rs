//! Signing in and out, who I am, my password.

use app::account::{Me, NewPassword, SignIn};

use super::{Answer, ask, get, tell};

/// Signs in; the browser keeps the session's cookie.
///
/// # Errors
/// `wrong_credentials`, `locked_out` with the seconds to wait.
pub async fn sign_in(username: &str, password: &str) -> Answer<()> {
    let sign_in = SignIn { username: username.to_owned(), password: password.to_owned() };
    tell("POST", "/api/session", &sign_in).await
}

/// Signs out on this device.
///
/// # Errors
/// When nothing answered.
pub async fn sign_out() -> Answer<()> {
    ask("DELETE", "/api/session").await
}

/// Signs out on every device.
///
/// # Errors
/// When nothing answered.
pub async fn sign_out_everywhere() -> Answer<()> {
    ask("DELETE", "/api/sessions").await
}

/// Who is signed in.
///
/// # Errors
/// `not_signed_in`.
pub async fn me() -> Answer<Me> {
    get("/api/me").await
}

/// Sets a new password; every other session of the account ends.
///
/// # Errors
/// `invalid_fields` naming `old` or `new`; `locked_out`.
pub async fn change_password(old: &str, new: &str) -> Answer<()> {
    let password = NewPassword { old: old.to_owned(), new: new.to_owned() };
    tell("PUT", "/api/me/password", &password).await
}
