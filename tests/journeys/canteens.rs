//! A canteen says what it looks for, and sees who has it; a supplier sees who looks for what it has.

mod news;
mod registration;

use manger_local::canteens::import_registry;
use manger_local::directory::{self, Position};
use manger_local::suppliers::import::{self, Options};
use poem::http::StatusCode;

use crate::support::{
    Site, on_each_database,
    people::{Browser, member, organiser},
};

const SUPPLIERS: &str = "Référence;Nom;Type;Code INSEE;Rayon de livraison (km);Jours de livraison;Certification 1;Numéro 1;Organisme 1;Valable jusqu'au 1\n\
    F1;Ferme du Suc;Producteur;43157;30;lundi, jeudi;Bio;1;Ecocert;31/03/2031\n\
    F2;Les Loges;Producteur;43221;80;mardi;;;;\n\
    F3;Boulangerie du Puy;Artisan;43157;10;lundi;;;;\n";
const OFFERS: &str = "Référence fournisseur;Produit;Famille;Certifications\n\
    F1;Carottes des sables;Fruits et légumes;Bio\n\
    F2;Carottes;Fruits et légumes;\n\
    F3;Pain de campagne;Boulangerie;\n";

async fn filled(site: &Site) {
    let options = |file: &str| Options::new(file, site.app.clock.now(), site.app.today());
    import::suppliers(&site.app, SUPPLIERS.as_bytes(), &options("fournisseurs.csv"), &mut |_| {}).await.unwrap();
    import::offers(&site.app, OFFERS.as_bytes(), &options("offres.csv"), &mut |_| {}).await.unwrap();
    directory::step(&site.app, Position::default()).await.unwrap();
}

async fn cook(site: &Site) -> (Browser<'_>, Browser<'_>) {
    let claire = organiser(&site.app, &site.browser).await;
    let cook = member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
    (claire, cook)
}

/// Names of those that suit, in their order.
async fn names(browser: &Browser<'_>, page: &str) -> Vec<String> {
    let shown = browser.get(page).await.page;
    shown.inside(".matches", "h2").iter().map(|name| name.text.clone()).collect()
}

#[tokio::test]
async fn a_cook_writes_a_list_and_sees_who_has_it_with_reasons() {
    on_each_database(async |site| {
        filled(site).await;
        let (_, cook) = cook(site).await;
        assert_eq!(cook.get("/cantine/1/suggestions").await.location.as_deref(), Some("/cantine/1"), "first the list");
        let list = "carottes bio 40 kg\nquelque chose\nananas";
        let fields = [("commune_nom", "Le Puy-en-Velay"), ("liste", list), ("jours", "monday"), ("repas", "350")];
        let saved = cook.post("/cantine/1", &fields).await;
        assert_eq!(saved.location.as_deref(), Some("/cantine/1?fait=cantine"), "{:?}", saved.page.texts(".error"));
        let form = cook.get("/cantine/1").await.page;
        assert_eq!(form.by_id("liste").unwrap().text.trim(), list, "every line is kept as it was written");
        let understood = form.texts("details").concat();
        assert!(
            understood.contains("carottes, 40\u{a0}kg par semaine, Bio")
                || understood.contains("40 kg par semaine, Bio")
        );
        assert!(understood.contains("ne reconnaissons pas"), "{understood}");
        assert_eq!(names(&cook, "/cantine/1/suggestions").await, ["Ferme du Suc", "Les Loges"]);
        let why = cook.get("/cantine/1/suggestions").await.page.texts(".matches").concat();
        assert!(why.contains("Bio prouvé") && why.contains("vous livre le lundi") && why.contains("sans Bio"), "{why}");
    })
    .await;
}

#[tokio::test]
async fn the_registry_fills_the_form_and_nothing_is_kept_before_one_says_so() {
    on_each_database(async |site| {
        let csv = include_bytes!("../data/cantines-registre.csv");
        let options = Options::new("cantines.csv", site.app.clock.now(), site.app.today());
        import_registry(&site.app, csv, &options, &mut |_| {}).await.unwrap();
        let (_, cook) = cook(site).await;
        let found = cook.get("/cantine/1?registre=velay+college").await.page;
        let link = found.link("Collège du Velay").to_owned();
        let form = cook.get(&link).await.page;
        assert_eq!(form.by_id("repas").unwrap().attribute("value"), Some("350"));
        assert_eq!(form.by_id("commune").unwrap().attribute("value"), Some("43157"));
        assert_eq!(cook.get("/cantine/1").await.page.by_id("repas").unwrap().attribute("value"), Some(""));
        assert!(cook.get("/cantine/1?registre=nulle+part").await.page.texts("p").concat().contains("Rien à ce nom"));
    })
    .await;
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_of_two_at_once_the_second_is_told() {
    on_each_database(async |site| {
        let (claire, cook) = cook(site).await;
        let wrong = [("commune_nom", "Atlantis"), ("liste", "carottes"), ("repas", "beaucoup"), ("siret", "12")];
        let refused = cook.post("/cantine/1", &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for (id, value) in [("commune_nom", "Atlantis"), ("repas", "beaucoup"), ("siret", "12")] {
            assert_eq!(refused.page.by_id(id).unwrap().attribute("value"), Some(value));
        }
        assert_eq!(refused.page.by_id("liste").unwrap().text.trim(), "carottes");
        let right = [("commune_nom", "Le Puy-en-Velay"), ("liste", "carottes")];
        assert_eq!(cook.post("/cantine/1", &right).await.status, StatusCode::SEE_OTHER);
        let late = claire.post("/cantine/1", &[("commune_nom", "Brioude"), ("liste", "poireaux")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert_eq!(late.page.by_id("liste").unwrap().text.trim(), "poireaux", "what she wrote is there");
    })
    .await;
}

#[tokio::test]
async fn a_supplier_sees_canteens_that_look_for_what_it_has_and_strangers_see_nothing() {
    on_each_database(async |site| {
        filled(site).await;
        let (claire, cook) = cook(site).await;
        let fields = [("commune_nom", "Le Puy-en-Velay"), ("liste", "pain 30 kg\ncarottes"), ("repas", "350")];
        cook.post("/cantine/1", &fields).await;
        let baker = member(&site.app, &claire, "Ferme du Bas", "grower@ferme.example").await;
        let page = baker.get("/fiche/2/cantines").await.page.texts("main").concat();
        assert!(page.contains("dès que votre fiche sera en ligne"), "{page}");
        for path in ["/cantine/1", "/cantine/1/suggestions"] {
            assert_eq!(baker.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(baker.post("/cantine/1", &fields).await.status, StatusCode::NOT_FOUND);
        assert_eq!(cook.get("/fiche/2/cantines").await.status, StatusCode::NOT_FOUND);
        assert_eq!(cook.get("/cantine/2").await.status, StatusCode::NOT_FOUND, "a supplier is no canteen");
    })
    .await;
}
