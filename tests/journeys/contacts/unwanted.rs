//! A supplier answers, blocks and shows a message; who never answers is asked to pause.

use chrono::TimeDelta;
use manger_local::contacts::ask_the_silent;
use manger_local::suppliers::import::{self, Options};
use poem::http::StatusCode;

use super::after;
use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to, mails_to, member, organiser, secrets_of},
};

const COOK: &str = "cook@college.example";
const FARMER: &str = "ferme@suc.example";
const PAGE: &str = "/annuaire/ferme-du-suc/contact";

/// Claire, a cook, and a farmer who holds her listing; and the path of it.
async fn cast(site: &Site) -> (Browser<'_>, Browser<'_>, Browser<'_>, String) {
    let table = format!("Référence;Nom;Type;Code INSEE;Courriel\nF1;Ferme du Suc;Producteur;43157;{FARMER}\n");
    let options = Options::new("fournisseurs.csv", site.app.clock.now(), site.app.today());
    import::suppliers(&site.app, table.as_bytes(), &options, &mut |_| {}).await.unwrap();
    let claire = organiser(&site.app, &site.browser).await;
    let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
    let farmer = Browser::new(&site.browser);
    farmer.post("/fournisseurs/inscription", &[("siret", ""), ("courriel", FARMER)]).await;
    let (code, _) = secrets_of(&mail_to(&site.app, FARMER).await.expect("a mail").1);
    farmer.post("/connexion/code", &[("code", &code), ("suite", "/fournisseurs/inscription")]).await;
    let taken = farmer.post("/fournisseurs/inscription", &[("fiche", "1")]).await.location.unwrap();
    let path = taken.split('?').next().unwrap().to_owned();
    (claire, cook, farmer, path)
}

async fn write(cook: &Browser<'_>, words: &str) -> StatusCode {
    cook.post(PAGE, &[("cantine", "1"), ("message", words)]).await.status
}

async fn of_kind(site: &Site, address: &str, kind: &str) -> usize {
    mails_to(&site.app, address).await.into_iter().filter(|(known, _)| known == kind).count()
}

#[tokio::test]
async fn who_says_that_she_answered_is_not_reminded() {
    on_each_database(async |site| {
        let (_, cook, farmer, path) = cast(site).await;
        write(&cook, "Vos carottes ?").await;
        let done = farmer.post(&format!("{path}/messages/1"), &[("geste", "reponse")]).await;
        assert_eq!(done.location, Some(format!("{path}/messages?fait=reponse")));
        after(site, 8).await;
        assert_eq!(of_kind(site, FARMER, "contact_reminder").await, 0);
        cook.post("/cantine/1/messages/1", &[("suite", "travail")]).await;
        farmer.post(&format!("{path}/messages/1"), &[("geste", "reponse")]).await;
        let said = cook.get("/cantine/1/messages").await.page.texts(".letters").concat();
        assert!(said.contains("travaillez ensemble"), "the canteen's word stays: {said}");
    })
    .await;
}

