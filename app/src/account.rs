//! Accounts as the API shows them: signing in, who I am, my password.

pub mod delay;

use crate::id::{UnitId, UserId};
use crate::problem::{FieldCode, FieldProblem};
use crate::role::Role;
use serde::{Deserialize, Serialize};

/// Characters a password has at least.
pub const PASSWORD_MIN: usize = 8;
/// Characters a password has at most: more would only be work for an attacker to give us.
pub const PASSWORD_MAX: usize = 256;
/// Characters a user name has at most.
pub const USERNAME_MAX: usize = 64;

/// `POST /api/session`: signing in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// The user name; case does not matter.
    pub username: String,
    /// The password.
    pub password: String,
}

/// `PUT /api/me/password`: a new password; every other session of this account ends.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPassword {
    /// The password so far.
    pub old: String,
    /// The password from now on, 8 to 256 characters.
    pub new: String,
}

/// `GET /api/me`: the person signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The account.
    pub user_id: UserId,
    /// What the person types to sign in.
    pub username: String,
    /// The person's name.
    pub name: String,
    /// What the person is to the campaign.
    pub role: Role,
    /// The units the person speaks for.
    pub units: Vec<MyUnit>,
    /// Whether this server runs the demo county.
    pub demo: bool,
}

/// A unit the person speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyUnit {
    /// The unit.
    pub id: UnitId,
    /// Its name.
    pub name: String,
}

// Passwords stay out of logs even where somebody logs the whole request.
impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("username", &self.username).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPassword").finish_non_exhaustive()
    }
}

/// A user name as it is compared: without outer spaces, in lower case.
#[must_use]
pub fn username_key(username: &str) -> String {
    username.trim().to_lowercase()
}

/// Whether this can be a user name: 1 to 64 letters, digits, `.`, `_` or `-`, in any script.
///
/// # Errors
/// What is wrong with it.
pub fn check_username(field: &str, username: &str) -> Result<(), FieldProblem> {
    let key = username_key(username);
    match key.chars().count() {
        0 => Err(FieldProblem::new(field, FieldCode::Required)),
        n if n > USERNAME_MAX => Err(FieldProblem::new(field, FieldCode::TooLong)),
        _ if key.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-')) => Ok(()),
        _ => Err(FieldProblem::new(field, FieldCode::Invalid)),
    }
}

/// Whether this can be a new password.
///
/// # Errors
/// What is wrong with it.
pub fn check_password(field: &str, password: &str) -> Result<(), FieldProblem> {
    match password.chars().count() {
        n if n < PASSWORD_MIN => Err(FieldProblem::new(field, FieldCode::TooShort)),
        n if n > PASSWORD_MAX => Err(FieldProblem::new(field, FieldCode::TooLong)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_passwords_have_their_lengths() {
        assert_eq!(check_password("new", "short").expect_err("7").code, FieldCode::TooShort);
        assert!(check_password("new", "八个字的密码也行").is_ok());
        assert_eq!(check_password("new", &"长".repeat(257)).expect_err("257").code, FieldCode::TooLong);
        assert!(check_username("username", "王小明.1").is_ok());
        assert_eq!(check_username("username", "a b").expect_err("space").code, FieldCode::Invalid);
        assert_eq!(check_username("username", "  ").expect_err("empty").code, FieldCode::Required);
    }

    #[test]
    fn passwords_are_not_printed() {
        let text = format!("{:?}", SignIn { username: "a".into(), password: "hunter42".into() });
        assert!(!text.contains("hunter42"), "{text}");
    }
}
