//! What organisers ask of those who register: written, answered, read, forgotten.

use std::io::{Cursor, Read};

use manger_local::farm_visits::forget_old;
use poem::http::StatusCode;

use super::{date, program};
use crate::support::{
    on_each_database,
    people::{Answer, Browser, member, rows},
};

const DESK: &str = "/organisation/visites/1";
const FORM: &str = "/visites/ferme-des-genets/dates/1/inscription";

/// Sends the questions as who has the page open does, with what is shown there otherwise.
async fn ask(claire: &Browser<'_>, fields: &[(&str, &str)]) -> Answer {
    let page = claire.get(DESK).await.page;
    let hidden = page.all("input").into_iter().filter(|input| input.attribute("type") == Some("hidden"));
    let hidden =
        hidden.filter_map(|input| Some((input.attribute("name")?, input.attribute("value").unwrap_or_default())));
    let shown: Vec<(&str, &str)> = hidden.filter(|(name, _)| *name == "vu" || name.starts_with("numero-")).collect();
    let mut all: Vec<(&str, &str)> = Vec::new();
    for (name, value) in fields.iter().copied().chain(shown) {
        if all.iter().all(|(known, _)| *known != name) {
            all.push((name, value));
        }
    }
    claire.post(&format!("{DESK}/questions"), &all).await
}

#[tokio::test]
async fn organisers_ask_up_to_five_questions_and_read_the_answers_until_the_visit_is_over() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        date(site, &key, 9).await;
        let wrong = ask(&claire, &[("question-1", &"x".repeat(301)), ("obligatoire-2", "oui")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.page.texts(".error").len(), 2, "{:?}", wrong.page.texts(".error"));
        let kept = wrong.page.by_id("question-1").unwrap().attribute("value").unwrap().len();
        assert_eq!(kept, 301, "what was typed is kept");
        let fields =
            [("question-1", "Cuisinez-vous sur place ?"), ("obligatoire-1", "oui"), ("question-2", "Votre budget")];
        let done = ask(&claire, &fields).await;
        assert_eq!(done.location.as_deref(), Some("/organisation/visites/1?fait=questions"));
        let stale = claire.post(&format!("{DESK}/questions"), &[("question-1", "Autre"), ("vu", "1")]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "somebody else wrote meanwhile");
        let cook = member(&site.app, &claire, "Collège des Hauts", "sophie@cantine.example").await;
        let form = cook.get(FORM).await.page;
        assert!(form.texts("label").concat().contains("Votre budget (facultatif)"), "{:?}", form.texts("label"));
        let person = [("nom", "Sophie"), ("personnes", "1"), ("reponse-2", "2,50 €")];
        let missing = cook.post(FORM, &person).await;
        assert!(missing.page.texts(".error").concat().contains("Répondez à cette question."));
        cook.post(FORM, &[&person[..], &[("reponse-1", "Oui, chaque jour")]].concat()).await;
        let read = claire.get("/organisation/visites/dates/1").await.page.texts("main").concat();
        assert!(read.contains("Cuisinez-vous sur place ? Oui, chaque jour"), "{read}");
        assert!(read.contains("Votre budget : 2,50"), "{read}");
        let file = cook.bytes("/mon-espace/donnees/export.zip").await;
        let mut own = String::new();
        let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
        zip.by_name("donnees.json").unwrap().read_to_string(&mut own).unwrap();
        assert!(own.contains("Oui, chaque jour"), "what she said is in her file: {own}");
        // A question that is asked no more takes its answers along, and its number is not given again.
        let fields = [("question-1", "Cuisinez-vous sur place ?"), ("question-2", ""), ("question-3", "En car ?")];
        ask(&claire, &fields).await;
        assert_eq!(rows(&site.app, "registration_answers").await, ["Oui, chaque jour"]);
        assert!(cook.get("/visites/ferme-des-genets").await.status == StatusCode::OK);
        let names = Browser::new(&site.browser).get(FORM).await.page;
        let names: Vec<_> =
            names.all("textarea").iter().filter_map(|it| it.attribute("name")).map(str::to_owned).collect();
        assert!(names.ends_with(&["reponse-1".to_owned(), "reponse-3".to_owned()]), "{names:?}");
        // The copy of a visit asks the same.
        let copy = claire.post(&format!("{DESK}/copie"), &[]).await.location.unwrap();
        assert!(claire.get(&copy).await.page.by_id("question-2").unwrap().attribute("value") == Some("En car ?"));
        // A day after the visit nobody needs to know.
        site.app.clock.advance(chrono::TimeDelta::days(37));
        let txn = site.app.write().await.unwrap();
        forget_old(&txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        assert!(rows(&site.app, "registration_answers").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_withdraws_is_not_remembered_by_her_answers() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        date(site, &key, 9).await;
        ask(&claire, &[("question-1", "Cuisinez-vous sur place ?")]).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", "sophie@cantine.example").await;
        cook.post(FORM, &[("nom", "Sophie"), ("personnes", "1"), ("reponse-1", "Oui")]).await;
        cook.post("/visites/inscription/1/annulation", &[]).await;
        let txn = site.app.write().await.unwrap();
        forget_old(&txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        assert!(rows(&site.app, "registration_answers").await.is_empty());
    })
    .await;
}
