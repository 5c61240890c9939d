//! What time brings before a visit: reminders, and the word to organisers when too few come.

use chrono::{DateTime, TimeDelta, Utc};
use manger_local::{
    farm_visits::{self, BEFORE, SETTLE},
    mail::{MailState, events_of, latest},
    schedule::{self, Duty},
};
use poem::http::StatusCode;
use serde_json::json;

use super::{address, date_at, kinds, link, program, register, send};
use crate::support::{
    Site, on_each_database, on_each_database_with,
    people::{Browser, mail_to, mails_to},
};

static DUTIES: [Duty; 2] = [
    Duty { kind: SETTLE, every: None, run: |app, txn, subject, _| Box::pin(farm_visits::settle(app, txn, subject)) },
    Duty {
        kind: BEFORE,
        every: None,
        run: |app, txn, subject, now| Box::pin(farm_visits::before(app, txn, subject, now)),
    },
];

const REMINDER: &str = "visit_reminder";
const CLAIRE: &str = "claire@departement.example";

/// Lets time go by, and what is due then be done.
async fn until(site: &Site, moment: &str) {
    let moment: DateTime<Utc> = moment.parse().unwrap();
    site.app.clock.advance(moment - site.app.clock.now());
    work(site).await;
}

/// What is due is done.
pub(super) async fn work(site: &Site) {
    while schedule::step(&site.app, &DUTIES).await.unwrap() {}
}

/// How many reminders somebody had.
async fn reminders(site: &Site, who: &str) -> usize {
    kinds(site, who).await.iter().filter(|kind| *kind == REMINDER).count()
}

/// How often organisers were told that too few come.
async fn warnings(site: &Site) -> usize {
    mails_to(&site.app, CLAIRE).await.iter().filter(|(kind, _)| kind == "visit_too_few").count()
}

