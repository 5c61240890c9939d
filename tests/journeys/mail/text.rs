//! What a mail program reads: headers, both texts, the appointment that is made, moved and cancelled.

use chrono::{TimeDelta, TimeZone, Utc};
use mailparse::{MailHeaderMap, ParsedMail, parse_mail};
use manger_local::mail::{
    Content, EmailAddress, NewMail, Sender,
    calendar::{Event, Method},
    enqueue,
};

use crate::support::{Site, post::mails};

fn visit(sequence: u32, method: Method, hour: u32) -> Event {
    let starts_at = Utc.with_ymd_and_hms(2027, 4, 6, hour, 0, 0).unwrap();
    Event {
        uid: "registration-12@departement.example".to_owned(),
        sequence,
        method,
        starts_at,
        ends_at: starts_at + TimeDelta::minutes(90),
        zone: chrono_tz::Europe::Paris,
        summary: "Visite de la Ferme de la Sumène".to_owned(),
        description: "Prenez des bottes.\nOn se retrouve devant le hangar.".to_owned(),
        location: "Saint-Julien-Chapteuil, chemin de la Sumène".to_owned(),
        position: Some((45.0336, 4.0606)),
    }
}

/// The mail that the event makes, as it is written down.
async fn mail_with(site: &Site, version: u32, title: &str, event: Option<Event>, unsubscribe: Option<&str>) -> String {
    let txn = site.app.write().await.unwrap();
    let to = EmailAddress::parse("chef@college.example").unwrap();
    let sender = Sender {
        name: "Manger local en Haute-Loire".to_owned(),
        from: EmailAddress::parse("annuaire@departement.example").unwrap(),
        bounces: EmailAddress::parse("retours@departement.example").unwrap(),
        reply_to: EmailAddress::parse("circuits-courts@departement.example").ok(),
    };
    let content = Content {
        title: title.to_owned(),
        text: "Bonjour,\n\nVotre visite est confirmée : à mardi !\n".to_owned(),
        html: "<p>Bonjour,</p><p>Votre visite est confirmée : à mardi !</p>".to_owned(),
        event,
        unsubscribe: unsubscribe.map(str::to_owned),
    };
    let mail = NewMail {
        kind: "visit",
        about: "registration/12".to_owned(),
        version,
        to: &to,
        content,
        is_secret: false,
        useful_until: None,
    };
    enqueue(&txn, &sender, &site.app.random, mail, site.app.clock.now()).await.unwrap();
    txn.commit().await.unwrap();
    mails(&site.app).await.pop().unwrap().message
}

fn parts<'a>(mail: &'a ParsedMail<'a>, kind: &str) -> Vec<&'a ParsedMail<'a>> {
    let inner = mail.subparts.iter().flat_map(|part| parts(part, kind));
    let own = Some(mail).filter(|mail| mail.ctype.mimetype == kind);
    own.into_iter().chain(inner).collect()
}

/// What a parser that knows nothing of ours makes of the file.
fn read_by_another_program(file: &str, told: &Event) {
    use icalendar::{Calendar, CalendarComponent, Component};
    let calendar: Calendar = file.parse().unwrap();
    assert_eq!(calendar.property_value("METHOD"), Some(told.method.word()));
    let events = calendar.components.iter().filter_map(CalendarComponent::as_event).collect::<Vec<_>>();
    let [event] = events[..] else { panic!("one event: {file}") };
    assert_eq!(event.get_uid(), Some(told.uid.as_str()));
    assert_eq!(event.get_sequence(), Some(told.sequence));
    assert_eq!(event.get_summary(), Some(told.summary.as_str()));
    let status = if told.method == Method::Cancel { "CANCELLED" } else { "CONFIRMED" };
    assert_eq!(event.property_value("STATUS"), Some(status));
    let starts = told.starts_at.with_timezone(&told.zone).format("%Y%m%dT%H%M%S").to_string();
    assert_eq!(event.property_value("DTSTART"), Some(starts.as_str()));
}

#[tokio::test]
async fn an_appointment_is_made_moved_recalled_and_cancelled_under_one_uid() {
    let site = Site::new().await;
    let told = [
        ("Visite confirmée", visit(0, Method::Request, 12)),
        ("Visite déplacée", visit(1, Method::Request, 13)),
        ("Rappel : votre visite est demain", visit(1, Method::Request, 13)),
        ("Visite annulée", visit(2, Method::Cancel, 13)),
    ];
    for (version, (title, event)) in (1..).zip(told) {
        let text = mail_with(&site, version, title, Some(event.clone()), None).await;
        insta::assert_snapshot!(format!("appointment_{version}"), text.replace("\r\n", "\n"));
        let mail = parse_mail(text.as_bytes()).unwrap();
        assert_eq!(mail.ctype.mimetype, "multipart/mixed");
        assert_eq!(mail.headers.get_first_value("Subject").as_deref(), Some(title));
        let calendars = parts(&mail, "text/calendar");
        assert_eq!(calendars.len(), 2, "beside the texts, and as a file");
        for calendar in &calendars {
            assert_eq!(calendar.ctype.params["method"], event.method.word());
            let file = calendar.get_body().unwrap();
            read_by_another_program(&file, &event);
            insta::allow_duplicates! { insta::assert_snapshot!(format!("calendar_{version}"), file.replace("\r\n", "\n")) };
        }
        let text = parts(&mail, "text/plain")[0].get_body().unwrap().replace("\r\n", "\n");
        assert_eq!(text.trim_end(), "Bonjour,\n\nVotre visite est confirmée : à mardi !");
    }
}

#[tokio::test]
async fn only_a_mail_nobody_is_bound_to_get_can_be_ended_by_one_click() {
    let site = Site::new().await;
    let address = "https://annuaire.example/desabonnement/abc";
    let text = mail_with(&site, 1, "Nouveautés", None, Some(address)).await;
    let mail = parse_mail(text.as_bytes()).unwrap();
    assert_eq!(mail.headers.get_first_value("List-Unsubscribe"), Some(format!("<{address}>")));
    assert_eq!(mail.headers.get_first_value("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert_eq!(mail.ctype.mimetype, "multipart/alternative");
    let bound = mail_with(&site, 2, "Visite", None, None).await;
    assert!(!bound.contains("List-Unsubscribe"));
}

#[tokio::test]
async fn a_line_break_in_a_title_makes_no_mail() {
    let site = Site::new().await;
    let txn = site.app.write().await.unwrap();
    let to = EmailAddress::parse("chef@college.example").unwrap();
    for title in ["Visite\r\nBcc: tous@college.example", "Visite\0", "Visite\n"] {
        let content = Content {
            title: title.to_owned(),
            text: String::new(),
            html: String::new(),
            event: None,
            unsubscribe: None,
        };
        let sender = Sender::new(&site.app.config).unwrap();
        let mail = NewMail {
            kind: "visit",
            about: "a/1".to_owned(),
            version: 1,
            to: &to,
            content,
            is_secret: false,
            useful_until: None,
        };
        assert!(enqueue(&txn, &sender, &site.app.random, mail, site.app.clock.now()).await.is_err(), "{title:?}");
    }
}
