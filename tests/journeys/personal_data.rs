//! What the site knows of a person: taken away, erased, forgotten.

use std::io::Read;

use chrono::TimeDelta;
use manger_local::mail::latest;
use manger_local::personal_data::look_after_inactive;
use manger_local::schedule::Next;
use poem::http::StatusCode;

use crate::editions::{DESK, PAGE, prepare};
use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to, member, organiser, rows},
    post::{carrier, send},
    smtp::SmtpServer,
};

const COOK: &str = "cook@college.example";
const ERASURE: &str = "/mon-espace/donnees/effacement";
const TABLES: [&str; 13] = [
    "calendar_entries",
    "people",
    "sessions",
    "sign_ins",
    "invitations",
    "memberships",
    "second_factors",
    "api_tokens",
    "identities",
    "outgoing_mails",
    "mail_attempts",
    "audit_entries",
    "reported_errors",
];

async fn holds(site: &Site, text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for table in TABLES {
        if rows(&site.app, table).await.iter().any(|row| row.contains(text)) {
            found.push(table);
        }
    }
    found
}

#[tokio::test]
async fn one_takes_away_all_that_is_known() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        cook.post("/mon-espace/nom", &[("nom", "Amélie Roux")]).await;
        cook.post("/mon-espace/cles", &[("nom", "tableur"), ("identity", "oui")]).await;
        prepare(&claire).await;
        claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", "draft")]).await;
        let names = [("nom-1", "Paul Roche"), ("nom-2", "Amélie Roux")];
        cook.post(&format!("{PAGE}/inscription/1"), &names).await;
        let file = cook.bytes("/mon-espace/donnees/export.zip").await;
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
        let mut json = String::new();
        zip.by_name("donnees.json").unwrap().read_to_string(&mut json).unwrap();
        let known: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(known["compte"]["nom"], "Amélie Roux");
        assert_eq!(known["compte"]["equipes"][0]["nom"], "Collège des Hauts");
        assert_eq!(known["compte"]["cles"][0]["nom"], "tableur");
        let meeting =
            serde_json::json!([{ "rencontre": "Rencontre du Velay", "le": "2027-05-20", "nom": "Amélie Roux" }]);
        assert_eq!(known["rencontres"], meeting, "her own name, not her colleague's");
        let acts = known["journal"].as_array().unwrap();
        assert!(acts.iter().any(|act| act["quoi"] == "a créé une clé d’accès"), "{acts:?}");
        assert!(known["messages"].as_array().unwrap().len() >= 2, "{known:#}");
        assert!(!json.contains(&cook.cookie("session").unwrap()) && !json.contains("hash"), "{json}");
        assert!(zip.file_names().any(|name| name.unwrap().ends_with("security.eml")));
    })
    .await;
}

#[tokio::test]
async fn whoever_erases_her_account_leaves_no_trace_but_that_somebody_acted() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        cook.post("/mon-espace/nom", &[("nom", "Amélie Roux")]).await;
        cook.post("/mon-espace/cles", &[("nom", "tableur"), ("identity", "oui")]).await;
        cook.post("/connexion", &[("courriel", COOK)]).await;
        assert!(holds(site, COOK).await.len() >= 3, "there is something to erase");
        let asked = cook.get(ERASURE).await;
        assert!(asked.page.texts(".notice")[0].contains("Collège des Hauts"), "what follows is said before");
        let unticked = cook.post(ERASURE, &[]).await;
        assert!(unticked.status == StatusCode::UNPROCESSABLE_ENTITY && unticked.page.by_id("compris-error").is_some());
        let erased = cook.post(ERASURE, &[("compris", "oui")]).await;
        assert_eq!(erased.location.as_deref(), Some("/compte-efface"));
        assert_eq!(cook.cookie("session"), None);
        assert_eq!(holds(site, COOK).await, ["outgoing_mails"], "the last mail alone names her");
        assert!(holds(site, "Amélie").await.is_empty());
        let server = SmtpServer::start().await;
        while send(&site.app, &mut carrier(&site.app, &server)).await > 0 {}
        let to_her: Vec<_> = server.received().into_iter().filter(|mail| mail.to == COOK).collect();
        assert_eq!(to_her.len(), 1, "what waited for her does not leave");
        site.app.clock.advance(TimeDelta::days(8));
        let txn = site.app.write().await.unwrap();
        manger_local::mail::forget_old(&txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        assert!(holds(site, COOK).await.is_empty(), "{:?}", holds(site, COOK).await);
        let journal = claire.get("/organisation/journal").await.page.texts("main").join(" ");
        assert!(journal.contains("Une personne dont le compte est effacé a créé une clé d’accès"), "{journal}");
    })
    .await;
}

#[tokio::test]
async fn the_last_organiser_hands_over_before_she_is_erased() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        for what in ["h1", "title"] {
            assert!(claire.get(ERASURE).await.page.texts(what)[0].contains("d’abord un autre organisateur"), "{what}");
        }
        assert_eq!(claire.post(ERASURE, &[("compris", "oui")]).await.status, StatusCode::CONFLICT);
        assert_eq!(claire.get("/mon-espace").await.status, StatusCode::OK);
    })
    .await;
}

/// Looks after the inactive as the night does.
async fn night(site: &Site) {
    loop {
        let txn = site.app.write().await.unwrap();
        let next = look_after_inactive(&site.app, &txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        if next == Next::Done {
            break;
        }
    }
}

async fn warnings(site: &Site) -> usize {
    latest(&site.app.db, 200).await.unwrap().iter().filter(|mail| mail.kind == "inactivity").count()
}

#[tokio::test]
async fn whoever_stays_away_for_two_years_is_warned_and_then_erased() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        member(&site.app, &claire, "Collège des Hauts", COOK).await;
        site.app.clock.advance(TimeDelta::days(690));
        night(site).await;
        assert_eq!(warnings(site).await, 0);
        site.app.clock.advance(TimeDelta::days(20));
        night(site).await;
        night(site).await;
        assert_eq!(warnings(site).await, 1, "once; the last organiser is not warned of what will not happen");
        let (_, text) = mail_to(&site.app, COOK).await.unwrap();
        assert!(text.contains("16\u{a0}mars 2027") && text.contains("/connexion"), "{text}");
        site.app.clock.advance(TimeDelta::days(29));
        night(site).await;
        assert!(holds(site, COOK).await.contains(&"people"), "she was promised a month");
        site.app.clock.advance(TimeDelta::days(2));
        night(site).await;
        assert!(holds(site, COOK).await.is_empty(), "{:?}", holds(site, COOK).await);
        assert!(holds(site, "claire@").await.contains(&"people"), "somebody runs the territory");
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_back_after_the_warning_stays() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        member(&site.app, &claire, "Collège des Hauts", COOK).await;
        site.app.clock.advance(TimeDelta::days(710));
        night(site).await;
        assert_eq!(warnings(site).await, 1);
        let back = Browser::new(&site.browser);
        back.post("/connexion", &[("courriel", COOK)]).await;
        let (code, _) = crate::support::people::secrets_of(&mail_to(&site.app, COOK).await.unwrap().1);
        back.post("/connexion/code", &[("code", &code)]).await;
        site.app.clock.advance(TimeDelta::days(100));
        night(site).await;
        assert!(holds(site, COOK).await.contains(&"people"));
    })
    .await;
}
