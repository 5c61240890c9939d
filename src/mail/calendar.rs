//! Appointments as calendars understand them (RFC 5545, RFC 5546): created, moved and cancelled under one UID.

use std::fmt::Write;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::{EmailAddress, Sender};

/// What is asked of the reader's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Put it in, or move it to where it is now.
    Request,
    /// Take it out.
    Cancel,
}

impl Method {
    /// The word of RFC 5546.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// One appointment in the calendar of one person. No secret link belongs in it: calendars are shared.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The same for the life of the appointment: `registration-12@manger-local.example.fr`.
    pub uid: String,
    /// Rises whenever time or place changes, and on cancelling.
    pub sequence: u32,
    /// What is asked.
    pub method: Method,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends, after it begins.
    pub ends_at: DateTime<Utc>,
    /// Zone of the place, in which the reader sees the times of the event.
    pub zone: Tz,
    /// Title.
    pub summary: String,
    /// Text.
    pub description: String,
    /// Where.
    pub location: String,
    /// Latitude and longitude, WGS84 degrees.
    pub position: Option<(f64, f64)>,
}

/// Who invites and who is invited.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    /// Name of the organiser.
    pub organiser_name: &'a str,
    /// Address of the organiser.
    pub organiser: &'a EmailAddress,
    /// Address of the invited.
    pub attendee: &'a EmailAddress,
}

impl Event {
    /// The calendar file of a mail, lines ended by CRLF; `stamp` is when it is written.
    #[must_use]
    pub fn file(&self, parties: &Parties<'_>, stamp: DateTime<Utc>) -> String {
        let mut out = Lines::default();
        begin(self.method.word(), &mut out);
        time_zone(self.zone, self.starts_at.min(self.ends_at), self.ends_at, &mut out);
        let organiser = (parties.organiser_name, parties.organiser);
        self.lines(organiser, Some(parties.attendee), stamp, &mut out);
        out.line("END:VCALENDAR");
        out.0
    }

    fn lines(
        &self,
        (name, organiser): (&str, &EmailAddress),
        attendee: Option<&EmailAddress>,
        stamp: DateTime<Utc>,
        out: &mut Lines,
    ) {
        out.line("BEGIN:VEVENT");
        out.line(&format!("UID:{}", self.uid));
        out.line(&format!("SEQUENCE:{}", self.sequence));
        out.line(&format!("DTSTAMP:{}", stamp.format("%Y%m%dT%H%M%SZ")));
        out.line(&format!("DTSTART;TZID={}:{}", self.zone.name(), self.local(self.starts_at)));
        out.line(&format!("DTEND;TZID={}:{}", self.zone.name(), self.local(self.ends_at)));
        out.line(&format!("SUMMARY:{}", text(&self.summary)));
        if !self.description.is_empty() {
            out.line(&format!("DESCRIPTION:{}", text(&self.description)));
        }
        if !self.location.is_empty() {
            out.line(&format!("LOCATION:{}", text(&self.location)));
        }
        if let Some((lat, lon)) = self.position {
            out.line(&format!("GEO:{lat:.5};{lon:.5}"));
        }
        out.line(&format!("ORGANIZER;CN={}:mailto:{organiser}", quoted(name)));
        if let Some(attendee) = attendee {
            out.line(&format!(
                "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{attendee}"
            ));
        }
        let (status, shown) = match self.method {
            Method::Request => ("CONFIRMED", "OPAQUE"),
            Method::Cancel => ("CANCELLED", "TRANSPARENT"),
        };
        out.line(&format!("STATUS:{status}"));
        out.line(&format!("TRANSP:{shown}"));
        out.line("END:VEVENT");
    }

    fn local(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%Y%m%dT%H%M%S").to_string()
    }
}

