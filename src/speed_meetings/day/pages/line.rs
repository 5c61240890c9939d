//! A participant at the door: who it is, where it stands, what it does next.

use chrono::{DateTime, Utc};

use crate::speed_meetings::day::hall::Hall;
use crate::speed_meetings::day::presence::{Presence, State as Known};
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::participant::{Participant, clock};
use crate::speed_meetings::publication::badge;
use crate::web::french;

/// How one who has left is marked.
pub(super) const GONE: &str = "gone";

/// A participant at the door.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) people: String,
    pub(super) side: &'static str,
    pub(super) code: String,
    /// « arrivé à 9 h 02 »
    pub(super) standing: String,
    pub(super) class: &'static str,
    pub(super) icon: &'static str,
    /// « prochain rendez-vous à 9 h 30, table 7 »
    pub(super) next: String,
    /// The version of what is known; 0: nothing is.
    pub(super) version: i64,
    pub(super) is_arrived: bool,
    pub(super) is_no_show: bool,
    /// Whether it is known to leave before the end.
    pub(super) leaves: bool,
}

impl Line {
    pub(super) fn new(hall: &Hall, row: &Participant, people: &[(i64, String)], now: DateTime<Utc>) -> Self {
        let known = hall.presences.get(&row.id);
        let (standing, class, icon) = standing(hall, row, known, now);
        let meetings = hall.meetings_of(row.id);
        let ahead = |meeting: &&Meeting| hall.hour(meeting.slot).is_none_or(|hour| hour.to > now);
        let next = meetings.iter().find(ahead).map(|meeting| {
            let is_on = hall.hour(meeting.slot).is_some_and(|hour| hour.from <= now);
            let words = match () {
                () if is_on => "en rendez-vous depuis",
                () if Some(meeting) == meetings.first() => "premier rendez-vous à",
                () => "prochain rendez-vous à",
            };
            format!("{words} {}, {}", hall.begins(meeting.slot), hall.table(meeting.table))
        });
        Self {
            id: row.id,
            name: hall.name(row.id),
            people: people
                .iter()
                .filter(|(id, _)| *id == row.id)
                .map(|(_, name)| name.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            side: match row.side {
                Side::Canteen => "cantine",
                Side::Supplier => "fournisseur",
            },
            code: badge::code(row.id),
            standing,
            class,
            icon,
            next: next.unwrap_or_else(|| {
                if meetings.is_empty() { "aucun rendez-vous" } else { "ses rendez-vous sont passés" }.to_owned()
            }),
            version: known.map_or(0, |known| known.version),
            is_arrived: known.is_some_and(|known| known.state == Known::Arrived),
            is_no_show: known.is_some_and(|known| known.state == Known::NoShow),
            leaves: known.is_some_and(|known| known.leaves_at.is_some()),
        }
    }
}

/// What is known of one, in words, with how it is marked.
fn standing(
    hall: &Hall,
    row: &Participant,
    known: Option<&Presence>,
    now: DateTime<Utc>,
) -> (String, &'static str, &'static str) {
    let Some(known) = known else { return (expected(row), "", "clock") };
    let hour = |minutes: i32| french::time(clock(minutes));
    let noted = hall.time(known.changed_at);
    let is_gone = known.leaves_at.and_then(|at| hall.moment(at)).is_some_and(|at| at <= now);
    match (known.state, known.leaves_at.map(hour)) {
        (Known::NoShow, _) => (format!("absent, noté à {noted}"), "missing", "circle-x"),
        (_, Some(left)) if is_gone => (format!("parti à {left}"), GONE, "log-out"),
        (Known::Arrived, Some(leaves)) => (format!("arrivé, part à {leaves}"), "there", "circle-check"),
        (Known::Arrived, None) => (format!("arrivé à {noted}"), "there", "circle-check"),
        (Known::Late, leaves) => {
            let comes = known.expected_at.map(hour).unwrap_or_default();
            let leaves = leaves.map(|leaves| format!(", part à {leaves}")).unwrap_or_default();
            (format!("en retard, attendu à {comes}{leaves}"), "late", "clock")
        }
    }
}

/// What is known of one of whom nothing was said.
fn expected(row: &Participant) -> String {
    row.arrives_at.map_or_else(|| "attendu".to_owned(), |at| format!("attendu à {}", french::time(clock(at))))
}
