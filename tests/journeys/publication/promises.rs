//! What must never happen: somebody with an appointment she was not told of, or told of one that is gone.

use std::{collections::BTreeSet, pin::pin, time::Duration};

use manger_local::mail::latest;
use poem::http::StatusCode;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sea_orm::{ConnectionTrait, Statement};
use tokio::time::timeout;

use super::{CAST, DESK, FIRST, PUBLICATION, arrange, gathered, of, publish, seen, send, told};
use crate::editions::save;
use crate::support::{
    Site, on_each_database,
    people::{Browser, rows},
};

/// Sequences on each database, and steps of each.
const SEQUENCES: usize = 5;
const STEPS: usize = 14;

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    /// The timetable in work becomes another: for each pair its slot, or none.
    Move(Vec<u8>),
    Publish,
    Withdraw(usize),
    Register(usize),
    Forward,
    Back,
    /// The morning begins so many minutes after nine.
    Hours(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec(0u8..10, 9).prop_map(Step::Move),
        5 => Just(Step::Publish),
        2 => (1usize..=6).prop_map(Step::Withdraw),
        2 => (1usize..=3).prop_map(Step::Register),
        1 => Just(Step::Forward),
        2 => Just(Step::Back),
        1 => (0u8..50).prop_map(Step::Hours),
    ]
}

/// A timetable in which nobody sits twice at once: pairs whose slot is taken are left out.
fn arranged(slots: &[u8]) -> Vec<(i32, i32, i64, i64)> {
    let mut meetings: Vec<(i32, i32, i64, i64)> = Vec::new();
    for (place, slot) in slots.iter().enumerate() {
        let (canteen, supplier) = (i64::try_from(place / 3).unwrap() + 1, i64::try_from(place % 3).unwrap() + 4);
        let slot = i32::from(*slot);
        let together: Vec<_> = meetings.iter().filter(|(other, ..)| *other == slot).collect();
        if (1..=6).contains(&slot) && together.iter().all(|(_, _, a, b)| *a != canteen && *b != supplier) {
            meetings.push((slot, i32::try_from(together.len()).unwrap() + 1, canteen, supplier));
        }
    }
    meetings
}

async fn state(site: &Site) -> String {
    let asked = Statement::from_string(site.app.db.get_database_backend(), "SELECT state FROM editions");
    site.app.db.query_one_raw(asked).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// The appointments of the version in force: slot, table, canteen, supplier.
async fn in_force(site: &Site) -> BTreeSet<(i32, i32, i64, i64)> {
    let question = "SELECT slot, table_number, canteen_id, supplier_id FROM published_appointments
        WHERE publication_id = (SELECT max(id) FROM publications)";
    let all = Statement::from_string(site.app.db.get_database_backend(), question);
    let rows = site.app.db.query_all_raw(all).await.unwrap();
    let number = |row: &sea_orm::QueryResult, at| row.try_get_by_index::<i32>(at).unwrap();
    let key = |row: &sea_orm::QueryResult, at| row.try_get_by_index::<i64>(at).unwrap();
    rows.iter().map(|row| (number(row, 0), number(row, 1), key(row, 2), key(row, 3))).collect()
}

/// Who was told something else than the version in force; `morning` is when the day begins, in minutes since midnight.
async fn misled(site: &Site, morning: i32) -> Vec<String> {
    if latest(&site.app.db, 1_000).await.unwrap().iter().all(|mail| mail.kind != "meeting_day") {
        return Vec::new();
    }
    let held = in_force(site).await;
    let clock = |at: i32| match at % 60 {
        0 => format!("{} h", at / 60),
        minute => format!("{} h {minute:02}", at / 60),
    };
    let begins = |slot: i32| if slot <= 4 { morning + (slot - 1) * 12 } else { 14 * 60 + (slot - 5) * 12 };
    let mut wrong = Vec::new();
    for participant in 1..=6i64 {
        let own = held.iter().filter(|(_, _, canteen, supplier)| [*canteen, *supplier].contains(&participant));
        let expected: Vec<String> = own
            .map(|(slot, table, canteen, supplier)| {
                let other = if *canteen == participant { *supplier } else { *canteen };
                let name = CAST[usize::try_from(other).unwrap() - 1].0;
                let at = begins(*slot);
                format!("{} – {}, Table {table} avec {name}", clock(at), clock(at + 10))
            })
            .collect();
        let address = of(usize::try_from(participant).unwrap());
        let is_told = latest(&site.app.db, 1_000)
            .await
            .unwrap()
            .iter()
            .any(|mail| mail.recipient == address && mail.kind.starts_with("meeting_"));
        let said = if is_told { told(site, address).await } else { Vec::new() };
        if said != expected {
            wrong.push(format!("{address} was told {said:?}, has {expected:?}"));
        }
    }
    wrong
}

async fn take(site: &Site, claire: &Browser<'_>, step: &Step, morning: &mut i32) {
    let now = state(site).await;
    let is_over = ["closed", "followed_up"].contains(&now.as_str());
    match step {
        Step::Move(slots) => arrange(site, &arranged(slots)).await,
        Step::Publish => drop(publish(claire).await),
        Step::Withdraw(who) => drop(claire.post(&format!("{DESK}/participants/{who}/retrait"), &[]).await),
        Step::Register(who) => {
            let path = format!("{DESK}/participants/{who}");
            drop(claire.post(&path, &[("nom-1", "Sophie Arnaud")]).await);
        }
        Step::Forward => drop(claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", &now)]).await),
        Step::Back => drop(claire.post(&format!("{DESK}/etape"), &[("geste", "reculer"), ("vu", &now)]).await),
        Step::Hours(_) if is_over => {}
        Step::Hours(minutes) => {
            *morning = 9 * 60 + i32::from(*minutes);
            let begins = format!("{}:{:02}", *morning / 60, *morning % 60);
            save(claire, "horaires", &[("debut-1", &begins)]).await;
        }
    }
}

#[tokio::test]
async fn whatever_happens_everybody_was_told_exactly_the_appointments_in_force() {
    let mut runner = TestRunner::deterministic();
    let sequences: Vec<Vec<Step>> =
        (0..SEQUENCES).map(|_| prop::collection::vec(step(), STEPS).new_tree(&mut runner).unwrap().current()).collect();
    for sequence in &sequences {
        on_each_database(async |site| {
            let claire = gathered(site).await;
            arrange(site, &FIRST).await;
            let mut morning = 9 * 60 + 30;
            for (at, step) in sequence.iter().enumerate() {
                take(site, &claire, step, &mut morning).await;
                let wrong = misled(site, morning).await;
                assert!(wrong.is_empty(), "after {:?}: {wrong:#?}", &sequence[..=at]);
            }
        })
        .await;
    }
}

/// What shows that the test above can fail: a version that tells nobody, and one that a withdrawal does not follow.
#[tokio::test]
async fn a_version_that_tells_nobody_is_seen() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &FIRST).await;
        publish(&claire).await;
        assert!(misled(site, 570).await.is_empty());
        let silent = "UPDATE published_appointments SET slot = 3 WHERE canteen_id = 2 AND supplier_id = 5";
        site.app.db.execute_unprepared(silent).await.unwrap();
        assert_eq!(misled(site, 570).await.len(), 2, "both of the appointment");
    })
    .await;
}

