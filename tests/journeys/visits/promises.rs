//! What must never happen, whatever people do in whatever order: more people than places, a place that nobody is offered,
//! somebody passed over, a mail that says otherwise than what is.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use manger_local::mail::latest;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use super::{address, another, ask, before::work, change, date, link, program, register};
use crate::support::{Site, on_each_database, people::Browser};

/// Sequences on each database, and steps of each.
const SEQUENCES: usize = 12;
const STEPS: usize = 40;
/// When a sequence begins: long before, hours before reminders of a week leave, hours before those of the eve leave.
const BEGIN: [&str; 3] = ["2027-03-18T08:00:00Z", "2027-04-13T04:00:00Z", "2027-04-19T03:00:00Z"];
/// How many people there are.
const PEOPLE: usize = 7;

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    /// A program registers somebody.
    Register(usize, usize, i32),
    /// Somebody asks without an account.
    Ask(usize, usize, i32),
    Prove(usize),
    Accept(usize),
    Cancel(usize),
    Resize(usize, i32),
    Other(usize, usize),
    /// Minutes go by.
    Wait(i64),
    /// A date has so many places.
    Places(usize, i32),
    /// A date begins at another hour.
    Hours(usize, u8),
    /// Registration for a date ends so many days before.
    Deadline(usize, i64),
    Close(usize),
    Open(usize),
    CallOff(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let (who, date, party) = (0..PEOPLE, 0usize..2, 1i32..4);
    prop_oneof![
        6 => (who.clone(), date.clone(), party.clone()).prop_map(|(who, date, party)| Step::Register(who, date, party)),
        3 => (who.clone(), date.clone(), party.clone()).prop_map(|(who, date, party)| Step::Ask(who, date, party)),
        3 => who.clone().prop_map(Step::Prove),
        4 => who.clone().prop_map(Step::Accept),
        4 => who.clone().prop_map(Step::Cancel),
        3 => (who.clone(), party).prop_map(|(who, party)| Step::Resize(who, party)),
        2 => (who, date.clone()).prop_map(|(who, date)| Step::Other(who, date)),
        4 => prop_oneof![Just(20), Just(45), Just(600), Just(1_500)].prop_map(Step::Wait),
        2 => (date.clone(), 1i32..6).prop_map(|(date, places)| Step::Places(date, places)),
        1 => (date.clone(), 8u8..12).prop_map(|(date, hour)| Step::Hours(date, hour)),
        2 => (date.clone(), 1i64..7).prop_map(|(date, days)| Step::Deadline(date, days)),
        1 => date.clone().prop_map(Step::Close),
        2 => date.clone().prop_map(Step::Open),
        1 => date.prop_map(Step::CallOff),
    ]
}

/// The days of the two dates, as the form has them.
const DAYS: [&str; 2] = ["20/04/2027", "27/04/2027"];

fn named(who: usize) -> String {
    format!("p{who}")
}

async fn press(site: &Site, who: usize, button: &str, fields: &[(&str, &str)]) {
    let mails = latest(&site.app.db, 500).await.unwrap();
    if mails.iter().any(|mail| mail.recipient == address(&named(who)) && mail.kind.starts_with("visit_")) {
        let path = link(site, &named(who)).await;
        Browser::new(&site.browser).post(&format!("{path}/{button}"), fields).await;
    }
}

