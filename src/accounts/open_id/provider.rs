use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::Jwk;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    answers::{Document, IdToken, Keys, Person, Tokens, parsed},
    departure::Proofs,
    failure::{Failure, What},
    identity::Arrival,
    token::{self, Expected, Wrong},
};
use crate::config::{Config, OpenId};
use crate::outside::{Answer, Client};

/// How long what a provider says of itself is believed.
const BELIEVED: TimeDelta = TimeDelta::hours(1);
/// How far its clock may be from ours, in seconds.
const APART: i64 = 60;
/// Where browsers come back.
const RETURN: &str = "/connexion/fournisseur/retour";

/// The provider of identities of this node, and what is known of it. It is asked only when somebody leaves for it or comes
/// back; every question blocks.
pub(crate) struct Provider {
    settings: OpenId,
    /// Public address of [`RETURN`].
    back: String,
    client: Client,
    known: Mutex<Option<Arc<Known>>>,
}

/// What a provider says of itself.
struct Known {
    document: Document,
    keys: Vec<Jwk>,
    /// When it said so.
    at: DateTime<Utc>,
}

impl Provider {
    /// The provider of a node, when its settings name one.
    #[must_use]
    pub(crate) fn new(config: &Config) -> Option<Arc<Self>> {
        let settings = config.open_id.provider().ok().flatten()?;
        let client = Client::new(&settings.issuer, settings.timeout);
        let back = format!("{}{RETURN}", config.public_url());
        Some(Arc::new(Self { settings, back, client, known: Mutex::default() }))
    }

    /// Where a browser goes to sign in.
    ///
    /// # Errors
    /// When the provider does not say where.
    pub(super) fn way_out(&self, proofs: &Proofs, now: DateTime<Utc>) -> Result<Url, Failure> {
        let known = self.known(now)?;
        let mut way = self.public(&known.document.authorization_endpoint)?;
        way.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.back)
            .append_pair("scope", &self.settings.scopes)
            .append_pair("state", &proofs.state)
            .append_pair("nonce", &proofs.nonce);
        if known.document.knows_pkce() {
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(proofs.verifier.as_bytes()));
            way.query_pairs_mut()
                .append_pair("code_challenge", &challenge)
                .append_pair("code_challenge_method", "S256");
        }
        Ok(way)
    }

    /// Who came back with this code.
    ///
    /// # Errors
    /// When the provider does not say, or what it says proves nothing.
    pub(super) fn arrival(&self, code: &str, proofs: &Proofs, now: DateTime<Utc>) -> Result<Arrival, Failure> {
        let known = self.known(now)?;
        let tokens = self.tokens(&known.document, code, proofs)?;
        let (id, known) = self.signed::<IdToken>(What::IdToken, &tokens.id_token, None, known, now)?;
        self.check(&id, proofs, now).map_err(|why| Failure::Unproven { what: What::IdToken, why })?;
        let what = What::Person;
        let answer = self.get(what, &known.document.userinfo_endpoint, Some(&tokens.access_token))?;
        let person: Person = if answer.is_jwt {
            let signed = str::from_utf8(&answer.body).map_err(|_| Failure::Unreadable(what))?;
            self.signed(what, signed.trim(), Some(&id.sub), known, now)?.0
        } else {
            parsed(what, &answer.body)?
        };
        if person.sub != id.sub {
            return Err(Failure::Unproven { what, why: Wrong::Subject });
        }
        if person.exp.is_some_and(|end| is_over(end, now)) {
            return Err(Failure::Unproven { what, why: Wrong::Expired });
        }
        Ok(Arrival {
            issuer: self.settings.issuer.as_str().to_owned(),
            email: person.own_email(),
            name: person.name(),
            subject: person.sub,
        })
    }

    fn tokens(&self, document: &Document, code: &str, proofs: &Proofs) -> Result<Tokens, Failure> {
        let OpenId { client_id, client_secret, .. } = &self.settings;
        let mut form = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &self.back)];
        if document.knows_pkce() {
            form.push(("code_verifier", &proofs.verifier));
        }
        let basic = if document.takes_secret_in_form() {
            form.extend([("client_id", client_id.as_str()), ("client_secret", client_secret)]);
            None
        } else {
            Some((client_id.as_str(), client_secret.as_str()))
        };
        let answer =
            self.client.post(&document.token_endpoint, &form, basic).map_err(Failure::unanswered(What::Tokens))?;
        parsed(What::Tokens, &answer.body)
    }

    /// What a token says. A key that is not known may be a new one: the provider is asked once more.
    fn signed<T: DeserializeOwned>(
        &self,
        what: What,
        text: &str,
        subject: Option<&str>,
        known: Arc<Known>,
        now: DateTime<Utc>,
    ) -> Result<(T, Arc<Known>), Failure> {
        let audience = &self.settings.client_id;
        let expected = Expected { issuer: self.settings.issuer.as_str(), audience, subject };
        let unproven = |why| Failure::Unproven { what, why };
        match token::read(text, &known.keys, &expected) {
            Err(Wrong::Key) => {
                let known = self.ask(now)?;
                let told = token::read(text, &known.keys, &expected).map_err(unproven)?;
                Ok((told, known))
            }
            told => Ok((told.map_err(unproven)?, known)),
        }
    }

    /// What is left to check of an ID token (OpenID Connect Core 1.0, 3.1.3.7).
    fn check(&self, id: &IdToken, proofs: &Proofs, now: DateTime<Utc>) -> Result<(), Wrong> {
        // A token for several sites says which of them asked for it.
        let alone = id.aud.as_array().is_none_or(|all| all.len() == 1);
        if !id.azp.as_ref().map_or(alone, |asked| *asked == self.settings.client_id) {
            return Err(Wrong::Audience);
        }
        if is_over(id.exp, now) {
            return Err(Wrong::Expired);
        }
        if id.nonce.as_ref() != Some(&proofs.nonce) {
            return Err(Wrong::Nonce);
        }
        let is_name = (1..=255).contains(&id.sub.chars().count()) && !id.sub.contains(char::is_control);
        if is_name { Ok(()) } else { Err(Wrong::Form) }
    }

    fn known(&self, now: DateTime<Utc>) -> Result<Arc<Known>, Failure> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        known.filter(|known| known.at + BELIEVED > now).map_or_else(|| self.ask(now), Ok)
    }

    fn ask(&self, now: DateTime<Utc>) -> Result<Arc<Known>, Failure> {
        let issuer = self.settings.issuer.as_str();
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document: Document = parsed(What::Document, &self.get(What::Document, &address, None)?.body)?;
        if document.issuer != issuer {
            return Err(Failure::Unproven { what: What::Document, why: Wrong::Issuer });
        }
        let keys: Keys = parsed(What::Keys, &self.get(What::Keys, &document.jwks_uri, None)?.body)?;
        // Keys of kinds we do not know are not for us.
        let keys = keys.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
        let known = Arc::new(Known { document, keys, at: now });
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(known)
    }

    fn get(&self, what: What, address: &str, bearer: Option<&str>) -> Result<Answer, Failure> {
        self.client.get(address, bearer).map_err(Failure::unanswered(what))
    }

    /// An address a browser may be sent to: over TLS as the provider itself.
    fn public(&self, address: &str) -> Result<Url, Failure> {
        let url = Url::parse(address).ok();
        let good = |url: &Url| url.scheme() == "https" || (url.scheme() == "http" && !self.settings.issuer.is_secure());
        url.filter(good).ok_or(Failure::Unreadable(What::Document))
    }
}

fn is_over(end: i64, now: DateTime<Utc>) -> bool {
    end.saturating_add(APART) <= now.timestamp()
}
