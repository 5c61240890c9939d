//! A person's own calendar, made of what her mails told.

use chrono::{DateTime, TimeDelta, Utc};
use manger_local::mail::{
    Content, EmailAddress, NewMail, Sender,
    calendar::{Event, Method},
    enqueue,
};
use poem::http::StatusCode;

use crate::support::{
    Site, morning, on_each_database,
    people::{Browser, member, organiser},
};

const COOK: &str = "cook@college.example";

fn visit(number: u32, sequence: u32, method: Method, starts_at: DateTime<Utc>) -> Event {
    Event {
        uid: format!("registration-{number}@departement.example"),
        sequence,
        method,
        starts_at,
        ends_at: starts_at + TimeDelta::minutes(90),
        zone: chrono_tz::Europe::Paris,
        summary: format!("Visite {number}"),
        description: String::new(),
        location: "Saint-Julien-Chapteuil".to_owned(),
        position: None,
    }
}

async fn tell(site: &Site, to: &str, event: Event) {
    let txn = site.app.write().await.unwrap();
    let to = EmailAddress::parse(to).unwrap();
    let content = Content {
        title: "Visite".into(),
        text: String::new(),
        html: String::new(),
        event: Some(event),
        unsubscribe: None,
    };
    let about = format!("visit/{}", site.app.random.token());
    let mail = NewMail { kind: "visit", about, version: 1, to: &to, content, is_secret: false, useful_until: None };
    let sender = Sender::new(&site.app.config).unwrap();
    enqueue(&txn, &sender, &site.app.random, mail, site.app.clock.now()).await.unwrap();
    txn.commit().await.unwrap();
}

async fn address(browser: &Browser<'_>) -> String {
    let made = browser.post("/mon-espace/agenda", &[]).await;
    let address = made.page.texts(".spelled")[0].to_owned();
    format!("/agenda/{}", address.rsplit('/').next().unwrap())
}

async fn read(browser: &Browser<'_>, address: &str) -> String {
    String::from_utf8(browser.bytes(address).await).unwrap()
}

#[tokio::test]
async fn a_calendar_shows_each_appointment_as_it_was_told_last() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let at = |days| morning() + TimeDelta::days(days);
        tell(site, COOK, visit(1, 0, Method::Request, at(3))).await;
        tell(site, COOK, visit(1, 1, Method::Request, at(20))).await;
        tell(site, COOK, visit(1, 0, Method::Request, at(4))).await;
        tell(site, COOK, visit(2, 0, Method::Request, at(5))).await;
        tell(site, COOK, visit(2, 1, Method::Cancel, at(5))).await;
        tell(site, "other@college.example", visit(3, 0, Method::Request, at(6))).await;
        let address = address(&cook).await;
        let stranger = Browser::new(&site.browser);
        let file = read(&stranger, &address).await;
        assert_eq!(file.matches("BEGIN:VEVENT").count(), 2, "{file}");
        assert!(file.contains("METHOD:PUBLISH\r\n") && !file.contains("ATTENDEE"), "{file}");
        assert!(file.contains("DTSTART;TZID=Europe/Paris:20270405T093000"), "an older mail moves nothing back: {file}");
        assert!(file.contains("STATUS:CANCELLED") && file.matches("BEGIN:VTIMEZONE").count() == 1);
        assert!(!file.contains(address.trim_start_matches("/agenda/")), "no secret stands in it");
        site.app.clock.advance(TimeDelta::days(31));
        assert!(!read(&stranger, &address).await.contains("CANCELLED"), "each device has heard by then");
    })
    .await;
}

#[tokio::test]
async fn the_address_of_a_calendar_is_changed_and_taken_back() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let first = address(&claire).await;
        let second = address(&claire).await;
        assert_eq!(claire.get(&first).await.status, StatusCode::NOT_FOUND);
        assert_eq!(claire.get(&second).await.status, StatusCode::OK);
        assert_eq!(claire.get(&second).await.cache.as_deref(), Some("private, no-store"));
        assert!(claire.get("/mon-espace/agenda").await.page.texts(".spelled").is_empty(), "shown once");
        claire.post("/mon-espace/agenda/retrait", &[]).await;
        assert_eq!(claire.get(&second).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
