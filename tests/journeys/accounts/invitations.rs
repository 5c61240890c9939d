//! Somebody is asked to join by a mail with a link.

use chrono::TimeDelta;
use futures_util::future::join_all;
use manger_local::accounts::{forget_old, invite_organiser};
use manger_local::mail::EmailAddress;
use poem::http::StatusCode;

use crate::support::{
    Site, on_each_database,
    people::{Browser, accept, invitation_of, mail_to, member, organiser, rows, secrets_of},
    second_factor::{CLAIRE, with_telephone},
};

const COOK: &str = "cook@college.example";
const HELPER: &str = "helper@college.example";

/// The cook of Les Hauts, who has just invited her helper, and the link of that mail.
async fn invited(site: &Site) -> (Browser<'_>, Browser<'_>, String) {
    let claire = organiser(&site.app, &site.browser).await;
    let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
    cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
    (claire, cook, invitation_of(&site.app, HELPER).await)
}

#[tokio::test]
async fn a_cook_invites_her_helper_who_comes_into_being_by_accepting() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        let link = invitation_of(&site.app, HELPER).await;
        assert!(rows(&site.app, "people").await.iter().all(|row| !row.contains(HELPER)));
        assert!(rows(&site.app, "invitations").await.iter().all(|row| !row.contains(link.rsplit('/').next().unwrap())));
        let stranger = Browser::new(&site.browser);
        for _ in 0..3 {
            assert_eq!(stranger.get(&link).await.status, StatusCode::OK, "a mail program follows links");
        }
        let seen = cook.get(&link).await;
        assert!(seen.page.texts(".notice")[0].contains(COOK), "somebody else is signed in here");
        let helper = accept(&site.app, &site.browser, HELPER).await;
        assert_eq!(stranger.post(&link, &[]).await.status, StatusCode::GONE, "once");
        assert_eq!(helper.get("/equipes/1").await.page.inside(".devices", "strong").len(), 2);
        let twice = cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        assert!(twice.page.texts(".error")[0].contains("déjà partie"));
        assert_eq!(twice.page.by_id("courriel").unwrap().attribute("value"), Some(HELPER));
    })
    .await;
}

#[tokio::test]
async fn whoever_is_invited_comes_in_by_code_too_and_decides_on_her_own_page() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        let helper = Browser::new(&site.browser);
        helper.post("/connexion", &[("courriel", HELPER)]).await;
        let (code, _) = secrets_of(&mail_to(&site.app, HELPER).await.unwrap().1);
        assert_eq!(helper.post("/connexion/code", &[("code", &code)]).await.location.as_deref(), Some("/mon-espace"));
        assert!(helper.get("/mon-espace").await.page.texts(".notice")[0].contains("Collège des Hauts"));
        assert_eq!(helper.get("/equipes/1").await.status, StatusCode::NOT_FOUND, "not before she says so");
        helper.post("/mon-espace/invitations/3/refus", &[]).await;
        assert!(helper.get("/mon-espace").await.page.texts(".notice").is_empty());
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        helper.post("/mon-espace/invitations/4/acceptation", &[]).await;
        assert_eq!(helper.get("/equipes/1").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_ends_is_replaced_and_is_taken_back() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let gone = async |link: &str| Browser::new(&site.browser).get(link).await.status == StatusCode::GONE;
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        let first = invitation_of(&site.app, HELPER).await;
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        let second = invitation_of(&site.app, HELPER).await;
        assert!(gone(&first).await && !gone(&second).await);
        cook.post("/equipes/1/invitations/4/retrait", &[]).await;
        assert!(gone(&second).await);
        for _ in 0..3 {
            cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        }
        let sixth = cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        assert!(sixth.page.texts(".error")[0].contains("cinq invitations"), "five a day");
        let last = invitation_of(&site.app, HELPER).await;
        site.app.clock.advance(TimeDelta::days(14));
        assert!(gone(&last).await);
    })
    .await;
}

