//! A listing stays true: asked once a year, out of the results without an answer, paused and taken out by its supplier, told
//! of a certificate before it ends.

use chrono::{Days, TimeDelta};
use manger_local::schedule::{self, Duty, Every, Next};
use manger_local::suppliers::look_after;
use poem::http::StatusCode;

use super::{JULIE, accepted, comes_in, decide, found, import, seen};
use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to, mails_to, path_of, rows},
};

static DUTIES: [Duty; 1] = [Duty {
    kind: "suppliers.look_after",
    every: Some(Every::Minutes(60 * 24)),
    run: |app, txn, _, now| Box::pin(look_after(app, txn, now)),
}];

/// Days go by, each with its work.
async fn days(site: &Site, count: i64) {
    for _ in 0..count {
        site.app.clock.advance(TimeDelta::days(1));
        look(site).await;
    }
}

/// The work of a day.
async fn look(site: &Site) {
    loop {
        let txn = site.app.write().await.unwrap();
        let next = look_after(&site.app, &txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        if next == Next::Done {
            return;
        }
    }
}

async fn of_kind(site: &Site, kind: &str) -> usize {
    mails_to(&site.app, JULIE).await.into_iter().filter(|(known, _)| known == kind).count()
}

/// The address in the latest question.
async fn link(site: &Site) -> String {
    let (kind, text) = mail_to(&site.app, JULIE).await.unwrap();
    assert_eq!(kind, "listing_question");
    path_of(
        text.lines().find(|line| line.contains("/fournisseurs/a-jour/")).expect("a link").rsplit(' ').next().unwrap(),
    )
}

#[tokio::test]
async fn once_a_year_a_listing_is_asked_about_and_a_button_without_account_answers() {
    on_each_database(async |site| {
        accepted(site).await;
        site.app.clock.advance(TimeDelta::days(363));
        days(site, 1).await;
        assert_eq!(of_kind(site, "listing_question").await, 0, "not yet a year");
        days(site, 2).await;
        assert_eq!(of_kind(site, "listing_question").await, 1, "once");
        let text = mail_to(&site.app, JULIE).await.unwrap().1;
        assert!(text.contains("Topinambours violets") && text.contains("2,40"), "{text}");
        assert!(!text.contains("quittera"), "the first question threatens nobody: {text}");
        let link = link(site).await;
        let stranger = Browser::new(&site.browser);
        let asked = stranger.get(&link).await;
        assert!(asked.cache.unwrap().contains("no-store"));
        assert!(asked.page.texts("dd").concat().contains("Topinambours violets"));
        days(site, 28).await;
        assert_eq!(of_kind(site, "listing_question").await, 1, "looking is no answer, and a month has not passed");
        let answered = stranger.post(&link, &[]).await;
        assert!(answered.page.texts("h1").concat().contains("Merci"), "{:?}", answered.page.texts("h1"));
        assert_eq!(stranger.post(&link, &[]).await.status, StatusCode::NOT_FOUND, "used once");
        assert_eq!(stranger.get(&link).await.status, StatusCode::NOT_FOUND);
        assert!(rows(&site.app, "listing_question_links").await.is_empty());
        let public = stranger.get("/annuaire/ferme-du-suc").await.page.texts("main").concat();
        assert!(public.contains("Confirmée") && !public.contains("Elle est ancienne"), "{public}");
        days(site, 60).await;
        assert_eq!(of_kind(site, "listing_question").await, 1, "answered for a year");
    })
    .await;
}

#[tokio::test]
async fn without_an_answer_it_leaves_the_results_after_two_reminders_and_comes_back_by_the_link() {
    on_each_database(async |site| {
        accepted(site).await;
        site.app.clock.advance(TimeDelta::days(364));
        days(site, 1).await;
        let first = link(site).await;
        days(site, 30).await;
        assert!(mail_to(&site.app, JULIE).await.unwrap().1.contains("quittera les résultats"));
        days(site, 30).await;
        assert_eq!(of_kind(site, "listing_question").await, 3, "a question and two reminders");
        days(site, 29).await;
        assert_eq!(found(site, "topinambours").await, 1, "three months have not passed");
        days(site, 1).await;
        assert_eq!(mail_to(&site.app, JULIE).await.unwrap().0, "listing_hidden");
        assert_eq!(found(site, "topinambours").await, 0);
        assert_eq!(site.browser.get("/annuaire/ferme-du-suc").send().await.0.status(), StatusCode::NOT_FOUND);
        days(site, 90).await;
        assert_eq!(of_kind(site, "listing_question").await, 3, "silence is not asked again");
        assert_eq!(of_kind(site, "listing_hidden").await, 1);
        Browser::new(&site.browser).post(&first, &[]).await;
        assert_eq!(found(site, "topinambours").await, 1, "the link of the first mail still answers");
    })
    .await;
}

#[tokio::test]
async fn what_an_organiser_opens_again_is_not_hidden_the_next_day_by_the_question_of_before() {
    on_each_database(async |site| {
        let (claire, _, _) = accepted(site).await;
        site.app.clock.advance(TimeDelta::days(364));
        days(site, 95).await;
        assert_eq!(found(site, "topinambours").await, 0);
        comes_in(site, &claire, "claire@departement.example").await;
        claire.post("/organisation/annuaire/ferme-du-suc", &[("geste", "reouverture")]).await;
        days(site, 2).await;
        assert_eq!(found(site, "topinambours").await, 1);
        assert_eq!(of_kind(site, "listing_question").await, 4, "it is asked anew, from the beginning");
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_out_stays_out_though_a_change_is_accepted_meanwhile() {
    on_each_database(async |site| {
        let (claire, julie, path) = accepted(site).await;
        let vu = seen(&julie, &format!("{path}/identite")).await;
        let fields =
            [("nom", "Ferme du Suc"), ("type", "producer"), ("telephone", "04 71 00 00 01"), ("vu", vu.as_str())];
        julie.post(&format!("{path}/identite"), &fields).await;
        julie.post(&format!("{path}/envoi"), &[]).await;
        julie.post(&format!("{path}/etat"), &[("geste", "retrait")]).await;
        let page = claire.get(&path.replace("/fiche/", "/organisation/fiches/")).await.page;
        assert!(page.texts(".notice").concat().contains("n’est pas en ligne"), "{:?}", page.texts(".notice"));
        assert_eq!(decide(&claire, &path, &[("geste", "acceptation")]).await, StatusCode::SEE_OTHER);
        assert_eq!(found(site, "topinambours").await, 0);
        julie.post(&format!("{path}/etat"), &[("geste", "retour")]).await;
        assert_eq!(found(site, "topinambours").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_slept_for_a_year_skips_no_reminder() {
    on_each_database(async |site| {
        accepted(site).await;
        site.app.clock.advance(TimeDelta::days(364));
        days(site, 1).await;
        site.app.clock.advance(TimeDelta::days(400));
        look(site).await;
        look(site).await;
        assert_eq!(of_kind(site, "listing_question").await, 2, "one reminder, not three steps at once");
        assert_eq!(found(site, "topinambours").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_file_with_an_old_date_hides_nothing_and_asks_nobody() {
    on_each_database(async |site| {
        import(site, "Référence;Nom;Type;Code INSEE;Fiche confirmée le;Courriel\nF1;Ferme du Pré;Producteur;43157;01/02/2019;pre@ferme.example\n").await;
        days(site, 3).await;
        site.app.clock.advance(TimeDelta::days(200));
        days(site, 1).await;
        assert_eq!(rows(&site.app, "listing_questions").await.len(), 0);
        assert!(mails_to(&site.app, "pre@ferme.example").await.is_empty());
        assert_eq!(site.browser.get("/annuaire/ferme-du-pre").send().await.0.status(), StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_pause_ends_by_itself_and_a_change_accepted_meanwhile_does_not_end_it() {
    on_each_database(async |site| {
        let (claire, julie, path) = accepted(site).await;
        let page = format!("{path}/etat");
        let back = site.app.today() + Days::new(20);
        for (typed, words) in [("hier", "Écrivez une date"), ("01/01/2020", "passée"), ("01/01/2040", "deux ans")] {
            let refused = julie.post(&page, &[("geste", "pause"), ("retour", typed)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
            assert!(refused.page.texts(".error").concat().contains(words), "{typed}");
        }
        let typed = back.format("%d/%m/%Y").to_string();
        let paused = julie.post(&page, &[("geste", "pause"), ("retour", &typed)]).await;
        assert_eq!(paused.location, Some(format!("{page}?fait=pause")));
        assert_eq!(found(site, "topinambours").await, 0);
        assert!(julie.get(&path).await.page.texts(".lead").concat().contains("n’est pas visible"));
        let vu = seen(&julie, &format!("{path}/identite")).await;
        let fields =
            [("nom", "Ferme du Suc"), ("type", "producer"), ("telephone", "04 71 00 00 01"), ("vu", vu.as_str())];
        julie.post(&format!("{path}/identite"), &fields).await;
        julie.post(&format!("{path}/envoi"), &[]).await;
        assert_eq!(decide(&claire, &path, &[("geste", "acceptation")]).await, StatusCode::SEE_OTHER);
        assert!(mail_to(&site.app, JULIE).await.unwrap().1.contains("pas en ligne"));
        assert_eq!(found(site, "topinambours").await, 0, "still paused");
        days(site, 19).await;
        assert_eq!(found(site, "topinambours").await, 0);
        days(site, 1).await;
        assert_eq!(mail_to(&site.app, JULIE).await.unwrap().0, "listing_back");
        assert_eq!(found(site, "topinambours").await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_a_supplier_takes_out_she_brings_back_and_what_an_organiser_closed_she_does_not() {
    on_each_database(async |site| {
        let (claire, julie, path) = accepted(site).await;
        let page = format!("{path}/etat");
        julie.post(&page, &[("geste", "retrait")]).await;
        assert_eq!(found(site, "topinambours").await, 0);
        let back = julie.post(&page, &[("geste", "retour")]).await;
        assert_eq!(back.location, Some(format!("{page}?fait=retour")));
        assert_eq!(found(site, "topinambours").await, 1);
        let close = "/organisation/annuaire/ferme-du-suc";
        let silent = claire.post(close, &[("geste", "fermeture")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "she says why");
        claire.post(close, &[("geste", "fermeture"), ("mot", "Activité cessée.")]).await;
        claire.post(close, &[("geste", "fermeture"), ("mot", "Activité cessée.")]).await;
        assert_eq!(of_kind(site, "listing_closed").await, 1);
        assert!(mail_to(&site.app, JULIE).await.unwrap().1.contains("Activité cessée."));
        for wish in ["retour", "confirmation", "pause", "retrait"] {
            julie.post(&page, &[("geste", wish)]).await;
            assert_eq!(found(site, "topinambours").await, 0, "{wish}");
        }
        assert!(julie.get(&page).await.page.texts(".notice").concat().contains("Activité cessée."));
        claire.post(close, &[("geste", "reouverture")]).await;
        assert_eq!(found(site, "topinambours").await, 1);
        assert_eq!(mail_to(&site.app, JULIE).await.unwrap().0, "listing_back");
        days(site, 40).await;
        comes_in(site, &julie, JULIE).await;
        assert!(julie.get(&page).await.page.texts(".lead").concat().contains("est en ligne"));
    })
    .await;
}

#[tokio::test]
async fn a_certificate_is_told_once_a_month_before_it_ends() {
    on_each_database(async |site| {
        let (claire, julie, path) = accepted(site).await;
        let last = site.app.today() + Days::new(40);
        let until = last.format("%d/%m/%Y").to_string();
        let fields =
            [("signe", "organic"), ("numero", "114386"), ("organisme", "Ecocert"), ("fin", until.as_str()), ("vu", "")];
        let added = julie.post_files(&format!("{path}/certifications/ajout"), &fields, &[]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{:?}", added.page.texts(".error"));
        julie.post(&format!("{path}/envoi"), &[]).await;
        decide(&claire, &path, &[("geste", "acceptation")]).await;
        days(site, 9).await;
        assert_eq!(of_kind(site, "certificates_end").await, 0, "31 days before");
        days(site, 10).await;
        assert_eq!(of_kind(site, "certificates_end").await, 1);
        let (_, text) = mail_to(&site.app, JULIE).await.unwrap();
        assert!(text.contains("114386") && text.contains(&format!("{path}/certifications")), "{text}");
    })
    .await;
}

#[tokio::test]
async fn the_work_of_a_day_is_planned() {
    on_each_database(async |site| {
        schedule::prepare(&site.app, &DUTIES).await.unwrap();
        assert!(rows(&site.app, "scheduled_works").await.concat().contains("suppliers.look_after"));
    })
    .await;
}
