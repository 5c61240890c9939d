//! The two tables of suppliers and offers.

use std::fs;

use manger_local::{
    suppliers::{self, CertificationKind, Listing, Proof, State, export, import},
    tables::{Options, Report},
};
use sea_orm::ConnectionTrait;

use crate::support::{Site, morning, on_each_database};

const SUPPLIERS: &[u8] = include_bytes!("../../data/fournisseurs-windows.csv");
const OFFERS: &[u8] = include_bytes!("../../data/offres-virgules.csv");

pub(super) fn options(file: &str) -> Options {
    Options::new(file, morning(), morning().date_naive())
}

pub(super) async fn import_suppliers(site: &Site, text: &[u8]) -> Report {
    import::suppliers(&site.app, text, &options("fournisseurs.csv"), &mut |_| {}).await.unwrap()
}

pub(super) async fn import_offers(site: &Site, text: &[u8]) -> Report {
    import::offers(&site.app, text, &options("offres.csv"), &mut |_| {}).await.unwrap()
}

pub(super) async fn listing(site: &Site, reference: &str) -> Listing {
    suppliers::by_reference(&site.app.db, reference).await.unwrap().unwrap()
}

pub(super) fn counts(report: &Report) -> [usize; 5] {
    [report.read, report.created, report.updated, report.unchanged, report.refused]
}

/// How many suppliers and offers there are.
async fn held(site: &Site) -> (usize, usize) {
    let listings = everything(site).await;
    (listings.len(), listings.iter().map(|listing| listing.offers.len()).sum())
}

async fn last_change(site: &Site) -> i64 {
    suppliers::last_change(&site.app.db).await.unwrap()
}

async fn everything(site: &Site) -> Vec<Listing> {
    suppliers::load_page(&site.app.db, 0, 1_000).await.unwrap()
}

#[tokio::test]
async fn every_wrong_cell_is_named_and_the_good_lines_are_there() {
    on_each_database(async |site| {
        let report = import_suppliers(site, SUPPLIERS).await;
        insta::assert_snapshot!("report_on_suppliers", report.to_string());
        let report = import_offers(site, OFFERS).await;
        insta::assert_snapshot!("report_on_offers", report.to_string());
        assert_eq!(held(site).await, (4, 4));
    })
    .await;
}

#[tokio::test]
async fn what_a_line_says_is_what_the_listing_holds() {
    on_each_database(async |site| {
        import_suppliers(site, SUPPLIERS).await;
        import_offers(site, OFFERS).await;
        let genets = listing(site, "F1").await;
        assert_eq!((genets.supplier.slug.as_str(), genets.supplier.state), ("gaec-des-genets", State::Published));
        assert_eq!(genets.supplier.public_position().map(|point| (point.lat, point.lon)), Some((44.95432, 3.53389)));
        assert_eq!(genets.supplier.description, "Ferme familiale,\nœufs « plein air » et lentilles.");
        assert_eq!(genets.zones.departments, ["2A", "43"]);
        assert_eq!(genets.zones.communes, ["43040", "43112", "43221"]);
        let today = morning().date_naive();
        let proofs: Vec<Proof> = genets.certifications.iter().map(|held| held.proof(today)).collect();
        assert_eq!(proofs, [Proof::Proven, Proof::Declared]);
        let offers: Vec<(&str, Option<&str>, u16)> = genets
            .offers
            .iter()
            .map(|offer| (offer.name.as_str(), offer.product_code.as_deref(), offer.months.mask()))
            .collect();
        assert_eq!(offers[1], ("Pdt Agata 10kg", Some("pomme-de-terre"), 0b1111_1100_1111));
        assert!(genets.offers[0].signs.contains(CertificationKind::Aop));

        let dairy = listing(site, "F3").await;
        assert_eq!(dairy.supplier.public_position(), None, "a point that is not published stays hidden");
        assert!(dairy.supplier.exact_position().is_some());
        let proofs: Vec<Proof> = dairy.certifications.iter().map(|held| held.proof(today)).collect();
        assert_eq!(proofs, [Proof::Expired, Proof::Proven]);
        let bakery = listing(site, "F2").await.supplier;
        assert_eq!((bakery.insee_code.as_str(), bakery.postal_code.as_deref()), ("43157", Some("43000")));
    })
    .await;
}