async fn happen(site: &Site, (claire, key): (&Browser<'_>, &str), dates: [i64; 2], step: &Step) {
    let desk = |date: usize| format!("/organisation/visites/dates/{}", dates[date]);
    let state = async |date, done| claire.post(&format!("{}/etat", desk(date)), &[("geste", done)]).await;
    match step {
        Step::Register(who, date, party) => drop(register(site, key, dates[*date], &named(*who), *party).await),
        Step::Ask(who, date, party) => {
            let form = format!("/visites/ferme-des-genets/dates/{}/inscription", dates[*date]);
            ask(&Browser::new(&site.browser), &form, &named(*who), &party.to_string()).await;
        }
        Step::Prove(who) => press(site, *who, "confirmation", &[]).await,
        Step::Accept(who) => press(site, *who, "acceptation", &[]).await,
        Step::Cancel(who) => press(site, *who, "annulation", &[]).await,
        Step::Resize(who, party) => press(site, *who, "nombre", &[("personnes", &party.to_string())]).await,
        Step::Other(who, date) => press(site, *who, "date", &[("date", &dates[*date].to_string())]).await,
        Step::Wait(minutes) => {
            site.app.clock.advance(TimeDelta::minutes(*minutes));
            // She looks in now and then: who does not for a month is signed out.
            claire.get("/mon-espace").await;
        }
        Step::Places(date, places) => {
            change(claire, dates[*date], &[("places", &places.to_string())]).await;
        }
        Step::Hours(date, hour) => {
            let (from, to) = (format!("{hour} h"), format!("{} h", hour + 2));
            change(claire, dates[*date], &[("debut", &from), ("fin", &to)]).await;
        }
        Step::Deadline(date, days) => {
            let day = NaiveDate::parse_from_str(DAYS[*date], "%d/%m/%Y").unwrap() - TimeDelta::days(*days);
            change(claire, dates[*date], &[("cloture", &day.format("%d/%m/%Y").to_string())]).await;
        }
        Step::Close(date) => drop(state(*date, "clore").await),
        Step::Open(date) => drop(state(*date, "ouvrir").await),
        Step::CallOff(date) => {
            claire.post(&format!("{}/annulation", desk(*date)), &[("raison", "Neige"), ("sur", "oui")]).await;
        }
    }
    work(site).await;
}

async fn read(site: &Site, question: &str) -> Vec<QueryResult> {
    let asked = Statement::from_string(site.app.db.get_database_backend(), question);
    site.app.db.query_all_raw(asked).await.unwrap()
}

/// A registration as it is kept.
#[derive(Debug)]
struct Row {
    id: i64,
    state: String,
    email: String,
    party: i64,
    may_be_passed: bool,
    is_proven: bool,
}

async fn of_date(site: &Site, date: i64) -> Vec<Row> {
    let question = format!(
        "SELECT id, state, email, CAST(party_size AS BIGINT), may_be_passed, hold_until IS NULL FROM registrations
         WHERE visit_date_id = {date} ORDER BY id"
    );
    let row = |row: QueryResult| Row {
        id: row.try_get_by_index(0).unwrap(),
        state: row.try_get_by_index(1).unwrap(),
        email: row.try_get_by_index(2).unwrap(),
        party: row.try_get_by_index(3).unwrap(),
        may_be_passed: row.try_get_by_index(4).unwrap(),
        is_proven: row.try_get_by_index(5).unwrap(),
    };
    read(site, &question).await.into_iter().map(row).collect()
}

/// What holds after every step.
async fn holds(site: &Site, date: i64, said: &str) {
    let question = format!(
        "SELECT CAST(places AS BIGINT), CAST(places_taken AS BIGINT), state, closes_at, starts_at FROM visit_dates WHERE id = {date}"
    );
    let row = read(site, &question).await.pop().unwrap();
    let (places, taken): (i64, i64) = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
    let (state, closes): (String, DateTime<Utc>) = (row.try_get_by_index(2).unwrap(), row.try_get_by_index(3).unwrap());
    let starts: DateTime<Utc> = row.try_get_by_index(4).unwrap();
    let rows = of_date(site, date).await;
    let keeps = |row: &&Row| ["held", "offered", "confirmed"].contains(&row.state.as_str());
    let counted: i64 = rows.iter().filter(keeps).map(|row| row.party).sum();
    assert_eq!(taken, counted, "what is counted is what is there\n{said}");
    assert!(counted <= places, "{counted} for {places}\n{said}");
    if state == "open" && site.app.clock.now() < closes {
        let mut free = places - counted;
        for row in rows.iter().filter(|row| row.state == "waiting" && row.is_proven) {
            assert!(row.party > free, "{row:?} could come: {free} are free\n{said}");
            if !row.may_be_passed {
                free = 0;
            }
        }
    }
    let mut alive: Vec<&str> = rows
        .iter()
        .filter(|row| !["cancelled", "lapsed"].contains(&row.state.as_str()))
        .map(|row| row.email.as_str())
        .collect();
    let all = alive.len();
    alive.sort_unstable();
    alive.dedup();
    assert_eq!(alive.len(), all, "nobody comes twice\n{said}");
    let beyond = format!(
        "SELECT 1 FROM registrations WHERE visit_date_id = {date} AND state = 'offered' AND offer_until >
         (SELECT closes_at FROM visit_dates WHERE id = {date})"
    );
    assert!(read(site, &beyond).await.is_empty(), "offered beyond the deadline\n{said}");
    for row in &rows {
        let last = last_mail(site, row.id).await;
        let agrees = match row.state.as_str() {
            "confirmed" => ["visit_confirmed", "visit_resized", "visit_moved"].as_slice(),
            // Who did not answer until the end of registration still waits.
            "waiting" if row.is_proven => &["visit_waiting", "visit_resized", "visit_moved", "visit_lapsed"],
            "waiting" => &["visit_unproven"],
            "held" => &["visit_held"],
            "offered" => &["visit_offered", "visit_moved"],
            // Who never proved the address is not written to again.
            // After the visit nothing is said of an offer.
            "lapsed" if site.app.clock.now() >= starts => {
                &["visit_offered", "visit_moved", "visit_lapsed", "visit_held", "visit_unproven"]
            }
            "lapsed" => &["visit_lapsed", "visit_held", "visit_unproven"],
            _ => &["visit_cancelled", "visit_called_off", "visit_held", "visit_unproven"],
        };
        assert!(agrees.contains(&last.as_str()), "{row:?} was told {last} last\n{said}");
    }
}

/// A reminder that is to leave is for who comes, and says the hour as it is; nobody has two of the same moment.
async fn reminders_hold(site: &Site, said: &str) -> usize {
    let question = "SELECT outgoing_mails.state, message, registrations.state, starts_at FROM outgoing_mails
         JOIN registrations ON subject_key = CONCAT('registrations/', registrations.id)
         JOIN visit_dates ON visit_dates.id = visit_date_id
         WHERE kind = 'visit_reminder'";
    let all = read(site, question).await;
    for row in &all {
        let [mail, message, standing] = [0, 1, 2].map(|at| row.try_get_by_index::<String>(at).unwrap());
        let starts_at: DateTime<Utc> = row.try_get_by_index(3).unwrap();
        if mail != "waiting" || starts_at <= site.app.clock.now() {
            continue;
        }
        assert_eq!(standing, "confirmed", "who does not come is reminded\n{said}");
        let hour = format!("de {}\u{a0}h à ", site.app.local(starts_at).format("%-H"));
        let parsed = mailparse::parse_mail(message.as_bytes()).unwrap();
        let text = parsed.parts().find(|part| part.ctype.mimetype == "text/plain").unwrap().get_body().unwrap();
        assert!(text.contains(&hour), "{hour}: {text}\n{said}");
    }
    all.len()
}

/// Kind of the last mail that tells where a registration stands.
async fn last_mail(site: &Site, registration: i64) -> String {
    let question = format!(
        "SELECT kind FROM outgoing_mails WHERE subject_key = 'registrations/{registration}' AND kind NOT IN ('visit_known', 'visit_reminder')
         ORDER BY id DESC LIMIT 1"
    );
    read(site, &question).await.pop().map(|row| row.try_get_by_index(0).unwrap()).unwrap_or_default()
}

/// As many mails as steps of their lives that are told.
async fn each_step_is_told_once(site: &Site) {
    let silent = "registration_id IN (SELECT registration_id FROM registration_changes first
                  WHERE first.state = 'held' OR first.state = 'waiting')";
    let told = "SELECT COUNT(*), COUNT(DISTINCT business_key) FROM outgoing_mails
                WHERE kind LIKE 'visit_%' AND kind NOT IN ('visit_known', 'visit_reminder', 'visit_too_few')";
    let row = read(site, told).await.pop().unwrap();
    let (mails, different): (i64, i64) = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
    let question = format!(
        "SELECT COUNT(*), SUM(CASE WHEN state IN ('cancelled', 'lapsed') AND {silent} THEN 1 ELSE 0 END)
         FROM registration_changes"
    );
    let row = read(site, &question).await.pop().unwrap();
    let changes: i64 = row.try_get_by_index(0).unwrap();
    let maybe: i64 = row.try_get_by_index::<Option<i64>>(1).unwrap().unwrap_or_default();
    assert_eq!(mails, different);
    assert!(mails <= changes && mails >= changes - maybe, "{mails} mails of {changes} steps, {maybe} may be silent");
}

