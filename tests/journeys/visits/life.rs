//! A visit from the first draft to the day it is called off, through the pages.

use manger_local::mail::{calendar::Method, events_of};
use poem::http::StatusCode;

use super::{ask, change, kinds, link, standings, until};
use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to, member, organiser, rows},
};

const DESK: &str = "/organisation/visites/1";
const DATE: &str = "/organisation/visites/dates/1";
const PAGE: &str = "/visites/la-fromagerie";
const FORM: &str = "/visites/la-fromagerie/dates/1/inscription";
const HOURS: [(&str, &str); 5] =
    [("jour", "20/04/2027"), ("debut", "9 h 30"), ("fin", "12 h"), ("places", "2"), ("cloture", "18/04/2027")];

/// A visit with a date that is open for two, made through the pages.
async fn open(site: &Site) -> Browser<'_> {
    let claire = organiser(&site.app, &site.browser).await;
    let made = claire.post("/organisation/visites/ajout", &[("titre", "La fromagerie"), ("commune", "43268")]).await;
    assert_eq!(made.location.as_deref(), Some("/organisation/visites/1?fait=ajout"), "{:?}", made.page.texts(".error"));
    let dated = claire.post(&format!("{DESK}/dates"), &HOURS).await;
    assert_eq!(
        dated.location.as_deref(),
        Some("/organisation/visites/dates/1?fait=ajout"),
        "{:?}",
        dated.page.texts(".error")
    );
    let stranger = Browser::new(&site.browser);
    assert_eq!(stranger.get(PAGE).await.status, StatusCode::NOT_FOUND, "a draft is for organisers");
    claire.post(&format!("{DATE}/etat"), &[("geste", "ouvrir")]).await;
    assert!(stranger.get(PAGE).await.page.texts("main").concat().contains("2 places libres"));
    claire
}

#[tokio::test]
async fn a_stranger_proves_the_address_within_half_an_hour_or_the_places_go_to_others() {
    on_each_database(async |site| {
        open(site).await;
        let (ana, ben) = (Browser::new(&site.browser), Browser::new(&site.browser));
        let told = ana.post(FORM, &[("nom", "Ana"), ("courriel", "ana@cantine.example"), ("personnes", "2")]).await;
        assert_eq!(told.status, StatusCode::OK);
        assert!(told.page.texts("main").concat().contains("ana@cantine.example"));
        assert_eq!(standings(site, 1).await, [(1, "held".to_owned())]);
        let opened = ana.get(&link(site, "ana").await).await;
        assert!(
            opened.page.texts("main").concat().contains("Vos places sont gardées"),
            "{:?}",
            opened.page.texts("main")
        );
        assert_eq!(standings(site, 1).await[0].1, "held", "a program that follows links confirms nothing");
        // Whoever asks meanwhile waits, once the address is proven.
        assert_eq!(ask(&ben, FORM, "ben", "1").await, StatusCode::OK);
        ben.post(&format!("{}/confirmation", link(site, "ben").await), &[]).await;
        assert_eq!(standings(site, 1).await[1].1, "waiting");
        until(site, "2027-03-16T08:01:00Z").await;
        let states: Vec<String> = standings(site, 1).await.into_iter().map(|(_, state)| state).collect();
        assert_eq!(states, ["lapsed", "offered"]);
        assert_eq!(kinds(site, "ana").await, ["visit_held"], "who may be a stranger is written to once");
        let late = ana.post(&format!("{}/confirmation", link(site, "ana").await), &[]).await;
        let shown = ana.get(late.location.as_deref().unwrap()).await.page.texts("main").concat();
        assert!(shown.contains("n’est plus valable"), "{shown}");
        ben.post(&format!("{}/acceptation", link(site, "ben").await), &[]).await;
        assert_eq!(kinds(site, "ben").await, ["visit_unproven", "visit_waiting", "visit_offered", "visit_confirmed"]);
    })
    .await;
}

#[tokio::test]
async fn the_page_says_the_same_of_an_address_that_is_known_and_of_one_that_is_not() {
    on_each_database(async |site| {
        open(site).await;
        let visitor = Browser::new(&site.browser);
        let first =
            visitor.post(FORM, &[("nom", "Ana"), ("courriel", "ana@cantine.example"), ("personnes", "1")]).await;
        visitor.post(&format!("{}/confirmation", link(site, "ana").await), &[]).await;
        let again =
            visitor.post(FORM, &[("nom", "Eve"), ("courriel", "ana@cantine.example"), ("personnes", "1")]).await;
        assert_eq!((first.status, first.page.texts("main")), (again.status, again.page.texts("main")));
        visitor.post(FORM, &[("nom", "Eve"), ("courriel", "ana@cantine.example"), ("personnes", "1")]).await;
        assert_eq!(kinds(site, "ana").await, ["visit_held", "visit_confirmed", "visit_known"], "one reminder an hour");
        let (_, text) = mail_to(&site.app, "ana@cantine.example").await.unwrap();
        assert!(text.contains("rien n’est changé."), "{text}");
    })
    .await;
}

