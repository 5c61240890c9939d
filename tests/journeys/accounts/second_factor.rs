//! The telephone's code and the codes on paper.

use chrono::TimeDelta;
use manger_local::accounts::reset_second_factor;
use manger_local::mail::EmailAddress;
use poem::http::StatusCode;

use crate::support::{
    Site, on_each_database,
    people::{Browser, accept, mail_to, organiser, rows, secrets_of},
};

const CLAIRE: &str = "claire@departement.example";
const OWN: &str = "/mon-espace/second-facteur";

/// What Claire's telephone shows so many half minutes from now.
fn shown(site: &Site, secret: &str, half_minutes: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let telephone = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let at = site.app.clock.now() + TimeDelta::seconds(30 * half_minutes);
    telephone.generate(u64::try_from(at.timestamp()).unwrap()).to_string()
}

/// Claire with a second factor: her browser, the secret as the page spells it, her codes on paper.
async fn with_telephone(site: &Site) -> (Browser<'_>, String, Vec<String>) {
    let claire = organiser(&site.app, &site.browser).await;
    claire.post(OWN, &[]).await;
    let secret = claire.get(OWN).await.page.texts(".spelled")[0].to_owned();
    let codes = claire.post(&format!("{OWN}/confirmation"), &[("code", &shown(site, &secret, 0))]).await;
    let codes: Vec<String> =
        codes.page.inside(".recovery-codes", "code").into_iter().map(|code| code.text.clone()).collect();
    assert_eq!(codes.len(), 10);
    site.app.clock.advance(TimeDelta::minutes(2));
    (claire, secret, codes)
}

/// A browser that has shown Claire's mailbox and nothing else.
async fn halfway(site: &Site) -> Browser<'_> {
    let browser = Browser::new(&site.browser);
    browser.post("/connexion", &[("courriel", CLAIRE)]).await;
    let (code, _) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
    let led = browser.post("/connexion/code", &[("code", &code), ("suite", "/organisation/journal")]).await;
    assert_eq!(led.location.as_deref(), Some("/connexion/second-facteur?suite=%2Forganisation%2Fjournal"));
    browser
}

async fn enter(browser: &Browser<'_>, code: &str) -> StatusCode {
    browser.post("/connexion/second-facteur", &[("code", code), ("suite", "/organisation/journal")]).await.status
}

