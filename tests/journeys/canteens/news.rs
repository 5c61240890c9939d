//! Once a week canteens hear of suppliers that are new for them, and suppliers of canteens.

use chrono::TimeDelta;
use manger_local::directory::{self, Position};
use manger_local::favourites;
use manger_local::matching::tell_matches;
use manger_local::schedule::Next;
use manger_local::suppliers::import::{self, Options};

use super::{cook, filled};
use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to, mails_to, path_of, secrets_of},
};

const COOK: &str = "cook@college.example";
const FARMER: &str = "ferme@bois.example";

/// The Wednesday of another week.
async fn week(site: &Site) {
    site.app.clock.advance(TimeDelta::days(7));
    tell(site).await;
}

async fn tell(site: &Site) {
    directory::step(&site.app, Position::default()).await.unwrap();
    loop {
        let txn = site.app.write().await.unwrap();
        let next = tell_matches(&site.app, &txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        if next == Next::Done {
            return;
        }
    }
}

async fn digests(site: &Site, address: &str) -> Vec<String> {
    let mails = mails_to(&site.app, address).await.into_iter();
    mails.filter(|(kind, _)| kind == "digest").map(|(_, text)| text).collect()
}

async fn import(site: &Site, suppliers: &str, offers: &str) {
    let options = |file: &str| Options::new(file, site.app.clock.now(), site.app.today());
    import::suppliers(&site.app, suppliers.as_bytes(), &options("fournisseurs.csv"), &mut |_| {}).await.unwrap();
    import::offers(&site.app, offers.as_bytes(), &options("offres.csv"), &mut |_| {}).await.unwrap();
}

const SUPPLIER: &str = "Référence;Nom;Type;Code INSEE;Rayon de livraison (km);Courriel\nF9;Ferme du Bois;Producteur;43157;30;ferme@bois.example\n";
const OFFER: &str = "Référence fournisseur;Produit;Famille\nF9;Carottes de conservation;Fruits et légumes\n";

async fn list(cook: &Browser<'_>, list: &str) {
    let fields = [("commune_nom", "Le Puy-en-Velay"), ("liste", list)];
    let saved = cook.post("/cantine/1", &fields).await;
    assert_eq!(saved.location.as_deref(), Some("/cantine/1?fait=cantine"), "{:?}", saved.page.texts(".error"));
}

#[tokio::test]
async fn a_cook_is_told_once_of_a_supplier_that_is_new_and_no_more_when_she_does_not_want_it() {
    on_each_database(async |site| {
        filled(site).await;
        let (_, cook) = cook(site).await;
        list(&cook, "carottes").await;
        week(site).await;
        assert!(digests(site, COOK).await.is_empty(), "the first time all of it stands on the page");
        import(site, SUPPLIER, OFFER).await;
        week(site).await;
        tell(site).await;
        let told = digests(site, COOK).await;
        assert_eq!(told.len(), 1, "once");
        assert!(told[0].contains("Ferme du Bois") && told[0].contains("Carottes de conservation"), "{}", told[0]);
        assert!(told[0].contains("vous livre") && !told[0].contains("Ferme du Suc"), "only what is new: {}", told[0]);
        week(site).await;
        assert_eq!(digests(site, COOK).await.len(), 1);
        let way = told[0].lines().find(|line| line.contains("/courrier/arret/")).expect("a way out");
        Browser::new(&site.browser).post(&path_of(way), &[]).await;
        let (supplier, offer) = (SUPPLIER.replace("F9", "F8").replace("du Bois", "du Lac"), OFFER.replace("F9", "F8"));
        import(site, &supplier, &offer).await;
        week(site).await;
        assert_eq!(digests(site, COOK).await.len(), 1, "she does not want it");
    })
    .await;
}

#[tokio::test]
async fn who_had_a_digest_today_gets_no_second_one_and_loses_nothing() {
    on_each_database(async |site| {
        filled(site).await;
        let (_, cook) = cook(site).await;
        list(&cook, "carottes").await;
        cook.post("/mon-espace/recherches", &[("recherche", "q=carottes")]).await;
        week(site).await;
        import(site, SUPPLIER, OFFER).await;
        site.app.clock.advance(TimeDelta::days(7));
        directory::step(&site.app, Position::default()).await.unwrap();
        let txn = site.app.write().await.unwrap();
        favourites::tell_news(&site.app, &txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        assert_eq!(digests(site, COOK).await.len(), 1, "of her search");
        tell(site).await;
        assert_eq!(digests(site, COOK).await.len(), 1, "not two on one day");
        week(site).await;
        let told = digests(site, COOK).await;
        assert!(told.len() == 2 && told[0].contains("Ferme du Bois"), "what was held back comes later: {told:?}");
    })
    .await;
}

#[tokio::test]
async fn a_supplier_is_told_of_a_canteen_that_looks_for_what_it_has() {
    on_each_database(async |site| {
        import(site, SUPPLIER, OFFER).await;
        let (_, cook) = cook(site).await;
        let farmer = Browser::new(&site.browser);
        farmer.post("/fournisseurs/inscription", &[("siret", ""), ("courriel", FARMER)]).await;
        let (code, _) = secrets_of(&mail_to(&site.app, FARMER).await.expect("a mail").1);
        farmer.post("/connexion/code", &[("code", &code), ("suite", "/fournisseurs/inscription")]).await;
        farmer.post("/fournisseurs/inscription", &[("fiche", "1")]).await;
        week(site).await;
        assert!(digests(site, FARMER).await.is_empty(), "nobody looks for anything yet");
        list(&cook, "carottes 10 kg\nananas").await;
        week(site).await;
        let told = digests(site, FARMER).await;
        assert!(told.len() == 1 && told[0].contains("Collège des Hauts") && told[0].contains("10\u{a0}kg"), "{told:?}");
        assert!(told[0].contains("/fiche/2/cantines"), "{}", told[0]);
        week(site).await;
        assert_eq!(digests(site, FARMER).await.len(), 1);
    })
    .await;
}