#[tokio::test]
async fn a_canteen_that_is_blocked_writes_no_more_until_it_is_wanted_again() {
    on_each_database(async |site| {
        let (claire, cook, farmer, path) = cast(site).await;
        let other = member(&site.app, &claire, "Lycée du Bas", "other@lycee.example").await;
        write(&cook, "Vos carottes ?").await;
        let page = format!("{path}/messages/1");
        farmer.post(&page, &[("geste", "blocage")]).await;
        farmer.post(&page, &[("geste", "blocage")]).await;
        let refused = cook.post(PAGE, &[("cantine", "1"), ("message", "Et vos panais ?")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.page.texts(".error").concat().contains("ne reçoit plus de messages de votre cantine"));
        assert!(refused.page.texts("textarea").concat().contains("Et vos panais ?"), "what was typed stays");
        let third = other.post(PAGE, &[("cantine", "3"), ("message", "Et à nous ?")]).await;
        assert_eq!(third.status, StatusCode::SEE_OTHER, "others still write");
        after(site, 8).await;
        assert_eq!(of_kind(site, FARMER, "contact_reminder").await, 1, "not of the blocked one");
        farmer.post(&page, &[("geste", "deblocage")]).await;
        assert_eq!(write(&cook, "Et vos panais ?").await, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_message_is_shown_to_the_organisers_once_and_strangers_touch_nothing() {
    on_each_database(async |site| {
        let (claire, cook, farmer, path) = cast(site).await;
        write(&cook, "Achetez mes montres").await;
        let page = format!("{path}/messages/1");
        let silent = farmer.post(&page, &[("geste", "signalement"), ("mot", " ")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(silent.page.texts(".error").concat().contains("Dites ce qui ne va pas"));
        for _ in 0..2 {
            farmer.post(&page, &[("geste", "signalement"), ("mot", "Ce n’est pas une cantine.")]).await;
        }
        assert_eq!(of_kind(site, "claire@departement.example", "contact_reported").await, 1);
        let list = claire.get("/organisation/messages").await.page.texts("main").concat();
        assert!(list.contains("Achetez mes montres") && list.contains("Ce n’est pas une cantine."), "{list}");
        claire.post("/organisation/messages/1", &[]).await;
        assert!(claire.get("/organisation/messages").await.page.texts("main").concat().contains("Aucun fournisseur"));
        assert_eq!(claire.post("/organisation/messages/9", &[]).await.status, StatusCode::NOT_FOUND);
        let rival = member(&site.app, &claire, "Ferme du Bas", "bas@ferme.example").await;
        for stranger in [&cook, &rival] {
            for (path, fields) in [(page.as_str(), vec![("geste", "blocage")]), ("/organisation/messages/1", vec![])] {
                let refused = stranger.post(path, &fields).await.status;
                assert!(refused == StatusCode::NOT_FOUND || refused == StatusCode::FORBIDDEN, "{path}: {refused}");
            }
        }
        let own = rival.post("/fiche/3/messages/1", &[("geste", "blocage")]).await;
        assert_eq!(own.status, StatusCode::NOT_FOUND, "another's message under one's own listing");
    })
    .await;
}

#[tokio::test]
async fn who_leaves_three_messages_without_an_answer_is_asked_once_to_pause() {
    on_each_database(async |site| {
        let (_, cook, farmer, path) = cast(site).await;
        for words in ["Un", "Deux", "Trois"] {
            write(&cook, words).await;
        }
        silent(site).await;
        assert_eq!(of_kind(site, FARMER, "contact_silent").await, 0, "she has two weeks");
        site.app.clock.advance(TimeDelta::days(15));
        silent(site).await;
        silent(site).await;
        assert_eq!(of_kind(site, FARMER, "contact_silent").await, 1);
        assert!(mail_to(&site.app, FARMER).await.unwrap().1.contains(&format!("{path}/etat")));
        site.app.clock.advance(TimeDelta::days(1));
        silent(site).await;
        assert_eq!(of_kind(site, FARMER, "contact_silent").await, 1, "once for these three");
        farmer.post(&format!("{path}/messages/3"), &[("geste", "reponse")]).await;
        for words in ["Quatre", "Cinq"] {
            write(&cook, words).await;
        }
        site.app.clock.advance(TimeDelta::days(15));
        silent(site).await;
        assert_eq!(of_kind(site, FARMER, "contact_silent").await, 1, "an answer counts for those before");
        write(&cook, "Six").await;
        site.app.clock.advance(TimeDelta::days(15));
        silent(site).await;
        assert_eq!(of_kind(site, FARMER, "contact_silent").await, 2, "three more since");
    })
    .await;
}

async fn silent(site: &Site) {
    let txn = site.app.write().await.unwrap();
    ask_the_silent(&site.app, &txn, site.app.clock.now()).await.unwrap();
    txn.commit().await.unwrap();
}
