//! A provider of identities that signs as it should, and misbehaves when told to.

use std::{
    collections::HashMap,
    num::NonZeroU64,
    sync::{Arc, LazyLock, Mutex, MutexGuard},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use manger_local::config::Config;
use p256::pkcs8::EncodePrivateKey;
use poem::{
    EndpointExt, IntoResponse, Response, Route, Server, get, handler,
    http::{HeaderMap, StatusCode},
    listener::TcpAcceptor,
    post,
    web::{Data, Form, Json},
};
use rsa::{pkcs1::EncodeRsaPrivateKey, rand_core::OsRng};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use url::Url;

use super::morning;

const CLIENT: &str = "manger-local";
const SECRET: &str = "a secret + of / two";

/// Two keys on a curve and one of RSA: making one takes time.
static KEYS: LazyLock<[EncodingKey; 3]> = LazyLock::new(|| {
    let curve = || EncodingKey::from_ec_der(p256::SecretKey::random(&mut OsRng).to_pkcs8_der().unwrap().as_bytes());
    let rsa = rsa::RsaPrivateKey::new(&mut OsRng, 1024).unwrap().to_pkcs1_der().unwrap();
    [curve(), curve(), EncodingKey::from_rsa_der(rsa.as_bytes())]
});
/// The key of RSA.
pub(crate) const RSA: usize = 2;

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    /// A key signs it that is not the one it names.
    Signature,
    /// Nobody signs it.
    Unsigned,
    /// The secret that both know signs it.
    Secret,
    Issuer,
    Audience,
    /// It is for this site and for another one, which may have passed it on.
    AlsoForOthers,
    Subject,
    Nonce,
    NoNonce,
    Expired,
}

/// What the provider does instead of its duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misdeed {
    IdToken(Lie),
    Person(Lie),
    /// The code is answered with this status.
    Status(u16),
    /// The code is answered with this text.
    Nonsense(&'static str),
    /// The code is answered well, at more length than anybody reads.
    Bulk,
    /// The code is never answered.
    Silence,
    /// It describes itself as another provider.
    Document,
}

/// What the provider does and knows.
pub(crate) struct State {
    pub(crate) misdeed: Option<Misdeed>,
    /// Whether it signs what it says of people, as ProConnect does.
    pub(crate) signs_people: bool,
    /// Whether it knows PKCE and takes the secret in the header; ProConnect does neither.
    pub(crate) is_usual: bool,
    /// Which key it signs with.
    pub(crate) key: usize,
    /// What it says of the person that signs in.
    pub(crate) person: Value,
    /// How often it was asked for its description.
    pub(crate) described: usize,
    /// Parameters of the way out, by the code that was given for them.
    codes: HashMap<String, HashMap<String, String>>,
}

/// The provider; it ends with the test.
#[derive(Clone)]
pub(crate) struct Provider {
    /// Its address.
    pub(crate) issuer: String,
    state: Arc<Mutex<State>>,
}

impl Provider {
    /// One that behaves as ProConnect and knows Claire.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/api/v2", listener.local_addr().unwrap());
        let person = json!({ "sub": "b6048e95", "email": "Claire@Departement.example", "given_name": "Claire", "usual_name": "Roux" });
        let state = State {
            misdeed: None,
            signs_people: true,
            is_usual: false,
            key: 0,
            person,
            described: 0,
            codes: HashMap::new(),
        };
        let provider = Self { issuer, state: Arc::new(Mutex::new(state)) };
        let routes = Route::new()
            .at("/api/v2/.well-known/openid-configuration", get(document))
            .at("/api/v2/jwks", get(keys))
            .at("/api/v2/token", post(tokens))
            .at("/api/v2/userinfo", get(person_of))
            .data(provider.clone());
        tokio::spawn(Server::new_with_acceptor(TcpAcceptor::from_tokio(listener).unwrap()).run(routes));
        provider
    }

    /// Makes it the provider of a site.
    pub(crate) fn of(&self, config: &mut Config) {
        let settings = &mut config.open_id;
        settings.oidc_issuer = Some(self.issuer.parse().unwrap());
        settings.oidc_client_id = Some(CLIENT.to_owned());
        settings.oidc_client_secret = Some(SECRET.to_owned());
        settings.oidc_timeout = NonZeroU64::MIN;
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Says something else of the person that signs in.
    pub(crate) fn tell(&self, name: &str, value: Value) {
        self.state().person[name] = value;
    }

    /// The person signs in at the end of this way out: the path by which the browser comes back.
    pub(crate) fn sign_in(&self, way: &str) -> String {
        let way = Url::parse(way).unwrap();
        let asked: HashMap<String, String> = way.query_pairs().into_owned().collect();
        let mut names: Vec<&str> = asked.keys().map(String::as_str).collect();
        names.sort_unstable();
        let mut state = self.state();
        let usual = ["client_id", "nonce", "redirect_uri", "response_type", "scope", "state"];
        let expected = [&["client_id", "code_challenge", "code_challenge_method"], &usual[1..]].concat();
        assert_eq!(names, if state.is_usual { &expected[..] } else { &usual[..] }, "ProConnect takes no others");
        assert_eq!((asked["client_id"].as_str(), asked["response_type"].as_str()), (CLIENT, "code"));
        assert!(asked["state"].len() >= 32 && asked["nonce"].len() >= 32 && asked["state"] != asked["nonce"]);
        assert_eq!(asked["scope"], "openid email given_name usual_name");
        let code = format!("code{}", state.codes.len());
        let back = format!("/connexion/fournisseur/retour?code={code}&state={}", asked["state"]);
        assert!(asked["redirect_uri"].ends_with("/connexion/fournisseur/retour"), "{asked:?}");
        state.codes.insert(code, asked);
        back
    }

    fn sign(&self, key: usize, claims: &Value, lie: Option<Lie>) -> String {
        let mut claims = claims.clone();
        let (now, other) = (morning().timestamp(), json!("https://other.example"));
        claims["iss"] = json!(self.issuer);
        claims["aud"] = json!(CLIENT);
        claims["iat"] = json!(now);
        claims["exp"] = json!(now + 4 * 3600);
        match lie {
            Some(Lie::Issuer) => claims["iss"] = other,
            Some(Lie::Audience) => claims["aud"] = json!("another-site"),
            Some(Lie::AlsoForOthers) => claims["aud"] = json!([CLIENT, "another-site"]),
            Some(Lie::Subject) => claims["sub"] = json!("somebody-else"),
            Some(Lie::Nonce) => claims["nonce"] = json!("0123456789abcdef0123456789abcdef"),
            Some(Lie::NoNonce) => drop(claims.as_object_mut().unwrap().remove("nonce")),
            Some(Lie::Expired) => claims["exp"] = json!(now - 3600),
            _ => {}
        }
        let (header, signer) = match lie {
            Some(Lie::Unsigned) => {
                let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
                return format!("{}.{}.", part(json!({ "alg": "none" })), part(claims));
            }
            Some(Lie::Secret) => (Header::new(Algorithm::HS256), EncodingKey::from_secret(SECRET.as_bytes())),
            Some(Lie::Signature) => (header(key), KEYS[1 - key].clone()),
            _ => (header(key), KEYS[key].clone()),
        };
        encode(&header, &claims, &signer).unwrap()
    }
}