#[tokio::test]
async fn the_same_files_again_change_nothing() {
    on_each_database(async |site| {
        import_suppliers(site, SUPPLIERS).await;
        import_offers(site, OFFERS).await;
        let (before, change) = (everything(site).await, last_change(site).await);
        site.app.clock.advance(chrono::TimeDelta::days(1));
        let later = Options { now: site.app.clock.now(), ..options("fournisseurs.csv") };
        let report = import::suppliers(&site.app, SUPPLIERS, &later, &mut |_| {}).await.unwrap();
        assert_eq!(counts(&report), [11, 0, 0, 4, 7]);
        let report = import::offers(&site.app, OFFERS, &later, &mut |_| {}).await.unwrap();
        assert_eq!(counts(&report), [8, 0, 0, 4, 4]);
        assert_eq!((everything(site).await, last_change(site).await), (before, change));
    })
    .await;
}

#[tokio::test]
async fn a_year_out_of_reach_is_a_wrong_cell() {
    let site = Site::new().await;
    for wrong in ["01/04/0206", "31/12/1899", "01/01/2078"] {
        let table = format!(
            "Référence;Nom;Type;Code INSEE;Certification 1;Valable jusqu'au 1\nF9;Fournil;Artisan;43157;Bio;{wrong}\n"
        );
        let report = import_suppliers(&site, table.as_bytes()).await;
        assert_eq!(report.refused, 1, "{report}");
        assert_eq!(report.problems[0].expected, "une date depuis 1900, d’ici à 50 ans");
    }
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_keeps_nothing() {
    on_each_database(async |site| {
        let dry = Options { dry_run: true, ..options("fournisseurs.csv") };
        let trial = import::suppliers(&site.app, SUPPLIERS, &dry, &mut |_| {}).await.unwrap();
        assert_eq!((held(site).await, last_change(site).await), ((0, 0), 0));
        let report = import_suppliers(site, SUPPLIERS).await;
        assert_eq!(Report { dry_run: false, ..trial }, report);
        let dry = Options { dry_run: true, ..options("offres.csv") };
        let trial = import::offers(&site.app, OFFERS, &dry, &mut |_| {}).await.unwrap();
        assert_eq!(counts(&trial), [8, 4, 0, 0, 4]);
        assert_eq!(held(site).await.1, 0);
    })
    .await;
}

#[tokio::test]
async fn offers_are_replaced_for_the_suppliers_a_file_names() {
    on_each_database(async |site| {
        import_suppliers(site, SUPPLIERS).await;
        import_offers(site, OFFERS).await;
        let (bread, change) = (listing(site, "F2").await, last_change(site).await);
        let report = import_offers(
            site,
            "Référence fournisseur\tProduit\tFamille\nF1\tMiel\tAutres\nF2\tPain\tErreur\n".as_bytes(),
        )
        .await;
        assert_eq!(counts(&report), [2, 0, 1, 0, 1]);
        let genets = listing(site, "F1").await;
        assert_eq!(genets.offers.iter().map(|offer| offer.name.as_str()).collect::<Vec<_>>(), ["Miel"]);
        assert_eq!(listing(site, "F2").await, bread, "a supplier whose only line is wrong keeps its offers");
        let changes = suppliers::changes_since(&site.app.db, change, 10).await.unwrap();
        assert_eq!(changes.iter().map(|change| change.supplier_id).collect::<Vec<_>>(), [Some(genets.supplier.id)]);
    })
    .await;
}

#[tokio::test]
async fn a_file_publishes_but_brings_nothing_back() {
    on_each_database(async |site| {
        let draft = Options { draft: true, ..options("fournisseurs.csv") };
        import::suppliers(&site.app, SUPPLIERS, &draft, &mut |_| {}).await.unwrap();
        assert_eq!(listing(site, "F1").await.supplier.state, State::Draft);
        import_suppliers(site, "Référence;Nom;Type;Code INSEE;État\nF2;Fournil;Artisan;43157;en pause\n".as_bytes())
            .await;
        import_suppliers(site, SUPPLIERS).await;
        let paused = listing(site, "F2").await.supplier;
        assert_eq!((listing(site, "F1").await.supplier.state, paused.state), (State::Published, State::Paused));
        assert_eq!(
            (paused.name.as_str(), paused.slug.as_str()),
            ("Fournil de l’Œuvre", "fournil-de-l-oeuvre"),
            "an address stays"
        );
    })
    .await;
}

#[tokio::test]
async fn namesakes_get_addresses_of_their_own() {
    on_each_database(async |site| {
        let table =
            ["F-1", "F1", "F2", "F3", "F4"].map(|reference| format!("{reference};Ferme du Pré;Producteur;43157"));
        import_suppliers(site, format!("Référence;Nom;Type;Code INSEE\n{}", table.join("\n")).as_bytes()).await;
        let mut slugs: Vec<String> = everything(site).await.into_iter().map(|listing| listing.supplier.slug).collect();
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), 5);
        assert!(
            slugs.contains(&"ferme-du-pre".to_owned()) && slugs.contains(&"ferme-du-pre-le-puy-en-velay".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn an_export_fills_an_empty_directory_with_the_same() {
    let written = async |site: &Site| {
        let format = export::Format::Csv;
        let today = morning().date_naive();
        let suppliers = export::suppliers(&site.app.db, &site.app.places, format, today).await.unwrap();
        (suppliers, export::offers(&site.app.db, format).await.unwrap())
    };
    on_each_database(async |site| {
        import_suppliers(site, SUPPLIERS).await;
        import_offers(site, OFFERS).await;
        import_suppliers(
            site,
            "Référence;Nom;Type;Code INSEE;État;EPCI livrés\nF2;Fournil;Artisan;43157;Retirée;200073419\n".as_bytes(),
        )
        .await;
        let exported = written(site).await;
        let fresh = Site::new().await;
        assert!(import_suppliers(&fresh, &exported.0).await.is_clean());
        assert!(import_offers(&fresh, &exported.1).await.is_clean());
        assert_eq!(written(&fresh).await, exported);
        assert_eq!(counts(&import_suppliers(site, &exported.0).await), [4, 0, 0, 4, 0]);
    })
    .await;
}

#[tokio::test]
async fn the_map_shows_what_is_published_and_no_contact() {
    on_each_database(async |site| {
        import_suppliers(site, SUPPLIERS).await;
        import_suppliers(site, "Référence;Nom;Type;Code INSEE;Latitude;Longitude;Position publiée\nF2;Fournil;Artisan;43157;45.05;3.89;aucune\n".as_bytes()).await;
        let bytes = export::suppliers(&site.app.db, &site.app.places, export::Format::GeoJson, morning().date_naive()).await;
        let text = String::from_utf8(bytes.unwrap()).unwrap();
        let points: geojson::FeatureCollection = text.parse().unwrap();
        assert_eq!(points.features.len(), 3);
        assert!(text.contains("[3.53389,44.95432]") && text.contains("\"precision\":\"commune\""));
        for hidden in ["4.1403", "45.05", "F2", "04 65", "contact@", "Le Bourg"] {
            assert!(!text.contains(hidden), "{hidden} is shown");
        }
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_refuses_what_no_rule_allows() {
    on_each_database(async |site| {
        import_suppliers(site, SUPPLIERS).await;
        import_offers(site, OFFERS).await;
        for wrong in [
            "UPDATE suppliers SET reference = 'F1' WHERE reference = 'F2'",
            "UPDATE suppliers SET slug = 'gaec-des-genets'",
            "UPDATE suppliers SET kind = 'shop'",
            "UPDATE suppliers SET state = 'hidden'",
            "UPDATE suppliers SET siret = '123'",
            "UPDATE suppliers SET latitude = 45, longitude = NULL",
            "UPDATE suppliers SET latitude = 91, longitude = 3",
            "UPDATE suppliers SET delivery_days = 128",
            "UPDATE suppliers SET delivery_radius_km = 0",
            "UPDATE suppliers SET minimum_order_cents = -1",
            "UPDATE offers SET months = 0",
            "UPDATE offers SET months = 4096",
            "UPDATE offers SET price_cents = -1",
            "UPDATE offers SET family = 'FRUITS'",
            "UPDATE offers SET supplier_id = 999999",
            "UPDATE offers SET position = 0",
            "UPDATE certifications SET kind = 'local'",
            "UPDATE certifications SET source = 'register'",
            "UPDATE certifications SET valid_from = '2040-01-01'",
            "INSERT INTO delivery_zones SELECT id, 'planet', '43' FROM suppliers",
        ] {
            assert!(site.app.db.execute_unprepared(wrong).await.is_err(), "{wrong}");
        }
        site.app.db.execute_unprepared("DELETE FROM suppliers WHERE reference = 'F1'").await.unwrap();
        assert_eq!(held(site).await, (3, 1), "its offers go with it");
    })
    .await;
}

#[tokio::test]
async fn what_is_no_table_of_ours_is_refused_with_the_headings() {
    let site = Site::new().await;
    let refused = import::suppliers(&site.app, OFFERS, &options("x"), &mut |_| {}).await.unwrap_err().to_string();
    assert!(refused.contains("« Référence », « Nom », « Type »") && refused.contains("« Produit »"), "{refused}");
    for other in ["tests/data/operateurs-bio.json", "assets/pictures"] {
        if let Ok(bytes) = fs::read(other) {
            assert!(import::offers(&site.app, &bytes, &options("x"), &mut |_| {}).await.is_err());
        }
    }
}
