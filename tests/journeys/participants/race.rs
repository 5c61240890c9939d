//! Many at once for few places.

use futures_util::{StreamExt, stream};
use poem::http::StatusCode;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Statement};

use super::{COOK, LIST, canteens, count, open, page};
use crate::support::{Site, on_each_database, people::member};

const PLACES: i64 = 35;
const ASKED: usize = 200;

/// Numbers of the first column that a question finds.
async fn numbers(db: &impl ConnectionTrait, question: &str) -> Vec<i64> {
    let all = Statement::from_string(db.get_database_backend(), question);
    db.query_all_raw(all).await.unwrap().into_iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn in_state(site: &Site, state: &str) -> i64 {
    numbers(&site.app.db, &format!("SELECT count(*) FROM participants WHERE state = '{state}'")).await[0]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_at_once_as_many_are_registered_as_there_are_places_and_the_others_wait_in_one_order() {
    on_each_database(async |site| {
        let claire = open(site, "35").await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let keys = canteens(site, ASKED).await;
        let asked = keys.iter().map(|key| {
            let path = page(*key);
            async { cook.post(&{ path }, &[("nom-1", "Sophie Arnaud")]).await.status }
        });
        let answers: Vec<StatusCode> = stream::iter(asked).buffer_unordered(24).collect().await;
        assert!(answers.iter().all(|status| *status == StatusCode::SEE_OTHER), "{answers:?}");
        assert_eq!((in_state(site, "registered").await, in_state(site, "waiting").await), (PLACES, 165));
        let seats = "SELECT CAST(seat AS BIGINT) FROM participants WHERE state = 'registered' ORDER BY seat";
        assert_eq!(numbers(&site.app.db, seats).await, (1..=PLACES).collect::<Vec<_>>(), "each place once");
        let turns = numbers(&site.app.db, "SELECT turn FROM participants ORDER BY turn").await;
        assert_eq!(turns, (1..=200).collect::<Vec<_>>(), "each turn once");
        let late = numbers(&site.app.db, "SELECT turn FROM participants WHERE state = 'waiting' ORDER BY turn").await;
        assert_eq!(late, (PLACES + 1..=200).collect::<Vec<_>>(), "nobody waits behind somebody who came later");
        assert_eq!((count(site, "meeting_registered").await, count(site, "meeting_waiting").await), (35, 165));
        let shown = claire.get(LIST).await.page.texts("main").concat();
        assert!(shown.contains("35 inscrits pour 35 places, 165 en attente"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn for_each_who_leaves_exactly_one_moves_up_the_longest_waiting_first() {
    on_each_database(async |site| {
        let claire = open(site, "6").await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let keys = canteens(site, 12).await;
        for key in &keys {
            cook.post(&page(*key), &[("nom-1", "Sophie Arnaud")]).await;
        }
        // Four leave at once, each pressing twice.
        let left = keys[..4].iter().chain(&keys[..4]).map(|key| {
            let path = format!("{}/retrait", page(*key));
            async { cook.post(&{ path }, &[]).await.status }
        });
        let answers: Vec<StatusCode> = stream::iter(left).buffer_unordered(8).collect().await;
        assert!(answers.iter().all(|status| *status == StatusCode::SEE_OTHER), "{answers:?}");
        let come = "SELECT organisation_id FROM participants WHERE state = 'registered' ORDER BY organisation_id";
        assert_eq!(numbers(&site.app.db, come).await, keys[4..10], "those who waited the longest");
        assert_eq!((count(site, "meeting_moved_up").await, count(site, "meeting_withdrawn").await), (4, 4));
        assert_eq!(in_state(site, "waiting").await, 2);
    })
    .await;
}

/// Registers a canteen as the room does, but for the lock: by what was read of the places before.
async fn place(txn: &DatabaseTransaction, organisation: i64, (seat, turn): (i64, i64)) -> Result<(), DbErr> {
    let row = format!(
        "INSERT INTO participants (edition_id, organisation_id, side, state, seat, turn, asked_at, tables_at_once, words, needs, meals)
         VALUES (1, {organisation}, 'canteen', 'registered', {seat}, {turn}, '2027-03-16 07:30:00+00:00', 1, '', '', 0)"
    );
    txn.execute_unprepared(&row).await.map(drop)
}

/// What the lock prevents, and what shows that the tests above can fail: two read that one place is left before either has
/// taken it. The index behind the lock stops the second; without the index, two have one place.
#[tokio::test]
async fn without_the_lock_the_index_stops_the_second_and_without_the_index_a_place_is_given_twice() {
    on_each_database(async |site| {
        open(site, "1").await;
        let keys = canteens(site, 2).await;
        let free = "SELECT count(*) FROM participants WHERE state = 'registered'";
        for (has_index, expected) in [(true, 1), (false, 2)] {
            site.app.db.execute_unprepared("DELETE FROM participants").await.unwrap();
            if !has_index {
                site.app.db.execute_unprepared("DROP INDEX participants_seat").await.unwrap();
            }
            let read = [numbers(&site.app.db, free).await[0], numbers(&site.app.db, free).await[0]];
            for (turn, (key, taken)) in (1..).zip(keys.iter().zip(read)) {
                let txn = site.app.write().await.unwrap();
                if place(&txn, *key, (taken + 1, turn)).await.is_ok() {
                    txn.commit().await.unwrap();
                }
            }
            assert_eq!(in_state(site, "registered").await, expected);
        }
    })
    .await;
}
