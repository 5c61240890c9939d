//! What is printed for the day: everything that must work when nothing else does.

use sea_orm::DbErr;

use super::badge;
use super::own_day::{Hall, Own, own_day};
use super::version::{self, Publication};
use crate::app::App;
use crate::speed_meetings::edition::{Side, State};
use crate::speed_meetings::guest::Guest;
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::representative;
use crate::speed_meetings::table;
use crate::speed_meetings::workshop::appointment::{self, Appointment};
use crate::suppliers::Word;
use crate::tables::fold;
use crate::web::{code_picture, french};

/// Of the plan of the hall, in millimetres: a heading, a row of high boxes, what a column holds of them for sure.
const HEADING: usize = 10;
const ROW: usize = 33;
const COLUMN: usize = 135;
/// Badges of a page.
const BADGES: usize = 8;

/// All that is printed for a day.
pub(super) struct Sheets {
    /// « version 2 du 16 mars 2027, 8 h 30 », or that it is not published.
    pub(super) version: String,
    /// One page for each organisation.
    pub(super) plannings: Vec<Planning>,
    /// The tables, by their zones.
    pub(super) zones: Vec<Zone>,
    /// Those who come, by name.
    pub(super) desk: Vec<DeskLine>,
    /// How many eat there.
    pub(super) meals: i32,
    /// Badges, by pages.
    pub(super) badges: Vec<Vec<Badge>>,
    /// Who meets whom, slot by slot.
    pub(super) slots: Vec<SlotSheet>,
}

/// The timetable of one organisation.
pub(super) struct Planning {
    pub(super) name: String,
    /// Who comes.
    pub(super) people: String,
    pub(super) lines: Vec<PlanningLine>,
    /// How much room a line has: `roomy`, `usual` or `dense`.
    pub(super) room: &'static str,
}

/// An appointment of an organisation.
pub(super) struct PlanningLine {
    pub(super) time: String,
    pub(super) table: String,
    pub(super) with: String,
    pub(super) which: &'static str,
    /// Whether a session begins with it, after another.
    pub(super) is_after_pause: bool,
}

/// Tables that stand together.
pub(super) struct Zone {
    /// « Fruits et légumes »; empty of those in no zone.
    pub(super) name: &'static str,
    pub(super) tables: Vec<TableSign>,
}

/// A table.
pub(super) struct TableSign {
    pub(super) number: i32,
    /// Its name, when that is another than « Table 7 ».
    pub(super) name: String,
    pub(super) zone: &'static str,
    /// Who sits there all day, when somebody does.
    pub(super) who: String,
}

/// One who comes, in the list at the door.
pub(super) struct DeskLine {
    pub(super) name: String,
    pub(super) people: Vec<String>,
    pub(super) hours: String,
    pub(super) meals: i32,
    pub(super) needs: String,
    pub(super) code: String,
}

/// The badge of one person.
pub(super) struct Badge {
    pub(super) name: String,
    pub(super) organisation: String,
    pub(super) side: &'static str,
    pub(super) code: String,
    /// The picture that a telephone reads, as SVG.
    pub(super) picture: String,
}

/// A slot of the day.
pub(super) struct SlotSheet {
    pub(super) number: usize,
    pub(super) begins: String,
    pub(super) ends: String,
    /// Table, who cooks, who sells.
    pub(super) lines: Vec<(String, String, String)>,
    /// « Pause jusqu’à 14 h », when one follows.
    pub(super) pause: Option<String>,
}

