//! What is given to a person and kept as a hash: who reads the database signs in as nobody.

use crate::app::digest;

/// The hash of a random token, in hexadecimal. Tokens have 128 random bits: no salt is needed.
#[must_use]
pub(super) fn hash(token: &str) -> String {
    digest(token.as_bytes())
}

/// The hash of a short code, which only the browser that asked can find again: it has few digits.
#[must_use]
pub(super) fn hash_code(code: &str, browser: &str) -> String {
    hash(&format!("{browser}:{code}"))
}
