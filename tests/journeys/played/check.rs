//! What must hold at every moment of an edition: rules of the timetable in force, and that nobody was told anything else.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use manger_local::mail::{OutgoingMail, latest};

use super::Play;
use super::facts::{Meeting, Who, clock, everybody, hours, in_force, times, wishes};

/// The mails that say what one's day is; the last one counts.
const OF_THE_DAY: [&str; 6] = [
    "meeting_registered",
    "meeting_waiting",
    "meeting_moved_up",
    "meeting_changed",
    "meeting_withdrawn",
    "meeting_day",
];

/// Whether a mail is one of the edition.
pub(super) fn is_of_edition(mail: &OutgoingMail) -> bool {
    mail.kind.starts_with("meeting") || mail.kind.starts_with("wish")
}

/// All mails in the order in which they were decided.
pub(super) async fn mails(play: &Play<'_>) -> Vec<OutgoingMail> {
    let mut all = latest(&play.site.app.db, 100_000).await.unwrap();
    all.reverse();
    all
}

impl Play<'_> {
    /// Looks at everything.
    pub(super) async fn check(&self, when: &str) {
        let (whos, (number, meetings), mails) =
            (everybody(self.site).await, in_force(self.site).await, mails(self).await);
        rules(&whos, &meetings, self.tables, when);
        let avoided: BTreeSet<(i64, i64)> =
            wishes(self.site).await.into_iter().filter(|wish| wish.2.is_none()).map(|wish| (wish.0, wish.1)).collect();
        assert_eq!(avoided.len(), self.avoided, "{when}: what one would rather not is written down");
        for meeting in &meetings {
            let (canteen, supplier) = meeting.pair();
            assert!(
                !avoided.contains(&(canteen, supplier)) && !avoided.contains(&(supplier, canteen)),
                "{when}: {meeting:?}"
            );
        }
        for pin in self.pins.iter().filter(|_| number > 0) {
            assert!(meetings.contains(pin), "{when}: what was fixed has moved: {pin:?}");
        }
        nobody_twice(&mails, when);
        for who in &whos {
            let expected = self.expected(&whos, &meetings, who.id);
            for address in &self.guest(who.organisation).addresses {
                let own = format!("/participants/{}/", who.id);
                let last = mails.iter().rfind(|mail| {
                    mail.recipient == *address && OF_THE_DAY.contains(&&*mail.kind) && mail.business_key.contains(&own)
                });
                let last = last.unwrap_or_else(|| panic!("{when}: {address} was told nothing"));
                told(last, who, &expected, number > 0, &format!("{when}, {address}"));
            }
        }
    }

    /// The day of a participant as it is to be told: when and where, with whom.
    pub(super) fn expected(&self, whos: &[Who], meetings: &[Meeting], participant: i64) -> Vec<Line> {
        let who = |id: i64| whos.iter().find(|who| who.id == id).unwrap();
        let mut own: Vec<_> =
            meetings.iter().filter_map(|meeting| Some((meeting, meeting.own(participant)?))).collect();
        own.sort_by_key(|(meeting, (copy, _))| (meeting.slot, meeting.table, *copy));
        let line = |(meeting, (copy, other)): (&Meeting, (i32, i64))| {
            let name = &self.guest(who(other).organisation).name;
            let which = match (who(participant).tables, copy) {
                (1, _) => "",
                (_, 1) => " (première personne de votre équipe)",
                _ => " (deuxième personne de votre équipe)",
            };
            Line {
                slot: meeting.slot,
                place: format!("{}, Table {}", times(meeting.slot), meeting.table),
                with: format!("{name}{which}"),
                name: name.clone(),
            }
        };
        own.into_iter().map(line).collect()
    }
}

/// An appointment as one of the two reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) slot: i32,
    /// « 9 h 30 – 9 h 40, Table 7 »
    pub(super) place: String,
    /// « Ferme des Genêts (première personne de votre équipe) »
    with: String,
    /// « Ferme des Genêts »
    pub(super) name: String,
}

/// Everybody is at one place at a time, within her hours, at a table that is there; pairs meet once.
fn rules(whos: &[Who], meetings: &[Meeting], tables: i32, when: &str) {
    let (mut seats, mut places, mut pairs) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for meeting in meetings {
        assert!((1..=tables).contains(&meeting.table), "{when}: no such table: {meeting:?}");
        assert!(places.insert((meeting.slot, meeting.table)), "{when}: two at one table: {meeting:?}");
        assert!(pairs.insert(meeting.pair()), "{when}: they meet twice: {meeting:?}");
        for (seat, is_canteen) in [(meeting.canteen, true), (meeting.supplier, false)] {
            let who = whos.iter().find(|who| who.id == seat.0).unwrap();
            assert!(seats.insert((meeting.slot, seat)), "{when}: two appointments at once: {meeting:?}");
            assert!(who.comes() && who.is_canteen == is_canteen, "{when}: {who:?} in {meeting:?}");
            assert!((1..=who.tables).contains(&seat.1), "{when}: {who:?} in {meeting:?}");
            assert!(who.is_there(meeting.slot), "{when}: outside her hours: {who:?} in {meeting:?}");
        }
    }
}

