//! A server that is killed ten times while programs register people for a visit: nobody is lost, nobody stands twice, each has
//! one mail, and who asks again under the same key is answered as before.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};

use chrono::TimeDelta;
use manger_local::app::Clock;
use serde_json::json;

use super::server::start;
use crate::support::{Site, on_each_database};
use crate::visits::{date_at, found, program};

const KILLS: usize = 10;
const AT_ONCE: usize = 8;
/// Answers that are read before each kill.
const BETWEEN: usize = 40;
const PLACES: u32 = 300;

/// Status and body.
type Told = (u16, String);

#[tokio::test(flavor = "multi_thread")]
async fn killed_ten_times_under_load_it_loses_nobody_and_answers_the_same_again() {
    on_each_database(async |site| {
        // The server lives in the real time.
        site.app.clock.advance(Clock::system().now() - site.app.clock.now());
        let (_, key) = program(site).await;
        let starts = (site.app.clock.now() + TimeDelta::days(30)).to_rfc3339();
        let desk = Desk { date: date_at(site, &key, PLACES, &starts).await, key, ..Desk::default() };
        for _ in 0..KILLS {
            let server = start(site);
            let (said, heard) = channel();
            std::thread::scope(|scope| {
                for said in vec![said; AT_ONCE] {
                    let (desk, server) = (&desk, &server);
                    scope.spawn(move || desk.register(&server.address, &said));
                }
                assert_eq!(heard.iter().take(BETWEEN).count(), BETWEEN, "it ended before it was killed");
                server.kill();
            });
            assert_right(site, &desk).await;
        }
        let asked = desk.next.load(Ordering::Relaxed);
        assert!(asked > desk.answered(), "some had asked and were not answered when it was killed");
        let server = start(site);
        for number in 0..asked {
            let again = desk.ask(&server.address, number).expect("it answers");
            let first = desk.told.lock().unwrap().insert(number, again.clone());
            assert!(first.is_none_or(|first| first == again), "{number} is answered otherwise: {again:?}");
        }
        assert_right(site, &desk).await;
        let rows = found(site, "SELECT id, email FROM registrations").await;
        assert_eq!(rows.len(), asked, "each who asked is there, once");
    })
    .await;
}

/// Those who register.
#[derive(Default)]
struct Desk {
    date: i64,
    key: String,
    next: AtomicUsize,
    /// What each was answered.
    told: Mutex<BTreeMap<usize, Told>>,
}

impl Desk {
    fn answered(&self) -> usize {
        self.told.lock().unwrap().len()
    }

    /// Registers one after the other until nobody answers.
    fn register(&self, address: &str, said: &Sender<usize>) {
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(told) = self.ask(address, number) else { return };
            self.told.lock().unwrap().insert(number, told);
            said.send(number).expect("who kills it listens until all have gone");
        }
    }

    /// Registers somebody under a key of her own; nothing when no whole answer comes.
    fn ask(&self, address: &str, number: usize) -> Option<Told> {
        let sent = json!({
            "name": format!("Cuisine {number}"),
            "email": format!("cuisine{number}@cantine.example"),
            "organisation": "Collège",
            "party_size": 1 + number % 3,
        })
        .to_string();
        let mut connection = TcpStream::connect(address).ok()?;
        let (date, key, length) = (self.date, &self.key, sent.len());
        write!(
            connection,
            "POST /api/v1/visit-dates/{date}/registrations HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\
             Authorization: Bearer {key}\r\nIdempotency-Key: demande-{number}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{sent}"
        )
        .ok()?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        serde_json::from_str::<serde_json::Value>(body).ok()?;
        assert!([201, 202].contains(&status), "{answer}");
        Some((status, body.to_owned()))
    }
}

/// What must hold whenever it was killed.
async fn assert_right(site: &Site, desk: &Desk) {
    let date = desk.date;
    let one = async |question: String| found(site, &question).await.first().map_or(0, |(number, _)| *number);
    let taken = one(format!(
        "SELECT CAST(COALESCE(SUM(party_size), 0) AS BIGINT), '' FROM registrations
            WHERE visit_date_id = {date} AND state = 'confirmed'"
    ))
    .await;
    let counted = one(format!("SELECT CAST(places_taken AS BIGINT), '' FROM visit_dates WHERE id = {date}")).await;
    assert_eq!(taken, counted, "what is counted is what is there");
    assert!(taken <= i64::from(PLACES), "{taken} of {PLACES}");
    let twice = found(site, "SELECT COUNT(*), email FROM registrations GROUP BY email HAVING COUNT(*) > 1").await;
    assert_eq!(twice, [], "somebody stands twice");
    let alike = "SELECT COUNT(m.id), r.email FROM registrations r LEFT JOIN outgoing_mails m ON m.recipient = r.email
        GROUP BY r.email HAVING COUNT(m.id) <> 1";
    assert_eq!(found(site, alike).await, [], "each has one mail");
    let rows: BTreeMap<String, i64> =
        found(site, "SELECT id, email FROM registrations").await.into_iter().map(|(id, email)| (email, id)).collect();
    for number in desk.told.lock().unwrap().keys() {
        assert!(rows.contains_key(&format!("cuisine{number}@cantine.example")), "{number} was told and is not there");
    }
}
