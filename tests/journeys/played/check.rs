//! What must hold at every moment of an edition: rules of the timetable in force, and that nobody was told anything else.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use manger_local::mail::{OutgoingMail, latest};

use super::Play;
use super::facts::{Meeting, Who, everybody, hours, in_force, times, wishes};

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

/// All that is looked at.
#[derive(Clone)]
struct Seen {
    whos: Vec<Who>,
    /// The version in force, 0 before the first.
    number: i32,
    meetings: Vec<Meeting>,
    mails: Vec<OutgoingMail>,
}

/// What does not hold, in words.
#[derive(Debug, Default)]
struct Faults(Vec<String>);

impl Faults {
    fn unless(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(what());
        }
    }
}

/// Something made wrong: what, and how.
type Spoilt = (&'static str, fn(&mut Seen));

impl Play<'_> {
    /// Looks at everything.
    pub(super) async fn check(&self, when: &str) {
        let seen = self.seen().await;
        let avoided = wishes(self.site).await.into_iter().filter(|wish| wish.2.is_none());
        let avoided: BTreeSet<(i64, i64)> = avoided.map(|wish| (wish.0, wish.1)).collect();
        assert_eq!(avoided.len(), self.avoided, "{when}: what one would rather not is written down");
        for (canteen, supplier) in seen.meetings.iter().map(Meeting::pair) {
            let is_avoided = avoided.contains(&(canteen, supplier)) || avoided.contains(&(supplier, canteen));
            assert!(!is_avoided, "{when}: {canteen} and {supplier}");
        }
        let Faults(faults) = self.faults(&seen);
        assert!(faults.is_empty(), "{when}: {faults:#?}");
    }

    async fn seen(&self) -> Seen {
        let (number, meetings) = in_force(self.site).await;
        Seen { whos: everybody(self.site).await, number, meetings, mails: mails(self).await }
    }

    fn faults(&self, seen: &Seen) -> Faults {
        let mut faults = Faults::default();
        rules(seen, self.tables, &mut faults);
        for pin in self.pins.iter().filter(|_| seen.number > 0) {
            faults.unless(seen.meetings.contains(pin), || format!("what was fixed has moved: {pin:?}"));
        }
        nobody_twice(&seen.mails, &mut faults);
        for who in &seen.whos {
            let expected = self.expected(&seen.whos, &seen.meetings, who.id);
            for address in &self.guest(who.organisation).addresses {
                let own = format!("/participants/{}/", who.id);
                let last = seen.mails.iter().rfind(|mail| {
                    mail.recipient == *address && OF_THE_DAY.contains(&&*mail.kind) && mail.business_key.contains(&own)
                });
                faults.unless(last.is_some_and(|last| says(last, who, &expected)), || {
                    format!("{address} was told {:?}, not {expected:?}", last.map(|last| (&last.kind, read(last).0)))
                });
            }
        }
        faults
    }

    /// What shows that [`Self::check`] can fail: each of these is seen.
    pub(super) async fn controls(&self) {
        let seen = self.seen().await;
        assert!(self.faults(&seen).0.is_empty());
        let spoilt: [Spoilt; 7] = [
            ("an appointment nobody was told of", |seen| {
                seen.meetings.remove(0);
            }),
            ("another table", |seen| {
                let free = (1..=18).find(|table| seen.meetings.iter().all(|one| (one.slot, one.table) != (1, *table)));
                seen.meetings[0].table = free.unwrap();
            }),
            ("no such table", |seen| seen.meetings[0].table = 99),
            ("two at once", |seen| seen.meetings[1].supplier = seen.meetings[0].supplier),
            ("who does not come", |seen| {
                let gone = seen.meetings[0].canteen.0;
                seen.whos
                    .iter_mut()
                    .filter(|who| who.id == gone)
                    .for_each(|who| "withdrawn".clone_into(&mut who.state));
            }),
            ("a mail twice", |seen| {
                let last = seen.mails.iter().rfind(|mail| mail.kind == "meeting_day").unwrap().clone();
                seen.mails.push(last);
            }),
            ("a mail less", |seen| {
                let last = seen.mails.iter().rposition(|mail| mail.kind == "meeting_day").unwrap();
                seen.mails.remove(last);
            }),
        ];
        for (what, spoil) in spoilt {
            let mut wrong = seen.clone();
            spoil(&mut wrong);
            assert!(!self.faults(&wrong).0.is_empty(), "{what} would not be seen");
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
    pub(super) with: String,
    /// « Ferme des Genêts »
    pub(super) name: String,
}

/// Everybody is at one place at a time, within her hours, at a table that is there; pairs meet once.
fn rules(seen: &Seen, tables: i32, faults: &mut Faults) {
    let (mut seats, mut places, mut pairs) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for meeting in &seen.meetings {
        faults.unless((1..=tables).contains(&meeting.table), || format!("no such table: {meeting:?}"));
        faults.unless(places.insert((meeting.slot, meeting.table)), || format!("two at one table: {meeting:?}"));
        faults.unless(pairs.insert(meeting.pair()), || format!("they meet twice: {meeting:?}"));
        for (seat, is_canteen) in [(meeting.canteen, true), (meeting.supplier, false)] {
            let who = seen.whos.iter().find(|who| who.id == seat.0).unwrap();
            faults.unless(seats.insert((meeting.slot, seat)), || format!("two appointments at once: {meeting:?}"));
            faults.unless(who.comes() && who.is_canteen == is_canteen, || format!("{who:?} in {meeting:?}"));
            faults.unless((1..=who.tables).contains(&seat.1), || format!("{who:?} in {meeting:?}"));
            faults.unless(who.is_there(meeting.slot), || format!("outside her hours: {who:?} in {meeting:?}"));
        }
    }
}

/// What happens at one moment is told a person once for each row: moments of the play are a second apart.
fn nobody_twice(mails: &[OutgoingMail], faults: &mut Faults) {
    let mut seen: BTreeMap<(&str, &str, DateTime<Utc>), &str> = BTreeMap::new();
    for mail in mails.iter().filter(|mail| is_of_edition(mail)) {
        let about = mail.business_key.strip_prefix(&*mail.kind).and_then(|rest| rest.rsplit_once('/')).unwrap().0;
        let before = seen.insert((&mail.recipient, about, mail.created_at), &mail.kind);
        faults.unless(before.is_none(), || format!("{} got {before:?} and {} at once", mail.recipient, mail.kind));
    }
}

/// Whether the last mail of the day says this day and no other, in its text and in its calendar.
fn says(mail: &OutgoingMail, who: &Who, expected: &[Line]) -> bool {
    match who.state.as_str() {
        "waiting" => mail.kind == "meeting_waiting",
        "withdrawn" => mail.kind == "meeting_withdrawn",
        _ if mail.kind == "meeting_day" => {
            let (text, calendar) = read(mail);
            let lines: Vec<&str> = text.lines().collect();
            let own = lines.windows(2).filter_map(|pair| Some((pair[0].trim(), pair[1].strip_prefix("    avec ")?)));
            own.eq(expected.iter().map(|line| (&*line.place, &*line.with)))
                && calendar.is_some_and(|calendar| calendar.says(who, expected))
        }
        // Who has a place and no appointment yet.
        _ => ["meeting_registered", "meeting_moved_up"].contains(&&*mail.kind) && expected.is_empty(),
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

impl Calendar {
    /// Whether it has this day, from the first appointment to the last.
    fn says(&self, who: &Who, expected: &[Line]) -> bool {
        let wanted: Vec<String> = if expected.is_empty() {
            vec!["Pas de rendez-vous pour l’instant.".to_owned()]
        } else {
            expected.iter().map(|line| format!("{} : {}", line.place, line.with)).collect()
        };
        let digits = |minutes: i32| format!("{:02}{:02}00", minutes / 60, minutes % 60);
        let begins = expected.first().is_none_or(|first| self.starts == digits(hours(first.slot).0));
        let ends = expected.last().is_none_or(|last| self.ends == digits(hours(last.slot).1));
        let said = self.description.lines().take_while(|line| !line.is_empty());
        let is_hers = self.uid.starts_with(&format!("participant-{}-", who.id));
        is_hers && self.method == "REQUEST" && begins && ends && said.eq(wanted.iter().map(String::as_str))
    }
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
