//! What is given to a person and kept as a hash: who reads the database signs in as nobody.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The hash of a random token, in hexadecimal. Tokens have 128 random bits: no salt is needed.
#[must_use]
pub(super) fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash of a short code, which only the browser that asked can find again: it has few digits.
#[must_use]
pub(super) fn hash_code(code: &str, browser: &str) -> String {
    hash(&format!("{browser}:{code}"))
}
