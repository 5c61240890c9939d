//! The browser that stays in, and what becomes of it.

use chrono::TimeDelta;
use manger_local::accounts;
use manger_local::mail::EmailAddress;
use poem::http::StatusCode;
use sea_orm::{ConnectionTrait, Statement};

use super::sign_in::CLAIRE;
use crate::support::{
    Site,
    html::Html,
    on_each_database,
    people::{Browser, mail_to, organiser, path_of, secrets_of},
};

#[tokio::test]
async fn a_browser_stays_in_for_thirty_idle_days_and_leaves_when_told() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        for _ in 0..3 {
            site.app.clock.advance(TimeDelta::days(29));
            assert_eq!(claire.get("/mon-espace").await.status, StatusCode::OK);
        }
        let copied = claire.cookie("session").unwrap();
        assert_eq!(claire.post("/deconnexion", &[]).await.location.as_deref(), Some("/"));
        let thief = Browser::new(&site.browser);
        thief.plant("session", &copied);
        assert_eq!(thief.get("/mon-espace").await.status, StatusCode::SEE_OTHER, "the session itself is gone");
        let again = organiser(&site.app, &site.browser).await;
        site.app.clock.advance(TimeDelta::days(30));
        assert_eq!(again.get("/mon-espace").await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn signing_in_again_takes_another_session_and_ends_the_one_before() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let before = claire.cookie("session").unwrap();
        claire.post("/connexion", &[("courriel", CLAIRE)]).await;
        let (code, _) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        claire.post("/connexion/code", &[("code", &code)]).await;
        assert_ne!(claire.cookie("session").unwrap(), before);
        let old = Browser::new(&site.browser);
        old.plant("session", &before);
        assert_eq!(old.get("/mon-espace").await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn one_ends_ones_own_browsers_and_nobody_elses() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let link = accounts::invite_organiser(&site.app, &EmailAddress::parse("luc@departement.example").unwrap())
            .await
            .unwrap();
        let luc = Browser::new(&site.browser);
        luc.post(&path_of(&link), &[]).await;
        let row = "SELECT MAX(id) AS id FROM sessions";
        let backend = site.app.db.get_database_backend();
        let found = site.app.db.query_one_raw(Statement::from_string(backend, row)).await.unwrap().unwrap();
        let of_luc: i64 = found.try_get("", "id").unwrap();
        let end = format!("/mon-espace/appareils/{of_luc}/fin");
        assert_eq!(claire.post(&end, &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(luc.get("/mon-espace").await.status, StatusCode::OK);
        assert_eq!(luc.post(&end, &[]).await.location.as_deref(), Some("/"));
        assert_eq!(luc.get("/mon-espace").await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn no_cache_keeps_what_only_one_person_may_read() {
    let site = Site::new().await;
    let claire = organiser(&site.app, &site.browser).await;
    for path in ["/mon-espace", "/mon-espace/appareils", "/organisation/courrier"] {
        // A browser that was closed since has the cookie of its session and not that of its forms.
        claire.forget("form");
        assert_eq!(claire.get(path).await.cache.as_deref(), Some("private, no-store"), "{path}");
    }
}

#[tokio::test]
async fn whoever_is_in_already_is_led_on() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        assert_eq!(claire.get("/connexion").await.location.as_deref(), Some("/mon-espace"));
        let led = claire.get("/connexion?suite=%2Forganisation%2Fjournal").await;
        assert_eq!(led.location.as_deref(), Some("/organisation/journal"));
        let elsewhere = claire.get("/connexion?suite=%2F%2Fevil.example").await;
        assert_eq!(elsewhere.location.as_deref(), Some("/mon-espace"));
        Browser::new(&site.browser).post("/connexion", &[("courriel", CLAIRE)]).await;
        let (_, link) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        claire.post(&link, &[]).await;
        let used = claire.get(&link).await;
        assert!(used.status == StatusCode::GONE && used.page.link("Ouvrir mon espace") == "/mon-espace");
        assert!(used.page.texts(".lead")[0].contains("déjà connecté"));
        let pressed = claire.post(&link, &[]).await;
        assert_eq!(pressed.page.link("Ouvrir mon espace"), "/mon-espace", "the button pressed again says so too");
        let stranger = Browser::new(&site.browser).get(&link).await;
        assert_eq!(stranger.page.link("Recevoir un autre code"), "/connexion");
    })
    .await;
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_is_shown_again_with_the_way_back() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        claire.forget("session");
        let fields = [("mentions", "Publié par le Département\n\n# Hébergeur"), ("vu", "0123abc")];
        let sent = claire.post("/organisation/reglages/textes", &fields).await;
        assert_eq!((sent.status, sent.cache.as_deref()), (StatusCode::FORBIDDEN, Some("private, no-store")));
        assert_eq!(sent.page.texts("h1"), ["Vous n’êtes plus connecté"]);
        assert_eq!(sent.page.texts("blockquote"), ["Publié par le Département # Hébergeur"], "and not what is hidden");
        assert!(sent.page.texts(".lead")[0].starts_with("Rien n’a été enregistré."));
        assert_eq!(sent.page.link("Me connecter"), "/connexion");
        let pressed = claire.post("/organisation/courrier/pause", &[]).await;
        assert!(pressed.page.all("blockquote").is_empty() && !pressed.page.texts(".lead")[0].contains("écrit"));
    })
    .await;
}

#[tokio::test]
async fn whoever_signs_in_again_is_led_back_to_where_the_form_stood_on_this_site() {
    let site = Site::new().await;
    let ours = site.app.config.public_url();
    for (stood_on, led) in [
        (format!("{ours}/organisation/reglages/textes"), "/connexion?suite=%2Forganisation%2Freglages%2Ftextes"),
        (format!("{ours}/organisation/reglages?fait=reglages"), "/connexion?suite=%2Forganisation%2Freglages"),
        (format!("{ours}/organisation/journal?page=2"), "/connexion?suite=%2Forganisation%2Fjournal%3Fpage%3D2"),
        ("http://annuaire.example/organisation".to_owned(), "/connexion?suite=%2Forganisation"),
        ("https://elsewhere.example/organisation".to_owned(), "/connexion"),
        ("nowhere".to_owned(), "/connexion"),
    ] {
        let request = site.browser.post("/organisation/reglages/textes").header("host", "annuaire.example");
        let sent = request.header("referer", &stood_on).form(&[("mentions", "Le Département")]).send().await;
        let page = Html::read(&sent.0.into_body().into_string().await.unwrap());
        assert_eq!(page.link("Me connecter"), led, "{stood_on}");
    }
    let elsewhere = site.browser.post("/organisation/reglages/textes").header("sec-fetch-site", "cross-site");
    let page =
        elsewhere.form(&[("mentions", "Envoyez vos codes à…")]).send().await.0.into_body().into_string().await.unwrap();
    assert!(page.contains("depuis un autre site") && !page.contains("vos codes"), "{page}");
}
