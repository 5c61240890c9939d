//! Numbers of the change log are given when a row is inserted but seen when it is committed. A node that has read number 7 never asks
//! for number 6: writers take turns, and these races show what happens when they do not.

use std::{collections::HashSet, time::Duration};

use manger_local::{
    app::App,
    directory::{Position, step},
    suppliers::{changes_since, record_change, record_changes},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};

use super::nodes::{another_node, close};
use crate::support::{
    Site,
    cast::{open_with_cast, visit},
    on_each_database,
};

#[tokio::test]
async fn a_change_committed_after_a_later_one_is_not_skipped() {
    on_each_database(async |site| {
        if site.app.db.get_database_backend() != DbBackend::Postgres {
            return;
        }
        let position = open_with_cast(site).await;
        let (slow, quick) = (another_node(site).await, another_node(site).await);
        let first = slow.write().await.unwrap();
        rename(&first, "G001", "Ferme Lente").await;
        record_change(&first, id(site, "G001").await, slow.clock.now()).await.unwrap();
        let hurried = id(site, "G004").await;
        let second = tokio::spawn(async move {
            let txn = quick.write().await.unwrap();
            rename(&txn, "G004", "Boucherie Rapide").await;
            record_change(&txn, hurried, quick.clock.now()).await.unwrap();
            txn.commit().await.unwrap();
            close(quick).await;
        });
        somebody_waits(site, &second).await;
        let position = step(&site.app, position).await.unwrap();
        assert_eq!(names_found(site, position).await, [false, false], "neither is committed");
        first.commit().await.unwrap();
        second.await.unwrap();
        close(slow).await;
        assert_eq!(names_found(site, position).await, [true, true], "both are found");
    })
    .await;
}

/// The same without taking turns: this is what the lock prevents, and what shows that the test above can fail.
#[tokio::test]
async fn without_taking_turns_the_earlier_number_is_skipped() {
    on_each_database(async |site| {
        if site.app.db.get_database_backend() != DbBackend::Postgres {
            return;
        }
        let position = open_with_cast(site).await;
        let (slow, quick) = (another_node(site).await, another_node(site).await);
        let (first, second) = (slow.write().await.unwrap(), quick.write().await.unwrap());
        rename(&first, "G001", "Ferme Lente").await;
        log_by_hand(&first, id(site, "G001").await).await;
        rename(&second, "G004", "Boucherie Rapide").await;
        log_by_hand(&second, id(site, "G004").await).await;
        second.commit().await.unwrap();
        let position = step(&site.app, position).await.unwrap();
        first.commit().await.unwrap();
        assert_eq!(names_found(site, position).await, [false, true], "the first was committed, logged, and never read");
        close(slow).await;
        close(quick).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_beside_many_writers_sees_every_change_once_and_in_order() {
    const WRITERS: i64 = 6;
    const EACH: i64 = 15;
    on_each_database(async |site| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let app = site.app.clone();
                tokio::spawn(async move {
                    for number in 0..EACH {
                        let txn = app.write().await.unwrap();
                        // Numbers are drawn at once, and the commit comes when it comes.
                        let ids = [writer * 1_000 + number * 2, writer * 1_000 + number * 2 + 1];
                        record_changes(&txn, &ids, app.clock.now()).await.unwrap();
                        tokio::task::yield_now().await;
                        txn.commit().await.unwrap();
                    }
                })
            })
            .collect();
        let (mut last, mut seen) = (0, Vec::new());
        loop {
            let finished = writers.iter().all(tokio::task::JoinHandle::is_finished);
            let changes = changes_since(&site.app.db, last, 7).await.unwrap();
            last = changes.last().map_or(last, |change| change.id);
            if finished && changes.is_empty() {
                break;
            }
            seen.extend(changes.into_iter().filter_map(|change| change.supplier_id));
        }
        for writer in writers {
            writer.await.unwrap();
        }
        let wanted = usize::try_from(WRITERS * EACH * 2).unwrap();
        assert_eq!((seen.len(), seen.iter().collect::<HashSet<_>>().len()), (wanted, wanted));
    })
    .await;
}

/// Follows to the end; which of the two new names are found.
async fn names_found(site: &Site, mut position: Position) -> [bool; 2] {
    loop {
        let next = step(&site.app, position).await.unwrap();
        if next == position {
            break;
        }
        position = next;
    }
    let (slow, quick) = ("/annuaire?q=Lente", "/annuaire?q=Rapide");
    let found = async |address, name| visit(&site.browser, address).await.texts("h2").contains(&name);
    [found(slow, "Ferme Lente").await, found(quick, "Boucherie Rapide").await]
}

async fn rename(txn: &DatabaseTransaction, reference: &str, name: &str) {
    let statement = format!("UPDATE suppliers SET name = '{name}' WHERE reference = '{reference}'");
    txn.execute_unprepared(&statement).await.unwrap();
}

async fn log_by_hand(txn: &DatabaseTransaction, supplier: i64) {
    let statement = format!("INSERT INTO supplier_changes (supplier_id, changed_at) VALUES ({supplier}, now())");
    txn.execute_unprepared(&statement).await.unwrap();
}

async fn id(site: &Site, reference: &str) -> i64 {
    manger_local::suppliers::by_reference(&site.app.db, reference).await.unwrap().unwrap().supplier.id
}

/// Until a connection of this database waits for a turn.
async fn somebody_waits(site: &Site, writer: &tokio::task::JoinHandle<()>) {
    let waiting = "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let watch = async {
        while count(&site.app, waiting).await == 0 {
            assert!(!writer.is_finished(), "the second writer did not wait for its turn");
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), watch).await.expect("somebody waits");
}

async fn count(app: &App, sql: &str) -> i64 {
    let statement = Statement::from_string(app.db.get_database_backend(), sql);
    app.db.query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap()
}
