//! One appointment: where it could go, with whom it could change places, what each costs.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};

use super::said;
use crate::app::App;
use crate::speed_meetings::edition::Edition;
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::workshop::appointment::Appointment;
use crate::speed_meetings::workshop::board::{Board, Placed};
use crate::speed_meetings::workshop::cost::{Effect, effects};
use crate::speed_meetings::workshop::edit::{Edit, Seen, places, work_out};
use crate::speed_meetings::workshop::trouble::troubles;
use crate::web::{Csrf, Error, Frame, Result, filters, page, private};

#[derive(Template)]
#[template(path = "speed_meetings/workshop/appointment.html")]
struct AppointmentPage {
    edition: Edition,
    id: i64,
    version: i64,
    canteen: End,
    supplier: End,
    place: String,
    is_pinned: bool,
    troubles: Vec<String>,
    moves: Vec<Way>,
    /// Appointments it can change places with: key and words.
    swaps: Vec<(i64, String)>,
    /// Number and words of each slot and table, for whoever knows where.
    slots: Vec<(i32, String)>,
    tables: Vec<(i32, String)>,
    at: (i32, i32),
    is_open: bool,
    csrf: Csrf,
    frame: Frame,
}

/// One of the two.
struct End {
    name: String,
    href: String,
    /// « son choix n° 2 »
    rank: String,
}

/// A place where it could go.
pub(super) struct Way {
    pub(super) href: String,
    pub(super) place: String,
    pub(super) effects: Vec<Effect>,
}

impl Way {
    /// Worse first, then how much is worse.
    pub(super) fn weight(&self) -> usize {
        self.effects.iter().filter(|effect| effect.is_worse).count()
    }
}

impl AppointmentPage {
    fn path(&self) -> String {
        said::path(&self.edition)
    }

    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "fixer" => Some("Ce rendez-vous est fixé\u{a0}: les prochaines recherches le laissent à sa place."),
            "liberer" => Some("Ce rendez-vous n’est plus fixé."),
            _ => None,
        }
    }
}

/// `GET /organisation/rencontres/{key}/planning/rendez-vous/{id}`
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    workshop: Workshop,
    Path((_, id)): Path<(i64, i64)>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let board = Board::load(&app.db, workshop.plan, app.config.time_zone).await?;
    let row = board.row(id).cloned().ok_or(Error::NotFound)?;
    let (meeting, edition, is_open) = (row.meeting(), board.plan.edition.clone(), board.is_open());
    let (canteen, supplier) = meeting.pair();
    let wrong = troubles(&board, &board.placed()).into_iter();
    let end = |one: i64, other: i64| End {
        name: board.name(one).to_owned(),
        href: format!("{}/participants/{one}", said::path(&edition)),
        rank: match board.rank(one, other) {
            Some(rank) => format!("son choix n°\u{a0}{rank}"),
            None => "ne l’a pas demandé".to_owned(),
        },
    };
    let view = AppointmentPage {
        id,
        version: row.version,
        canteen: end(canteen, supplier),
        supplier: end(supplier, canteen),
        place: board.place(row.slot, row.table_number),
        is_pinned: row.is_pinned,
        troubles: wrong.filter(|one| one.pairs.contains(&meeting.pair())).map(|one| one.sentence).collect(),
        moves: if is_open { ways(&board, &row) } else { Vec::new() },
        swaps: if is_open { swaps(&board, &row) } else { Vec::new() },
        slots: (1..=board.slots()).map(|slot| (slot, board.hour(slot))).collect(),
        tables: board.plan.tables.iter().map(|table| (table.number, table.name.clone())).collect(),
        at: (row.slot, row.table_number),
        is_open,
        edition,
        csrf,
        frame,
    };
    Ok(private(page(&view)?))
}

/// Where it could go, the cheapest first.
fn ways(board: &Board, row: &Appointment) -> Vec<Way> {
    let (meeting, placed) = (row.meeting(), board.placed());
    let others: Vec<Placed> = placed.iter().filter(|one| one.0 != meeting).copied().collect();
    let path = said::path(&board.plan.edition);
    let way = |(slot, table): (i32, i32)| {
        let what = Seen { id: row.id, version: row.version };
        let next = work_out(board, Edit::Move { what, slot, table }).ok()??;
        Some(Way {
            href: format!("{path}/changement?geste=deplacer&rdv={}&creneau={slot}&table={table}", row.id),
            place: board.place(slot, table),
            effects: effects(board, &placed, &next.applied(&placed)),
        })
    };
    let found = places(board, &others, (meeting.canteen, meeting.supplier), meeting.table);
    let mut ways: Vec<Way> = found.into_iter().filter(|(slot, _)| *slot != meeting.slot).filter_map(way).collect();
    ways.sort_by_key(Way::weight);
    ways
}

/// With which appointments it could change places.
fn swaps(board: &Board, row: &Appointment) -> Vec<(i64, String)> {
    let seen = |row: &Appointment| Seen { id: row.id, version: row.version };
    let come = |meeting: Meeting, slot: i32| {
        [meeting.canteen, meeting.supplier].iter().all(|seat| board.is_there(seat.participant, slot))
    };
    let fits = |other: &&Appointment| {
        other.slot != row.slot
            && come(row.meeting(), other.slot)
            && come(other.meeting(), row.slot)
            && matches!(work_out(board, Edit::Swap { what: seen(row), with: seen(other) }), Ok(Some(_)))
    };
    let named = |other: &Appointment| {
        let place = board.place(other.slot, other.table_number);
        (other.id, format!("{place}\u{a0}: {}", board.names(other.meeting().pair())))
    };
    board.rows.iter().filter(fits).map(named).collect()
}
