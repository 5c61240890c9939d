//! Coming in by a provider of identities such as ProConnect.

use chrono::TimeDelta;
use manger_local::accounts;
use manger_local::mail::EmailAddress;
use poem::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{
    Site, on_each_database_with,
    people::{Answer, Browser, rows},
    process::{Folder, run},
    provider::{Lie, Misdeed, Provider, RSA},
};

const CLAIRE: &str = "claire@departement.example";
const AIM: &str = "/mon-espace/appareils";

async fn known(site: &Site) {
    accounts::invite_organiser(&site.app, &EmailAddress::parse(CLAIRE).unwrap()).await.unwrap();
}

/// Presses the button: the way to the provider.
async fn leave(browser: &Browser<'_>) -> String {
    let answer = browser.post("/connexion/fournisseur", &[("suite", AIM)]).await;
    assert_eq!((answer.status, answer.cache.as_deref()), (StatusCode::OK, Some("private, no-store")));
    let way = answer.page.link("Continuer vers ProConnect").to_owned();
    let refresh = answer.page.all("meta").into_iter().find(|meta| meta.attribute("http-equiv") == Some("refresh"));
    assert_eq!(refresh.unwrap().attribute("content"), Some(format!("0; url={way}").as_str()));
    way
}

/// Presses the button, signs in there and comes back.
async fn travel(browser: &Browser<'_>, provider: &Provider) -> Answer {
    let back = provider.sign_in(&leave(browser).await);
    browser.get(&back).await
}

fn assert_outside(browser: &Browser<'_>, answer: &Answer, status: StatusCode, words: &str) {
    assert_eq!(answer.status, status, "{words}: {:?}", answer.page.texts("h1"));
    assert!(answer.page.texts("h1")[0].contains(words), "{words}: {:?}", answer.page.texts("h1"));
    assert!(answer.page.link("Se connecter autrement").starts_with("/connexion?suite="));
    assert_eq!(browser.cookie("session"), None, "{words}");
}

#[tokio::test]
async fn a_person_who_was_invited_comes_in_and_goes_on_and_is_known_again_by_another_address() {
    let provider = Provider::start().await;
    on_each_database_with(
        |config| provider.of(config),
        async |site| {
            known(site).await;
            provider.tell("email", json!("Claire@Departement.example"));
            let browser = Browser::new(&site.browser);
            let button = browser.get("/connexion").await;
            assert!(button.page.texts("button").contains(&"Se connecter avec ProConnect"));
            let back = provider.sign_in(&leave(&browser).await);
            assert_eq!(browser.get(&back).await.location.as_deref(), Some(AIM));
            assert_eq!(browser.get(AIM).await.status, StatusCode::OK);
            assert!(
                browser.get("/mon-espace").await.page.by_id("nom").unwrap().attribute("value") == Some("Claire Roux")
            );
            assert!(rows(&site.app, "audit_entries").await.concat().contains("a relié son compte"));
            provider.tell("email", json!("c.roux@ailleurs.example"));
            let later = Browser::new(&site.browser);
            assert_eq!(travel(&later, &provider).await.location.as_deref(), Some(AIM));
            assert!(later.get("/mon-espace").await.page.texts("main").join(" ").contains(CLAIRE));
            assert_eq!(rows(&site.app, "identities").await.len(), 1);
        },
    )
    .await;
}

#[tokio::test]
async fn nobody_comes_in_who_was_not_invited() {
    let provider = Provider::start().await;
    on_each_database_with(
        |config| provider.of(config),
        async |site| {
            let browser = Browser::new(&site.browser);
            let answer = travel(&browser, &provider).await;
            assert_outside(&browser, &answer, StatusCode::UNPROCESSABLE_ENTITY, "Aucun compte n’a cette adresse");
            assert!(
                answer.page.texts("main")[0].contains(CLAIRE) && answer.page.texts("main")[0].contains("invitation")
            );
            assert!(rows(&site.app, "people").await.is_empty() && rows(&site.app, "identities").await.is_empty());
        },
    )
    .await;
}

#[tokio::test]
async fn a_return_works_once_in_the_browser_that_left_and_for_ten_minutes() {
    let provider = Provider::start().await;
    on_each_database_with(
        |config| provider.of(config),
        async |site| {
            known(site).await;
            let over = |browser: &Browser<'_>, answer: &Answer| {
                assert_outside(browser, answer, StatusCode::UNPROCESSABLE_ENTITY, "n’est plus valable");
            };
            let browser = Browser::new(&site.browser);
            let back = provider.sign_in(&leave(&browser).await);
            let thief = Browser::new(&site.browser);
            over(&thief, &thief.get(&back).await);
            leave(&thief).await;
            over(&thief, &thief.get(&back).await);
            let forged = back.replace("state=", "state=0");
            over(&browser, &browser.get(&forged).await);
            let cookie = browser.cookie("open-id").unwrap();
            assert_eq!(browser.get(&back).await.location.as_deref(), Some(AIM), "others used up nothing of it");
            assert_eq!(browser.cookie("open-id"), None);
            browser.forget("session");
            browser.plant("open-id", &cookie);
            over(&browser, &browser.get(&back).await);
            let slow = provider.sign_in(&leave(&browser).await);
            site.app.clock.advance(TimeDelta::minutes(10));
            over(&browser, &browser.get(&slow).await);
        },
    )
    .await;
}

