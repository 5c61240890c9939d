//! A reader finds something wrong in a listing.

use manger_local::suppliers::{self, NewReportedError, ReportState, import};
use manger_local::tables::Options;

use crate::support::{morning, on_each_database};

#[tokio::test]
async fn a_report_is_kept_once_and_closed_once() {
    on_each_database(async |site| {
        let options =
            Options { file: "x".into(), dry_run: false, draft: false, now: morning(), today: morning().date_naive() };
        let table = "Référence;Nom;Type;Code INSEE\nF1;Ferme;Producteur;43157\n";
        import::suppliers(&site.app, table.as_bytes(), &options, &mut |_| {}).await.unwrap();
        let id = suppliers::by_reference(&site.app.db, "F1").await.unwrap().unwrap().supplier.id;
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
