//! Who did what, as organisers read it.

use chrono::TimeDelta;
use manger_local::audit::{self, Act, By, forget_old};
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use crate::support::{
    Site,
    html::Element,
    on_each_database,
    people::{Browser, accept, member, organiser},
    second_factor::{OWN, shown, with_telephone},
};

const COOK: &str = "cook@college.example";
const LUC: &str = "luc@departement.example";
const JOURNAL: &str = "/organisation/journal";

/// Who did what in each line of the journal, the latest first.
async fn lines(browser: &Browser<'_>) -> Vec<String> {
    let page = browser.get(JOURNAL).await.page;
    let said = |line: &Element| line.text.split(" (voir)").next().unwrap().split("16 mars").next().unwrap().to_owned();
    page.inside(".attempts", "li").into_iter().map(said).collect()
}

async fn write(site: &Site, act: Act, by: By) {
    let txn = site.app.write().await.unwrap();
    audit::record(&txn, by, act, site.app.clock.now()).await.unwrap();
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn each_act_stands_there_with_who_did_it() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        claire.post("/mon-espace/nom", &[("nom", "Claire")]).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        claire.post("/organisation/acces/invitations", &[("courriel", LUC)]).await;
        let luc = accept(&site.app, &site.browser, LUC).await;
        cook.post("/equipes/1/invitations", &[("courriel", "helper@college.example")]).await;
        claire.post("/equipes/1/invitations/4/retrait", &[]).await;
        cook.post("/mon-espace/cles", &[("nom", "tableur"), ("identity", "oui")]).await;
        cook.post("/mon-espace/cles/1/retrait", &[]).await;
        luc.post("/organisation/acces/regle", &[("second_facteur", "oui")]).await;
        luc.post(OWN, &[]).await;
        let secret = luc.get(OWN).await.page.texts(".spelled")[0].to_owned();
        luc.post(&format!("{OWN}/confirmation"), &[("code", &shown(site, &secret, 0))]).await;
        luc.post("/organisation/acces/regle", &[("second_facteur", "non")]).await;
        luc.post("/organisation/acces/3/retrait", &[]).await;
        let told = lines(&claire).await;
        let expected = [
            format!("{LUC} a quitté l’équipe"),
            format!("{LUC} a rendu le second facteur facultatif"),
            format!("{LUC} a activé son second facteur"),
            format!("{LUC} a rendu le second facteur obligatoire"),
            format!("{COOK} a retiré une clé d’accès"),
            format!("{COOK} a créé une clé d’accès"),
            "Claire a repris une invitation".to_owned(),
            format!("{COOK} a invité quelqu’un"),
            format!("{LUC} a rejoint l’équipe"),
            "Claire a invité quelqu’un".to_owned(),
            format!("{COOK} a rejoint l’équipe"),
            "Claire a invité quelqu’un".to_owned(),
            "Claire a créé une équipe".to_owned(),
            "Claire a rejoint l’équipe".to_owned(),
            "Une commande sur le serveur a invité quelqu’un".to_owned(),
        ];
        assert_eq!(told, expected);
        assert_eq!(claire.get(JOURNAL).await.page.link("voir"), "/equipes/1");
    })
    .await;
}

#[tokio::test]
async fn what_one_does_with_ones_second_factor_stands_there_too() {
    on_each_database(async |site| {
        let (claire, _, codes) = with_telephone(site).await;
        claire.post(&format!("{OWN}/codes"), &[("code", &codes[0])]).await;
        assert!(lines(&claire).await[0].ends_with("a demandé d’autres codes de secours"));
        let refused = claire.post(&format!("{OWN}/retrait"), &[("code", &codes[1])]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(lines(&claire).await.len(), 4, "what was refused is no act");
    })
    .await;
}

#[tokio::test]
async fn whoever_is_gone_leaves_an_entry_without_a_name() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        cook.post("/equipes/1/invitations", &[("courriel", "helper@college.example")]).await;
        write(site, Act::new("a rangé", "").with("trois tables"), By::Program).await;
        site.app.db.execute_unprepared("DELETE FROM people WHERE id = 2").await.unwrap();
        let told = lines(&claire).await;
        assert!(told[0].starts_with("Le programme a rangé"), "{told:?}");
        assert_eq!(told[1], "Une personne dont le compte est effacé a invité quelqu’un");
        assert!(!claire.get(JOURNAL).await.page.texts("main")[0].contains(COOK));
    })
    .await;
}

#[tokio::test]
async fn an_entry_is_kept_a_year() {
    on_each_database(async |site| {
        organiser(&site.app, &site.browser).await;
        site.app.clock.advance(TimeDelta::days(365));
        write(site, Act::new("a rangé", ""), By::Program).await;
        for (later, left) in [(TimeDelta::zero(), 3), (TimeDelta::seconds(1), 1)] {
            site.app.clock.advance(later);
            let txn = site.app.write().await.unwrap();
            forget_old(&txn, site.app.clock.now()).await.unwrap();
            txn.commit().await.unwrap();
            assert_eq!(audit::count(&site.app.db, None).await.unwrap(), left);
        }
    })
    .await;
}

#[tokio::test]
async fn the_journal_has_pages_and_its_numbers_go_on() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        for number in 0..250 {
            write(site, Act::new("a rangé", format!("table/{number}")), By::Program).await;
        }
        let mut all = Vec::new();
        for (path, start) in [("", "252"), ("?page=2", "152"), ("?page=3", "52")] {
            let path = format!("{JOURNAL}{path}");
            assert_eq!(claire.get(&path).await.page.all("ol").last().unwrap().attribute("start"), Some(start));
            all.extend(claire.get(&path).await.page.inside(".attempts", "li").into_iter().map(|it| it.text.clone()));
        }
        assert!(all.len() == 252 && all[0].ends_with("table/249") && all[249].ends_with("table/0"), "{:?}", all[249]);
    })
    .await;
}

#[tokio::test]
async fn only_organisers_read_it() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        assert_eq!(cook.get(JOURNAL).await.status, StatusCode::NOT_FOUND);
        assert!(cook.get("/mon-espace").await.page.all("a").iter().all(|it| it.attribute("href") != Some(JOURNAL)));
        claire.post("/organisation/acces/invitations", &[("courriel", LUC)]).await;
        let luc = accept(&site.app, &site.browser, LUC).await;
        assert_eq!(luc.get(JOURNAL).await.status, StatusCode::OK);
        luc.post("/organisation/acces/1/retrait", &[]).await;
        assert_eq!(claire.get(JOURNAL).await.status, StatusCode::NOT_FOUND, "from the moment she is none");
    })
    .await;
}
