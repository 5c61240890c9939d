//! Tables that are called otherwise once a timetable is out.

use poem::http::StatusCode;

use super::{FIRST, PUBLICATION, arrange, count, gathered, of, publish, seen, send, told};
use crate::editions::{DESK, PAGE, save};
use crate::support::{Site, on_each_database, people::Browser};

/// What the page says of what would be published.
async fn pending(claire: &Browser<'_>) -> String {
    claire.get(PUBLICATION).await.page.texts("main").concat().replace('\u{a0}', " ")
}

/// What an organisation’s own page says of its day.
async fn planning(claire: &Browser<'_>, organisation: i64) -> String {
    claire.get(&format!("{PAGE}/planning/{organisation}")).await.page.texts("main").concat()
}

/// How many mails of the day each participant got.
async fn mails(site: &Site) -> Vec<usize> {
    let mut counts = Vec::new();
    for participant in 1..=6 {
        counts.push(count(site, of(participant), "meeting_day").await);
    }
    counts
}

#[tokio::test]
async fn a_table_of_another_name_is_told_with_the_next_version_to_those_who_sit_at_it() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &FIRST).await;
        publish(&claire).await;
        save(&claire, "tables", &[("table-9", "Mezzanine")]).await;
        assert!(pending(&claire).await.contains("il n’y a rien à publier"), "nobody sits there");
        let read = seen(&claire).await;
        assert!(read.is_empty(), "{read:?}");

        save(&claire, "tables", &[("table-2", "Scène")]).await;
        let read = seen(&claire).await;
        save(&claire, "tables", &[("table-1", "Estrade")]).await;
        assert_eq!(send(&claire, &read, "").await.status, StatusCode::CONFLICT, "another name than she read");
        save(&claire, "tables", &[("table-2", "Table 2")]).await;
        let page = pending(&claire).await;
        assert!(page.contains("Publier prévient 3 organisations, 3 courriels."), "{page}");
        assert!(page.contains("autre nom de table à 9 h 30 : Estrade au lieu de Table 1, avec Ferme du Suc"), "{page}");
        let shown = planning(&claire, 1).await;
        assert!(shown.contains("Table 1") && !shown.contains("Estrade"), "nobody was told: {shown}");
        let phone = claire.get(&format!("{PAGE}/jour/1")).await.page.texts("main").concat();
        assert!(phone.contains("Table 1") && !phone.contains("Estrade"), "{phone}");

        publish(&claire).await;
        assert_eq!(mails(site).await, [2, 1, 1, 2, 2, 1]);
        assert_eq!(told(site, of(4)).await[0], "9 h 30 – 9 h 40, Estrade avec Collège des Hauts");
        assert!(planning(&claire, 1).await.contains("Estrade"));
        let version = claire.get(&format!("{PUBLICATION}/2")).await.page.texts("main").concat().replace('\u{a0}', " ");
        assert!(version.contains("Estrade au lieu de Table 1, avec Collège des Hauts"), "{version}");
        assert!(pending(&claire).await.contains("il n’y a rien à publier"), "told once");
    })
    .await;
}

#[tokio::test]
async fn who_withdraws_makes_no_new_name_known() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &FIRST).await;
        publish(&claire).await;
        save(&claire, "tables", &[("table-2", "Scène")]).await;
        claire.post(&format!("{DESK}/participants/4/retrait"), &[]).await;
        assert_eq!(told(site, of(2)).await, ["9 h 30 – 9 h 40, Table 2 avec Ferme du Lac"]);
        let page = pending(&claire).await;
        assert!(page.contains("prévient 2 organisations") && page.contains("Scène au lieu de Table 2"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_table_that_is_gone_is_said_and_called_as_it_was() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        save(&claire, "tables", &[("table-2", "Scène")]).await;
        arrange(site, &FIRST).await;
        publish(&claire).await;
        save(&claire, "tables", &[("combien", "1")]).await;
        assert!(planning(&claire, 2).await.contains("Scène"));
        let page = pending(&claire).await;
        assert!(page.contains("Lycée du Bas et Ferme du Lac, à 9 h 30 : la salle n’a plus de table 2."), "{page}");
        arrange(site, &[(1, 1, 1, 4), (3, 1, 2, 5), (2, 1, 1, 5), (5, 1, 2, 4)]).await;
        publish(&claire).await;
        let told = told(site, of(2)).await;
        assert_eq!(told, ["9 h 54 – 10 h 04, Table 1 avec Ferme du Lac", "14 h – 14 h 10, Table 1 avec Ferme du Suc"]);
        let version = claire.get(&format!("{PUBLICATION}/2")).await.page.texts("main").concat().replace('\u{a0}', " ");
        assert!(version.contains("autre table à 14 h : Table 1 au lieu de Scène"), "{version}");
    })
    .await;
}
