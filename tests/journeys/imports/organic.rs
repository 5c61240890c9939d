//! The organic register.

use manger_local::{
    suppliers::{CertificationKind, Proof, State, import},
    tables::{Options, Report},
};

use super::tables::{counts, import_suppliers, listing, options};
use crate::support::{Site, morning, on_each_database};

const OPERATORS: &str = include_str!("../../data/operateurs-bio.json");

async fn publish(site: &Site, text: &str, options: &Options) -> Report {
    import::organic_operators(&site.app, text.as_bytes(), options, &mut |_| {}).await.unwrap()
}

#[tokio::test]
async fn the_register_is_shown_with_its_facts_and_no_contacts() {
    on_each_database(async |site| {
        let report = publish(site, OPERATORS, &options("bio.json")).await;
        insta::assert_snapshot!("report_on_operators", report.to_string());
        let farm = listing(site, "BIO-1001").await;
        assert_eq!((farm.supplier.state, farm.supplier.insee_code.as_str()), (State::Published, "43241"));
        assert_eq!((&farm.supplier.phone, &farm.supplier.email, &farm.supplier.website), (&None, &None, &None));
        assert_eq!(farm.supplier.public_position(), None);
        let offers: Vec<_> =
            farm.offers.iter().map(|offer| (offer.name.as_str(), offer.signs.iter().collect::<Vec<_>>())).collect();
        let (organic, conversion) = (vec![CertificationKind::Organic], vec![CertificationKind::InConversion]);
        assert_eq!(offers, [("Lentilles, sèches", organic), ("Noisettes", conversion)]);
        assert!(farm.certifications.iter().all(|held| held.proof(morning().date_naive()) == Proof::Proven));
    })
    .await;
}

#[tokio::test]
async fn a_stopped_certificate_is_not_organic_and_one_without_body_is_declared() {
    on_each_database(async |site| {
        publish(site, OPERATORS, &options("bio.json")).await;
        let stopped = listing(site, "BIO-1002").await;
        assert_eq!((stopped.supplier.state, stopped.certifications.len()), (State::Draft, 0));
        let bees = listing(site, "BIO-1003").await;
        assert_eq!((bees.supplier.name.as_str(), bees.supplier.insee_code.as_str()), ("LES RUCHES SANS DATE", "43268"));
        assert_eq!(bees.certifications[0].proof(morning().date_naive()), Proof::Declared);
        assert_eq!(listing(site, "BIO-1004").await.supplier.state, State::Draft, "a shop is no supplier");
    })
    .await;
}

#[tokio::test]
async fn the_same_register_again_changes_nothing_and_a_stop_hides_until_it_is_renewed() {
    on_each_database(async |site| {
        let draft = Options { draft: true, ..options("bio.json") };
        assert_eq!(counts(&publish(site, OPERATORS, &draft).await), [5, 4, 0, 0, 1]);
        assert_eq!(listing(site, "BIO-1001").await.supplier.state, State::Draft);
        assert_eq!(counts(&publish(site, OPERATORS, &options("bio.json")).await), [5, 0, 2, 2, 1]);
        let before = listing(site, "BIO-1001").await;
        assert_eq!(counts(&publish(site, OPERATORS, &options("bio.json")).await), [5, 0, 0, 4, 1]);
        assert_eq!(listing(site, "BIO-1001").await, before);
        let stop = OPERATORS.replacen("\"ENGAGEE\"", "\"ARRETEE\"", 1);
        assert_eq!(counts(&publish(site, &stop, &options("bio.json")).await), [5, 0, 1, 3, 1]);
        let after = listing(site, "BIO-1001").await;
        assert_eq!((after.supplier.state, after.certifications.len()), (State::Draft, 0));
        publish(site, OPERATORS, &draft).await;
        assert_eq!(listing(site, "BIO-1001").await.supplier.state, State::Draft, "nothing is published unless asked");
        publish(site, OPERATORS, &options("bio.json")).await;
        assert_eq!(listing(site, "BIO-1001").await.supplier.state, State::Published, "renewed");
    })
    .await;
}

#[tokio::test]
async fn who_asked_to_go_stays_away_whatever_the_register_says_later() {
    on_each_database(async |site| {
        publish(site, OPERATORS, &options("bio.json")).await;
        let asked = "Référence;Nom;Type;Code INSEE;État;Provenance\n\
                     BIO-1001;Ferme de la Lentille;Producteur;43241;Retirée;Annuaire officiel\n";
        import_suppliers(site, asked.as_bytes()).await;
        let stop = OPERATORS.replacen("\"ENGAGEE\"", "\"ARRETEE\"", 1);
        for register in [OPERATORS, &stop, OPERATORS] {
            publish(site, register, &options("bio.json")).await;
            assert_eq!(listing(site, "BIO-1001").await.supplier.state, State::Withdrawn);
        }
    })
    .await;
}

#[tokio::test]
async fn a_certificate_typed_to_begin_after_its_stop_ends_with_it_and_costs_no_other_line() {
    on_each_database(async |site| {
        let own = "Référence;Nom;Type;Code INSEE;Certification 1;Numéro 1;Organisme 1;Valable à partir du 1;Valable jusqu'au 1\n\
                   F2;Ferme de Brioude;Producteur;43040;Bio;1002;Ecocert;01/01/2026;31/12/2031\n";
        import_suppliers(site, own.as_bytes()).await;
        assert_eq!(counts(&publish(site, OPERATORS, &options("bio.json")).await), [5, 3, 1, 0, 1]);
        let held = listing(site, "F2").await.certifications.remove(0);
        assert_eq!((held.valid_from, held.proof(morning().date_naive())), (None, Proof::Expired));
    })
    .await;
}

#[tokio::test]
async fn a_listing_of_the_organisers_keeps_its_words_and_gains_the_proof() {
    on_each_database(async |site| {
        let own = "Référence;Nom;Type;Code INSEE;Téléphone;Certification 1;Numéro 1;Organisme 1;Valable jusqu'au 1\n\
                   F1;Les lentilles de Jeanne;Producteur;43241;04 65 71 12 34;Bio;1001;;\n\
                   F2;Ferme de Brioude;Producteur;43040;;Bio;1002;Ecocert;31/12/2031\n";
        import_suppliers(site, own.as_bytes()).await;
        let report = publish(site, OPERATORS, &options("bio.json")).await;
        assert_eq!(counts(&report), [5, 2, 2, 0, 1]);
        let today = morning().date_naive();
        let lentils = listing(site, "F1").await;
        assert_eq!(lentils.supplier.phone.as_deref(), Some("04 65 71 12 34"));
        assert_eq!(lentils.certifications[0].proof(today), Proof::Proven);
        let stopped = listing(site, "F2").await;
        assert_eq!(stopped.certifications[0].proof(today), Proof::Expired, "the register says it stopped in 2021");
        assert_eq!(counts(&publish(site, OPERATORS, &options("bio.json")).await), [5, 0, 0, 4, 1]);
    })
    .await;
}
