//! What is kept for later: lists of suppliers that a canteen's people share, searches whose news a person gets.

mod lists;
mod searches;

use manger_local::directory::{self, Position};
use sea_orm::{ConnectionTrait, Statement};

use crate::support::{
    Site,
    cast::{import_offers, import_suppliers},
};

const SUPPLIERS: &str = "Référence;Nom;Type;Code INSEE;Téléphone;Courriel;Rayon de livraison (km);Jours de livraison;Certification 1;Numéro 1;Organisme 1;Valable jusqu'au 1;Provenance\n\
    F1;Ferme du Suc;Producteur;43157;04 71 11 22 33;ferme@suc.example;30;lundi, jeudi;Bio;1;Ecocert;31/03/2031;Démonstration\n\
    F2;Les Loges;Producteur;43221;04 71 44 55 66;loges@loges.example;80;mardi;;;;;Démonstration\n";
const OFFERS: &str = "Référence fournisseur;Produit;Famille;Certifications\n\
    F1;Carottes des sables;Fruits et légumes;Bio\n\
    F2;Poireaux;Fruits et légumes;\n";

/// Two farms that the directory knows.
async fn filled(site: &Site) -> Position {
    import_suppliers(&site.app, SUPPLIERS).await;
    import_offers(&site.app, OFFERS).await;
    directory::step(&site.app, Position::default()).await.unwrap()
}

/// Another farm of Le Puy with one product, seen by the directory.
async fn farm(site: &Site, position: Position, reference: &str, name: &str, product: &str) -> Position {
    import_suppliers(&site.app, &format!("Référence;Nom;Type;Code INSEE\n{reference};{name};Producteur;43157\n")).await;
    sells(site, position, reference, product).await
}

/// A farm sells one product, and the directory sees it.
async fn sells(site: &Site, position: Position, reference: &str, product: &str) -> Position {
    let offers = format!("Référence fournisseur;Produit;Famille\n{reference};{product};Fruits et légumes\n");
    import_offers(&site.app, &offers).await;
    directory::step(&site.app, position).await.unwrap()
}

/// Does to the rows what no page does.
async fn execute(site: &Site, sql: &str) -> Result<u64, sea_orm::DbErr> {
    let statement = Statement::from_string(site.app.db.get_database_backend(), sql);
    Ok(site.app.db.execute_raw(statement).await?.rows_affected())
}
