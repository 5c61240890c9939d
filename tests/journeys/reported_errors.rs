//! A reader finds something wrong in a listing.

use std::{pin::pin, time::Duration};

use manger_local::suppliers::{self, NewReportedError, ReportState, import};
use manger_local::tables::Options;
use tokio::time::timeout;

use crate::support::{
    Site, morning, on_each_database,
    process::{run, same_database},
};

#[tokio::test]
async fn a_report_is_kept_once_and_closed_once() {
    on_each_database(async |site| {
        let id = with_one_supplier(site).await;
        let txn = site.app.write().await.unwrap();
        let new = NewReportedError::new("La ferme a fermé.", "chef@college.example").unwrap();
        let first = suppliers::report_error(&txn, id, new.clone(), morning()).await.unwrap();
        assert_eq!(suppliers::report_error(&txn, id, new.clone(), morning()).await.unwrap(), first, "a double click");
        txn.commit().await.unwrap();
        assert_eq!(suppliers::open_reports(&site.app.db, 10).await.unwrap().len(), 1);

        let txn = site.app.write().await.unwrap();
        assert!(suppliers::close_report(&txn, first, ReportState::Corrected, morning()).await.unwrap());
        assert!(!suppliers::close_report(&txn, first, ReportState::Dismissed, morning()).await.unwrap());
        txn.commit().await.unwrap();
        assert!(suppliers::open_reports(&site.app.db, 10).await.unwrap().is_empty());

        let txn = site.app.write().await.unwrap();
        assert!(suppliers::report_error(&txn, id + 1, new, morning()).await.is_err(), "nobody's listing");
    })
    .await;
}

#[tokio::test]
async fn two_clicks_at_once_are_one_report() {
    on_each_database(async |site| {
        let id = with_one_supplier(site).await;
        let new = NewReportedError::new("La ferme a fermé.", "").unwrap();
        let first = site.app.write().await.unwrap();
        suppliers::report_error(&first, id, new.clone(), morning()).await.unwrap();
        let mut second = pin!(async {
            let txn = site.app.write().await.unwrap();
            suppliers::report_error(&txn, id, new, morning()).await.unwrap();
            txn.commit().await.unwrap();
        });
        assert!(timeout(Duration::from_millis(500), &mut second).await.is_err(), "the second waits for the first");
        first.commit().await.unwrap();
        second.await;
        assert_eq!(suppliers::open_reports(&site.app.db, 10).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_organiser_gets_every_report_as_a_table() {
    on_each_database(async |site| {
        let id = with_one_supplier(site).await;
        let txn = site.app.write().await.unwrap();
        for (words, email) in [("Produits : plus de poireaux : gel", "chef@college.example"), ("=cmd()", "")] {
            let new = NewReportedError::new(words, email).unwrap();
            suppliers::report_error(&txn, id, new, morning()).await.unwrap();
        }
        txn.commit().await.unwrap();
        let mut arguments = vec!["export".to_owned(), "reports".to_owned()];
        arguments.extend(same_database(site));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let done = run(&arguments, &site.folder());
        assert_eq!(
            String::from_utf8(done.stdout).unwrap(),
            "\u{feff}Référence fournisseur;Nom;Sujet;Message;Courriel pour répondre;Reçu le;État\r\n\
             F1;Ferme;Produits;plus de poireaux : gel;chef@college.example;16/03/2027;À traiter\r\n\
             F1;Ferme;;'=cmd();;16/03/2027;À traiter\r\n"
        );
    })
    .await;
}

/// Brings one supplier; its key.
async fn with_one_supplier(site: &Site) -> i64 {
    let options = Options::new("x", morning(), morning().date_naive());
    let table = "Référence;Nom;Type;Code INSEE\nF1;Ferme;Producteur;43157\n";
    import::suppliers(&site.app, table.as_bytes(), &options, &mut |_| {}).await.unwrap();
    suppliers::by_reference(&site.app.db, "F1").await.unwrap().unwrap().supplier.id
}