/// A calendar that one subscribes to: each event with when it was last told (RFC 5546, 3.2.1: no attendees).
#[must_use]
pub fn feed(name: &str, sender: &Sender, events: &[(Event, DateTime<Utc>)]) -> String {
    let mut out = Lines::default();
    begin("PUBLISH", &mut out);
    out.line(&format!("X-WR-CALNAME:{}", text(name)));
    // How often programs look again; two names for the same (RFC 7986, 5.7).
    out.line("REFRESH-INTERVAL;VALUE=DURATION:PT2H");
    out.line("X-PUBLISHED-TTL:PT2H");
    let mut zones: Vec<Tz> = Vec::new();
    for (event, _) in events {
        if !zones.contains(&event.zone) {
            zones.push(event.zone);
            let there = || events.iter().map(|(event, _)| event).filter(|other| other.zone == event.zone);
            let from = there().map(|event| event.starts_at).min().unwrap_or(event.starts_at);
            let to = there().map(|event| event.ends_at).max().unwrap_or(event.ends_at);
            time_zone(event.zone, from, to, &mut out);
        }
    }
    let organiser = (sender.name.as_str(), sender.reply_to.as_ref().unwrap_or(&sender.from));
    for (event, told_at) in events {
        event.lines(organiser, None, *told_at, &mut out);
    }
    out.line("END:VCALENDAR");
    out.0
}

fn begin(method: &str, out: &mut Lines) {
    out.line("BEGIN:VCALENDAR");
    out.line("VERSION:2.0");
    out.line("PRODID:-//Manger local//FR");
    out.line("CALSCALE:GREGORIAN");
    out.line(&format!("METHOD:{method}"));
}

/// Lines folded at 75 bytes (RFC 5545, 3.1), between characters.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn line(&mut self, line: &str) {
        let mut width = 0;
        for c in line.chars() {
            if width + c.len_utf8() > 75 {
                self.0.push_str("\r\n ");
                width = 1;
            }
            width += c.len_utf8();
            self.0.push(c);
        }
        self.0.push_str("\r\n");
    }
}

/// A text value (RFC 5545, 3.3.11).
fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A parameter's value between quotes, which it cannot hold itself (RFC 5545, 3.2).
fn quoted(value: &str) -> String {
    let plain: String = value.chars().filter(|c| !c.is_control() && *c != '"').collect();
    format!("\"{plain}\"")
}

/// What a calendar must know of the zone around an event: one observance for each offset in force from the year before
/// to the year after, so that nothing depends on what the reader's program knows of zones.
fn time_zone(zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>, out: &mut Lines) {
    out.line("BEGIN:VTIMEZONE");
    out.line(&format!("TZID:{}", zone.name()));
    for change in changes(zone, from.year() - 1, to.year() + 1) {
        let kind = if change.is_summer { "DAYLIGHT" } else { "STANDARD" };
        out.line(&format!("BEGIN:{kind}"));
        out.line(&format!("DTSTART:{}", change.local.format("%Y%m%dT%H%M%S")));
        out.line(&format!("TZOFFSETFROM:{}", offset(change.from)));
        out.line(&format!("TZOFFSETTO:{}", offset(change.to)));
        out.line(&format!("TZNAME:{}", change.name));
        out.line(&format!("END:{kind}"));
    }
    out.line("END:VTIMEZONE");
}

/// When a zone's offset changes, in seconds east of Greenwich.
struct Change {
    /// By the clock before the change.
    local: NaiveDateTime,
    from: i32,
    to: i32,
    is_summer: bool,
    name: String,
}

/// The offset in force when the first year begins, then each change until the last year ends.
fn changes(zone: Tz, first_year: i32, last_year: i32) -> Vec<Change> {
    use chrono_tz::{OffsetComponents, OffsetName};
    let midnight =
        |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default().and_time(chrono::NaiveTime::MIN).and_utc();
    let (mut at, end) = (midnight(first_year), midnight(last_year + 1));
    let seconds = |at: DateTime<Utc>| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    let change = |at: DateTime<Utc>, from: i32| {
        let offset = zone.offset_from_utc_datetime(&at.naive_utc());
        Change {
            local: at.naive_utc() + TimeDelta::seconds(i64::from(from)),
            from,
            to: offset.fix().local_minus_utc(),
            is_summer: offset.dst_offset() != TimeDelta::zero(),
            name: offset.abbreviation().map_or_else(|| zone.name().to_owned(), ToOwned::to_owned),
        }
    };
    let mut found = vec![change(at, seconds(at))];
    while at < end {
        let next = at + TimeDelta::days(1);
        if seconds(next) != seconds(at) {
            found.push(change(instant_of_change(at, next, &seconds), seconds(at)));
        }
        at = next;
    }
    found
}