const OTHER: [(i32, i32, i64, i64); 4] = [(2, 1, 1, 4), (2, 2, 2, 5), (1, 1, 1, 5), (6, 2, 2, 4)];

fn set(meetings: &[(i32, i32, i64, i64)]) -> BTreeSet<(i32, i32, i64, i64)> {
    meetings.iter().copied().collect()
}

/// Changes the timetable in work as its workshop does: with the edition locked.
async fn rearrange(site: &Site, meetings: &[(i32, i32, i64, i64)]) {
    let txn = site.app.write().await.unwrap();
    txn.execute_unprepared("UPDATE editions SET timetable_version = timetable_version + 1").await.unwrap();
    txn.execute_unprepared("DELETE FROM appointments").await.unwrap();
    for (slot, table, canteen, supplier) in meetings {
        let row = format!(
            "INSERT INTO appointments (edition_id, canteen_id, canteen_copy, supplier_id, supplier_copy, slot, table_number)
             VALUES (1, {canteen}, 1, {supplier}, 1, {slot}, {table})"
        );
        txn.execute_unprepared(&row).await.unwrap();
    }
    txn.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_version_is_never_half_of_one_timetable_and_half_of_another() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        let (mut published, mut stale) = (0, 0);
        for round in 0..8 {
            let (read, late) = if round % 2 == 0 { (FIRST, OTHER) } else { (OTHER, FIRST) };
            arrange(site, &read).await;
            let drawn = seen(&claire).await;
            let before = in_force(site).await;
            // Each of the two is first in half of the rounds.
            let answer = if round % 4 < 2 {
                futures_util::future::join(send(&claire, &drawn, ""), rearrange(site, &late)).await.0
            } else {
                futures_util::future::join(rearrange(site, &late), send(&claire, &drawn, "")).await.1
            };
            let after = in_force(site).await;
            if answer.location == Some(format!("{PUBLICATION}?fait=publication")) {
                published += 1;
                assert_eq!(after, set(&read), "what was read");
            } else {
                // Another timetable than the one that was read, or what everybody has: the one that was read as well, once
                // a round before was refused.
                stale += 1;
                let is_known = answer.location == Some(format!("{PUBLICATION}?fait=pareil"))
                    && (before == set(&late) || before == set(&read));
                let is_refused = answer.status == StatusCode::CONFLICT || is_known;
                assert!(
                    is_refused && after == before,
                    "nothing was published: {:?} {:?}",
                    answer.status,
                    answer.location
                );
            }
            assert!(misled(site, 570).await.is_empty());
        }
        assert_eq!(published + stale, 8);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_withdraws_while_a_version_is_published_leaves_nobody_behind() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &FIRST).await;
        publish(&claire).await;
        for who in [1, 2] {
            arrange(site, &OTHER.map(|(slot, table, canteen, supplier)| (slot, table + who, canteen, supplier))).await;
            let drawn = seen(&claire).await;
            let path = format!("{DESK}/participants/{who}/retrait");
            let (_, gone) = futures_util::future::join(send(&claire, &drawn, ""), claire.post(&path, &[])).await;
            assert_eq!(gone.status, StatusCode::SEE_OTHER);
            let held = in_force(site).await;
            assert!(held.iter().all(|(_, _, canteen, _)| *canteen != i64::from(who)), "{who}: {held:?}");
            assert_eq!(misled(site, 570).await, Vec::<String>::new());
        }
        assert_eq!(claire.get(PUBLICATION).await.status, StatusCode::OK);
    })
    .await;
}