impl Sheets {
    /// What is printed for an edition: of the version in force, or of the timetable in work while there is none. Since a
    /// version, only the timetables of those whose day is another than it was then.
    ///
    /// # Errors
    /// What the database said.
    pub(super) async fn of(app: &App, plan: &Plan, since: Option<&Publication>) -> Result<Self, DbErr> {
        let held = version::in_force(&app.db, plan.edition.id).await?;
        let (before, were) = match since {
            Some(one) => (version::meetings(&app.db, one.id).await?, version::tables(&app.db, one.id).await?),
            None => <_>::default(),
        };
        let held = held.filter(|_| plan.edition.state >= State::Published);
        let names = held.as_ref().map_or_else(|| table::names(&plan.tables), |held| held.tables_now(plan));
        let were = if since.is_some() { were } else { names.clone() };
        let hall = Hall::of(&app.db, plan, app.config.time_zone).await?.calling(&names, &were);
        let (version, meetings) = if let Some(held) = held {
            let at = french::moment(app.local(held.publication.published_at));
            (format!("version {} du {at}", held.publication.number), held.meetings)
        } else {
            let rows = appointment::of(&app.db, plan.edition.id).await?;
            ("projet, pas encore publié".to_owned(), rows.iter().map(Appointment::meeting).collect())
        };
        let mut guests: Vec<&Guest> = hall.registered().collect();
        guests.sort_by_key(|guest| fold(&guest.name));
        let keys: Vec<i64> = guests.iter().map(|guest| guest.row.id).collect();
        let people = representative::names_of(&app.db, &keys).await?;
        let people_of = |id: i64| -> Vec<String> {
            people.iter().filter(|(of, _)| *of == id).map(|(_, name)| name.clone()).collect()
        };
        let is_printed =
            |guest: &&&Guest| since.is_none() || !hall.changes(guest.row.id, &before, &meetings).is_empty();
        let planning = |guest: &&Guest| planning(&hall, guest, people_of(guest.row.id), &meetings);
        let badges: Vec<Badge> =
            guests.iter().flat_map(|guest| badges(app, plan, guest, people_of(guest.row.id))).collect();
        let desk = |guest: &&Guest| desk_line(guest, people_of(guest.row.id));
        Ok(Self {
            version,
            plannings: guests.iter().filter(is_printed).map(planning).collect(),
            zones: zones(plan, &hall, &meetings),
            desk: guests.iter().map(desk).collect(),
            meals: guests.iter().map(|guest| guest.row.meals).sum(),
            badges: paged(badges),
            slots: slots(&hall, &meetings),
        })
    }

    /// Whether the tables of all zones have room for high boxes on the two columns of a page: rows of four, and a heading.
    pub(super) fn is_hall_roomy(&self) -> bool {
        let height = |zone: &Zone| HEADING + zone.tables.len().div_ceil(4) * ROW;
        self.zones.iter().map(height).sum::<usize>() <= 2 * COLUMN
    }

    /// The tables, in their order.
    pub(super) fn tables(&self) -> Vec<&TableSign> {
        let mut all: Vec<&TableSign> = self.zones.iter().flat_map(|zone| &zone.tables).collect();
        all.sort_by_key(|table| table.number);
        all
    }
}

fn planning(hall: &Hall, guest: &Guest, people: Vec<String>, meetings: &[Meeting]) -> Planning {
    let day = own_day(meetings, guest.row.id);
    let session =
        |slot: i32| hall.slots().iter().find(|one| i32::try_from(one.number) == Ok(slot)).map(|one| one.session);
    let mut last = None;
    let mut line = |own: &Own| {
        let now = session(own.slot);
        let is_after_pause = last.is_some() && last != Some(now);
        last = Some(now);
        PlanningLine {
            time: hall.times(own.slot),
            table: hall.table(own.table),
            with: hall.name(own.other).to_owned(),
            which: hall.which(guest.row.id, own.copy),
            is_after_pause,
        }
    };
    let lines: Vec<PlanningLine> = day.iter().map(&mut line).collect();
    let room = match lines.len() {
        0..=12 => "roomy",
        13..=20 => "usual",
        _ => "dense",
    };
    Planning { name: guest.name.clone(), people: people.join(", "), lines, room }
}

