//! Two colleagues order one list at once.

use futures_util::{StreamExt, stream};
use manger_local::accounts::{self, OrganisationKind};
use poem::http::StatusCode;
use sea_orm::{ConnectionTrait, Statement};

use super::{Cast, execute, open, page, place};
use crate::support::{Site, on_each_database, people::accept};

/// Numbers of the first column that a question finds.
async fn numbers(db: &impl ConnectionTrait, question: &str) -> Vec<i64> {
    let all = Statement::from_string(db.get_database_backend(), question);
    db.query_all_raw(all).await.unwrap().into_iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// So many more suppliers that come: participants 6, 7 and so on.
async fn suppliers(site: &Site, count: i64) -> Vec<i64> {
    let (txn, now) = (site.app.write().await.unwrap(), site.app.clock.now());
    let mut keys = Vec::new();
    for number in 0..count {
        let farm = accounts::found(&txn, OrganisationKind::Supplier, &format!("Ferme {number:02}"), now).await.unwrap();
        let row = format!(
            "INSERT INTO participants (edition_id, organisation_id, side, state, seat, turn, asked_at, tables_at_once, words, needs, meals)
             VALUES (1, {}, 'supplier', 'registered', {}, {}, '2027-03-16 07:30:00+00:00', 1, '', '', 0)",
            farm.id,
            number + 10,
            number + 10,
        );
        txn.execute_unprepared(&row).await.unwrap();
        keys.push(number + 6);
    }
    txn.commit().await.unwrap();
    keys
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_all_that_two_colleagues_press_at_once_no_wish_is_lost_and_no_rank_given_twice() {
    on_each_database(async |site| {
        let Cast { cook, .. } = open(site).await;
        cook.post("/equipes/1/invitations", &[("courriel", "paul@college.example")]).await;
        let paul = accept(&site.app, &site.browser, "paul@college.example").await;
        let keys = suppliers(site, 16).await;
        let add = keys.iter().enumerate().map(|(at, key)| {
            let (browser, path) = (if at % 2 == 0 { &cook } else { &paul }, format!("{}/{key}", page(1)));
            async move { browser.post(&path, &[("geste", "rencontrer")]).await.status }
        });
        let answers: Vec<StatusCode> = stream::iter(add).buffer_unordered(16).collect().await;
        assert!(answers.iter().all(|status| *status == StatusCode::SEE_OTHER), "{answers:?}");
        let ranks = "SELECT CAST(rank AS BIGINT) FROM wishes WHERE participant_id = 1 ORDER BY rank";
        let wished = "SELECT wished_id FROM wishes WHERE participant_id = 1 ORDER BY wished_id";
        let all: Vec<i64> = (1..=16).collect();
        assert_eq!(
            (numbers(&site.app.db, ranks).await, numbers(&site.app.db, wished).await),
            (all.clone(), keys.clone())
        );
        let moves = keys.iter().chain(keys.iter().rev()).enumerate().map(|(at, key)| {
            let browser = if at % 2 == 0 { &cook } else { &paul };
            place(browser, 1, *key, 1 + at * 7 % 16)
        });
        let said: Vec<String> = stream::iter(moves).buffer_unordered(16).collect().await;
        assert!(said.iter().all(|word| word == "souhait"), "{said:?}");
        assert_eq!((numbers(&site.app.db, ranks).await, numbers(&site.app.db, wished).await), (all, keys));
    })
    .await;
}

/// What the lock prevents, and what shows that the test above can fail: two read the end of the list before either has
/// written. The index behind the lock stops the second; without the index, one rank is given twice.
#[tokio::test]
async fn without_the_lock_the_index_stops_the_second_and_without_the_index_a_rank_is_given_twice() {
    on_each_database(async |site| {
        open(site).await;
        let last = "SELECT count(*) FROM wishes WHERE participant_id = 1";
        for (has_index, expected) in [(true, 1), (false, 2)] {
            execute(site, "DELETE FROM wishes").await;
            if !has_index {
                execute(site, "DROP INDEX wishes_rank").await;
            }
            let read = [numbers(&site.app.db, last).await[0], numbers(&site.app.db, last).await[0]];
            for (wished, rank) in [3, 4].into_iter().zip(read) {
                let row = format!(
                    "INSERT INTO wishes (participant_id, wished_id, rank, made_at) VALUES (1, {wished}, {}, '2027-03-16 07:30:00+00:00')",
                    rank + 1
                );
                let txn = site.app.write().await.unwrap();
                if txn.execute_unprepared(&row).await.is_ok() {
                    txn.commit().await.unwrap();
                }
            }
            let first = "SELECT count(*) FROM wishes WHERE participant_id = 1 AND rank = 1";
            assert_eq!(numbers(&site.app.db, first).await, [expected]);
        }
    })
    .await;
}
