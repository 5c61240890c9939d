//! The day's slots as pages show them.

use chrono::DateTime;
use chrono_tz::Tz;

use crate::speed_meetings::Plan;
use crate::speed_meetings::slots::{Day, Pause, Slot};
use crate::web::french;

/// The hours of a day.
pub(super) struct Hours {
    /// Its sessions, in their order.
    pub(super) sessions: Vec<SessionHours>,
    /// « 20 créneaux de 10 minutes »
    pub(super) summary: String,
}

/// The hours of a session.
pub(super) struct SessionHours {
    /// « Matin »
    pub(super) label: String,
    /// « de 9 h 30 à 11 h 28 »
    pub(super) span: String,
    /// « 10 rendez-vous »
    pub(super) count: String,
    /// When each appointment begins and ends.
    pub(super) slots: Vec<(usize, String)>,
    /// « Pause de 2 h 32, jusqu’à 14 h », when one follows.
    pub(super) pause: Option<String>,
}

impl Hours {
    /// The hours of a plan whose sessions make a day.
    pub(super) fn new(plan: &Plan, zone: Tz) -> Option<Self> {
        let day = plan.day(zone).ok()?;
        let mut sessions: Vec<SessionHours> = Vec::new();
        let mut seen = Vec::new();
        for slot in &day.slots {
            if !seen.contains(&slot.session) {
                seen.push(slot.session);
                sessions.push(SessionHours::new(plan, &day, slot.session));
            }
        }
        let (slots, tables) = (day.slots.len() as u64, plan.tables.len() as u64);
        let minutes = plan.edition.appointment_minutes;
        let slots_said = french::count(slots, "créneau", "créneaux");
        let most = french::number(slots * tables);
        let summary = format!(
            "{slots_said} de {minutes}\u{a0}minutes\u{a0}: avec {}, jusqu’à {most}\u{a0}rendez-vous.",
            french::count(tables, "table", "tables")
        );
        Some(Self { sessions, summary })
    }
}

impl SessionHours {
    fn new(plan: &Plan, day: &Day, session: usize) -> Self {
        let own: Vec<&Slot> = day.slots.iter().filter(|slot| slot.session == session).collect();
        let ends = own.last().map(|slot| slot.ends_at);
        let span = own.first().zip(ends).map(|(first, ends)| span(first.starts_at, ends)).unwrap_or_default();
        let pause = day.pauses.iter().find(|pause| Some(pause.starts_at) == ends);
        Self {
            label: plan.sessions.get(session).map(|one| one.label.clone()).unwrap_or_default(),
            span,
            count: format!("{}\u{a0}rendez-vous", own.len()),
            slots: own
                .iter()
                .map(|slot| (slot.number, format!("{} – {}", clock(slot.starts_at), clock(slot.ends_at))))
                .collect(),
            pause: pause.map(said),
        }
    }
}

/// « de 9 h 30 à 11 h 28 »
fn span(from: DateTime<Tz>, to: DateTime<Tz>) -> String {
    format!("de {} à {}", clock(from), clock(to))
}

fn clock(at: DateTime<Tz>) -> String {
    french::time(at.time())
}

fn said(pause: &Pause) -> String {
    let minutes = (pause.ends_at - pause.starts_at).num_minutes();
    let length = match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}\u{a0}minutes"),
        (hours, 0) => format!("{hours}\u{a0}h"),
        (hours, minutes) => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
    };
    format!("Pause de {length}, jusqu’à {}", clock(pause.ends_at))
}