/// The tables by zones, each zone where its first table stands.
fn zones(plan: &Plan, hall: &Hall, meetings: &[Meeting]) -> Vec<Zone> {
    let mut zones: Vec<Zone> = Vec::new();
    for table in &plan.tables {
        let zone = table.zone.as_ref().map_or("", |zone| zone.label());
        let who = seated(plan, hall, meetings, table.number);
        let is_plain = table.name == format!("Table {}", table.number);
        let name = if is_plain { String::new() } else { table.name.clone() };
        let sign = TableSign { number: table.number, name, zone, who };
        match zones.iter_mut().find(|known| known.name == zone) {
            Some(known) => known.tables.push(sign),
            None => zones.push(Zone { name: zone, tables: vec![sign] }),
        }
    }
    zones
}

/// Who sits at a table all day: the one of the side that stays, when it is always the same.
fn seated(plan: &Plan, hall: &Hall, meetings: &[Meeting], table: i32) -> String {
    let Some(side) = plan.edition.seated else { return String::new() };
    let mut sitting: Vec<i64> =
        meetings.iter().filter(|meeting| meeting.table == table).map(|meeting| meeting.on(side).participant).collect();
    sitting.sort_unstable();
    sitting.dedup();
    match sitting.as_slice() {
        [one] => hall.name(*one).to_owned(),
        _ => String::new(),
    }
}

fn desk_line(guest: &Guest, people: Vec<String>) -> DeskLine {
    let row = &guest.row;
    DeskLine {
        name: guest.name.clone(),
        people,
        hours: row.presence_in_words().join(", "),
        meals: row.meals,
        needs: french::typographic(&row.needs),
        code: badge::code(row.id),
    }
}

/// A badge for each who comes, or one for the organisation when nobody is named.
fn badges(app: &App, plan: &Plan, guest: &Guest, mut people: Vec<String>) -> Vec<Badge> {
    if people.is_empty() {
        people.push(String::new());
    }
    let code = badge::code(guest.row.id);
    let address = format!("{}{}/accueil?code={code}", app.config.public_url(), plan.edition.desk());
    let picture = code_picture(&address);
    let side = match guest.row.side {
        Side::Canteen => "Cantine",
        Side::Supplier => "Fournisseur",
    };
    let badge = |name: String| Badge {
        name: french::typographic(&name),
        organisation: guest.name.clone(),
        side,
        code: code.clone(),
        picture: picture.clone(),
    };
    people.into_iter().map(badge).collect()
}

fn paged(badges: Vec<Badge>) -> Vec<Vec<Badge>> {
    let mut pages: Vec<Vec<Badge>> = Vec::new();
    for badge in badges {
        match pages.last_mut() {
            Some(page) if page.len() < BADGES => page.push(badge),
            _ => pages.push(vec![badge]),
        }
    }
    pages
}

fn slots(hall: &Hall, meetings: &[Meeting]) -> Vec<SlotSheet> {
    let time = |at: chrono::DateTime<chrono_tz::Tz>| french::time(at.time());
    let sheet = |(place, slot): (usize, &crate::speed_meetings::slots::Slot)| {
        let own = meetings.iter().filter(|meeting| usize::try_from(meeting.slot) == Ok(slot.number));
        let mut own: Vec<&Meeting> = own.collect();
        own.sort_by_key(|meeting| meeting.table);
        let line = |meeting: &&Meeting| {
            let name = |id| hall.name(id).to_owned();
            (hall.table(meeting.table), name(meeting.canteen.participant), name(meeting.supplier.participant))
        };
        let next = hall.slots().get(place + 1).filter(|next| next.session != slot.session);
        SlotSheet {
            number: slot.number,
            begins: time(slot.starts_at),
            ends: time(slot.ends_at),
            lines: own.iter().map(line).collect(),
            pause: next.map(|next| format!("Pause jusqu’à {}", time(next.starts_at))),
        }
    };
    hall.slots().iter().enumerate().map(sheet).collect()
}
