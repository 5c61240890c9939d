use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    errors::{Error, ErrorKind},
    jwk::{Jwk, PublicKeyUse},
};
use serde::de::DeserializeOwned;

/// How a provider may sign: `none` and what is signed with a shared secret are not among them.
const ALGORITHMS: [Algorithm; 2] = [Algorithm::RS256, Algorithm::ES256];

/// Who must have signed a token, for whom, about whom.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) audience: &'a str,
    /// Anybody, when nothing is known yet.
    pub(super) subject: Option<&'a str>,
}

/// Why a token is not believed. It says nothing of what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Wrong {
    /// It may be a new one.
    #[error("it is signed with a key that is not known")]
    Key,
    #[error("it is not signed as it should be")]
    Signature,
    #[error("another provider gave it")]
    Issuer,
    #[error("it was given to another site")]
    Audience,
    #[error("it is about somebody else")]
    Subject,
    #[error("it has expired")]
    Expired,
    #[error("it was not made for this sign-in")]
    Nonce,
    #[error("it cannot be read")]
    Form,
}

/// What a signed token says, once it is sure who says it. Whether it is too old is left to the caller, who has the time.
pub(super) fn read<T: DeserializeOwned>(token: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<T, Wrong> {
    let header = decode_header(token).map_err(wrong)?;
    // What we do not understand and must not pass over (RFC 7515, 4.1.11).
    if !ALGORITHMS.contains(&header.alg) || header.crit.is_some() {
        return Err(Wrong::Signature);
    }
    let mut rules = Validation::new(header.alg);
    rules.validate_exp = false;
    rules.set_required_spec_claims(&["iss", "aud", "sub"]);
    rules.set_issuer(&[expected.issuer]);
    rules.set_audience(&[expected.audience]);
    rules.sub = expected.subject.map(ToOwned::to_owned);
    let mut found = Err(Wrong::Key);
    for key in keys.iter().filter(|key| signs(key, header.kid.as_deref())) {
        let key = DecodingKey::from_jwk(key).map_err(wrong)?;
        found = decode(token, &key, &rules).map(|told| told.claims).map_err(wrong);
        // Without a name for its key, it may be any of them.
        if !matches!(found, Err(Wrong::Signature)) {
            break;
        }
    }
    found
}

fn signs(key: &Jwk, id: Option<&str>) -> bool {
    let named = id.is_none() || key.common.key_id.as_deref() == id;
    named && !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption))
}

fn wrong(error: Error) -> Wrong {
    match error.kind() {
        ErrorKind::InvalidIssuer => Wrong::Issuer,
        ErrorKind::InvalidAudience => Wrong::Audience,
        ErrorKind::InvalidSubject => Wrong::Subject,
        ErrorKind::InvalidToken
        | ErrorKind::Base64(_)
        | ErrorKind::Json(_)
        | ErrorKind::Utf8(_)
        | ErrorKind::MissingRequiredClaim(_)
        | ErrorKind::InvalidClaimFormat(_) => Wrong::Form,
        _ => Wrong::Signature,
    }
}