#[tokio::test]
async fn who_is_signed_in_registers_at_once_and_comes_back_without_a_link() {
    on_each_database(async |site| {
        let claire = open(site).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", "sophie@cantine.example").await;
        assert!(cook.get(FORM).await.page.texts("main").concat().contains("sophie@cantine.example"));
        let done = cook.post(FORM, &[("nom", "Sophie"), ("personnes", "2"), ("regime", "sans gluten")]).await;
        assert_eq!(done.location.as_deref(), Some("/visites/inscription/1?fait=inscription"));
        assert_eq!(cook.get(FORM).await.location.as_deref(), Some("/visites/inscription/1"));
        let chef = member(&site.app, &claire, "Lycée du Bas", "paul@cantine.example").await;
        assert_eq!(chef.get("/visites/inscription/1").await.status, StatusCode::NOT_FOUND, "it is not his");
        assert_eq!(chef.post("/visites/inscription/1/annulation", &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(Browser::new(&site.browser).get("/visites/inscription/1").await.status, StatusCode::SEE_OTHER);
        cook.post("/visites/inscription/1/annulation", &[]).await;
        cook.post("/visites/inscription/1/annulation", &[]).await;
        assert_eq!(kinds(site, "sophie").await, ["invitation", "visit_confirmed", "visit_cancelled"]);
    })
    .await;
}

#[tokio::test]
async fn who_is_erased_leaves_her_places_to_others_and_no_name_behind() {
    on_each_database(async |site| {
        let claire = open(site).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", "sophie@cantine.example").await;
        let needs = [("nom", "Sophie Arnaud"), ("personnes", "2"), ("regime", "sans gluten")];
        cook.post(FORM, &needs).await;
        ask(&Browser::new(&site.browser), FORM, "ben", "1").await;
        let way = link(site, "ben").await;
        Browser::new(&site.browser).post(&format!("{way}/confirmation"), &[]).await;
        let done = cook.post("/mon-espace/donnees/effacement", &[("compris", "oui")]).await;
        assert_eq!(done.location.as_deref(), Some("/compte-efface"), "{:?}", done.page.texts(".error"));
        let states: Vec<String> = standings(site, 1).await.into_iter().map(|(_, state)| state).collect();
        assert_eq!(states, ["cancelled", "offered"]);
        let kept =
            [rows(&site.app, "registrations").await, rows(&site.app, "registration_needs").await].concat().join(" ");
        assert!(!kept.to_lowercase().contains("sophie") && !kept.contains("gluten"), "{kept}");
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_is_told_of_other_hours_and_of_the_end_and_her_calendar_follows() {
    on_each_database(async |site| {
        let claire = open(site).await;
        let wrong = claire
            .post(&format!("{DATE}/inscriptions"), &[("nom", "Ana"), ("courriel", "ana"), ("personnes", "1")])
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        for who in ["ana", "ben", "cleo"] {
            let email = super::address(who);
            let done = claire
                .post(&format!("{DATE}/inscriptions"), &[("nom", who), ("courriel", &email), ("personnes", "1")])
                .await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{:?}", done.page.texts(".notice"));
        }
        let few = change(&claire, 1, &[HOURS[0], HOURS[1], HOURS[2], ("places", "1")]).await;
        assert!(few.page.texts(".error").concat().contains("2 places déjà prises"), "{:?}", few.page.texts(".error"));
        let later = [HOURS[0], ("debut", "14 h"), ("fin", "16 h 30"), HOURS[3], ("message", "À cause de la traite")];
        let stale = claire.post(&format!("{DATE}/horaire"), &[&later[..], &[("vu", "1")]].concat()).await;
        assert!(stale.page.texts(".warning").concat().contains("Un autre organisateur"), "opened meanwhile");
        change(&claire, 1, &later).await;
        let moved = mail_to(&site.app, "ana@cantine.example").await.unwrap();
        assert_eq!(moved.0, "visit_moved");
        assert!(
            moved.1.contains("de 14\u{a0}h à 16\u{a0}h\u{a0}30") && moved.1.contains("À cause de la traite"),
            "{}",
            moved.1
        );
        let waits = mail_to(&site.app, "cleo@cantine.example").await.unwrap().1;
        assert!(waits.replace('\n', " ").contains("à la place 1"), "{waits}");
        let told = claire.post(&format!("{DATE}/annulation"), &[("raison", "")]).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason, and a tick");
        claire.post(&format!("{DATE}/annulation"), &[("raison", "Grippe aviaire"), ("sur", "oui")]).await;
        assert_eq!(kinds(site, "ana").await, ["visit_confirmed", "visit_moved", "visit_called_off"]);
        assert_eq!(kinds(site, "cleo").await, ["visit_waiting", "visit_moved", "visit_called_off"]);
        let events = events_of(&site.app.db, "ana@cantine.example", site.app.clock.now()).await.unwrap();
        let (event, _) = &events[0];
        assert_eq!(
            (events.len(), event.method, event.starts_at.to_rfc3339()),
            (1, Method::Cancel, "2027-04-20T12:00:00+00:00".to_owned())
        );
        let page = Browser::new(&site.browser).get(PAGE).await.page.texts("main").concat();
        assert!(page.contains("Annulée") && page.contains("Grippe aviaire"), "{page}");
    })
    .await;
}
