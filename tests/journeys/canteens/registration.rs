//! A canteen registers by itself; until an organiser has said yes it writes to nobody and nobody sees it.

use manger_local::canteens::import_registry;
use manger_local::suppliers::import::{self, Options};
use poem::http::StatusCode;

use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to, mails_to, member, organiser, rows, secrets_of},
};

const PAGE: &str = "/cantines/inscription";
const QUEUE: &str = "/organisation/cantines";
const COOK: &str = "cook@college.example";
const CLAIRE: &str = "claire@departement.example";
const CONTACT: &str = "/annuaire/ferme-du-suc/contact";

/// In by the code that registration sends.
async fn enters<'a>(site: &'a Site, address: &str) -> Browser<'a> {
    let browser = Browser::new(&site.browser);
    let asked = browser.post(PAGE, &[("courriel", address)]).await;
    assert_eq!(asked.location.as_deref(), Some("/connexion/code?suite=%2Fcantines%2Finscription"));
    let (code, _) = secrets_of(&mail_to(&site.app, address).await.expect("a mail").1);
    let entered = browser.post("/connexion/code", &[("code", &code), ("suite", PAGE)]).await;
    assert_eq!(entered.location.as_deref(), Some(PAGE));
    browser
}

async fn filled(site: &Site) {
    let options = |file: &str| Options::new(file, site.app.clock.now(), site.app.today());
    let suppliers = "Référence;Nom;Type;Code INSEE;Courriel;Provenance\nF1;Ferme du Suc;Producteur;43157;f@suc.example;Démonstration\n";
    import::suppliers(&site.app, suppliers.as_bytes(), &options("fournisseurs.csv"), &mut |_| {}).await.unwrap();
    let registry = "id,name,siret,city_insee_code,department,sector_list,production_type,management_type,daily_meal_count\n\
        7,Collège des Sucs,,43157,43,education_secondaire_college,site,direct,350\n\
        8,EHPAD Les Genêts,,43051,43,ehpad,site,direct,80\n";
    import_registry(&site.app, registry.as_bytes(), &options("cantines.csv"), &mut |_| {}).await.unwrap();
}

#[tokio::test]
async fn a_canteen_of_the_registry_registers_in_two_clicks_and_writes_once_it_is_accepted() {
    on_each_database(async |site| {
        filled(site).await;
        let claire = organiser(&site.app, &site.browser).await;
        let cook = enters(site, COOK).await;
        let found = cook.get(&format!("{PAGE}?cherche=sucs+puy")).await.page.texts(".letters").concat();
        assert!(found.contains("Collège des Sucs") && found.contains("350") && !found.contains("EHPAD"), "{found}");
        let twice =
            futures_util::future::join(cook.post(PAGE, &[("registre", "7")]), cook.post(PAGE, &[("registre", "7")]))
                .await;
        let begun = twice.0.location.unwrap();
        assert!(begun.starts_with("/cantine/1"), "{begun}");
        assert_eq!(rows(&site.app, "canteen_requests").await.len(), 1, "pressed twice at once");
        let told = mails_to(&site.app, CLAIRE).await;
        assert_eq!(told.iter().filter(|(kind, _)| kind == "canteen_waiting").count(), 1);
        let form = cook.get("/cantine/1?reprendre=7").await.page;
        assert!(form.texts(".notice").concat().contains("vérifie votre inscription"));
        let fields = [("commune_nom", "Le Puy-en-Velay"), ("registre", "7"), ("liste", "carottes"), ("repas", "350")];
        assert_eq!(cook.post("/cantine/1", &fields).await.status, StatusCode::SEE_OTHER);
        assert!(cook.get(CONTACT).await.page.texts("main").concat().contains("vérifie votre inscription"));
        let message = [("cantine", "1"), ("message", "Vos carottes ?")];
        assert_eq!(cook.post(CONTACT, &message).await.status, StatusCode::NOT_FOUND, "not before she is accepted");

        let queue = claire.get(QUEUE).await.page.texts(".letters").concat();
        assert!(
            queue.contains("Collège des Sucs") && queue.contains(COOK) && queue.contains("registre national"),
            "{queue}"
        );
        for _ in 0..2 {
            claire.post(&format!("{QUEUE}/1"), &[("geste", "acceptation")]).await;
        }
        let told = mails_to(&site.app, COOK).await;
        assert_eq!(told.iter().filter(|(kind, _)| kind == "canteen_accepted").count(), 1);
        assert_eq!(cook.post(CONTACT, &message).await.status, StatusCode::SEE_OTHER);
        let other = enters(site, "other@college.example").await;
        let held = other.post(PAGE, &[("registre", "7")]).await;
        assert_eq!(held.status, StatusCode::CONFLICT);
        assert!(held.page.texts(".notice").concat().contains("tient déjà"));
    })
    .await;
}

#[tokio::test]
async fn a_canteen_that_is_refused_reads_why_and_writes_to_nobody() {
    on_each_database(async |site| {
        filled(site).await;
        let claire = organiser(&site.app, &site.browser).await;
        let cook = enters(site, COOK).await;
        let nameless = cook.post(PAGE, &[("nom", "  ")]).await;
        assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(cook.post(PAGE, &[("nom", "Cantine Factice")]).await.location.as_deref(), Some("/cantine/1"));
        let again = cook.post(PAGE, &[("nom", "Une autre")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "one at a time");
        let page = format!("{QUEUE}/1");
        let silent = claire.post(&page, &[("geste", "refus"), ("mot", "")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        claire.post(&page, &[("geste", "refus"), ("mot", "Nous ne vous connaissons pas.")]).await;
        assert!(mail_to(&site.app, COOK).await.unwrap().1.contains("Nous ne vous connaissons pas."));
        assert!(cook.get("/cantine/1").await.page.texts(".notice").concat().contains("Nous ne vous connaissons pas."));
        assert_eq!(cook.post(CONTACT, &[("cantine", "1"), ("message", "Bonjour")]).await.status, StatusCode::NOT_FOUND);
        assert!(claire.get(QUEUE).await.page.texts("main").concat().contains("Aucune cantine"));
        assert_eq!(
            claire.post(&format!("{QUEUE}/99"), &[("geste", "acceptation")]).await.status,
            StatusCode::NOT_FOUND
        );
        let grower = member(&site.app, &claire, "Ferme du Bas", "bas@ferme.example").await;
        assert_ne!(grower.post(&page, &[("geste", "acceptation")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(rows(&site.app, "canteen_requests").await.len(), 1, "a stranger decides nothing");
        assert!(claire.get(QUEUE).await.page.texts("main").concat().contains("Refusées"));
        claire.post(&page, &[("geste", "acceptation")]).await;
        assert!(rows(&site.app, "canteen_requests").await.is_empty(), "an organiser may change her mind");
    })
    .await;
}

#[tokio::test]
async fn an_unknown_address_and_a_known_one_see_the_same() {
    on_each_database(async |site| {
        filled(site).await;
        enters(site, COOK).await;
        let browser = Browser::new(&site.browser);
        let wrong = browser.post(PAGE, &[("courriel", "cuisine")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (known, unknown) = (Browser::new(&site.browser), Browser::new(&site.browser));
        let answers =
            (known.post(PAGE, &[("courriel", COOK)]).await, unknown.post(PAGE, &[("courriel", "x@y.example")]).await);
        assert_eq!((answers.0.status, answers.0.location), (answers.1.status, answers.1.location));
    })
    .await;
}
