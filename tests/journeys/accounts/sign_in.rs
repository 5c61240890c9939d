//! The code and the link.

use chrono::TimeDelta;
use manger_local::accounts;
use manger_local::app::{App, Random};
use manger_local::config::Config;
use manger_local::mail::{EmailAddress, latest};
use manger_local::routes;
use poem::http::StatusCode;

use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to, organiser, rows, secrets_of},
    post::{carrier, send},
    smtp::{Misdeed, SmtpServer},
};

pub(super) const CLAIRE: &str = "claire@departement.example";

async fn known(site: &Site) {
    accounts::invite_organiser(&site.app, &EmailAddress::parse(CLAIRE).unwrap()).await.unwrap();
}

#[tokio::test]
async fn with_the_code_the_browser_that_asked_comes_in_and_goes_on() {
    on_each_database(async |site| {
        known(site).await;
        let browser = Browser::new(&site.browser);
        let led = browser.get("/mon-espace/appareils").await;
        assert_eq!(led.location.as_deref(), Some("/connexion?suite=%2Fmon-espace%2Fappareils"));
        let fields = [("courriel", " Claire@Departement.example "), ("suite", "/mon-espace/appareils")];
        let asked = browser.post("/connexion", &fields).await;
        assert_eq!(asked.location.as_deref(), Some("/connexion/code?suite=%2Fmon-espace%2Fappareils"));
        let waiting = browser.get("/connexion/code").await;
        assert!(waiting.page.texts(".lead")[0].contains(CLAIRE));
        let (kind, text) = mail_to(&site.app, CLAIRE).await.unwrap();
        assert_eq!(kind, "sign_in");
        let (code, _) = secrets_of(&text);
        assert!(code.len() == 6 && text.contains("jusqu’à 8\u{a0}h\u{a0}45"), "{text}");
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        let entered = browser.post("/connexion/code", &[("code", &spaced), ("suite", "/mon-espace/appareils")]).await;
        assert_eq!(entered.location.as_deref(), Some("/mon-espace/appareils"));
        let devices = browser.get("/mon-espace/appareils").await;
        assert_eq!((devices.status, devices.cache.as_deref()), (StatusCode::OK, Some("private, no-store")));
        assert_eq!(devices.page.inside(".devices", "strong").len(), 1);
        assert_eq!(browser.post("/connexion/code", &[("code", &code)]).await.status, StatusCode::GONE, "once only");
    })
    .await;
}

#[tokio::test]
async fn the_link_comes_in_on_another_device_once_and_looking_at_it_uses_nothing() {
    on_each_database(async |site| {
        known(site).await;
        Browser::new(&site.browser).post("/connexion", &[("courriel", CLAIRE)]).await;
        let (_, link) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        let phone = Browser::new(&site.browser);
        for _ in 0..3 {
            assert_eq!(phone.get(&link).await.status, StatusCode::OK, "a mail program follows links");
        }
        assert_eq!(phone.post(&link, &[]).await.location.as_deref(), Some("/mon-espace"));
        assert_eq!(phone.get("/mon-espace").await.status, StatusCode::OK);
        let thief = Browser::new(&site.browser);
        assert_eq!(thief.get(&link).await.status, StatusCode::GONE);
        assert_eq!(thief.post(&link, &[]).await.status, StatusCode::GONE);
        assert_eq!(thief.cookie("session"), None);
    })
    .await;
}