#[tokio::test]
async fn of_two_returns_at_once_one_comes_in() {
    let provider = Provider::start().await;
    on_each_database_with(
        |config| provider.of(config),
        async |site| {
            known(site).await;
            let browser = Browser::new(&site.browser);
            let back = provider.sign_in(&leave(&browser).await);
            let answers = tokio::join!(browser.get(&back), browser.get(&back));
            let entered = [answers.0, answers.1].iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count();
            assert_eq!(entered, 1);
        },
    )
    .await;
}

#[tokio::test]
async fn other_providers_answer_plainly_take_pkce_and_sign_with_rsa() {
    let provider = Provider::start().await;
    let site = Site::with(|config| provider.of(config)).await;
    known(&site).await;
    for (signs_people, is_usual, key) in [(false, true, 0), (true, true, RSA), (false, false, RSA)] {
        {
            let mut state = provider.state();
            (state.signs_people, state.is_usual, state.key) = (signs_people, is_usual, key);
        }
        // What a provider says of itself is believed for an hour.
        site.app.clock.advance(TimeDelta::hours(1));
        let answer = travel(&Browser::new(&site.browser), &provider).await;
        assert_eq!(
            answer.location.as_deref(),
            Some(AIM),
            "{signs_people} {is_usual} {key}: {:?}",
            answer.page.texts("h1")
        );
    }
}