#[tokio::test]
async fn whatever_happens_in_whatever_order_no_place_is_given_twice_or_lost_and_nobody_is_told_wrong() {
    let mut runner = TestRunner::deterministic();
    let sequence = prop::collection::vec(step(), STEPS);
    let reminded = AtomicUsize::new(0);
    for begins in BEGIN.iter().cycle().take(SEQUENCES) {
        let begins: DateTime<Utc> = begins.parse().unwrap();
        let steps = sequence.new_tree(&mut runner).unwrap().current();
        on_each_database(async |site| {
            let (claire, key) = program(site).await;
            let first = date(site, &key, 4).await;
            let dates = [first, another(site, &key, 1, 3, "2027-04-27T08:00:00Z").await];
            site.app.clock.advance(begins - site.app.clock.now());
            claire.get("/mon-espace").await;
            for (at, step) in steps.iter().enumerate() {
                happen(site, (&claire, &key), dates, step).await;
                let said = format!("after step {at} of {steps:?}");
                for date in dates {
                    holds(site, date, &said).await;
                }
                reminded.fetch_max(reminders_hold(site, &said).await, Ordering::Relaxed);
            }
            each_step_is_told_once(site).await;
        })
        .await;
    }
    assert!(reminded.into_inner() > 0, "days before a date are lived through");
}
