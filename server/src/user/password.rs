//! Password hashes: argon2id, a few at a time.

use crate::error::Result;
use anyhow::anyhow;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Hashes at the same time. Each takes 19 MiB, so a flood of sign-ins waits here instead of taking the memory.
const AT_ONCE: usize = 2;

/// A hash of nothing anybody knows, with the same parameters: an unknown name costs the same work as a known one. An
/// account that has it cannot be signed in to.
pub(crate) const UNKNOWN_PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c3BvdGZpeC1ub2JvZHkh$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Makes and checks password hashes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// The PHC string to store for this password.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        let hash =
            self.work(move || Ok(hasher()?.hash_password(password.as_bytes()).map(|hash| hash.to_string())));
        Ok(hash.await?.map_err(|error| anyhow!("hashing a password: {error}"))?)
    }

    /// Whether the password belongs to the hash; with no hash, the same work and `false`.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool> {
        let password = password.to_owned();
        self.work(move || {
            let is_known = hash.is_some();
            let hash = hash.unwrap_or_else(|| UNKNOWN_PASSWORD.to_owned());
            let hash =
                PasswordHash::new(&hash).map_err(|error| anyhow!("reading a password hash: {error}"))?;
            // The parameters are those of the hash, so that old hashes stay valid when ours change.
            Ok(hasher()?.verify_password(password.as_bytes(), &hash).is_ok() && is_known)
        })
        .await
    }

    /// Runs `work` off the async threads, when its turn comes.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|closed| anyhow!(closed))?;
        let done = tokio::task::spawn_blocking(move || {
            // Held until the work is over, also when the request has gone away meanwhile.
            let _permit = permit;
            work()
        });
        Ok(done.await??)
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
        let hash = passwords.hash("correct horse").await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse", Some(hash.clone())).await.expect("checks"));
        assert!(!passwords.verify("wrong horse", Some(hash)).await.expect("checks"));
        assert!(!passwords.verify("any", None).await.expect("the dummy can be checked"));
    }
}