fn algorithm(key: usize) -> Algorithm {
    if key == RSA { Algorithm::RS256 } else { Algorithm::ES256 }
}

fn header(key: usize) -> Header {
    Header { kid: Some(format!("key{key}")), ..Header::new(algorithm(key)) }
}

#[handler]
fn document(provider: Data<&Provider>) -> Json<Value> {
    let mut state = provider.state();
    state.described += 1;
    let issuer = &provider.issuer;
    let named = if state.misdeed == Some(Misdeed::Document) { "https://other.example" } else { issuer };
    let mut document = json!({
        "issuer": named,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwks"),
    });
    if state.is_usual {
        document["code_challenge_methods_supported"] = json!(["plain", "S256"]);
    } else {
        document["token_endpoint_auth_methods_supported"] = json!(["client_secret_post", "private_key_jwt"]);
    }
    Json(document)
}

#[handler]
fn keys(provider: Data<&Provider>) -> Json<Value> {
    let key = provider.state().key;
    let mut public = Jwk::from_encoding_key(&KEYS[key], algorithm(key)).unwrap();
    public.common.key_id = Some(format!("key{key}"));
    Json(json!({ "keys": [{ "kty": "AKP", "alg": "ML-DSA-44", "kid": "of tomorrow" }, public] }))
}

#[handler]
async fn tokens(
    provider: Data<&Provider>,
    headers: &HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> poem::Result<Response> {
    let misdeed = provider.state().misdeed;
    match misdeed {
        Some(Misdeed::Silence) => std::future::pending().await,
        Some(Misdeed::Status(status)) => return Ok(StatusCode::from_u16(status).unwrap().into()),
        Some(Misdeed::Nonsense(text)) => return Ok(text.into_response()),
        _ => {}
    }
    let state = &mut *provider.state();
    let says = |name: &str| form.get(name).map(String::as_str);
    let is_client = if state.is_usual {
        // What `python3 -c 'from urllib.parse import quote_plus as q; …'` makes of name and secret.
        let basic = "Basic bWFuZ2VyLWxvY2FsOmErc2VjcmV0KyUyQitvZislMkYrdHdv";
        headers.get("authorization").is_some_and(|value| value == basic) && says("client_secret").is_none()
    } else {
        says("client_id") == Some(CLIENT) && says("client_secret") == Some(SECRET) && says("code_verifier").is_none()
    };
    let asked = state.codes.remove(says("code").unwrap_or_default());
    let good = asked.filter(|asked| {
        let challenge = says("code_verifier").map(|verifier| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)));
        says("grant_type") == Some("authorization_code")
            && says("redirect_uri") == Some(asked["redirect_uri"].as_str())
            && asked.get("code_challenge") == challenge.as_ref()
    });
    let Some(asked) = good.filter(|_| is_client) else { return Ok(StatusCode::BAD_REQUEST.into()) };
    let lie = if let Some(Misdeed::IdToken(lie)) = misdeed { Some(lie) } else { None };
    let claims = json!({ "sub": state.person["sub"], "nonce": asked["nonce"] });
    let id_token = provider.sign(state.key, &claims, lie);
    let mut answer =
        json!({ "access_token": "opaque", "token_type": "Bearer", "expires_in": 60, "id_token": id_token });
    if misdeed == Some(Misdeed::Bulk) {
        answer["padding"] = json!("x".repeat(300_000));
    }
    Ok(Json(answer).into_response())
}

#[handler]
fn person_of(provider: Data<&Provider>, headers: &HeaderMap) -> Response {
    let state = &*provider.state();
    if headers.get("authorization").is_none_or(|value| value != "Bearer opaque") {
        return StatusCode::UNAUTHORIZED.into();
    }
    let lie = if let Some(Misdeed::Person(lie)) = state.misdeed { Some(lie) } else { None };
    if state.signs_people {
        let token = provider.sign(state.key, &state.person, lie);
        return token.with_content_type("application/jwt; charset=utf-8").into_response();
    }
    let mut person = state.person.clone();
    if lie == Some(Lie::Subject) {
        person["sub"] = json!("somebody-else");
    }
    Json(person).into_response()
}
