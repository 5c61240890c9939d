//! Everything is read again when it is ordered, and the site answers meanwhile.

use chrono::TimeDelta;
use manger_local::directory::{Position, order_rebuild, step};
use manger_local::suppliers::{changes_since, forget_old_changes};
use sea_orm::ConnectionTrait;

use super::nodes::{another_node, close};
use crate::support::{
    cast::{farms, found, import_suppliers, open_with_cast, visit},
    on_each_database,
};

#[tokio::test]
async fn an_order_to_read_everything_again_reaches_every_node() {
    on_each_database(async |site| {
        let mut position = open_with_cast(site).await;
        let other = another_node(site).await;
        let mut there = step(&other, Position::default()).await.unwrap();
        // Written past the log, as a restored backup would be.
        let past = "UPDATE suppliers SET name = 'Ferme Restaurée' WHERE reference = 'G006'";
        site.app.db.execute_unprepared(past).await.unwrap();
        position = step(&site.app, position).await.unwrap();
        assert_eq!(found(&visit(&site.browser, "/annuaire?q=restaur%C3%A9e").await).len(), 0);
        order_rebuild(&other).await.unwrap();
        position = step(&site.app, position).await.unwrap();
        assert_eq!(found(&visit(&site.browser, "/annuaire?q=restaur%C3%A9e").await), ["G006"]);
        assert_eq!(step(&site.app, position).await.unwrap(), position, "once is enough");
        there = step(&other, there).await.unwrap();
        assert_eq!((other.index.len(), there), (6, position));
        close(other).await;
    })
    .await;
}

#[tokio::test]
async fn searches_are_answered_in_full_while_everything_is_read_again() {
    on_each_database(async |site| {
        import_suppliers(&site.app, &farms('R', 2_500)).await;
        let position = step(&site.app, Position::default()).await.unwrap();
        order_rebuild(&site.app).await.unwrap();
        let app = site.app.clone();
        let reading = tokio::spawn(async move { step(&app, position).await.unwrap() });
        let mut answers = 0;
        while !reading.is_finished() {
            let page = visit(&site.browser, "/annuaire?per_page=1").await;
            assert_eq!(page.texts(".count-line"), ["2 500 fournisseurs, de 1 à 1"]);
            answers += 1;
        }
        assert!(answers > 1, "nobody asked meanwhile");
        assert_ne!(reading.await.unwrap(), position);
        assert_eq!(site.app.index.len(), 2_500);
    })
    .await;
}

#[tokio::test]
async fn what_is_written_while_everything_is_read_again_is_not_lost() {
    on_each_database(async |site| {
        let heading = "Référence;Nom;Type;Code postal;Commune\n";
        import_suppliers(&site.app, &farms('R', 2_500)).await;
        let app = site.app.clone();
        let reading = tokio::spawn(async move { step(&app, Position::default()).await.unwrap() });
        let mut number = 0;
        while !reading.is_finished() {
            // The first ones are read already, the last ones are not.
            let changed = format!("R{:04};Ferme tardive {number};Producteur;43000;Le Puy-en-Velay\n", number % 2_500);
            import_suppliers(&site.app, &format!("{heading}{changed}")).await;
            number += 499;
        }
        let mut position = reading.await.unwrap();
        loop {
            let next = step(&site.app, position).await.unwrap();
            if next == position {
                break;
            }
            position = next;
        }
        let renamed = number / 499;
        assert!(renamed > 0, "nothing was written meanwhile");
        let page = visit(&site.browser, "/annuaire?q=tardive&per_page=100").await;
        assert_eq!(found(&page).len(), renamed);
        assert_eq!(site.app.index.len(), 2_500);
    })
    .await;
}

#[tokio::test]
async fn old_changes_are_forgotten_and_a_node_that_missed_them_reads_everything_again() {
    on_each_database(async |site| {
        let before = open_with_cast(site).await;
        // Unseen by the first node: a change whose line of the log will be gone.
        let renamed = "G006;Ferme Oubliée;Producteur;43100;Brioude\n";
        import_suppliers(&site.app, &format!("Référence;Nom;Type;Code postal;Commune\n{renamed}")).await;
        import_suppliers(&site.app, &farms('R', 1)).await;
        site.app.clock.advance(TimeDelta::days(31));
        let other = another_node(site).await;
        let there = step(&other, Position::default()).await.unwrap();
        let txn = site.app.write().await.unwrap();
        forget_old_changes(&txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        let kept = changes_since(&site.app.db, 0, 100).await.unwrap();
        assert_eq!(kept.iter().map(|change| Some(change.id)).collect::<Vec<_>>(), [there.seen], "the last one stays");
        let here = step(&site.app, before).await.unwrap();
        assert_eq!(here, there);
        assert_eq!(found(&visit(&site.browser, "/annuaire?q=oubli%C3%A9e").await), ["G006"]);
        // Who missed nothing goes on change by change.
        import_suppliers(&site.app, &farms('S', 1)).await;
        assert!(step(&other, there).await.unwrap().seen > there.seen);
        assert_eq!(other.index.len(), 8);
        close(other).await;
    })
    .await;
}
