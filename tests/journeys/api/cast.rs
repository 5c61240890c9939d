//! A directory of five suppliers, each with something that must not get out.

use manger_local::{
    directory::{self, Position},
    suppliers::import::{self, Options},
};
use poem::http::StatusCode;
use serde_json::Value;

use crate::support::Site;

const SUPPLIERS: &str = "\
Référence;Nom;Type;Adresse;Code postal;Commune;Code INSEE;Latitude;Longitude;Position publiée;Présentation;Téléphone;Courriel;Site web;Rayon de livraison (km);Jours de livraison;Minimum de commande (€ HT);Certification 1;Numéro 1;Organisme 1;Valable jusqu'au 1
LENTILLES;Ferme des Lentilles;Producteur;Route du Mont;43000;Le Puy-en-Velay;43157;45,0500;3,8900;exacte;Lentilles vertes.;0471000001;lentilles@secret.example;;40;lundi, jeudi;80;Bio;OP-1;Ecocert;31/12/2030
CACHEE;Ferme cachée;Producteur;Lieu-dit Introuvable;43200;Yssingeaux;43268;45,1999;4,1999;commune;Carottes et pommes.;0471000002;cachee@secret.example;;;;;Bio;;;
HORS-CARTE;Ferme hors de la carte;Producteur;Chemin Perdu;43100;Brioude;43040;45,3999;3,3999;aucune;Carottes.;0471000003;hors-carte@secret.example;;;;;;;;
FORMULE;\"=HYPERLINK(\"\"http://piege.example\"\")\";Artisan;;43000;Le Puy-en-Velay;43157;;;;Pain.;0471000004;formule@secret.example;;;;;;;;
DEUX;Ferme à deux offres;Producteur;;43120;Monistrol-sur-Loire;43137;;;;Vaches et chèvres.;0471000005;deux@secret.example;;;;;Bio;OP-5;Ecocert;31/12/2030
";

const OFFERS: &str = "\
Référence fournisseur;Produit;Famille;Conditionnement;Unité;Prix HT;Mois;Certifications
LENTILLES;Lentilles vertes;Fruits et légumes;sac de 5 kg;kg;4,20;1-12;Bio
CACHEE;Carottes;Fruits et légumes;;kg;1,50;9-3;Bio
CACHEE;Pommes;Fruits et légumes;;kg;2,10;9-4;
HORS-CARTE;Carottes;Fruits et légumes;;kg;1,40;9-3;
FORMULE;+Pain de campagne;Boulangerie;;pièce;3,00;1-12;
DEUX;Lait;Produits laitiers et œufs;;l;1,10;1-12;Bio
DEUX;Miel de montagne;Autres;;pot;2,50;4-10;
";

/// Fills the directory and lets the node read it.
pub(crate) async fn fill(site: &Site) {
    let options = |file: &str| Options::new(file, site.app.clock.now(), site.app.today());
    let report =
        import::suppliers(&site.app, SUPPLIERS.as_bytes(), &options("fournisseurs.csv"), &mut |_| {}).await.unwrap();
    assert!(report.problems.is_empty(), "{report}");
    let report = import::offers(&site.app, OFFERS.as_bytes(), &options("offres.csv"), &mut |_| {}).await.unwrap();
    assert!(report.problems.is_empty(), "{report}");
    directory::step(&site.app, Position::default()).await.unwrap();
}

/// The JSON at this address.
pub(super) async fn get(site: &Site, path: &str) -> Value {
    let answer = site.browser.get(path.to_owned()).send().await;
    assert_eq!(answer.0.status(), StatusCode::OK, "{path}");
    answer.0.into_body().into_json().await.unwrap()
}

/// The references found, in their order.
pub(super) async fn found(site: &Site, query: &str) -> Vec<String> {
    references(&get(site, &format!("/api/v1/suppliers?{query}")).await)
}

/// The references of an answer.
pub(super) fn references(answer: &Value) -> Vec<String> {
    let hits = answer["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["reference"].as_str().unwrap().to_owned()).collect()
}
