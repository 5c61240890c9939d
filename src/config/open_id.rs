use std::{num::NonZeroU64, time::Duration};

use clap::{Args, builder::NonEmptyStringValueParser};

use super::Remote;

/// A provider of identities by which people may come in: off unless its first three settings are given.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Sign-in by a provider of identities (OpenID Connect)")]
pub struct OpenIdSettings {
    /// Its address, such as ProConnect's, reached through `HTTPS_PROXY` if there is one. It opens the account of whoever has
    /// the e-mail address it gives: name one that gives each person no address but their own
    #[arg(long, env = "OIDC_ISSUER", value_name = "URL", global = true)]
    pub oidc_issuer: Option<Remote>,

    /// Name under which it knows this site
    #[arg(long, env = "OIDC_CLIENT_ID", value_name = "ID", value_parser = NonEmptyStringValueParser::new(), global = true)]
    pub oidc_client_id: Option<String>,

    /// Secret it shares with this site
    #[arg(long, env = "OIDC_CLIENT_SECRET", value_name = "SECRET", value_parser = NonEmptyStringValueParser::new(), hide_env_values = true, global = true)]
    pub oidc_client_secret: Option<String>,

    /// Its name, as the button says it
    #[arg(long, env = "OIDC_NAME", default_value = "ProConnect", value_name = "NAME", global = true)]
    pub oidc_name: String,

    /// What it is asked for, by spaces
    #[arg(
        long,
        env = "OIDC_SCOPES",
        default_value = "openid email given_name usual_name",
        value_name = "SCOPES",
        global = true
    )]
    pub oidc_scopes: String,

    /// Seconds within which it must answer
    #[arg(long, env = "OIDC_TIMEOUT", default_value = "10", value_name = "SECONDS", global = true)]
    pub oidc_timeout: NonZeroU64,
}

impl OpenIdSettings {
    /// What the button says, when there is a provider.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.oidc_issuer.is_some().then_some(self.oidc_name.as_str())
    }

    /// The provider, when there is one.
    ///
    /// # Errors
    /// When its settings are not whole; the message says what to set.
    pub fn provider(&self) -> Result<Option<OpenId>, NotWhole> {
        let (issuer, id, secret) = match (&self.oidc_issuer, &self.oidc_client_id, &self.oidc_client_secret) {
            (None, None, None) => return Ok(None),
            (Some(issuer), Some(id), Some(secret)) => (issuer.clone(), id.clone(), secret.clone()),
            (issuer, id, secret) => {
                let all = [
                    ("OIDC_ISSUER", issuer.is_none()),
                    ("OIDC_CLIENT_ID", id.is_none()),
                    ("OIDC_CLIENT_SECRET", secret.is_none()),
                ];
                let missing: Vec<&str> = all.iter().filter(|(_, missing)| *missing).map(|(name, _)| *name).collect();
                return Err(NotWhole::Missing(missing.join(" and ")));
            }
        };
        if !self.oidc_scopes.split_whitespace().any(|scope| scope == "openid") {
            return Err(NotWhole::Scopes);
        }
        let timeout = Duration::from_secs(self.oidc_timeout.get());
        Ok(Some(OpenId { issuer, client_id: id, client_secret: secret, scopes: self.oidc_scopes.clone(), timeout }))
    }
}

/// A provider of identities, and what this site is to it.
#[derive(Clone, Debug)]
pub struct OpenId {
    /// Its address, to the letter as it signs it.
    pub issuer: Remote,
    /// Name under which it knows this site.
    pub client_id: String,
    /// Secret it shares with this site.
    pub client_secret: String,
    /// What it is asked for, by spaces.
    pub scopes: String,
    /// How long it may take to answer.
    pub timeout: Duration,
}

/// Settings of a provider that say too little.
#[derive(Debug, thiserror::Error)]
pub enum NotWhole {
    /// Some of the three are not there.
    #[error("sign-in by a provider of identities needs {0} too: set it, or unset the other OIDC_ settings")]
    Missing(String),
    /// Without this word the provider does not say who signs in.
    #[error("OIDC_SCOPES must hold the word openid")]
    Scopes,
}
