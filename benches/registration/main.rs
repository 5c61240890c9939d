//! How fast registrations for one date of a farm visit are, from request to answer, each written to the disk with its mail
//! before it is answered: 32 programs at once until 2,000 places are taken, on SQLite and, when `TEST_DATABASE_URL` names a
//! server, on PostgreSQL. Beside them somebody searches. Figures and ratios are printed, nothing is judged.
//!
//! The reference is pretix 2026.8 on PostgreSQL on such a machine: 344 registrations a minute, p95 6.6 s, 273 ms of CPU
//! each, 1.7 GiB.

#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(clippy::cast_precision_loss, reason = "rates and milliseconds")]

mod http;
mod server;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use manger_local::app::Clock;
use manger_local::mail::{MailState, latest};

use self::http::Client;
use self::server::Server;

const PLACES: usize = 2_000;
const AT_ONCE: usize = 32;
/// Registrations a minute, p95 in seconds, CPU milliseconds of each, MiB: the reference.
const REFERENCE: (f64, f64, f64, f64) = (344.0, 6.6, 273.0, 1.7 * 1024.0);

fn main() {
    println!(
        "database   | a minute | p50, p95, p99 ms | CPU ms each, with the database's | MiB | mail p50, p95 s | search p95 ms, quiet"
    );
    let postgres = std::env::var("TEST_DATABASE_URL").ok();
    measure(None);
    match postgres.as_deref().map(server::fresh_database) {
        None => println!("PostgreSQL | not measured: TEST_DATABASE_URL names no server"),
        fresh => measure(fresh),
    }
}

/// What one run took.
struct Figures {
    all: Duration,
    each: Vec<Duration>,
    searches: Vec<Duration>,
}

fn measure(database: Option<String>) {
    let name = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    let server = Server::start(database);
    let key = server.key();
    let date = date(&server.address, &key);
    let quiet = searches(&server.address, || false, 300);
    let before = server.processor();
    let figures = run(&server.address, &key, date);
    let after = server.processor();
    let (delays, unsent) = mails(&server);
    let each = |from: f64, to: f64| (to - from) / PLACES as f64;
    let (own, both) = (each(before.0, after.0), each(before.0 + before.1, after.0 + after.1));
    let rate = PLACES as f64 / figures.all.as_secs_f64() * 60.0;
    let slow = share(&figures.each, 95.0);
    let memory = server.most_memory();
    println!(
        "{name:10} | {rate:8.0} | {:5.0} {slow:5.0} {:5.0} | {own:6.2} {both:6.2} | {memory:4.0} | {:5.2} {:5.2} | {:5.1} {:5.1}",
        share(&figures.each, 50.0),
        share(&figures.each, 99.0),
        share(&delays, 50.0) / 1_000.0,
        share(&delays, 95.0) / 1_000.0,
        share(&figures.searches, 95.0),
        share(&quiet, 95.0),
    );
    println!(
        "           | {:7.1}x | p95 1/{:.0} | CPU 1/{:.0} | memory 1/{:.1} | mails not sent: {unsent} | search {:.2}x",
        rate / REFERENCE.0,
        REFERENCE.1 * 1_000.0 / slow,
        REFERENCE.2 / both,
        REFERENCE.3 / memory,
        share(&figures.searches, 95.0) / share(&quiet, 95.0),
    );
}

/// A visit with a date on which everybody fits.
fn date(address: &str, key: &str) -> u64 {
    let mut client = Client::new(address);
    let visit = client.post("/api/v1/farm-visits", key, "", r#"{"title":"Ferme des Genêts","commune":"43268"}"#);
    let starts = Clock::system().now() + chrono::TimeDelta::days(30);
    let sent = format!(r#"{{"starts_at":"{}","places":{PLACES}}}"#, starts.to_rfc3339());
    let date = client.post(&format!("/api/v1/farm-visits/{}/dates", visit.number("id")), key, "", &sent);
    date.number("id")
}

/// All register, each once, while one searches.
fn run(address: &str, key: &str, date: u64) -> Figures {
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let path = &format!("/api/v1/visit-dates/{date}/registrations");
    let started = Instant::now();
    std::thread::scope(|scope| {
        let searching = scope.spawn(|| searches(address, || is_over.load(Ordering::Relaxed), usize::MAX));
        let work = || {
            let (mut client, mut took) = (Client::new(address), Vec::new());
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= PLACES {
                    return took;
                }
                let sent = format!(
                    r#"{{"name":"Cuisinier {number}","email":"cuisine{number}@cantine.example","organisation":"Collège {number}","party_size":1}}"#
                );
                let asked = Instant::now();
                let answer = client.post(path, key, &format!("registration-{number}"), &sent);
                took.push(asked.elapsed());
                assert_eq!(answer.status, 201, "{}", answer.body);
            }
        };
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        let each = workers.into_iter().flat_map(|worker| worker.join().expect("nobody fails")).collect();
        let all = started.elapsed();
        is_over.store(true, Ordering::Relaxed);
        Figures { all, each, searches: searching.join().expect("nobody fails") }
    })
}

/// One who searches, fifty times a second, until the end or the last.
fn searches(address: &str, is_over: impl Fn() -> bool, most: usize) -> Vec<Duration> {
    let (mut client, mut took) = (Client::new(address), Vec::new());
    while !is_over() && took.len() < most {
        let asked = Instant::now();
        let answer = client.get("/annuaire?q=lentilles+bio&near=43157");
        took.push(asked.elapsed());
        assert_eq!(answer.status, 200);
        std::thread::sleep(Duration::from_millis(20));
    }
    took
}

/// How long after its registration each mail left, and how many have not left after a minute.
fn mails(server: &Server) -> (Vec<Duration>, usize) {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let all = server.read(async |db| latest(db, PLACES as u64 + 100).await);
        let of_visits: Vec<_> = all.into_iter().filter(|mail| mail.kind == "visit_confirmed").collect();
        assert_eq!(of_visits.len(), PLACES, "each registration has its mail");
        let sent: Vec<_> = of_visits.iter().filter(|mail| mail.state == MailState::Sent).collect();
        if sent.len() == PLACES || Instant::now() > until {
            let delay = |mail: &&manger_local::mail::OutgoingMail| {
                (mail.ended_at.unwrap_or(mail.created_at) - mail.created_at).to_std().unwrap_or_default()
            };
            return (sent.iter().map(delay).collect(), PLACES - sent.len());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// The milliseconds within which that many percent of all are.
fn share(all: &[Duration], percent: f64) -> f64 {
    let mut all: Vec<f64> = all.iter().map(|one| one.as_secs_f64() * 1_000.0).collect();
    all.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
    let at = (all.len() as f64 * percent / 100.0).ceil() as usize;
    all.get(at.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}
