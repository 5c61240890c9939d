//! What a provider answers.

use serde::{Deserialize, de::DeserializeOwned};

use super::failure::{Failure, What};
use crate::mail::EmailAddress;

/// Its description (OpenID Connect Discovery 1.0, 3).
#[derive(Deserialize)]
pub(super) struct Document {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) userinfo_endpoint: String,
    pub(super) jwks_uri: String,
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    pub(super) code_challenge_methods_supported: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Keys {
    pub(super) keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) id_token: String,
}

#[derive(Deserialize)]
pub(super) struct IdToken {
    pub(super) sub: String,
    pub(super) aud: serde_json::Value,
    pub(super) azp: Option<String>,
    pub(super) exp: i64,
    pub(super) nonce: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Person {
    pub(super) sub: String,
    pub(super) exp: Option<i64>,
    pub(super) email: Option<String>,
    pub(super) email_verified: Option<serde_json::Value>,
    pub(super) given_name: Option<String>,
    pub(super) usual_name: Option<String>,
    pub(super) family_name: Option<String>,
}

impl Document {
    /// ProConnect refuses parameters it does not know: only who says so is sent these (RFC 9700, 2.1.1). The nonce and the
    /// secret protect the code of the others.
    pub(super) fn knows_pkce(&self) -> bool {
        self.code_challenge_methods_supported.iter().any(|method| method == "S256")
    }

    /// Who says nothing takes it in the header.
    pub(super) fn takes_secret_in_form(&self) -> bool {
        let takes = |method: &str| self.token_endpoint_auth_methods_supported.iter().any(|known| known == method);
        takes("client_secret_post") && !takes("client_secret_basic")
    }
}

impl Person {
    /// Their address, unless the provider says that it did not verify it. Silence is taken for a yes: ProConnect says nothing,
    /// since the administrations behind it own the domains of their addresses, and whoever runs the site chose the provider
    /// knowing that its addresses open accounts.
    pub(super) fn own_email(&self) -> Option<EmailAddress> {
        let verified = match &self.email_verified {
            None | Some(serde_json::Value::Null) => true,
            // Some write the word.
            Some(said) => said == &serde_json::Value::Bool(true) || said == "true",
        };
        self.email.as_deref().filter(|_| verified).and_then(|email| EmailAddress::parse(email).ok())
    }

    pub(super) fn name(&self) -> String {
        let last = self.usual_name.as_deref().or(self.family_name.as_deref());
        [self.given_name.as_deref(), last].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

pub(super) fn parsed<T: DeserializeOwned>(what: What, body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|_| Failure::Unreadable(what))
}
