//! Sessions: a random token in a cookie, its hash in the database. Devices that are known are kept in the same way.

pub mod cookie;
pub mod device;
pub mod origin;
pub mod routes;
pub mod store;
pub mod throttle;

use sha2::{Digest, Sha256};

/// A new token: 256 random bits, in hex.
#[must_use]
pub fn new_token() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    hex::encode(bytes)
}

/// What is stored of a token. It is random already, so a plain hash is enough.
#[must_use]
pub fn hash_token(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
