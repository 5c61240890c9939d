//! The registry of canteens.

use manger_local::{canteens, tables::Options};

use super::tables::{counts, options};
use crate::support::on_each_database;

const REGISTRY: &[u8] = include_bytes!("../../data/cantines-registre.csv");

#[tokio::test]
async fn canteens_are_kept_and_unknown_sectors_are_reported_not_lost() {
    on_each_database(async |site| {
        let report =
            canteens::import_registry(&site.app, REGISTRY, &options("cantines.csv"), &mut |_| {}).await.unwrap();
        insta::assert_snapshot!("report_on_canteens", report.to_string());
        let kept = canteens::in_department(&site.app.db, "43").await.unwrap();
        let sectors: Vec<_> = kept.iter().map(|row| (row.sectors.as_str(), row.unknown_sectors.as_str())).collect();
        let college = ("education_secondaire_college,entreprise_entreprise", "");
        assert_eq!(sectors, [college, ("social_ehpad", "Cantine spatiale"), ("education_primaire", "")]);
        assert!(kept.iter().all(|row| !row.line.contains("chef@example.com")));
        let again = Options { now: site.app.clock.now() + chrono::TimeDelta::days(1), ..options("cantines.csv") };
        let report = canteens::import_registry(&site.app, REGISTRY, &again, &mut |_| {}).await.unwrap();
        assert_eq!(counts(&report), [4, 0, 0, 3, 1]);
    })
    .await;
}