async fn change(claire: &Browser<'_>, date: i64, fields: &[(&str, &str)]) {
    let done = super::change(claire, date, fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{:?} {:?}", done.page.texts(".error"), done.page.texts(".notice"));
}

/// Writes down what there is to know of the first visit.
async fn describe(claire: &Browser<'_>) {
    let fields = [
        ("titre", "Ferme des Genêts"),
        ("ferme", "GAEC des Genêts"),
        ("commune", "43268"),
        ("acces", "Le GPS s’arrête trop tôt\u{a0}: continuez jusqu’à la croix."),
        ("parking", "Derrière la grange"),
        ("programme", "10 h La traite"),
        ("prevoir", "Des bottes"),
        ("meteo", "S’il pleut, on commence par l’étable."),
        ("accessibilite", "Deux marches"),
        ("repas", "Soupe"),
        ("prix", "9"),
        ("point", "45.0640, 3.8570"),
        ("guide", "Claire Fabre"),
        ("guide_tel", "04 71 00 00 00"),
        ("vu", "1"),
    ];
    let done = claire.post("/organisation/visites/1", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{:?}", done.page.texts(".error"));
}

#[tokio::test]
async fn who_comes_is_reminded_a_week_and_a_day_before() {
    on_each_database(async |site| {
        let (_, key) = program(site).await;
        let date = date_at(site, &key, 3, "2027-04-20T08:00:00Z").await;
        for (who, party) in [("ana", 2), ("ben", 1), ("cleo", 1)] {
            register(site, &key, date, who, party).await;
        }
        until(site, "2027-04-13T06:59:59Z").await;
        assert_eq!(reminders(site, "ana").await, 0, "not by night");
        until(site, "2027-04-13T07:00:00Z").await;
        until(site, "2027-04-13T07:30:00Z").await;
        assert_eq!(kinds(site, "ana").await, ["visit_confirmed", REMINDER]);
        assert_eq!(reminders(site, "cleo").await, 0, "she waits");
        let stranger = Browser::new(&site.browser);
        // Who comes instead of somebody else has just read all of it.
        stranger.post(&format!("{}/annulation", link(site, "ben").await), &[]).await;
        stranger.post(&format!("{}/acceptation", link(site, "cleo").await), &[]).await;
        until(site, "2027-04-19T07:00:00Z").await;
        until(site, "2027-04-20T07:00:00Z").await;
        assert_eq!(kinds(site, "ana").await, ["visit_confirmed", REMINDER, REMINDER]);
        assert_eq!(kinds(site, "ben").await, ["visit_confirmed", REMINDER, "visit_cancelled"]);
        assert_eq!(kinds(site, "cleo").await, ["visit_waiting", "visit_offered", "visit_confirmed", REMINDER]);
        let (_, text) = mail_to(&site.app, &address("cleo")).await.unwrap();
        assert!(text.contains("C’est demain"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn reminder_and_sheet_say_all_that_one_must_know_to_come() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        let date = date_at(site, &key, 2, "2027-04-20T08:00:00Z").await;
        describe(&claire).await;
        register(site, &key, date, "ana", 2).await;
        register(site, &key, date, "cleo", 1).await;
        until(site, "2027-04-13T07:00:00Z").await;
        let (_, text) = mail_to(&site.app, &address("ana")).await.unwrap();
        for said in
            ["dans une semaine", "mardi 20\u{a0}avril 2027", "jusqu’à la croix", "Derrière la grange", "Des bottes"]
        {
            assert!(text.contains(said), "{said}: {text}");
        }
        for said in ["l’étable", "Soupe", "9,00\u{a0}€", "04 71 00 00 00"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        let stranger = Browser::new(&site.browser);
        let own = link(site, "ana").await;
        let way = format!("{own}/fiche");
        assert!(text.contains(&way), "{text}");
        let sheet = stranger.get(&way).await;
        assert_eq!((sheet.status, sheet.cache.as_deref()), (StatusCode::OK, Some("private, no-store")));
        let told = sheet.page.texts("main").concat();
        for said in ["2 personnes", "45.06400, 3.85700", "Deux marches", "La traite", "04 71 00 00 00"] {
            assert!(told.contains(said), "{said}: {told}");
        }
        let page = stranger.get(&own).await.page;
        assert!(page.all("a").iter().any(|link| link.attribute("href") == Some(&way)));
        let waits = link(site, "cleo").await;
        let led = stranger.get(&format!("{waits}/fiche")).await.location;
        assert_eq!(led, Some(waits), "she does not come yet");
    })
    .await;
}

#[tokio::test]
async fn a_date_that_moves_takes_its_reminders_along() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        let date = date_at(site, &key, 9, "2027-04-20T08:00:00Z").await;
        register(site, &key, date, "ana", 1).await;
        until(site, "2027-04-13T07:00:00Z").await;
        change(&claire, date, &[("jour", "27/04/2027"), ("cloture", "26/04/2027")]).await;
        let old = latest(&site.app.db, 100).await.unwrap().into_iter().find(|mail| mail.kind == REMINDER).unwrap();
        assert_eq!(old.state, MailState::Failed, "what has not left yet does not leave");
        until(site, "2027-04-19T07:00:00Z").await;
        assert_eq!(reminders(site, "ana").await, 1, "the old eve is none");
        until(site, "2027-04-20T07:00:00Z").await;
        assert_eq!(reminders(site, "ana").await, 2, "a week before the new day");
        change(&claire, date, &[("debut", "14 h"), ("fin", "16 h")]).await;
        until(site, "2027-04-26T06:59:00Z").await;
        register(site, &key, date, "ben", 1).await;
        // The program was stopped on the morning of the eve; who registered meanwhile is told nothing twice.
        site.app.clock.advance(TimeDelta::hours(2));
        register(site, &key, date, "cleo", 1).await;
        until(site, "2027-04-26T09:30:00Z").await;
        let told = kinds(site, "ana").await;
        assert_eq!(told, ["visit_confirmed", REMINDER, "visit_moved", REMINDER, "visit_moved", REMINDER]);
        assert!(mail_to(&site.app, &address("ana")).await.unwrap().1.contains("de 14\u{a0}h à 16\u{a0}h"));
        assert_eq!((reminders(site, "ben").await, reminders(site, "cleo").await), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn nobody_is_reminded_of_what_does_not_take_place() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        let date = date_at(site, &key, 9, "2027-04-20T08:00:00Z").await;
        register(site, &key, date, "ana", 1).await;
        let desk = format!("/organisation/visites/dates/{date}");
        claire.post(&format!("{desk}/annulation"), &[("raison", "Neige"), ("sur", "oui")]).await;
        until(site, "2027-04-20T07:00:00Z").await;
        assert_eq!(kinds(site, "ana").await, ["visit_confirmed", "visit_called_off"]);
        // Registered two days before: a week before was too late, the eve is not.
        let late = date_at(site, &key, 9, "2027-04-22T08:00:00Z").await;
        register(site, &key, late, "ben", 1).await;
        until(site, "2027-04-22T07:00:00Z").await;
        assert_eq!(kinds(site, "ben").await, ["visit_confirmed", REMINDER]);
    })
    .await;
}

/// The calendar of the latest mail to somebody that brings one, as it is written.
async fn calendar(site: &Site, who: &str) -> String {
    let mails = latest(&site.app.db, 100).await.unwrap();
    let mine = mails.iter().filter(|mail| mail.recipient == address(who));
    let parsed: Vec<_> = mine.map(|mail| mailparse::parse_mail(mail.message.as_bytes()).unwrap()).collect();
    let part = parsed.iter().flat_map(mailparse::ParsedMail::parts).find(|part| part.ctype.mimetype == "text/calendar");
    part.expect("a calendar").get_body().unwrap()
}

#[tokio::test]
async fn reminders_and_calendars_keep_to_the_clock_on_the_wall_when_it_changes() {
    on_each_database(async |site| {
        let (_, key) = program(site).await;
        for (who, starts, wall) in [
            ("ana", "2027-03-28T08:00:00Z", "20270328T100000"),
            ("ben", "2027-03-29T08:00:00Z", "20270329T100000"),
            ("cleo", "2027-10-31T09:00:00Z", "20271031T100000"),
            ("dora", "2027-11-01T09:00:00Z", "20271101T100000"),
        ] {
            let date = date_at(site, &key, 9, starts).await;
            register(site, &key, date, who, 1).await;
            let events = events_of(&site.app.db, &address(who), site.app.clock.now()).await.unwrap();
            assert_eq!(events[0].0.starts_at, starts.parse::<DateTime<Utc>>().unwrap());
            let calendar = calendar(site, who).await;
            assert!(calendar.contains(&format!("DTSTART;TZID=Europe/Paris:{wall}")), "{calendar}");
        }
        // Nine o’clock on the wall, as UTC has it; a second before, nothing leaves.
        for (moment, who, had) in [
            ("2027-03-21T08:00:00Z", "ana", 1),
            ("2027-03-22T08:00:00Z", "ben", 1),
            ("2027-03-27T08:00:00Z", "ana", 2),
            ("2027-03-28T07:00:00Z", "ben", 2),
            ("2027-10-24T07:00:00Z", "cleo", 1),
            ("2027-10-25T07:00:00Z", "dora", 1),
            ("2027-10-30T07:00:00Z", "cleo", 2),
            ("2027-10-31T08:00:00Z", "dora", 2),
        ] {
            let before = moment.parse::<DateTime<Utc>>().unwrap() - TimeDelta::seconds(1);
            until(site, &before.to_rfc3339()).await;
            assert_eq!(reminders(site, who).await, had - 1, "{who} {moment}");
            until(site, moment).await;
            assert_eq!(reminders(site, who).await, had, "{who} {moment}");
            let text = mail_to(&site.app, &address(who)).await.unwrap().1;
            assert!(text.contains("de 10\u{a0}h à 13\u{a0}h"), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn in_la_reunion_the_morning_is_that_of_la_reunion() {
    let overseas = |config: &mut manger_local::config::Config| {
        config.time_zone = chrono_tz::Indian::Reunion;
        config.territory = "974".to_owned();
    };
    on_each_database_with(overseas, async |site| {
        let (_, key) = program(site).await;
        let sent = json!({ "title": "Vanille et letchis", "commune": "97411" });
        let visit = send(site, &key, "/api/v1/farm-visits", "", &sent).await.body["id"].as_i64().unwrap();
        let date = super::another(site, &key, visit, 9, "2027-04-20T05:00:00Z").await;
        register(site, &key, date, "ana", 1).await;
        assert!(calendar(site, "ana").await.contains("DTSTART;TZID=Indian/Reunion:20270420T090000"));
        for (moment, had) in [("2027-04-13T04:59:00Z", 0), ("2027-04-13T05:00:00Z", 1), ("2027-04-19T05:00:00Z", 2)] {
            until(site, moment).await;
            assert_eq!(reminders(site, "ana").await, had, "{moment}");
        }
        let text = mail_to(&site.app, &address("ana")).await.unwrap().1;
        assert!(text.contains("mardi 20\u{a0}avril 2027, de 9\u{a0}h à 12\u{a0}h"), "{text}");
    })
    .await;
}

/// A date that needs five, two weeks ahead; registration ends on Monday 19 April at 10 h.
async fn needing_five(site: &Site) -> (Browser<'_>, String, i64) {
    until(site, "2027-04-06T08:00:00Z").await;
    let (claire, key) = program(site).await;
    date_at(site, &key, 9, "2027-06-01T08:00:00Z").await;
    let sent = json!({ "starts_at": "2027-04-20T08:00:00Z", "places": 9, "minimum": 5 });
    let date = send(site, &key, "/api/v1/farm-visits/1/dates", "", &sent).await.body["id"].as_i64().unwrap();
    (claire, key, date)
}

#[tokio::test]
async fn when_too_few_come_organisers_are_told_while_they_can_choose() {
    on_each_database(async |site| {
        let (claire, key, date) = needing_five(site).await;
        register(site, &key, date, "ana", 3).await;
        let desk = format!("/organisation/visites/dates/{date}");
        until(site, "2027-04-16T07:59:00Z").await;
        assert_eq!(warnings(site).await, 0);
        assert!(!claire.get(&desk).await.page.texts("main").concat().contains("Trop peu"));
        until(site, "2027-04-16T08:00:00Z").await;
        until(site, "2027-04-16T09:00:00Z").await;
        assert_eq!(warnings(site).await, 1);
        let (_, text) = mail_to(&site.app, CLAIRE).await.unwrap();
        for said in [
            "Viennent\u{a0}: 3\u{a0}personnes",
            "Il en faut\u{a0}: 5\u{a0}personnes",
            "19\u{a0}avril 2027, 10\u{a0}h",
            "attendre",
            &desk,
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(claire.get(&desk).await.page.texts(".warning").concat().contains("Trop peu d’inscrits"));
        // More time: the moments before the end of registration come again.
        change(&claire, date, &[("cloture", "20/04/2027"), ("cloture_heure", "9 h")]).await;
        until(site, "2027-04-17T07:00:00Z").await;
        until(site, "2027-04-19T08:00:00Z").await;
        assert_eq!(warnings(site).await, 2, "three days before the new end, and not at the old one");
        until(site, "2027-04-20T07:00:00Z").await;
        assert_eq!(warnings(site).await, 3);
        let (_, text) = mail_to(&site.app, CLAIRE).await.unwrap();
        assert!(text.contains("sont closes") && !text.contains("attendre"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn when_organisers_say_that_it_takes_place_those_who_come_are_told_once() {
    on_each_database(async |site| {
        let (claire, key, date) = needing_five(site).await;
        register(site, &key, date, "ana", 3).await;
        register(site, &key, date, "ben", 6).await;
        register(site, &key, date, "cleo", 1).await;
        until(site, "2027-04-16T08:00:00Z").await;
        assert_eq!(warnings(site).await, 0, "enough come");
        Browser::new(&site.browser).post(&format!("{}/annulation", link(site, "ben").await), &[]).await;
        let before = events_of(&site.app.db, &address("ana"), site.app.clock.now()).await.unwrap();
        let desk = format!("/organisation/visites/dates/{date}");
        for _ in 0..2 {
            claire.post(&format!("{desk}/etat"), &[("geste", "confirmer")]).await;
        }
        until(site, "2027-04-19T08:00:00Z").await;
        assert_eq!(warnings(site).await, 0, "it is decided");
        assert_eq!(kinds(site, "ana").await, ["visit_confirmed", REMINDER, "visit_sure", REMINDER]);
        assert!(!kinds(site, "cleo").await.contains(&"visit_sure".to_owned()), "she waits, or is to answer");
        let after = events_of(&site.app.db, &address("ana"), site.app.clock.now()).await.unwrap();
        assert_eq!(before[0].0, after[0].0, "the calendar is as it was");
        assert!(!claire.get(&desk).await.page.texts("main").concat().contains("Trop peu"));
    })
    .await;
}
