//! Password hashes: argon2id, a few at a time.

use crate::crew::turns::Bounds;
use crate::crew::{Asker, Crew};
use crate::error::Result;
use anyhow::anyhow;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Hashes at the same time. Each takes 19 MiB, so a flood of sign-ins waits here instead of taking the memory.
const AT_ONCE: usize = 2;

/// Sign-ins that may wait: at some 30 ms each, whoever is last waits about two seconds. Under one name, what a person
/// and their devices may need at once.
const WAITING: Bounds = Bounds { each: 8, all: 128 };

/// A hash of nothing anybody knows, with the same parameters: an unknown name costs the same work as a known one. An
/// account that has it cannot be signed in to.
pub(crate) const UNKNOWN_PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c3BvdGZpeC1ub2JvZHkh$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Makes and checks password hashes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Passwords {
    hashing: Crew,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { hashing: Crew::new(AT_ONCE, WAITING) }
    }
}

impl Passwords {
    /// The PHC string to store for this password; `who` waits in turn with others.
    ///
    /// # Errors
    /// `too_many_requests` or `unavailable` when too many wait already.
    pub async fn hash(&self, who: &str, password: &str) -> Result<String> {
        let password = password.to_owned();
        let hash = self.hashing.run(Asker::new(&who), move || {
            let hash = hasher()?.hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|error| anyhow!("hashing a password: {error}"))
        });
        Ok(hash.await??)
    }

    /// Whether the password belongs to the hash; with no hash, the same work and `false`. `who` waits in turn with
    /// others.
    ///
    /// # Errors
    /// `too_many_requests` or `unavailable` when too many wait already.
    pub async fn verify(&self, who: &str, password: &str, hash: Option<String>) -> Result<bool> {
        let password = password.to_owned();
        let is_right = self.hashing.run(Asker::new(&who), move || {
            let is_known = hash.is_some();
            let hash = hash.unwrap_or_else(|| UNKNOWN_PASSWORD.to_owned());
            let hash =
                PasswordHash::new(&hash).map_err(|error| anyhow!("reading a password hash: {error}"))?;
            // The parameters are those of the hash, so that old hashes stay valid when ours change.
            anyhow::Ok(hasher()?.verify_password(password.as_bytes(), &hash).is_ok() && is_known)
        });
        Ok(is_right.await??)
    }
}

fn hasher() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| anyhow!("argon2: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_alone() {
        let passwords = Passwords::default();
        let hash = passwords.hash("a", "correct horse").await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("a", "correct horse", Some(hash.clone())).await.expect("checks"));
        assert!(!passwords.verify("a", "wrong horse", Some(hash)).await.expect("checks"));
        assert!(!passwords.verify("a", "any", None).await.expect("the dummy can be checked"));
    }
}
