//! Tables that change on the day.

use poem::http::StatusCode;

use super::mending::{choose, in_force, offered};
use super::{Cast, DOOR, begin, day, shown, write};
use crate::editions::{PAGE, save};
use crate::support::{Site, on_each_database};

/// What open pages compare.
pub(super) async fn page(site: &Site) -> String {
    let said = site.browser.get(format!("{PAGE}/version")).send().await.0.into_body().into_string().await.unwrap();
    serde_json::from_str::<serde_json::Value>(&said).unwrap()["page"].to_string()
}

/// A day whose timetable was told with the names of its tables.
async fn told_day(site: &Site) -> Cast<'_> {
    let cast = day(site).await;
    write(site, "INSERT INTO published_tables SELECT 1, number, name FROM edition_tables").await;
    cast
}

#[tokio::test]
async fn a_table_of_another_name_is_on_open_pages_at_once() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = told_day(site).await;
        begin(site).await;
        let before = page(site).await;
        save(&claire, "tables", &[("table-1", "Estrade")]).await;
        assert_ne!(page(site).await, before, "open pages hear of it");
        assert!(shown(&cook, 1).await.1.contains("EstradeFerme du Haut"));
        let own = cook.get(&format!("{PAGE}/jour/1")).await.page;
        assert_eq!(own.texts("mark"), ["au lieu de « Table 1 »", "au lieu de « Table 1 »"], "of two of three");
        let planning = cook.get(&format!("{PAGE}/planning/1")).await.page.texts("main").concat();
        assert!(planning.contains("Estrade") && !planning.contains("Table 1"), "{planning}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_gone_is_mended_like_somebody_who_is_missing() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = told_day(site).await;
        begin(site).await;
        save(&claire, "tables", &[("combien", "1")]).await;
        let own = cook.get(&format!("{PAGE}/jour/1")).await.page.texts(".own-day").concat();
        assert_eq!(own.matches("cette table n’est plus là").count(), 1, "{own}");
        let door = claire.get(DOOR).await.page.texts("main").concat();
        assert!(door.contains("2 rendez-vous à venir ne peuvent pas avoir lieu"), "{door}");
        let page = claire.get("/organisation/rencontres/1/reparation").await.page.texts("main").concat();
        assert!(page.contains("9 h 42, Table 2, cette table n’existe plus : Collège des Hauts et Ferme"), "{page}");
        let (ways, before) = (offered(&claire).await, in_force(site).await);
        assert_eq!(choose(&claire, &ways[0]).await.status, StatusCode::SEE_OTHER);
        let after = in_force(site).await;
        assert!(after.iter().all(|one| one.1 == 1), "all at the table that is left: {after:?}");
        let meets = |pair: (i64, i64)| after.iter().any(|one| (one.2, one.3) == pair);
        assert!(before.iter().all(|one| meets((one.2, one.3))), "nobody loses an appointment: {after:?}");
        let own = cook.get(&format!("{PAGE}/jour/1")).await.page.texts("main").concat();
        assert!(!own.contains("plus là"), "{own}");
    })
    .await;
}
