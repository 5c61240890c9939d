//! One's second factor: begun, asked for by the territory, taken off.

use chrono::TimeDelta;
use futures_util::future::join;
use poem::http::StatusCode;

use crate::support::{
    Site, on_each_database,
    people::{Browser, accept, mail_to, mails_to, member, organiser, rows, secrets_of},
    process::{run, same_database},
    second_factor::{CLAIRE, OWN, enter, halfway, photographed, shown, with_telephone},
};

const LUC: &str = "luc@departement.example";
const JOURNAL: &str = "/organisation/journal";

/// Luc, whom Claire invites to run the territory with her.
async fn colleague<'a>(site: &'a Site, claire: &Browser<'a>) -> Browser<'a> {
    claire.post("/organisation/acces/invitations", &[("courriel", LUC)]).await;
    accept(&site.app, &site.browser, LUC).await
}

/// How many mails about the safety of her account told her this.
async fn told(site: &Site, to: &str, what: &str) -> usize {
    let mails = mails_to(&site.app, to).await;
    mails.iter().filter(|(kind, text)| kind == "security" && text.contains(what)).count()
}

#[tokio::test]
async fn it_begins_with_a_picture_and_asks_nothing_until_its_first_code() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        claire.post(OWN, &[]).await;
        let other = claire.get(OWN).await.page.texts(".spelled")[0].to_owned();
        claire.post(OWN, &[]).await;
        let begun = claire.get(OWN).await.page;
        let secret = begun.texts(".spelled")[0];
        let address = photographed(&begun);
        assert!(secret.len() == 39 && address.contains(&format!("secret={}", secret.replace(' ', ""))), "{address}");
        assert!(address.starts_with("otpauth://totp/") && address.contains("claire%40departement.example"));
        let refused = claire.post(&format!("{OWN}/confirmation"), &[("code", &shown(site, &other, 0))]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "that picture was given up");
        assert!(refused.page.by_id("code-error").is_some() && photographed(&refused.page) == address);
        let plain = Browser::new(&site.browser);
        plain.post("/connexion", &[("courriel", CLAIRE)]).await;
        let (code, _) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        assert_eq!(plain.post("/connexion/code", &[("code", &code)]).await.location.as_deref(), Some("/mon-espace"));
        let done = claire.post(&format!("{OWN}/confirmation"), &[("code", &shown(site, secret, 0))]).await;
        assert_eq!((done.status, done.cache.as_deref()), (StatusCode::OK, Some("private, no-store")));
        assert_eq!(done.page.inside(".recovery-codes", "code").len(), 10);
        assert_eq!(told(site, CLAIRE, "un second facteur est activé").await, 1);
        assert!(claire.get(OWN).await.page.texts(".spelled").is_empty(), "shown to nobody again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_first_codes_at_once_one_gives_the_codes_on_paper() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        claire.post(OWN, &[]).await;
        let secret = claire.get(OWN).await.page.texts(".spelled")[0].to_owned();
        let (way, code) = (format!("{OWN}/confirmation"), shown(site, &secret, 0));
        let typed = [("code", code.as_str())];
        let (first, second) = join(claire.post(&way, &typed), claire.post(&way, &typed)).await;
        let shown = [&first, &second].map(|answer| answer.page.inside(".recovery-codes", "code").len());
        assert!(shown == [10, 0] || shown == [0, 10], "{shown:?}");
        assert_eq!(rows(&site.app, "recovery_codes").await.len(), 10);
    })
    .await;
}