/// Wishes that were kept once the day had begun: nobody looks at them any more.
async fn wishes_too_late(site: &Site) -> usize {
    if state(site).await == "running" { rows(&site.app, "wishes").await.len() } else { 0 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_wish_that_arrives_with_a_publication_changes_nothing_of_it() {
    let (kept, closed) = ("fait=souhait", "fait=clos");
    for is_wish_first in [true, false] {
        on_each_database(async |site| {
            let claire = gathered(site).await;
            arrange(site, &FIRST).await;
            let drawn = seen(&claire).await;
            let (path, wish) = (format!("{DESK}/souhaits/3/6"), [("geste", "rencontrer")]);
            let (wished, answer) = if is_wish_first {
                futures_util::future::join(claire.post(&path, &wish), send(&claire, &drawn, "")).await
            } else {
                let (answer, wished) =
                    futures_util::future::join(send(&claire, &drawn, ""), claire.post(&path, &wish)).await;
                (wished, answer)
            };
            assert_eq!(answer.location, Some(format!("{PUBLICATION}?fait=publication")));
            assert_eq!(in_force(site).await, set(&FIRST));
            assert!(misled(site, 570).await.is_empty());
            let (said, held) = (wished.location.unwrap(), rows(&site.app, "wishes").await.len());
            assert!(said.contains(if held == 1 { kept } else { closed }), "{held} kept, and told {said}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_wish_waits_for_a_step_that_is_being_written_and_is_then_too_late() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &FIRST).await;
        publish(&claire).await;
        let beginning = site.app.write().await.unwrap();
        beginning.execute_unprepared("UPDATE editions SET state = 'running'").await.unwrap();
        let path = format!("{DESK}/souhaits/3/6");
        let mut wish = pin!(claire.post(&path, &[("geste", "rencontrer")]));
        assert!(timeout(Duration::from_millis(500), &mut wish).await.is_err(), "it waits");
        beginning.commit().await.unwrap();
        let said = wish.await.location.unwrap();
        assert!(said.contains("fait=clos"), "{said}");
        assert_eq!(wishes_too_late(site).await, 0);
    })
    .await;
}

/// The same without the lock, and what shows that the test above can fail: who goes by the stage that was read before the day
/// began keeps a wish that comes after it.
#[tokio::test]
async fn without_the_lock_a_wish_is_kept_that_comes_too_late() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &FIRST).await;
        publish(&claire).await;
        let read = state(site).await;
        site.app.db.execute_unprepared("UPDATE editions SET state = 'running'").await.unwrap();
        if read == "published" {
            let wish = "INSERT INTO wishes VALUES (3, 6, 1, '2027-03-16 07:30:00+00:00')";
            site.app.db.execute_unprepared(wish).await.unwrap();
        }
        assert_eq!(wishes_too_late(site).await, 1);
    })
    .await;
}

/// What the lock prevents: whoever reads one half before a change and one half after it has a timetable that never was.
#[tokio::test]
async fn without_the_lock_half_of_each_is_read() {
    on_each_database(async |site| {
        gathered(site).await;
        arrange(site, &FIRST).await;
        let half = async |what: &str| {
            let question = format!("SELECT slot, table_number, canteen_id, supplier_id FROM appointments WHERE {what}");
            let all = Statement::from_string(site.app.db.get_database_backend(), question);
            let rows = site.app.db.query_all_raw(all).await.unwrap();
            let number = |row: &sea_orm::QueryResult, at| row.try_get_by_index::<i32>(at).unwrap();
            let key = |row: &sea_orm::QueryResult, at| row.try_get_by_index::<i64>(at).unwrap();
            rows.iter().map(|row| (number(row, 0), number(row, 1), key(row, 2), key(row, 3))).collect::<BTreeSet<_>>()
        };
        let mut read = half("canteen_id = 1").await;
        rearrange(site, &OTHER).await;
        read.extend(half("canteen_id = 2").await);
        assert!(read != set(&FIRST) && read != set(&OTHER), "neither the one nor the other");
    })
    .await;
}
