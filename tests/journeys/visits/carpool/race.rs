//! Many at once for few seats.

use futures_util::{StreamExt, stream};
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use super::{CAR, GUEST, ask, comers, entry, found, post, put, rides, seen, taken, way};
use crate::support::{on_each_database, people::Browser};

const SEATS: i64 = 3;
const GUESTS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_who_are_accepted_at_once_fill_three_seats_and_no_more() {
    on_each_database(async |site| {
        let guests: Vec<String> = (0..GUESTS).map(|number| format!("g{number}")).collect();
        let mut people: Vec<&str> = guests.iter().map(String::as_str).collect();
        people.push("ana");
        comers(site, &people).await;
        put(site, "ana", &CAR, &[]).await;
        for guest in &guests {
            put(site, guest, &GUEST, &[]).await;
            ask(site, guest, "ana").await;
        }
        let way = way(site, "ana").await;
        let keys = found(site, "SELECT id, state FROM carpool_pairs ORDER BY id").await;
        assert_eq!(keys.len(), GUESTS);
        // All of them look for the same.
        let shown = seen(site, &entry(site, "g0").await).await;
        let accepted = keys.iter().map(|(key, _)| {
            let (way, shown) = (&way, &shown);
            async move {
                let path = format!("{way}/demandes/{key}");
                Browser::new(&site.browser).post(&path, &[("geste", "accepter"), ("vu", shown)]).await.status
            }
        });
        let answers: Vec<StatusCode> = stream::iter(accepted).buffer_unordered(GUESTS).collect().await;
        let won = answers.iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
        assert_eq!(i64::try_from(won).unwrap(), SEATS, "{answers:?}");
        assert_eq!(taken(site).await[0].0, SEATS);
        let states = found(site, "SELECT id, state FROM carpool_pairs").await;
        assert!(states.len() == won && states.iter().all(|(_, state)| state == "agreed"), "{states:?}");
        let mut told: Vec<String> = Vec::new();
        for guest in &guests {
            told.extend(rides(site, guest).await);
        }
        told.sort();
        let lost = GUESTS - won;
        assert_eq!(told, [vec!["agreed".to_owned(); won], vec!["gone".to_owned(); lost]].concat(), "each is told once");
    })
    .await;
}

/// What the lock prevents, and what shows that the test above can fail: two read that one seat is left before either has
/// taken it. Who trusts what was read gives the seat twice; who counts on from what is there is stopped by the database.
#[tokio::test]
async fn without_the_lock_the_last_seat_is_given_twice() {
    on_each_database(async |site| {
        comers(site, &["ana", "ben", "cleo"]).await;
        put(site, "ana", &CAR, &[("sieges", "1")]).await;
        for guest in ["ben", "cleo"] {
            put(site, guest, &GUEST, &[]).await;
            ask(site, guest, "ana").await;
        }
        let free = "SELECT CAST(seats - seats_taken AS BIGINT), side FROM carpools WHERE side = 'offer'";
        let read = [found(site, free).await[0].0, found(site, free).await[0].0];
        let pairs = found(site, "SELECT id, state FROM carpool_pairs ORDER BY id").await;
        for (free, (pair, _)) in read.into_iter().zip(&pairs) {
            assert_eq!(free, 1);
            let txn = site.app.write().await.unwrap();
            let taken = 1 - free + 1;
            for statement in [
                format!("UPDATE carpool_pairs SET state = 'agreed' WHERE id = {pair}"),
                format!("UPDATE carpools SET seats_taken = {taken} WHERE side = 'offer'"),
            ] {
                txn.execute_unprepared(&statement).await.unwrap();
            }
            txn.commit().await.unwrap();
        }
        let agreed = "SELECT COUNT(*), 'agreed' FROM carpool_pairs WHERE state = 'agreed'";
        assert_eq!(found(site, agreed).await[0].0, 2, "two have one seat");
        let more = "UPDATE carpools SET seats_taken = seats_taken + 1 WHERE side = 'offer'";
        assert!(site.app.db.execute_unprepared(more).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn who_asks_without_end_is_stopped() {
    on_each_database(async |site| {
        comers(site, &["ana", "ben"]).await;
        for _ in 0..20 {
            assert_eq!(put(site, "ana", &CAR, &[]).await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(post(site, "ana", "/retrait", &[]).await.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(put(site, "ben", &GUEST, &[]).await.status, StatusCode::SEE_OTHER, "others are not");
        assert_eq!(taken(site).await.len(), 1);
    })
    .await;
}
