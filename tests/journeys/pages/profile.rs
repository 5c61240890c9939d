//! The page of one supplier, what search engines and the map are told of it.

use poem::http::StatusCode;
use serde_json::Value;

use super::{fill, filled, json_ld, shown};
use crate::support::on_each_database;

#[tokio::test]
async fn a_cook_reads_what_a_supplier_sells_with_which_proof_and_whether_it_delivers_to_her() {
    on_each_database(async |site| {
        fill(site).await;
        let page = shown(site, "/annuaire/gaec-des-genets?near=43157").await;
        for said in [
            "<h1>GAEC des Genêts</h1>",
            "Lentilles vertes du puy",
            "4,20\u{a0}€</span>\u{a0}le\u{a0}kg",
            "7,50\u{a0}€</span> par plateau de 30",
            "<b>Bio</b>, preuve à jour",
            "<b>AOP</b>, simple déclaration",
            "<b>HVE</b>, preuve expirée",
            "Certificat n°\u{a0}114386, délivré par Ecocert, valable jusqu’au 31\u{a0}mars 2031.",
            "expiré depuis le 30\u{a0}juin 2026",
            "https://annuaire.agencebio.org",
            "le mardi et le jeudi",
            "80\u{a0}€ HT, port offert dès 200\u{a0}€ HT",
            "livre chez vous",
            "lundi 12\u{a0}octobre 2026",
            "Écrire à ce fournisseur",
            "Ferme cachée",
        ] {
            assert!(page.contains(said), "{said} is missing: {page}");
        }
        let far = shown(site, "/annuaire/gaec-des-genets?near_text=Pradelles").await;
        assert!(far.contains("ne livre pas chez vous") && far.contains("de Pradelles"), "{far}");
        let unknown = shown(site, "/annuaire/gaec-des-genets?near_text=Xyzzy").await;
        assert!(unknown.contains("Nous ne connaissons pas de commune «\u{a0}Xyzzy\u{a0}»"), "{unknown}");
    })
    .await;
}

#[tokio::test]
async fn search_engines_are_told_public_facts_and_no_name_breaks_out_of_its_script() {
    let site = filled().await;
    let page = shown(&site, "/annuaire/gaec-des-genets").await;
    let business = &json_ld(&page)["@graph"][0];
    assert_eq!(business["makesOffer"][0]["priceSpecification"]["price"], "4.20");
    assert_eq!(business["address"]["streetAddress"], "Chemin des Planèzes");
    assert_eq!(business["geo"]["latitude"], 45.13579);
    assert_eq!(business["hasCertification"].as_array().unwrap().len(), 1, "only what is proven");
    assert!(page.contains("rel=\"canonical\" href=\"http://127.0.0.1:8080/annuaire/gaec-des-genets\""), "{page}");
    assert!(page.contains("property=\"og:image\" content=\"http://127.0.0.1:8080/assets/pictures/card."), "{page}");
    let hidden = shown(&site, "/annuaire/ferme-cachee").await;
    let business = &json_ld(&hidden)["@graph"][0];
    assert!(business["geo"].is_null() && business["address"]["streetAddress"].is_null(), "{business}");

    let slug = manger_local::suppliers::slug("</script><b>Fournil</b>");
    let wild = shown(&site, &format!("/annuaire/{slug}")).await;
    assert_eq!(json_ld(&wild)["@graph"][0]["name"], "</script><b>Fournil</b>");
    assert!(!wild.contains("<b>Fournil") && !wild.contains("<script>alert"), "{wild}");
}

#[tokio::test]
async fn an_address_in_capitals_leads_to_the_right_one() {
    let site = filled().await;
    let answer = site.browser.get("/annuaire/GAEC-des-Genets?near=43157").send().await;
    answer.assert_status(StatusCode::MOVED_PERMANENTLY);
    answer.assert_header("location", "/annuaire/gaec-des-genets?near=43157");
    site.browser.get("/annuaire/FERME-EN-PAUSE").send().await.assert_status(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_delivery_map_holds_public_shapes_only() {
    let site = filled().await;
    let shapes = |text: &str| -> Vec<(String, String)> {
        let collection: Value = serde_json::from_str(text).unwrap();
        let features = collection["features"].as_array().unwrap().clone();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        features.iter().map(|f| (word(&f["properties"]["kind"]), word(&f["geometry"]["type"]))).collect()
    };
    let pair = |kind: &str, shape: &str| (kind.to_owned(), shape.to_owned());
    let exact = shown(&site, "/annuaire/gaec-des-genets/livraison.geojson").await;
    assert_eq!(shapes(&exact), [pair("area", "Polygon"), pair("supplier", "Point")]);
    assert!(exact.contains("3.81357"), "{exact}");
    let off_map = shapes(&shown(&site, "/annuaire/ferme-hors-carte/livraison.geojson").await);
    assert!(off_map.len() == 1 && off_map[0].0 == "area", "the department, no circle, no pin: {off_map:?}");
}

#[tokio::test]
async fn a_listing_from_a_register_says_so_and_can_be_objected_to() {
    let site = filled().await;
    let page = shown(&site, "/annuaire/verger-du-registre").await;
    assert!(page.contains("D’après l’annuaire officiel, fiche non revendiquée"), "{page}");
    assert!(page.contains("L’annuaire officiel ne la dit pas") && !page.contains("Ne livre pas"), "{page}");
    assert!(!page.contains("Écrire à ce fournisseur"), "a register gives no contacts: {page}");
    let objection = "/annuaire/verger-du-registre/signalement?sujet=objection";
    assert!(page.contains(objection), "{page}");
    assert!(shown(&site, objection).await.contains("value=\"objection\" checked"));
}