/// The first second of the new offset between two moments.
fn instant_of_change(
    mut before: DateTime<Utc>,
    mut after: DateTime<Utc>,
    seconds: &impl Fn(DateTime<Utc>) -> i32,
) -> DateTime<Utc> {
    let old = seconds(before);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + (after - before) / 2;
        let middle = DateTime::from_timestamp(middle.timestamp(), 0).unwrap_or(middle);
        if seconds(middle) == old { before = middle } else { after = middle }
    }
    after
}

/// `+0200`
fn offset(seconds: i32) -> String {
    let mut text = String::new();
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    let _ = write!(text, "{sign}{hours:02}{minutes:02}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit() -> Event {
        Event {
            uid: "registration-12@manger-local.example.fr".to_owned(),
            sequence: 0,
            method: Method::Request,
            starts_at: "2027-03-28T07:30:00Z".parse().unwrap(),
            ends_at: "2027-03-28T09:00:00Z".parse().unwrap(),
            zone: chrono_tz::Europe::Paris,
            summary: "Visite : Ferme de la Sumène; lentilles, pois".to_owned(),
            description:
                "Bottes.\nRendez-vous devant le hangar, à côté de l’église de Saint-Julien-Chapteuil, à l’heure."
                    .to_owned(),
            location: "Saint-Julien-Chapteuil".to_owned(),
            position: Some((45.0336, 4.0606)),
        }
    }

    fn file(event: &Event) -> String {
        let organiser = EmailAddress::parse("circuits-courts@hauteloire.example").unwrap();
        let attendee = EmailAddress::parse("chef@college.example").unwrap();
        let parties =
            Parties { organiser_name: "Département, \"agriculture\"", organiser: &organiser, attendee: &attendee };
        event.file(&parties, "2027-03-01T10:00:00Z".parse().unwrap())
    }

    fn unfolded(file: &str) -> String {
        file.replace("\r\n ", "")
    }

    #[test]
    fn times_are_those_of_the_place_and_the_zone_comes_along() {
        let file = unfolded(&file(&visit()));
        assert!(file.contains("DTSTART;TZID=Europe/Paris:20270328T093000\r\n"), "after the change of hour: {file}");
        assert!(
            file.contains(
                "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\n"
            ),
            "{file}"
        );
        assert!(
            file.contains(
                "BEGIN:STANDARD\r\nDTSTART:20271031T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\n"
            ),
            "{file}"
        );
        let overseas = Event { zone: chrono_tz::Indian::Reunion, ..visit() };
        let file = unfolded(&self::file(&overseas));
        assert!(
            file.contains("DTSTART;TZID=Indian/Reunion:20270328T113000") && file.matches("TZOFFSETTO").count() == 1,
            "{file}"
        );
    }

    #[test]
    fn lines_are_short_and_end_as_the_standard_says() {
        let file = file(&visit());
        assert!(file.ends_with("END:VCALENDAR\r\n") && !file.replace("\r\n", "").contains(['\r', '\n']));
        assert!(file.split("\r\n").all(|line| line.len() <= 75), "{file}");
    }

    #[test]
    fn text_cannot_break_out_of_its_line() {
        let event = Event { summary: "a\r\nATTENDEE:mailto:b\\c".to_owned(), ..visit() };
        assert!(unfolded(&file(&event)).contains("SUMMARY:a\\nATTENDEE:mailto:b\\\\c\r\n"));
        assert!(unfolded(&file(&visit())).contains("SUMMARY:Visite : Ferme de la Sumène\\; lentilles\\, pois\r\n"));
        assert!(
            unfolded(&file(&visit())).contains("ORGANIZER;CN=\"Département, agriculture\":mailto:circuits-courts@")
        );
    }

    #[test]
    fn a_cancellation_keeps_the_uid_and_says_so_twice() {
        let cancelled = Event { method: Method::Cancel, sequence: 2, ..visit() };
        let file = unfolded(&file(&cancelled));
        assert!(
            file.contains("METHOD:CANCEL\r\n")
                && file.contains("STATUS:CANCELLED\r\n")
                && file.contains("SEQUENCE:2\r\n")
        );
        assert!(file.contains("UID:registration-12@manger-local.example.fr\r\n"));
    }
}
