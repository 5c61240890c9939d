//! From state to state, and back while nothing was sent.

use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use super::{DESK, LIST, PAGE, form, prepare, save, send};
use crate::support::{
    on_each_database,
    people::{Answer, Browser, organiser, rows},
};

const STATES: [&str; 8] =
    ["draft", "registration", "wishes", "timetable", "published", "running", "closed", "followed_up"];

/// The timetable is read on a page of its own before it is published.
async fn step(browser: &Browser<'_>, way: &str, seen: &str) -> Answer {
    if (way, seen) == ("avancer", "timetable") {
        return browser.post(&format!("{DESK}/publication"), &[("vu", "0"), ("version", "0")]).await;
    }
    browser.post(&format!("{DESK}/etape"), &[("geste", way), ("vu", seen)]).await
}

/// The state of the only edition.
async fn state(browser: &Browser<'_>) -> String {
    let page = browser.get(&format!("{DESK}/etape")).await.page;
    let seen = page.all("input").into_iter().find(|input| input.attribute("name") == Some("vu"));
    let seen = seen.and_then(|input| input.attribute("value")).unwrap_or("timetable");
    seen.to_owned()
}

#[tokio::test]
async fn an_edition_goes_through_its_states_one_by_one_and_back() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        for pair in STATES.windows(2) {
            let asked = claire.get(&format!("{DESK}/etape")).await.page.texts("main").concat();
            let is_read_first = pair[0] == "timetable" && asked.contains("Relire le planning et le publier");
            assert!(is_read_first || asked.contains("Ce changement n’envoie aucun courriel."), "{asked}");
            let gone = step(&claire, "avancer", pair[0]).await;
            let page = if is_read_first { "/publication?fait=publication" } else { "?fait=etape" };
            assert_eq!(gone.location, Some(format!("{DESK}{page}")), "{pair:?}");
            assert_eq!(state(&claire).await, pair[1]);
        }
        assert_eq!(step(&claire, "avancer", "followed_up").await.status, StatusCode::UNPROCESSABLE_ENTITY, "the last");
        for pair in STATES.windows(2).rev() {
            assert_eq!(step(&claire, "reculer", pair[1]).await.status, StatusCode::SEE_OTHER);
            assert_eq!(state(&claire).await, pair[0]);
        }
        assert_eq!(step(&claire, "reculer", "draft").await.status, StatusCode::UNPROCESSABLE_ENTITY, "the first");
        let journal = claire.get("/organisation/journal").await.page.texts("main").concat();
        assert!(
            journal.contains("a changé l’étape d’une rencontre") && journal.contains("En préparation → Inscriptions")
        );
        assert_eq!(journal.matches("a changé l’étape").count(), 14);
        assert_eq!(rows(&site.app, "edition_steps").await.len(), 7, "what was taken back is remembered");
    })
    .await;
}

#[tokio::test]
async fn a_step_that_sent_something_is_not_taken_back() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        step(&claire, "avancer", "draft").await;
        let sent = |count: i32| format!("UPDATE edition_steps SET mails_sent = {count}");
        site.app.db.execute_unprepared(&sent(12)).await.unwrap();
        let page = claire.get(&format!("{DESK}/etape")).await.page;
        assert!(page.texts("main").concat().contains("12 courriels sont déjà partis"));
        assert!(!page.texts("button").concat().contains("Revenir à"), "no button for what is refused");
        assert_eq!(step(&claire, "reculer", "registration").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(state(&claire).await, "registration");
        assert!(rows(&site.app, "edition_steps").await.concat().contains("registration"));
        // Without those mails the very same form goes back: it was they that held it.
        site.app.db.execute_unprepared(&sent(0)).await.unwrap();
        assert_eq!(step(&claire, "reculer", "registration").await.status, StatusCode::SEE_OTHER);
        assert_eq!(state(&claire).await, "draft");
        // The database holds it too, should the program ever forget.
        let undone = site.app.db.execute_unprepared(&sent(1)).await;
        assert!(undone.is_err(), "a step that was taken back sent nothing");
    })
    .await;
}

#[tokio::test]
async fn pressed_twice_one_step_is_gone() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        for _ in 0..4 {
            let (one, two) =
                futures_util::future::join(step(&claire, "avancer", "draft"), step(&claire, "avancer", "draft")).await;
            let mut to = [one.location.unwrap(), two.location.unwrap()];
            to.sort();
            assert_eq!(to, [format!("{DESK}/etape?fait=ailleurs"), format!("{DESK}?fait=etape")]);
            assert_eq!(state(&claire).await, "registration");
            step(&claire, "reculer", "registration").await;
        }
        let told = claire.get(&format!("{DESK}/etape?fait=ailleurs")).await.page.texts(".notice").concat();
        assert!(told.contains("a changé d’étape entre-temps"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn an_edition_opens_once_it_says_where_and_when() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let fields = [("titre", "Rencontre du Velay"), ("jour", "20/05/2027")];
        claire.post(&format!("{LIST}/ajout"), &fields).await;
        save(&claire, "inscription", &[("fin_inscriptions", "15/03/2027")]).await;
        let refused = step(&claire, "avancer", "draft").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let told = refused.page.texts(".notice").concat();
        assert!(told.contains("la salle ou la commune") && told.contains("dernier jour pour s’inscrire"), "{told}");
        assert_eq!(claire.get(PAGE).await.status, StatusCode::OK, "organisers see the draft");
        save(&claire, "lieu", &[("salle", "Salle des fêtes"), ("commune_nom", "Yssingeaux")]).await;
        save(&claire, "inscription", &[("fin_inscriptions", "16/03/2027")]).await;
        assert_eq!(step(&claire, "avancer", "draft").await.status, StatusCode::SEE_OTHER, "today is still in time");
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_erased_and_nothing_else_is() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        step(&claire, "avancer", "draft").await;
        let kept = claire.get(&format!("{DESK}/retrait")).await.page;
        assert!(kept.texts("h1").concat().contains("ne s’efface pas") && kept.inside("main", "form").is_empty());
        claire.post(&format!("{DESK}/retrait"), &[]).await;
        assert_eq!(rows(&site.app, "editions").await.len(), 1);
        step(&claire, "reculer", "registration").await;
        assert!(
            claire.get(&format!("{DESK}/retrait")).await.page.texts("h1").concat().contains("Effacer ce brouillon")
        );
        let gone = claire.post(&format!("{DESK}/retrait"), &[]).await;
        assert_eq!(gone.location, Some(format!("{LIST}?fait=retrait")));
        for table in ["editions", "edition_sessions", "edition_tables", "edition_questions", "edition_steps"] {
            assert!(rows(&site.app, table).await.is_empty(), "{table}");
        }
        assert_eq!(claire.get(DESK).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn when_the_day_is_over_what_was_planned_stays() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        let drawn = form(&claire.get(DESK).await.page, "lieu");
        for state in &STATES[..6] {
            step(&claire, "avancer", state).await;
        }
        assert_eq!(state(&claire).await, "closed");
        let page = claire.get(DESK).await.page;
        assert!(page.by_id("salle").is_none() && page.texts("main").concat().contains("ne change plus"));
        let late = send(&claire, &drawn, "lieu", &[("salle", "Ailleurs")]).await;
        assert_eq!(late.location.as_deref(), Some(DESK));
        assert!(!rows(&site.app, "editions").await.concat().contains("Ailleurs"));
    })
    .await;
}