#[tokio::test]
async fn nothing_is_open_between_the_mail_and_the_telephone() {
    on_each_database(async |site| {
        let (_, secret, _) = with_telephone(site).await;
        let browser = halfway(site).await;
        let half = browser.cookie("session").unwrap();
        assert_eq!(browser.get("/mon-espace").await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.post("/mon-espace/nom", &[("nom", "Intrus")]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(enter(&browser, "000000").await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(enter(&browser, &shown(site, &secret, 0)).await, StatusCode::SEE_OTHER);
        assert_eq!(browser.get("/organisation/journal").await.status, StatusCode::OK);
        let thief = Browser::new(&site.browser);
        thief.plant("session", &half);
        assert_eq!(thief.get("/mon-espace").await.status, StatusCode::SEE_OTHER, "the half session ended");
        let late = halfway(site).await;
        site.app.clock.advance(TimeDelta::minutes(15));
        enter(&late, &shown(site, &secret, 0)).await;
        assert_eq!(late.get("/mon-espace").await.status, StatusCode::SEE_OTHER, "a quarter of an hour is over");
    })
    .await;
}

#[tokio::test]
async fn a_code_works_once_and_half_a_minute_off() {
    on_each_database(async |site| {
        let (_, secret, _) = with_telephone(site).await;
        let early = halfway(site).await;
        assert_eq!(enter(&early, &shown(site, &secret, -2)).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(enter(&early, &shown(site, &secret, 1)).await, StatusCode::SEE_OTHER);
        let again = halfway(site).await;
        assert_eq!(enter(&again, &shown(site, &secret, 1)).await, StatusCode::UNPROCESSABLE_ENTITY, "used");
        assert_eq!(enter(&again, &shown(site, &secret, 0)).await, StatusCode::UNPROCESSABLE_ENTITY, "older than used");
        site.app.clock.advance(TimeDelta::minutes(2));
        let (first, second) = (halfway(site).await, halfway(site).await);
        let code = shown(site, &secret, 0);
        let at_once = tokio::join!(enter(&first, &code), enter(&second, &code));
        let inside = [at_once.0, at_once.1].iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
        assert_eq!(inside, 1, "of two at once with one code, one comes in");
    })
    .await;
}

#[tokio::test]
async fn ten_wrong_codes_close_the_door_for_the_hour() {
    on_each_database(async |site| {
        let (_, secret, codes) = with_telephone(site).await;
        let browser = halfway(site).await;
        for _ in 0..10 {
            assert_eq!(enter(&browser, "wrong").await, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(enter(&browser, &shown(site, &secret, 0)).await, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(enter(&browser, &codes[0]).await, StatusCode::TOO_MANY_REQUESTS);
        site.app.clock.advance(TimeDelta::hours(1));
        assert_eq!(enter(&halfway(site).await, &shown(site, &secret, 0)).await, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_code_on_paper_replaces_the_telephone_once() {
    on_each_database(async |site| {
        let (claire, secret, codes) = with_telephone(site).await;
        let typed = codes[3].replace('-', " ").to_uppercase();
        assert_eq!(enter(&halfway(site).await, &typed).await, StatusCode::SEE_OTHER);
        assert_eq!(enter(&halfway(site).await, &codes[3]).await, StatusCode::UNPROCESSABLE_ENTITY);
        let renewed = claire.post(&format!("{OWN}/codes"), &[("code", &shown(site, &secret, 0))]).await;
        assert_eq!(renewed.page.inside(".recovery-codes", "code").len(), 10);
        assert_eq!(enter(&halfway(site).await, &codes[4]).await, StatusCode::UNPROCESSABLE_ENTITY, "the old are void");
        assert!(rows(&site.app, "recovery_codes").await.iter().all(|row| codes.iter().all(|code| !row.contains(code))));
        assert_eq!(
            claire.post(&format!("{OWN}/retrait"), &[("code", "nope")]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        site.app.clock.advance(TimeDelta::minutes(1));
        claire.post(&format!("{OWN}/retrait"), &[("code", &shown(site, &secret, 0))]).await;
        let (kind, text) = mail_to(&site.app, CLAIRE).await.unwrap();
        assert!(kind == "security" && text.contains("second facteur est retiré"), "{text}");
        assert!(rows(&site.app, "second_factors").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_territory_asks_it_of_organisers_and_a_colleague_takes_off_a_lost_one() {
    on_each_database(async |site| {
        let (claire, secret, _) = with_telephone(site).await;
        claire.post("/organisation/acces/invitations", &[("courriel", "luc@departement.example")]).await;
        let luc = accept(&site.app, &site.browser, "luc@departement.example").await;
        assert_eq!(luc.get("/organisation/journal").await.status, StatusCode::OK);
        claire.post("/organisation/acces/regle", &[("second_facteur", "oui")]).await;
        let led = luc.get("/organisation/journal").await.location;
        assert_eq!(led.as_deref(), Some("/mon-espace/second-facteur?suite=%2Forganisation%2Fjournal"));
        assert_eq!(luc.post("/organisation/courrier/pause", &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(claire.get("/organisation/journal").await.status, StatusCode::OK);
        claire.post("/organisation/acces/regle", &[("second_facteur", "non")]).await;
        let off = "/organisation/acces/1/second-facteur/retrait";
        assert_eq!(claire.post(off, &[]).await.status, StatusCode::NOT_FOUND, "not one's own");
        assert_eq!(luc.post(off, &[]).await.status, StatusCode::SEE_OTHER);
        assert!(rows(&site.app, "second_factors").await.is_empty());
        assert_eq!(mail_to(&site.app, CLAIRE).await.unwrap().0, "security");
        assert!(!reset_second_factor(&site.app, &EmailAddress::parse(CLAIRE).unwrap()).await.unwrap());
        drop(secret);
    })
    .await;
}
