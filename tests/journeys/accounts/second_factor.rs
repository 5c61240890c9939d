//! The door that asks for the telephone's code, or for a code on paper.

use chrono::TimeDelta;
use futures_util::future::join_all;
use manger_local::accounts::forget_old;
use poem::http::StatusCode;

use crate::support::{
    on_each_database,
    people::{Browser, mail_to, rows, secrets_of},
    second_factor::{CLAIRE, OWN, enter, halfway, shown, with_telephone},
};

#[tokio::test]
async fn nothing_is_open_between_the_mail_and_the_telephone() {
    on_each_database(async |site| {
        let (_, secret, _) = with_telephone(site).await;
        let browser = halfway(site).await;
        let half = browser.cookie("session").unwrap();
        assert_eq!(browser.get("/mon-espace").await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.post("/mon-espace/nom", &[("nom", "Intrus")]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(enter(&browser, "000000").await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(enter(&browser, &shown(site, &secret, 0)).await, StatusCode::SEE_OTHER);
        assert_eq!(browser.get("/organisation/journal").await.status, StatusCode::OK);
        let thief = Browser::new(&site.browser);
        thief.plant("session", &half);
        let led = thief.get("/connexion/second-facteur").await.location;
        assert_eq!(led.as_deref(), Some("/connexion"), "the half session ended");
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
        for too_far in [-2, 2] {
            assert_eq!(enter(&early, &shown(site, &secret, too_far)).await, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(enter(&early, &shown(site, &secret, -1)).await, StatusCode::SEE_OTHER);
        assert_eq!(enter(&halfway(site).await, &shown(site, &secret, 1)).await, StatusCode::SEE_OTHER);
        let again = halfway(site).await;
        assert_eq!(enter(&again, &shown(site, &secret, 1)).await, StatusCode::UNPROCESSABLE_ENTITY, "used");
        assert_eq!(enter(&again, &shown(site, &secret, 0)).await, StatusCode::UNPROCESSABLE_ENTITY, "older than used");
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
        let own = claire.get(OWN).await.page.texts("main").join(" ");
        assert!(own.contains("qui restent : 10"), "{own}");
    })
    .await;
}

#[tokio::test]
async fn the_link_of_a_mail_leads_to_the_telephone_too() {
    on_each_database(async |site| {
        let (_, secret, _) = with_telephone(site).await;
        Browser::new(&site.browser).post("/connexion", &[("courriel", CLAIRE)]).await;
        let (_, link) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        let telephone = Browser::new(&site.browser);
        let led = telephone.post(&link, &[]).await;
        assert_eq!(led.location.as_deref(), Some("/connexion/second-facteur"));
        assert_eq!(telephone.get("/mon-espace").await.status, StatusCode::SEE_OTHER);
        let door = telephone.get("/connexion/second-facteur").await;
        assert!(door.status == StatusCode::OK && door.page.texts(".lead")[0].contains(CLAIRE));
        let entered = telephone.post("/connexion/second-facteur", &[("code", &shown(site, &secret, 0))]).await;
        assert_eq!(entered.location.as_deref(), Some("/mon-espace"));
        let again = telephone.get("/connexion/second-facteur").await;
        assert_eq!(again.location.as_deref(), Some("/connexion"), "who is in is not asked");
    })
    .await;
}

#[tokio::test]
async fn a_browser_that_is_half_in_is_none_of_the_devices_and_may_give_up() {
    on_each_database(async |site| {
        let (claire, _, _) = with_telephone(site).await;
        let half = halfway(site).await;
        let before = half.cookie("session").unwrap();
        assert_eq!(claire.get("/mon-espace/appareils").await.page.inside(".devices", "strong").len(), 1);
        assert_eq!(half.post("/deconnexion", &[]).await.location.as_deref(), Some("/"));
        half.plant("session", &before);
        assert_eq!(half.get("/connexion/second-facteur").await.location.as_deref(), Some("/connexion"));
        halfway(site).await;
        site.app.clock.advance(TimeDelta::minutes(15));
        let txn = site.app.write().await.unwrap();
        forget_old(&txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        assert_eq!(rows(&site.app, "sessions").await.len(), 1, "what waited too long is forgotten");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_several_at_once_with_one_code_one_comes_in() {
    on_each_database(async |site| {
        let (_, secret, codes) = with_telephone(site).await;
        for (round, paper) in codes.iter().enumerate() {
            site.app.clock.advance(TimeDelta::hours(1));
            let code = if round % 2 == 0 { paper.clone() } else { shown(site, &secret, 0) };
            let mut browsers = Vec::new();
            for _ in 0..3 {
                browsers.push(halfway(site).await);
            }
            let answers = join_all(browsers.iter().map(|browser| enter(browser, &code))).await;
            let inside = answers.iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
            assert_eq!(inside, 1, "round {round}: {answers:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_wrong_codes_at_once_ten_are_looked_at() {
    on_each_database(async |site| {
        with_telephone(site).await;
        let browser = halfway(site).await;
        let answers = join_all((0..15).map(|_| enter(&browser, "000000"))).await;
        let looked_at = answers.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
        let refused = answers.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count();
        assert_eq!((looked_at, refused), (10, 5));
    })
    .await;
}

#[tokio::test]
async fn no_secret_stands_in_the_database_but_the_one_that_checks_codes() {
    on_each_database(async |site| {
        let (claire, secret, mut codes) = with_telephone(site).await;
        let renewed = claire.post(&format!("{OWN}/codes"), &[("code", &codes[0])]).await;
        codes.extend(renewed.page.inside(".recovery-codes", "code").into_iter().map(|code| code.text.clone()));
        halfway(site).await;
        assert_eq!(rows(&site.app, "recovery_codes").await.len(), 10, "those before are gone");
        for table in ["second_factors", "recovery_codes", "allowances", "audit_entries", "outgoing_mails", "sessions"] {
            for row in rows(&site.app, table).await {
                let plain = row.to_lowercase().replace(['-', ' '], "");
                assert!(codes.iter().all(|code| !plain.contains(&code.replace('-', ""))), "{table}: {row}");
                assert!(!plain.contains(&secret.to_lowercase().replace(' ', "")), "{table}: {row}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_door_says_what_is_wrong_with_a_code_and_an_empty_one_costs_no_try() {
    on_each_database(async |site| {
        let (_, secret, codes) = with_telephone(site).await;
        let half = halfway(site).await;
        let said = async |code: &str| {
            let refused = half.post("/connexion/second-facteur", &[("code", code)]).await;
            (refused.status, refused.page.texts(".error").concat())
        };
        for _ in 0..15 {
            let (status, sentence) = said(" - ").await;
            assert!(status == StatusCode::UNPROCESSABLE_ENTITY && sentence.contains("Tapez le code"), "{sentence}");
        }
        assert!(said("000000").await.1.contains("Attendez le suivant"));
        assert!(said("kq7m-2xwd-9fhp").await.1.contains("codes de secours"));
        let door = half.get("/connexion/second-facteur?suite=%2Forganisation%2Fjournal").await.page;
        let way_out =
            door.inside("main", "form").into_iter().find(|form| form.text.contains("Changer de compte")).unwrap();
        assert_eq!(way_out.attribute("action"), Some("/deconnexion"));
        assert_eq!(enter(&half, &codes[0]).await, StatusCode::SEE_OTHER, "the tries were not used up");
        let other = halfway(site).await;
        let left = other.post("/deconnexion", &[("suite", "/connexion?suite=%2Forganisation%2Fjournal")]).await;
        assert_eq!(left.location.as_deref(), Some("/connexion?suite=%2Forganisation%2Fjournal"));
        assert_eq!(enter(&other, &shown(site, &secret, 0)).await, StatusCode::SEE_OTHER, "led to the door");
        assert_eq!(other.get("/mon-espace").await.status, StatusCode::SEE_OTHER, "and nobody is in");
    })
    .await;
}