#[tokio::test]
async fn taken_off_it_is_not_asked_for_any_more_and_a_mail_says_so() {
    on_each_database(async |site| {
        let (claire, secret, codes) = with_telephone(site).await;
        for (address, code) in [("retrait", "nope"), ("codes", "000000"), ("retrait", "")] {
            let refused = claire.post(&format!("{OWN}/{address}"), &[("code", code)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{address} {code}");
        }
        let removed = claire.post(&format!("{OWN}/retrait"), &[("code", &codes[0])]).await;
        assert_eq!(removed.location.as_deref(), Some("/mon-espace/second-facteur?fait=retrait"));
        assert_eq!(told(site, CLAIRE, "votre second facteur est retiré").await, 1);
        assert!(
            rows(&site.app, "second_factors").await.is_empty() && rows(&site.app, "recovery_codes").await.is_empty()
        );
        let plain = Browser::new(&site.browser);
        plain.post("/connexion", &[("courriel", CLAIRE)]).await;
        let (code, _) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
        assert_eq!(plain.post("/connexion/code", &[("code", &code)]).await.location.as_deref(), Some("/mon-espace"));
        claire.post(OWN, &[]).await;
        assert_ne!(claire.get(OWN).await.page.texts(".spelled")[0], secret, "another telephone, another secret");
    })
    .await;
}

#[tokio::test]
async fn a_territory_that_asks_it_leads_its_organisers_to_the_setup_and_back() {
    on_each_database(async |site| {
        let (claire, _, _) = with_telephone(site).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
        let luc = colleague(site, &claire).await;
        assert_eq!(luc.get(JOURNAL).await.status, StatusCode::OK);
        claire.post("/organisation/acces/regle", &[("second_facteur", "oui")]).await;
        let setup = luc.get(JOURNAL).await.location.unwrap();
        assert_eq!(setup, "/mon-espace/second-facteur?suite=%2Forganisation%2Fjournal");
        assert_eq!(luc.post("/organisation/courrier/pause", &[]).await.status, StatusCode::NOT_FOUND);
        assert!(luc.get("/mon-espace").await.page.texts("a").contains(&"Activez votre second facteur"));
        assert!(luc.get(&setup).await.page.texts(".notice")[0].contains("aux organisateurs"));
        let begun = luc.post(OWN, &[("suite", JOURNAL)]).await.location.unwrap();
        assert_eq!(begun, setup);
        let secret = luc.get(&begun).await.page.texts(".spelled")[0].to_owned();
        let typed = [("code", &*shown(site, &secret, 0)), ("suite", JOURNAL)];
        let done = luc.post(&format!("{OWN}/confirmation"), &typed).await;
        assert_eq!(done.page.link("J’ai gardé mes codes"), JOURNAL);
        assert_eq!(luc.get(JOURNAL).await.status, StatusCode::OK);
        assert_eq!(cook.get("/equipes/1").await.status, StatusCode::OK, "cooks are not asked");
    })
    .await;
}

#[tokio::test]
async fn an_organiser_without_the_one_that_is_asked_for_reaches_no_team_but_her_own() {
    on_each_database(async |site| {
        let (claire, _, _) = with_telephone(site).await;
        member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
        let luc = colleague(site, &claire).await;
        luc.post("/organisation/equipes", &[("genre", "fournisseur"), ("nom", "Ferme de Luc"), ("courriel", LUC)])
            .await;
        luc.post("/mon-espace/invitations/4/acceptation", &[]).await;
        assert_eq!(luc.get("/equipes/1").await.status, StatusCode::OK);
        claire.post("/organisation/acces/regle", &[("second_facteur", "oui")]).await;
        assert_eq!(luc.get("/equipes/1").await.status, StatusCode::NOT_FOUND);
        let sent = luc.post("/equipes/1/invitations", &[("courriel", "thief@elsewhere.example")]).await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND, "whoever reads his mail lets nobody in");
        assert_eq!(luc.get("/equipes/2").await.status, StatusCode::OK);
        assert_eq!(claire.get("/equipes/1").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_colleague_takes_off_a_lost_one_of_an_organiser_who_is_told() {
    on_each_database(async |site| {
        let (claire, _, _) = with_telephone(site).await;
        let luc = colleague(site, &claire).await;
        let off = "/organisation/acces/1/second-facteur/retrait";
        let mine = claire.get("/organisation/acces").await.page;
        assert!(mine.all("form").iter().all(|form| form.attribute("action") != Some(off)), "not one's own");
        assert_eq!(claire.post(off, &[]).await.status, StatusCode::NOT_FOUND);
        let his = luc.get("/organisation/acces").await.page;
        assert!(his.all("form").iter().any(|form| form.attribute("action") == Some(off)));
        assert_eq!(luc.post(off, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(told(site, CLAIRE, "un organisateur a retiré").await, 1);
        assert!(luc.get(JOURNAL).await.page.inside(".attempts", "li")[0].text.contains("second facteur de quelqu’un"));
        luc.post(off, &[]).await;
        assert_eq!(told(site, CLAIRE, "un organisateur a retiré").await, 1, "there was nothing more to take off");
    })
    .await;
}

#[tokio::test]
async fn an_organiser_takes_off_no_cooks_second_factor() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
        cook.post(OWN, &[]).await;
        let secret = cook.get(OWN).await.page.texts(".spelled")[0].to_owned();
        cook.post(&format!("{OWN}/confirmation"), &[("code", &shown(site, &secret, 0))]).await;
        let refused = claire.post("/organisation/acces/2/second-facteur/retrait", &[]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        assert_eq!(rows(&site.app, "second_factors").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn whoever_runs_the_machine_takes_off_a_lost_one_by_a_command() {
    on_each_database(async |site| {
        let (claire, _, _) = with_telephone(site).await;
        let same = same_database(site);
        let reset = |address: &str| {
            let line = ["person", "reset-second-factor", address];
            let done = run(&[&line[..], &same.iter().map(String::as_str).collect::<Vec<_>>()].concat(), &site.folder());
            (done.status.code(), String::from_utf8(done.stderr).unwrap())
        };
        assert_eq!(reset(CLAIRE).0, Some(0));
        assert!(rows(&site.app, "second_factors").await.is_empty());
        assert_eq!(told(site, CLAIRE, "a retiré votre second facteur").await, 1);
        let told = claire.get(JOURNAL).await.page.inside(".attempts", "li")[0].text.clone();
        assert!(told.starts_with("Une commande sur le serveur a retiré le second facteur"), "{told}");
        let (code, said) = reset(CLAIRE);
        assert!(code == Some(1) && said.contains("has a second factor"), "{said}");
        assert_eq!(reset("nobody@departement.example").0, Some(1));
        assert_eq!(reset("nobody").0, Some(1));
    })
    .await;
}

#[tokio::test]
async fn the_hour_of_wrong_codes_is_shared_by_the_door_and_ones_own_page() {
    on_each_database(async |site| {
        let (claire, secret, _) = with_telephone(site).await;
        for _ in 0..10 {
            claire.post(&format!("{OWN}/retrait"), &[("code", "000000")]).await;
        }
        assert_eq!(enter(&halfway(site).await, &shown(site, &secret, 0)).await, StatusCode::TOO_MANY_REQUESTS);
        site.app.clock.advance(TimeDelta::hours(1));
        assert_eq!(enter(&halfway(site).await, &shown(site, &secret, 0)).await, StatusCode::SEE_OTHER);
    })
    .await;
}