#[tokio::test]
async fn of_two_at_once_with_one_link_one_comes_in() {
    on_each_database(async |site| {
        known(site).await;
        Browser::new(&site.browser).post("/connexion", &[("courriel", CLAIRE)]).await;
        let (_, link) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        let browsers = [0, 1, 2].map(|_| Browser::new(&site.browser));
        for browser in &browsers {
            browser.get("/connexion").await;
        }
        let [first, second, third] = &browsers;
        let answers = tokio::join!(first.post(&link, &[]), second.post(&link, &[]), third.post(&link, &[]));
        let answers = [answers.0, answers.1, answers.2];
        assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_code_is_for_the_browser_that_asked_and_for_a_quarter_of_an_hour() {
    on_each_database(async |site| {
        known(site).await;
        let browser = Browser::new(&site.browser);
        browser.post("/connexion", &[("courriel", CLAIRE)]).await;
        let (code, link) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        let other = Browser::new(&site.browser);
        assert_eq!(other.post("/connexion/code", &[("code", &code)]).await.location.as_deref(), None);
        other.plant("sign-in", "0123456789abcdef0123456789abcdef");
        other.post("/connexion/code", &[("code", &code)]).await;
        assert_eq!(other.cookie("session"), None, "another browser knows the code");
        site.app.clock.advance(TimeDelta::minutes(15));
        assert_eq!(browser.post("/connexion/code", &[("code", &code)]).await.status, StatusCode::GONE);
        assert_eq!(browser.post(&link, &[]).await.status, StatusCode::GONE);
        assert_eq!(browser.cookie("session"), None);
    })
    .await;
}

#[tokio::test]
async fn five_wrong_codes_close_the_way() {
    on_each_database(async |site| {
        known(site).await;
        let browser = Browser::new(&site.browser);
        browser.post("/connexion", &[("courriel", CLAIRE)]).await;
        let (code, _) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        let wrong = if code == "000000" { "111111" } else { "000000" };
        let unfinished = browser.post("/connexion/code", &[("code", "12")]).await;
        assert!(unfinished.page.by_id("code-error").is_some() && unfinished.status == StatusCode::UNPROCESSABLE_ENTITY);
        for left in ["4 essais", "3 essais", "2 essais", "un essai"] {
            let answer = browser.post("/connexion/code", &[("code", wrong)]).await;
            assert!(answer.page.texts(".error")[0].contains(left), "{:?}", answer.page.texts(".error"));
        }
        assert_eq!(browser.post("/connexion/code", &[("code", wrong)]).await.status, StatusCode::GONE);
        assert_eq!(browser.post("/connexion/code", &[("code", &code)]).await.status, StatusCode::GONE);
        assert_eq!(browser.cookie("session"), None);
    })
    .await;
}

#[tokio::test]
async fn nobody_learns_whether_an_address_has_an_account() {
    on_each_database(async |site| {
        known(site).await;
        let mut pages = Vec::new();
        for address in [CLAIRE, "stranger@elsewhere.example"] {
            let browser = Browser::new(&site.browser);
            let asked = browser.post("/connexion", &[("courriel", address)]).await;
            let waiting = browser.get("/connexion/code").await;
            let wrong = browser.post("/connexion/code", &[("code", "000001")]).await;
            let words = |answer: &crate::support::people::Answer| {
                answer.page.texts("main").join(" ").replace(address, "ADDRESS")
            };
            pages.push((asked.status, asked.location, words(&waiting), wrong.status, words(&wrong)));
        }
        assert_eq!(pages[0], pages[1]);
        let (kind, text) = mail_to(&site.app, "stranger@elsewhere.example").await.unwrap();
        assert_eq!(kind, "sign_in_unknown");
        assert!(text.contains("Aucun compte") && !text.contains("/connexion/lien/"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn an_address_gets_five_mails_an_hour_whoever_asks() {
    on_each_database(async |site| {
        known(site).await;
        for _ in 0..5 {
            let asked = Browser::new(&site.browser).post("/connexion", &[("courriel", CLAIRE)]).await;
            assert_eq!(asked.status, StatusCode::SEE_OTHER);
        }
        let browser = Browser::new(&site.browser);
        let refused = browser.post("/connexion", &[("courriel", CLAIRE)]).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.page.by_id("courriel").unwrap().attribute("value"), Some(CLAIRE), "what was typed stays");
        let count = |kind: &'static str| async move {
            latest(&site.app.db, 100).await.unwrap().iter().filter(|mail| mail.kind == kind).count()
        };
        assert_eq!(count("sign_in").await, 5);
        site.app.clock.advance(TimeDelta::hours(1));
        // The allowance of the address that asks is kept in the node; that of the mail, in the database.
        assert_eq!(browser.post("/connexion", &[("courriel", CLAIRE)]).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn one_sender_asks_a_hundred_and_twenty_times_an_hour_whichever_server_answers() {
    on_each_database(async |site| {
        let app = &site.app;
        let other = App::with(Config::clone(&app.config), app.db.clone(), app.clock.clone(), Random::seeded(2));
        let other = crate::support::browser(routes::site(&other));
        for number in 0..120 {
            let server = if number % 2 == 0 { &site.browser } else { &other };
            let address = format!("person-{number}@college.example");
            let asked = Browser::new(server).post("/connexion", &[("courriel", &address)]).await;
            assert_eq!(asked.status, StatusCode::SEE_OTHER, "{number}");
        }
        for server in [&site.browser, &other] {
            let refused = Browser::new(server).post("/connexion", &[("courriel", CLAIRE)]).await;
            assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        }
    })
    .await;
}

#[tokio::test]
async fn no_secret_stands_in_the_database() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let other = Browser::new(&site.browser);
        other.post("/connexion", &[("courriel", CLAIRE)]).await;
        let (code, link) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        let token = link.rsplit('/').next().unwrap();
        let secrets = [claire.cookie("session").unwrap(), other.cookie("sign-in").unwrap(), token.to_owned(), code];
        let server = SmtpServer::start().await;
        while send(&site.app, &mut carrier(&site.app, &server)).await > 0 {}
        assert!(!server.received().is_empty());
        assert!(rows(&site.app, "people").await.concat().contains(CLAIRE), "what stands there is seen");
        for table in ["sessions", "sign_ins", "allowances", "people", "outgoing_mails", "mail_attempts"] {
            for row in rows(&site.app, table).await {
                assert!(secrets.iter().all(|secret| !row.contains(secret.as_str())), "{table}: {row}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn one_is_led_on_only_within_the_site() {
    let site = Site::new().await;
    known(&site).await;
    for elsewhere in ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/\r\nX: y"] {
        let browser = Browser::new(&site.browser);
        browser.post("/connexion", &[("courriel", CLAIRE)]).await;
        let (_, link) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        let entered = browser.post(&link, &[("suite", elsewhere)]).await;
        assert_eq!(entered.location.as_deref(), Some("/mon-espace"), "{elsewhere}");
    }
}

#[tokio::test]
async fn after_thirty_wrong_codes_a_day_only_links_let_an_address_in() {
    on_each_database(async |site| {
        known(site).await;
        let ask = async || {
            let browser = Browser::new(&site.browser);
            browser.post("/connexion", &[("courriel", CLAIRE)]).await;
            let (code, link) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
            (browser, code, link)
        };
        for _ in 0..6 {
            site.app.clock.advance(TimeDelta::hours(1));
            let (browser, code, _) = ask().await;
            let wrong = if code == "000000" { "111111" } else { "000000" };
            for _ in 0..5 {
                browser.post("/connexion/code", &[("code", wrong)]).await;
            }
        }
        site.app.clock.advance(TimeDelta::hours(1));
        let (browser, code, link) = ask().await;
        let refused = browser.post("/connexion/code", &[("code", &code)]).await;
        assert!(refused.page.texts(".error")[0].contains("le lien du message"), "{:?}", refused.page.texts(".error"));
        assert_eq!(browser.cookie("session"), None);
        assert_eq!(browser.post(&link, &[]).await.location.as_deref(), Some("/mon-espace"));
        site.app.clock.advance(TimeDelta::days(1));
        let (browser, code, _) = ask().await;
        let entered = browser.post("/connexion/code", &[("code", &code)]).await;
        assert_eq!(entered.location.as_deref(), Some("/mon-espace"), "the next day");
    })
    .await;
}

#[tokio::test]
async fn the_page_that_waits_for_a_code_says_what_became_of_the_mail_whoever_asks() {
    on_each_database(async |site| {
        known(site).await;
        for (number, (misdeed, told)) in
            [(None, "Message écrit"), (Some(Misdeed::Recipient("550 no such mailbox")), "n’a pas pu être remis")]
                .into_iter()
                .enumerate()
        {
            for address in [CLAIRE.to_owned(), format!("stranger-{number}@college.example")] {
                let browser = Browser::new(&site.browser);
                browser.post("/connexion", &[("courriel", &address)]).await;
                let waiting = browser.get("/connexion/code").await;
                assert!(waiting.page.texts(".news")[0].contains("va partir"));
                let server = SmtpServer::start().await;
                server.misbehave(&misdeed.into_iter().collect::<Vec<_>>());
                send(&site.app, &mut carrier(&site.app, &server)).await;
                let news = browser.get("/connexion/code").await.page.texts(".news").concat();
                assert!(news.contains(told), "{address}: {news}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_that_comes_too_late_is_told_so_and_where_one_was_going_is_kept() {
    on_each_database(async |site| {
        known(site).await;
        let browser = Browser::new(&site.browser);
        let going = ("suite", "/organisation/journal");
        let door = "/connexion?suite=%2Forganisation%2Fjournal";
        browser.post("/connexion", &[("courriel", CLAIRE), going]).await;
        let (code, _) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        let waiting = browser.get("/connexion/code?suite=%2Forganisation%2Fjournal").await;
        assert_eq!(waiting.page.link("Changer d’adresse"), door);
        site.app.clock.advance(TimeDelta::minutes(15));
        for typed in [&code[..], "12", ""] {
            let late = browser.post("/connexion/code", &[("code", typed), going]).await;
            assert_eq!((late.status, late.page.link("Recevoir un autre code")), (StatusCode::GONE, door), "{typed}");
        }
        let claire = organiser(&site.app, &site.browser).await;
        let in_already = claire.post("/connexion/code", &[("code", &code), going]).await;
        assert_eq!(in_already.page.link("Continuer"), "/organisation/journal");
    })
    .await;
}

#[tokio::test]
async fn what_is_read_aloud_of_the_mail_stays_where_it_is() {
    let site = Site::new().await;
    known(&site).await;
    let browser = Browser::new(&site.browser);
    browser.post("/connexion", &[("courriel", CLAIRE)]).await;
    let page = browser.get("/connexion/code").await.page;
    let news = page.all(".news")[0];
    assert_eq!((news.attribute("aria-live"), news.attribute("hx-get")), (Some("polite"), None));
    assert!(page.contains(news, page.by_id("depart").unwrap()), "what is exchanged stands inside");
}
