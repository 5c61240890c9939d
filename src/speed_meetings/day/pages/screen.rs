//! The big screen: round, countdown, bell, who goes where. The whole day lies in the page, so that it goes on by itself.

use std::collections::BTreeMap;

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};
use serde::Serialize;
use serde_json::json;

use super::reception;
use super::today::minutes;
use crate::app::App;
use crate::speed_meetings::day::clock::{Moment, Phase, current, moments};
use crate::speed_meetings::day::hall::Hall;
use crate::speed_meetings::day::live::pulses;
use crate::speed_meetings::edition::{Edition, State};
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::pages::desk::Workshop;
use crate::web::{Frame, Result, data_block, filters, french, page, private};

#[derive(Template)]
#[template(path = "speed_meetings/day/screen.html")]
struct ScreenPage {
    edition: Edition,
    title: String,
    now: Shown,
    round: Option<Round>,
    late: String,
    data: String,
    key: String,
    frame: Frame,
}

/// A moment as the screen shows it.
#[derive(Clone, Serialize)]
struct Shown {
    /// From when, in milliseconds since 1970; 0: from the beginning.
    at: i64,
    /// Until when; 0: for good.
    until: i64,
    /// `before`, `round`, `change`, `pause`, `over`: its colour.
    kind: &'static str,
    /// « Rendez-vous 3 sur 20 »
    title: String,
    /// « jusqu’à 10 h 22 »
    words: String,
    /// The slot that is held; 0: none.
    round: i32,
    /// The slot that begins next; 0: none.
    next: i32,
}

/// Who sits where in a slot.
#[derive(Clone, Serialize)]
struct Round {
    /// « Rendez-vous 4, à 10 h 24 »
    title: String,
    lines: Vec<Line>,
}

#[derive(Clone, Serialize)]
struct Line {
    table: String,
    canteen: String,
    supplier: String,
    /// « pas là » when an end is missing.
    note: String,
}

impl ScreenPage {
    fn back(&self) -> String {
        reception::path(&self.edition)
    }

    fn is_open(&self) -> bool {
        self.edition.state >= State::Published
    }
}

/// `GET /organisation/rencontres/{key}/ecran`
#[handler]
pub(crate) async fn show(app: Data<&App>, workshop: Workshop, frame: Frame) -> Result<Response> {
    let pulse = pulses(&app.db, &[workshop.plan.edition.id]).await?.into_iter().next().map(|(_, pulse)| pulse.page);
    let hall = Hall::of(&app.db, workshop.plan, app.config.time_zone).await?;
    let now = app.clock.now();
    let moments = moments(&hall.hours);
    let shown: Vec<Shown> = moments.iter().map(|moment| Shown::new(&hall, moment)).collect();
    let rounds: BTreeMap<i32, Round> =
        hall.hours.iter().map(|hour| (hour.slot, Round::new(&hall, hour.slot))).collect();
    let place = current(&moments, now);
    let late = hall.late(now);
    let late = if late > 0 { format!("Horaires décalés de {}", minutes(late)) } else { String::new() };
    let slot = if shown[place].next == 0 { shown[place].round } else { shown[place].next };
    let data = json!({ "now": now.timestamp_millis(), "late": late, "moments": shown, "rounds": rounds });
    let view = ScreenPage {
        title: french::typographic(&hall.plan.edition.title),
        now: shown[place].clone(),
        round: rounds.get(&slot).cloned(),
        late,
        data: data_block(&data),
        key: pulse.unwrap_or_default(),
        edition: hall.plan.edition,
        frame,
    };
    Ok(private(page(&view)?))
}

impl Shown {
    fn new(hall: &Hall, moment: &Moment) -> Self {
        let until = moment.until.map(|until| hall.time(until)).unwrap_or_default();
        let next = moment.next.map(|next| format!("rendez-vous {} à {}", next.slot, hall.time(next.from)));
        let next = next.unwrap_or_default();
        let (kind, title, words) = match moment.phase {
            Phase::Before => ("before", "Bienvenue".to_owned(), format!("Premier {next}")),
            Phase::Round(hour) => {
                ("round", format!("Rendez-vous {} sur {}", hour.slot, hall.hours.len()), format!("jusqu’à {until}"))
            }
            Phase::ChangeOver => ("change", "Changez de table".to_owned(), format!("Prochain {next}")),
            Phase::Pause => ("pause", "Pause".to_owned(), format!("Reprise à {until}")),
            Phase::Over => ("over", "C’est fini".to_owned(), "Merci à tous et bonne route".to_owned()),
        };
        Self {
            at: moment.from.map_or(0, |from| from.timestamp_millis()),
            until: moment.until.map_or(0, |until| until.timestamp_millis()),
            kind,
            title,
            words,
            round: if let Phase::Round(hour) = moment.phase { hour.slot } else { 0 },
            next: moment.next.map_or(0, |next| next.slot),
        }
    }
}

impl Round {
    fn new(hall: &Hall, slot: i32) -> Self {
        let own = hall.meetings.iter().filter(|meeting| meeting.slot == slot);
        let line = |meeting: &Meeting| {
            let (canteen, supplier) = meeting.pair();
            let is_held = !hall.is_away(canteen, slot) && !hall.is_away(supplier, slot);
            Line {
                table: hall.table(meeting.table),
                canteen: hall.name(canteen),
                supplier: hall.name(supplier),
                note: if is_held { "" } else { "n’a pas lieu" }.to_owned(),
            }
        };
        Self { title: format!("Rendez-vous {slot}, à {}", hall.begins(slot)), lines: own.map(line).collect() }
    }
}