#[tokio::test]
async fn accepting_in_somebody_elses_browser_changes_the_account_there() {
    on_each_database(async |site| {
        let (_, cook, link) = invited(site).await;
        let before = cook.cookie("session").unwrap();
        let warned = cook.get(&link).await.page.texts(".notice").concat();
        assert!(warned.contains(COOK) && warned.contains("vous changerez de compte"), "{warned}");
        cook.post(&link, &[]).await;
        assert!(cook.get("/mon-espace").await.page.texts("main")[0].contains(HELPER));
        cook.plant("session", &before);
        assert_eq!(cook.get("/mon-espace").await.status, StatusCode::SEE_OTHER, "the account before is left");
        assert_eq!(rows(&site.app, "memberships").await.len(), 2, "and keeps its team");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_several_at_once_with_one_invitation_one_comes_in() {
    on_each_database(async |site| {
        let (_, cook, mut link) = invited(site).await;
        for round in 0..10 {
            site.app.clock.advance(TimeDelta::days(1));
            let browsers = [0; 3].map(|_| Browser::new(&site.browser));
            let answers = join_all(browsers.iter().map(|browser| browser.post(&link, &[]))).await;
            // From the second round on she has an account in use, and is told that it joined.
            let taken = if round == 0 { StatusCode::SEE_OTHER } else { StatusCode::OK };
            let inside = answers.iter().filter(|answer| answer.status == taken).count();
            let over = answers.iter().filter(|answer| answer.status == StatusCode::GONE).count();
            assert_eq!((inside, over), (1, 2), "round {round}");
            assert_eq!(rows(&site.app, "people").await.len(), 3);
            cook.post("/equipes/1/membres/3/retrait", &[]).await;
            cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
            link = invitation_of(&site.app, HELPER).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_button_pressed_twice_leaves_one_invitation_open() {
    on_each_database(async |site| {
        let (_, cook, _) = invited(site).await;
        let typed = [("courriel", "steward@college.example")];
        let answers = join_all((0..3).map(|_| cook.post("/equipes/1/invitations", &typed))).await;
        assert!(answers.iter().all(|answer| answer.status == StatusCode::SEE_OTHER));
        assert_eq!(rows(&site.app, "invitations").await.len(), 2);
        accept(&site.app, &site.browser, "steward@college.example").await;
    })
    .await;
}

#[tokio::test]
async fn an_address_is_sent_five_a_day_whoever_invites_it() {
    on_each_database(async |site| {
        let (claire, cook, _) = invited(site).await;
        for (browser, path) in [
            (&cook, "/equipes/1/invitations"),
            (&claire, "/equipes/1/invitations"),
            (&claire, "/organisation/acces/invitations"),
        ] {
            assert_eq!(browser.post(path, &[("courriel", HELPER)]).await.status, StatusCode::SEE_OTHER);
        }
        let typed = [("genre", "fournisseur"), ("nom", "Ferme du Bas"), ("courriel", HELPER)];
        assert_eq!(claire.post("/organisation/equipes", &typed).await.status, StatusCode::SEE_OTHER);
        let sixth = claire.post("/organisation/equipes", &typed).await;
        assert!(sixth.status == StatusCode::UNPROCESSABLE_ENTITY && sixth.page.texts(".error")[0].contains("demain"));
        assert_eq!(rows(&site.app, "organisations").await.len(), 2, "nothing is founded that nobody is invited to");
        site.app.clock.advance(TimeDelta::days(1));
        assert_eq!(claire.post("/organisation/equipes", &typed).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn one_that_is_over_lets_nobody_in_by_code_either_and_is_forgotten() {
    on_each_database(async |site| {
        let (_, _, link) = invited(site).await;
        site.app.clock.advance(TimeDelta::days(14) - TimeDelta::seconds(1));
        assert_eq!(Browser::new(&site.browser).get(&link).await.status, StatusCode::OK);
        site.app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(Browser::new(&site.browser).post(&link, &[]).await.status, StatusCode::GONE);
        Browser::new(&site.browser).post("/connexion", &[("courriel", HELPER)]).await;
        assert_eq!(mail_to(&site.app, HELPER).await.unwrap().0, "sign_in_unknown");
        assert_eq!(rows(&site.app, "invitations").await.len(), 1);
        let txn = site.app.write().await.unwrap();
        forget_old(&txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        assert!(rows(&site.app, "invitations").await.is_empty());
        assert!(rows(&site.app, "people").await.iter().all(|row| !row.contains(HELPER)), "she never came into being");
    })
    .await;
}

#[tokio::test]
async fn what_one_is_invited_to_is_accepted_and_declined_by_oneself_alone() {
    on_each_database(async |site| {
        let (claire, cook, link) = invited(site).await;
        for answer in ["acceptation", "refus"] {
            let path = format!("/mon-espace/invitations/3/{answer}");
            assert_eq!(claire.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
            assert_eq!(cook.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(Browser::new(&site.browser).get(&link).await.status, StatusCode::OK);
        let helper = Browser::new(&site.browser);
        helper.post("/connexion", &[("courriel", HELPER)]).await;
        let (_, way) = secrets_of(&mail_to(&site.app, HELPER).await.unwrap().1);
        helper.post(&way, &[]).await;
        let accepted = helper.post("/mon-espace/invitations/3/acceptation", &[]).await;
        assert_eq!(accepted.location.as_deref(), Some("/mon-espace?fait=acceptation"));
        let twice = helper.post("/mon-espace/invitations/3/acceptation", &[]).await;
        assert_eq!(twice.status, StatusCode::NOT_FOUND);
        assert_eq!(Browser::new(&site.browser).post(&link, &[]).await.status, StatusCode::GONE, "the link is used too");
    })
    .await;
}

#[tokio::test]
async fn whoever_has_a_second_factor_shows_it_after_the_link() {
    on_each_database(async |site| {
        let (claire, _, _) = with_telephone(site).await;
        let typed = [("genre", "cantine"), ("nom", "Collège des Hauts"), ("courriel", "cook@college.example")];
        claire.post("/organisation/equipes", &typed).await;
        // The operator's invitation, which helps in whoever is locked out.
        invite_organiser(&site.app, &EmailAddress::parse(CLAIRE).unwrap()).await.unwrap();
        let telephone = Browser::new(&site.browser);
        let led = telephone.post(&invitation_of(&site.app, CLAIRE).await, &[]).await;
        assert_eq!(led.location.as_deref(), Some("/connexion/second-facteur"));
        assert_eq!(telephone.get("/equipes/1").await.status, StatusCode::SEE_OTHER);
        assert!(telephone.get("/equipes/1").await.location.unwrap().starts_with("/connexion/second-facteur"));
    })
    .await;
}

#[tokio::test]
async fn an_old_invitation_lets_nobody_into_an_account_that_is_in_use() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let helper = member(&site.app, &claire, "Collège des Hauts", HELPER).await;
        let invite = async |name: &str| {
            let typed = [("genre", "cantine"), ("nom", name), ("courriel", HELPER)];
            claire.post("/organisation/equipes", &typed).await;
            invitation_of(&site.app, HELPER).await
        };
        let (link, stranger) = (invite("Collège du Bas").await, Browser::new(&site.browser));
        let asked = stranger.get(&link).await.page;
        assert!(asked.texts("main")[0].contains("a déjà un compte"));
        assert!(asked.all("input").iter().all(|field| field.attribute("name") != Some("appareil")), "nobody comes in");
        let accepted = stranger.post(&link, &[]).await;
        assert!(accepted.status == StatusCode::OK && accepted.cache.as_deref() == Some("private, no-store"));
        assert_eq!(accepted.page.texts("h1"), ["Invitation acceptée"]);
        let said = accepted.page.texts("main")[0];
        assert!(said.contains(HELPER) && said.contains("Collège du Bas"), "{said}");
        assert_eq!(accepted.page.inside("main", "a")[0].attribute("href"), Some("/connexion"));
        assert!(stranger.cookie("session").is_none(), "whoever found the mail stays out");
        assert_eq!(stranger.post(&link, &[]).await.status, StatusCode::GONE, "it is accepted all the same");
        let link = invite("Collège du Milieu").await;
        assert_eq!(helper.post(&link, &[]).await.location.as_deref(), Some("/mon-espace?fait=acceptation"));
        assert_eq!(helper.get("/equipes/2").await.status, StatusCode::OK);
        assert_eq!(helper.get("/equipes/3").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn accepting_for_an_account_in_use_changes_no_account_in_somebody_elses_browser() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        member(&site.app, &claire, "Collège du Bas", HELPER).await;
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        let link = invitation_of(&site.app, HELPER).await;
        let warned = cook.get(&link).await.page.texts(".notice").concat();
        assert!(warned.contains(COOK) && !warned.contains("vous changerez"), "{warned}");
        let accepted = cook.post(&link, &[]).await;
        let said = accepted.page.texts("main")[0];
        assert!(said.contains(&format!("{HELPER} fait partie de l’équipe")), "{said}");
        assert!(said.contains("connecté avec une autre adresse") && said.contains(COOK), "{said}");
        assert!(cook.get("/mon-espace").await.page.texts("main")[0].contains(COOK), "nobody's session ended");
        let left = cook.post("/deconnexion", &[("suite", "/connexion")]).await;
        assert_eq!(left.location.as_deref(), Some("/connexion"));
    })
    .await;
}