/// What happens at one moment is told a person once for each row: moments of the play are a second apart.
fn nobody_twice(mails: &[OutgoingMail], when: &str) {
    let mut seen: BTreeMap<(&str, &str, DateTime<Utc>), &str> = BTreeMap::new();
    for mail in mails.iter().filter(|mail| is_of_edition(mail)) {
        let about = mail.business_key.strip_prefix(&*mail.kind).and_then(|rest| rest.rsplit_once('/')).unwrap().0;
        let before = seen.insert((&mail.recipient, about, mail.created_at), &mail.kind);
        assert_eq!(before, None, "{when}: {} got {} at the same time as this", mail.recipient, mail.kind);
    }
}

/// The last mail of the day says this day and no other, in its text and in its calendar.
fn told(mail: &OutgoingMail, who: &Who, expected: &[Line], is_published: bool, when: &str) {
    match who.state.as_str() {
        "waiting" => assert_eq!(mail.kind, "meeting_waiting", "{when}"),
        "withdrawn" => assert_eq!(mail.kind, "meeting_withdrawn", "{when}"),
        _ if mail.kind == "meeting_day" => {
            let (text, calendar) = read(mail);
            let lines: Vec<&str> = text.lines().collect();
            let own = lines.windows(2).filter_map(|pair| Some((pair[0].trim(), pair[1].strip_prefix("    avec ")?)));
            let wanted: Vec<(&str, &str)> = expected.iter().map(|line| (&*line.place, &*line.with)).collect();
            assert_eq!(own.collect::<Vec<_>>(), wanted, "{when}\n{text}");
            told_by_calendar(&calendar.expect("a calendar"), who, expected, when);
        }
        _ => {
            assert!(
                ["meeting_registered", "meeting_moved_up", "meeting_changed"].contains(&&*mail.kind),
                "{when}: {}",
                mail.kind
            );
            assert!(expected.is_empty(), "{when}: never told of {expected:?}");
            assert!(!is_published || mail.kind != "meeting_changed", "{when}: a day that was published is told whole");
        }
    }
}

fn told_by_calendar(calendar: &Calendar, who: &Who, expected: &[Line], when: &str) {
    assert_eq!(calendar.method, "REQUEST", "{when}");
    assert!(calendar.uid.starts_with(&format!("participant-{}-", who.id)), "{when}: {}", calendar.uid);
    let wanted: Vec<String> = if expected.is_empty() {
        vec!["Pas de rendez-vous pour l’instant.".to_owned()]
    } else {
        expected.iter().map(|line| format!("{} : {}", line.place, line.with)).collect()
    };
    let said: Vec<&str> = calendar.description.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(said, wanted, "{when}");
    if let (Some(first), Some(last)) = (expected.first(), expected.last()) {
        let digits = |minutes: i32| format!("{:02}{:02}00", minutes / 60, minutes % 60);
        let span = (digits(hours(first.slot).0), digits(hours(last.slot).1));
        assert_eq!(
            (&calendar.starts, &calendar.ends),
            (&span.0, &span.1),
            "{when}: from {}",
            clock(hours(first.slot).0)
        );
    }
}

/// What a calendar reads in a mail.
pub(super) struct Calendar {
    method: String,
    pub(super) uid: String,
    pub(super) sequence: u32,
    /// « 093000 », as the clock in the hall shows it.
    starts: String,
    ends: String,
    description: String,
}

/// Text and calendar of a mail, spaces plain.
pub(super) fn read(mail: &OutgoingMail) -> (String, Option<Calendar>) {
    let parsed = mailparse::parse_mail(mail.message.as_bytes()).unwrap();
    let part = |kind: &str| {
        let part = parsed.parts().find(|part| part.ctype.mimetype == kind)?;
        Some(part.get_body().unwrap().replace("\r\n", "\n").replace('\u{a0}', " "))
    };
    let calendar = part("text/calendar").map(|text| {
        let text = text.replace("\n ", "");
        let method = text.lines().find_map(|line| line.strip_prefix("METHOD:")).unwrap().to_owned();
        let event = text.split_once("BEGIN:VEVENT").expect("an event").1;
        let value = |name: &str| {
            let line = event.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name} in {event}"));
            let line = line.split_once(':').unwrap().1.replace("\\n", "\n");
            line.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
        };
        let time = |name| value(name).rsplit_once('T').unwrap().1.to_owned();
        Calendar {
            method,
            uid: value("UID"),
            sequence: value("SEQUENCE").parse().unwrap(),
            starts: time("DTSTART"),
            ends: time("DTEND"),
            description: value("DESCRIPTION"),
        }
    });
    (part("text/plain").expect("a text"), calendar)
}

/// Each calendar takes each news for newer than what it knows.
pub(super) fn calendars_follow(mails: &[OutgoingMail]) {
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    for mail in mails.iter().filter(|mail| OF_THE_DAY.contains(&&*mail.kind)) {
        let Some(calendar) = read(mail).1 else { continue };
        let before = known.insert(calendar.uid.clone(), calendar.sequence);
        assert!(before.is_none_or(|before| before < calendar.sequence), "{} of {}", mail.kind, mail.recipient);
    }
    assert!(known.len() > 63, "calendars were looked at");
}
