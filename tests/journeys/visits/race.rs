//! Many at once for few places.

use futures_util::{StreamExt, stream};
use sea_orm::{ConnectionTrait, Statement};

use super::{date, found, program, register};
use crate::support::{Site, on_each_database};

const PLACES: i64 = 40;
const ASKED: usize = 500;

async fn number(site: &Site, question: &str) -> i64 {
    let asked = Statement::from_string(site.app.db.get_database_backend(), question);
    let row = site.app.db.query_one_raw(asked).await.unwrap().unwrap();
    row.try_get_by_index::<Option<i64>>(0).unwrap().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_hundred_at_once_in_parties_fill_forty_places_in_order_and_each_has_one_mail() {
    on_each_database(async |site| {
        let (_, key) = program(site).await;
        let date = date(site, &key, u32::try_from(PLACES).unwrap()).await;
        let party = |number: usize| i32::try_from(number * 7 % 4).unwrap() + 1;
        let asked = (0..ASKED).map(|number| {
            let key = &key;
            async move { register(site, key, date, &format!("c{number}"), party(number)).await.status }
        });
        let answers: Vec<u16> = stream::iter(asked).buffer_unordered(32).collect().await;
        let taken = "SELECT CAST(SUM(party_size) AS BIGINT) FROM registrations WHERE state = 'confirmed'";
        let taken = number(site, taken).await;
        assert!(taken <= PLACES, "{taken} for {PLACES}");
        assert_eq!(number(site, "SELECT CAST(places_taken AS BIGINT) FROM visit_dates").await, taken);
        // First come, first served: whoever waits came when the party did not fit, or behind one that waited.
        let rows = found(site, "SELECT CAST(party_size AS BIGINT), state FROM registrations ORDER BY id").await;
        let (mut free, mut waits) = (PLACES, false);
        for (size, state) in rows {
            waits |= size > free;
            assert_eq!(state, if waits { "waiting" } else { "confirmed" }, "of {size} with {free} free");
            free -= if waits { 0 } else { size };
        }
        let confirmed = answers.iter().filter(|status| **status == 201).count();
        assert_eq!(
            (answers.len(), answers.iter().filter(|status| **status == 202).count()),
            (ASKED, ASKED - confirmed)
        );
        let mails = "SELECT COUNT(DISTINCT subject_key) FROM outgoing_mails WHERE kind LIKE 'visit_%'";
        assert_eq!(number(site, mails).await, i64::try_from(ASKED).unwrap());
        assert_eq!(number(site, "SELECT COUNT(*) FROM outgoing_mails WHERE kind LIKE 'visit_%'").await, 500);
    })
    .await;
}

/// What the lock prevents, and what shows that the test above can fail: two read that one place is left before either has
/// taken it. The check behind the lock stops the second; a count that trusts what it read gives the place twice.
#[tokio::test]
async fn without_the_lock_the_last_place_is_given_twice() {
    on_each_database(async |site| {
        let (_, key) = program(site).await;
        let date = date(site, &key, 1).await;
        let free = format!("SELECT CAST(places - places_taken AS BIGINT) FROM visit_dates WHERE id = {date}");
        let read = [number(site, &free).await, number(site, &free).await];
        for (who, free) in read.into_iter().enumerate() {
            assert_eq!(free, 1);
            let row = format!(
                "INSERT INTO registrations (visit_date_id, state, email, name, party_size, version, asked_at)
                 VALUES ({date}, 'confirmed', 'c{who}@cantine.example', 'c', 1, 1, '2027-03-16 07:30:00+00:00')"
            );
            let taken = format!("UPDATE visit_dates SET places_taken = {} WHERE id = {date}", 1 - free + 1);
            let txn = site.app.write().await.unwrap();
            txn.execute_unprepared(&row).await.unwrap();
            txn.execute_unprepared(&taken).await.unwrap();
            txn.commit().await.unwrap();
        }
        let come = "SELECT CAST(SUM(party_size) AS BIGINT) FROM registrations WHERE state = 'confirmed'";
        assert_eq!(number(site, come).await, 2, "two have one place");
        // Who counts on from what is there is stopped, whatever was read.
        let more = format!("UPDATE visit_dates SET places_taken = places_taken + 1 WHERE id = {date}");
        assert!(site.app.db.execute_unprepared(&more).await.is_err());
    })
    .await;
}
