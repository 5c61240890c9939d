//! A computer that others use too.

use chrono::TimeDelta;
use manger_local::accounts::forget_old;
use poem::http::StatusCode;

use crate::support::{
    Site, on_each_database,
    people::{Answer, Browser, invitation_of, mail_to, organiser, rows, secrets_of},
    second_factor::{CLAIRE, shown, with_telephone},
};

/// How the answer's session cookie is to be kept.
fn session(answer: &Answer) -> &str {
    answer.cookies.iter().find(|cookie| cookie.starts_with("session=")).unwrap()
}

/// Claire's code, in a browser that waits for it.
async fn waiting(site: &Site) -> (Browser<'_>, String) {
    let browser = Browser::new(&site.browser);
    browser.post("/connexion", &[("courriel", CLAIRE)]).await;
    let (code, _) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
    (browser, code)
}

#[tokio::test]
async fn a_computer_that_others_use_forgets_by_the_evening() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        claire.post("/organisation/acces/invitations", &[("courriel", "luc@departement.example")]).await;
        let link = invitation_of(&site.app, "luc@departement.example").await;
        let luc = Browser::new(&site.browser);
        luc.post(&link, &[("appareil", "partage")]).await;
        site.app.clock.advance(TimeDelta::hours(11));
        assert_eq!(luc.get("/mon-espace").await.status, StatusCode::OK);
        site.app.clock.advance(TimeDelta::hours(12));
        assert_eq!(luc.get("/mon-espace").await.status, StatusCode::SEE_OTHER);
        assert_eq!(claire.get("/mon-espace").await.status, StatusCode::OK, "her own computer keeps her in");
    })
    .await;
}

#[tokio::test]
async fn its_cookie_goes_with_the_browser_and_ones_own_stays() {
    on_each_database(async |site| {
        organiser(&site.app, &site.browser).await;
        let (mine, code) = waiting(site).await;
        assert!(session(&mine.post("/connexion/code", &[("code", &code)]).await).contains("Max-Age=34560000"));
        let (shared, code) = waiting(site).await;
        let entered = shared.post("/connexion/code", &[("code", &code), ("appareil", "partage")]).await;
        assert!(!session(&entered).contains("Max-Age") && !session(&entered).contains("Expires"));
        let by_link = Browser::new(&site.browser);
        by_link.post("/connexion", &[("courriel", CLAIRE)]).await;
        let (_, link) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        assert!(!session(&by_link.post(&link, &[("appareil", "partage")]).await).contains("Max-Age"));
    })
    .await;
}

#[tokio::test]
async fn it_stays_one_through_the_second_factor() {
    on_each_database(async |site| {
        let (_, secret, _) = with_telephone(site).await;
        let (shared, code) = waiting(site).await;
        let half = shared.post("/connexion/code", &[("code", &code), ("appareil", "partage")]).await;
        assert!(!session(&half).contains("Max-Age"));
        let entered = shared.post("/connexion/second-facteur", &[("code", &shown(site, &secret, 0))]).await;
        assert!(entered.status == StatusCode::SEE_OTHER && !session(&entered).contains("Max-Age"));
        for _ in 0..3 {
            site.app.clock.advance(TimeDelta::hours(11));
            assert_eq!(shared.get("/mon-espace").await.status, StatusCode::OK, "each visit counts");
        }
        site.app.clock.advance(TimeDelta::hours(12));
        assert_eq!(shared.get("/mon-espace").await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_mistyped_code_does_not_make_it_ones_own() {
    on_each_database(async |site| {
        organiser(&site.app, &site.browser).await;
        let (shared, _) = waiting(site).await;
        let ticked = |answer: &Answer| {
            let boxes = answer.page.all("input");
            boxes.into_iter().any(|it| it.attribute("name") == Some("appareil") && it.names().any(|it| it == "checked"))
        };
        assert!(!ticked(&shared.get("/connexion/code").await));
        for wrong in ["12", "000000"] {
            let again = shared.post("/connexion/code", &[("code", wrong), ("appareil", "partage")]).await;
            assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && ticked(&again), "{wrong}");
            assert!(!ticked(&shared.post("/connexion/code", &[("code", wrong)]).await), "{wrong}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_has_ended_there_is_not_shown_as_signed_in_and_is_forgotten() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let (shared, code) = waiting(site).await;
        shared.post("/connexion/code", &[("code", &code), ("appareil", "partage")]).await;
        let devices = async || claire.get("/mon-espace/appareils").await.page.inside(".devices", "strong").len();
        assert_eq!(devices().await, 2);
        site.app.clock.advance(TimeDelta::hours(12));
        assert_eq!(devices().await, 1);
        let txn = site.app.write().await.unwrap();
        forget_old(&txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        assert_eq!(rows(&site.app, "sessions").await.len(), 1);
        assert_eq!(claire.get("/mon-espace").await.status, StatusCode::OK);
    })
    .await;
}