#[tokio::test]
async fn the_provider_is_asked_only_when_somebody_leaves_and_again_when_its_key_is_new() {
    let provider = Provider::start().await;
    let site = Site::with(|config| provider.of(config)).await;
    known(&site).await;
    let described = || provider.state().described;
    Browser::new(&site.browser).get("/connexion").await;
    assert_eq!(described(), 0);
    for _ in 0..2 {
        assert_eq!(travel(&Browser::new(&site.browser), &provider).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(described(), 1);
    provider.state().key = 1;
    assert_eq!(travel(&Browser::new(&site.browser), &provider).await.status, StatusCode::SEE_OTHER);
    assert_eq!(described(), 2);
    site.app.clock.advance(TimeDelta::hours(1));
    leave(&Browser::new(&site.browser)).await;
    assert_eq!(described(), 3, "for an hour");
}

#[tokio::test]
async fn what_proves_nothing_lets_nobody_in() {
    let provider = Provider::start().await;
    let site = Site::with(|config| provider.of(config)).await;
    known(&site).await;
    let lies = [Lie::Signature, Lie::Unsigned, Lie::Secret, Lie::Issuer, Lie::Audience, Lie::Expired];
    let of_id_token = [Lie::AlsoForOthers, Lie::Nonce, Lie::NoNonce].into_iter().chain(lies).map(Misdeed::IdToken);
    let of_person = [Lie::Subject].into_iter().chain(lies).map(Misdeed::Person);
    let others = ["", "{}", "<p>", "{\"access_token\":\"opaque\",\"id_token\":\"a.b.c\"}"].map(Misdeed::Nonsense);
    for misdeed in
        of_id_token.chain(of_person).chain(others).chain([Misdeed::Bulk, Misdeed::Status(500), Misdeed::Status(302)])
    {
        provider.state().misdeed = Some(misdeed);
        let browser = Browser::new(&site.browser);
        let answer = travel(&browser, &provider).await;
        assert_outside(&browser, &answer, StatusCode::BAD_GATEWAY, "ne répond pas comme il faut");
        assert!(!answer.page.texts("main")[0].contains("opaque"), "{misdeed:?}");
    }
    provider.state().signs_people = false;
    provider.state().misdeed = Some(Misdeed::Person(Lie::Subject));
    let browser = Browser::new(&site.browser);
    let answer = travel(&browser, &provider).await;
    assert_outside(&browser, &answer, StatusCode::BAD_GATEWAY, "ne répond pas comme il faut");
    for name in ["", "a\0b", &"x".repeat(256)] {
        provider.state().misdeed = None;
        provider.tell("sub", json!(name));
        let answer = travel(&browser, &provider).await;
        assert_outside(&browser, &answer, StatusCode::BAD_GATEWAY, "ne répond pas comme il faut");
    }
    provider.tell("sub", json!("b6048e95"));
    // The same person, once the provider behaves: what was refused was refused for the lie.
    assert_eq!(travel(&browser, &provider).await.location.as_deref(), Some(AIM));
}

#[tokio::test]
async fn a_provider_that_is_away_silent_or_another_offers_the_code() {
    let provider = Provider::start().await;
    let site = Site::with(|config| provider.of(config)).await;
    let browser = Browser::new(&site.browser);
    provider.state().misdeed = Some(Misdeed::Silence);
    let answer = travel(&browser, &provider).await;
    assert_outside(&browser, &answer, StatusCode::BAD_GATEWAY, "ne répond pas comme il faut");
    provider.state().misdeed = Some(Misdeed::Document);
    site.app.clock.advance(TimeDelta::hours(1));
    let answer = browser.post("/connexion/fournisseur", &[]).await;
    assert_outside(&browser, &answer, StatusCode::BAD_GATEWAY, "ne répond pas comme il faut");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let alone = Site::with(|config| {
        provider.of(config);
        config.open_id.oidc_issuer = Some(format!("http://{nobody}").parse().unwrap());
    });
    let alone = alone.await;
    let browser = Browser::new(&alone.browser);
    let answer = browser.post("/connexion/fournisseur", &[("suite", AIM)]).await;
    assert_outside(&browser, &answer, StatusCode::BAD_GATEWAY, "ne répond pas comme il faut");
    let again = answer.page.link("Se connecter autrement");
    assert_eq!(again, "/connexion?suite=%2Fmon-espace%2Fappareils", "the way goes on by mail");
    assert_eq!(browser.post("/connexion", &[("courriel", CLAIRE)]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn who_gives_up_or_has_no_address_of_their_own_stays_outside() {
    let provider = Provider::start().await;
    let site = Site::with(|config| provider.of(config)).await;
    known(&site).await;
    let browser = Browser::new(&site.browser);
    let back = provider.sign_in(&leave(&browser).await);
    let given_up = format!("{}&error=access_denied", back.replace("code=code0&", ""));
    let answer = browser.get(&given_up.replace("?&", "?")).await;
    assert_outside(&browser, &answer, StatusCode::UNPROCESSABLE_ENTITY, "ne vous a pas connecté");
    for (name, value) in [
        ("email_verified", json!(false)),
        ("email_verified", json!("false")),
        ("email", json!("nobody")),
        ("email", Value::Null),
    ] {
        provider.tell("email_verified", Value::Null);
        provider.tell(name, value.clone());
        let answer = travel(&browser, &provider).await;
        assert_outside(&browser, &answer, StatusCode::UNPROCESSABLE_ENTITY, "ne confirme pas votre adresse");
    }
    provider.tell("email", json!(CLAIRE));
    provider.tell("email_verified", json!(true));
    assert_eq!(travel(&browser, &provider).await.location.as_deref(), Some(AIM));
}

#[tokio::test]
async fn what_proves_a_return_does_not_stand_in_the_database() {
    let provider = Provider::start().await;
    let site = Site::with(|config| provider.of(config)).await;
    let browser = Browser::new(&site.browser);
    let way = leave(&browser).await;
    let asked = url::Url::parse(&way).unwrap();
    let of = |name: &str| asked.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    let secrets = [browser.cookie("open-id").unwrap(), of("state"), of("nonce")];
    let departures = rows(&site.app, "departures").await;
    assert!(
        departures.len() == 1
            && departures[0].contains(AIM)
            && !secrets.iter().any(|secret| departures[0].contains(secret.as_str()))
    );
    for secret in &secrets[1..] {
        assert!(!secret.contains(&secrets[0]));
    }
    provider.sign_in(&way);
}

#[tokio::test]
async fn without_a_provider_there_is_no_button_and_nothing_at_its_addresses() {
    let site = Site::new().await;
    let browser = Browser::new(&site.browser);
    assert_eq!(browser.get("/connexion").await.page.all("button").len(), 1);
    assert_eq!(browser.post("/connexion/fournisseur", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/connexion/fournisseur/retour?code=a&state=b").await.status, StatusCode::NOT_FOUND);
}

#[test]
fn a_provider_named_by_halves_is_refused_with_what_to_set() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    let refused = |more: &[&str]| {
        let done = run(&[&["serve", "--data-dir", data.to_str().unwrap()], more].concat(), &folder.0);
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    };
    let (code, said) = refused(&["--oidc-issuer", "https://identite.example", "--oidc-client-id", "us"]);
    assert!(code == Some(1) && said.contains("needs OIDC_CLIENT_SECRET too"), "{said}");
    let (code, said) = refused(&["--oidc-client-secret", "of both"]);
    assert!(code == Some(1) && said.contains("needs OIDC_ISSUER and OIDC_CLIENT_ID too"), "{said}");
    assert!(!said.contains("of both"));
    let whole =
        ["--oidc-issuer", "https://identite.example", "--oidc-client-id", "us", "--oidc-client-secret", "of both"];
    let (code, said) = refused(&[&whole[..], &["--oidc-scopes", "email"]].concat());
    assert!(code == Some(1) && said.contains("OIDC_SCOPES"), "{said}");
    let (code, said) = refused(&["--oidc-issuer", "http://identite.example"]);
    assert!(code == Some(2) && said.contains("for this machine only"), "{said}");
}
