//! The public pages, and what the stranger must never see. The cast and what every part needs stand here.

mod front;
mod profile;
mod reports;
mod stranger;

use manger_local::directory::{self, Position};
use manger_local::suppliers::import::{self, Options};
use poem::http::StatusCode;
use serde_json::Value;

use crate::support::Site;

const SUPPLIERS: &str = "\
Référence;Nom;Type;Adresse;Code INSEE;Latitude;Longitude;Position publiée;Présentation;Téléphone;Courriel;Site web;SIRET;Rayon de livraison (km);Départements livrés;Jours de livraison;Minimum de commande (€ HT);Franco de port (€ HT);Certification 1;Numéro 1;Organisme 1;Valable jusqu'au 1;Certification 2;Numéro 2;Organisme 2;Valable jusqu'au 2;Certification 3;Numéro 3;Organisme 3;Valable jusqu'au 3;Fiche confirmée le;État;Provenance
F1;GAEC des Genêts;Producteur;Chemin des Planèzes;43216;45.13579;3.81357;exacte;Nous semons des lentilles.;04 65 71 12 34;genets@ferme.example;www.genets.example;;30;;mardi, jeudi;80;200;Bio;114386;Ecocert;31/03/2031;AOP;;;;HVE;HVE-77;Ocacia;30/06/2026;12/10/2026;;
F2;Ferme cachée;Producteur;La Combe Secrète;43157;45.06543;3.92345;commune;;04 65 71 99 99;cachee@ferme.example;;;20;;;;;;;;;;;;;;;;;;;
F3;Ferme hors carte;Producteur;Le Bout du Monde;43268;45.14444;4.11111;aucune;;;;;;25;43;;;;;;;;;;;;;;;;;
F4;Ferme en brouillon;Producteur;;43157;;;;;;;;;;;;;;;;;;;;;;;;;;;Brouillon;
F5;Ferme en pause;Producteur;;43157;;;;;;;;;;;;;;;;;;;;;;;;;;;En pause;
F6;Ferme retirée;Producteur;;43157;;;;;;;;;;;;;;;;;;;;;;;;;;;Retirée;
F7;Verger du registre;Producteur;;43040;;;;;;;;;;;;;;;;;;;;;;;;;;;;Annuaire officiel
F8;</script><b>Fournil</b>;Artisan;;43157;;;;</script><script>alert(1)</script>;;;;;;;;;;;;;;;;;;;;;;;;;
";

const OFFERS: &str = "\
Référence fournisseur;Produit;Famille;Conditionnement;Unité;Prix HT;Mois;Certifications
F1;LENTILLES VERTES DU PUY;Fruits et légumes;sac de 25 kg;kg;4,20;;Bio, AOP
F1;Poireaux;Fruits et légumes;caisse de 10 kg;kg;;septembre à avril;HVE
F1;Œufs;Produits laitiers et œufs;plateau de 30;plateau de 30;7,50;;
F2;Lentilles vertes;Fruits et légumes;;kg;3,90;;
F3;Lentilles;Fruits et légumes;;kg;3,80;;
F8;</script> & pain;Boulangerie;;pièce;2,10;;
";

/// A site whose directory holds the cast above.
async fn fill(site: &Site) {
    let app = &site.app;
    let options = |file: &str| Options::new(file, app.clock.now(), app.today());
    let report = import::suppliers(app, SUPPLIERS.as_bytes(), &options("fournisseurs.csv"), &mut |_| {}).await.unwrap();
    assert_eq!(report.refused, 0, "{report}");
    let report = import::offers(app, OFFERS.as_bytes(), &options("offres.csv"), &mut |_| {}).await.unwrap();
    assert_eq!(report.refused, 0, "{report}");
    directory::step(app, Position::default()).await.unwrap();
}

async fn filled() -> Site {
    let site = Site::new().await;
    fill(&site).await;
    site
}

async fn read(site: &Site, path: &str) -> (StatusCode, String) {
    let answer = site.browser.get(path).send().await.0;
    let status = answer.status();
    // A workbook is no text; all that is read here of it is its status.
    (status, String::from_utf8_lossy(&answer.into_body().into_vec().await.unwrap()).into_owned())
}

async fn shown(site: &Site, path: &str) -> String {
    let (status, page) = read(site, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {page}");
    page
}

fn json_ld(page: &str) -> Value {
    let text = page.split(r#"<script type="application/ld+json">"#).nth(1).unwrap();
    serde_json::from_str(text.split("</script>").next().unwrap()).unwrap()
}

/// Every address of this site that a page links to.
fn links(page: &str) -> Vec<String> {
    let pieces = page.split("href=\"").skip(1).filter_map(|piece| piece.split('"').next());
    let local = pieces.filter(|link| link.starts_with('/'));
    local.map(|link| link.replace("&#38;", "&").replace("&amp;", "&").split('#').next().unwrap().to_owned()).collect()
}

/// Names and values of a form.
type Fields<'a> = &'a [(&'a str, &'a str)];

/// What a browser keeps of the form: its cookie and its token.
async fn opened(site: &Site, slug: &str) -> (String, String) {
    let answer = site.browser.get(format!("/annuaire/{slug}/signalement")).send().await.0;
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let page = answer.into_body().into_string().await.unwrap();
    let token = page.split("name=\"_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    (cookie, token)
}

async fn send(site: &Site, fields: Fields<'_>) -> poem::Response {
    let (cookie, token) = opened(site, "gaec-des-genets").await;
    let mut all = vec![("_token", token.as_str())];
    all.extend_from_slice(fields);
    let path = "/annuaire/gaec-des-genets/signalement";
    site.browser.post(path).header("cookie", &cookie).form(&all).send().await.0
}
