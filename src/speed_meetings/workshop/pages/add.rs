//! Wishes that are not held, why each is not, and where it could be held all the same; or any other pair.

use askama::Template;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::appointment::Way;
use super::said;
use crate::app::App;
use crate::speed_meetings::edition::{Edition, Side};
use crate::speed_meetings::meeting::Seat;
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::workshop::appointment::Appointment;
use crate::speed_meetings::workshop::board::Board;
use crate::speed_meetings::workshop::cost::effects;
use crate::speed_meetings::workshop::edit::{Edit, places, work_out};
use crate::speed_meetings::workshop::puzzle::Weights;
use crate::web::{Error, Frame, Result, filters, page, private};
use timetable::{Timetable, why_not};

/// Most wishes that the page lists.
const SHOWN: usize = 100;

/// The pair that is looked at.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    cantine: String,
    fournisseur: String,
}

#[derive(Template)]
#[template(path = "speed_meetings/workshop/add.html")]
struct AddPage {
    edition: Edition,
    pair: Option<Pair>,
    /// Names, ranks, and where to learn more.
    missing: Vec<(String, String, String)>,
    missing_count: usize,
    canteens: Vec<(i64, String)>,
    suppliers: Vec<(i64, String)>,
    is_open: bool,
    frame: Frame,
}

/// A pair that does not meet.
struct Pair {
    names: String,
    /// « Collège des Hauts : choix n° 1 »
    ranks: Vec<String>,
    /// Why it does not meet, and what would change that.
    why: Vec<String>,
    /// The appointment, when it meets all the same.
    held: Option<String>,
    ways: Vec<Way>,
}

impl AddPage {
    fn path(&self) -> String {
        said::path(&self.edition)
    }
}

/// `GET /organisation/rencontres/{key}/planning/ajout`
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    workshop: Workshop,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response> {
    let board = Board::load(&app.db, workshop.plan, app.config.time_zone).await?;
    let pair = match asked.cantine.parse().ok().zip(asked.fournisseur.parse().ok()) {
        Some(ids) => Some(pair(board.clone(), ids).await?),
        None => None,
    };
    let of = |side: Side| {
        let own = board.comers().into_iter().filter(move |guest| guest.row.side == side);
        let mut named: Vec<(i64, String)> = own.map(|guest| (guest.row.id, guest.name)).collect();
        named.sort_by_key(|(id, name)| (crate::tables::fold(name), *id));
        named
    };
    let all = missing(&board);
    let view = AddPage {
        pair,
        missing_count: all.len(),
        missing: all.into_iter().take(SHOWN).collect(),
        canteens: of(Side::Canteen),
        suppliers: of(Side::Supplier),
        is_open: board.is_open(),
        edition: board.plan.edition.clone(),
        frame,
    };
    Ok(private(page(&view)?))
}

/// Wishes that are not held, the most wanted first.
fn missing(board: &Board) -> Vec<(String, String, String)> {
    let path = said::path(&board.plan.edition);
    let held: std::collections::BTreeSet<_> = board.rows.iter().map(|row| row.meeting().pair()).collect();
    let mut all: Vec<_> = board.wished().into_iter().filter(|pair| !held.contains(pair)).collect();
    let worth = |(canteen, supplier): &(i64, i64)| {
        let ranks = [board.rank(*canteen, *supplier), board.rank(*supplier, *canteen)];
        let both = ranks.iter().all(Option::is_some);
        (!both, ranks.iter().flatten().min().copied().unwrap_or(i32::MAX))
    };
    all.sort_by_key(|pair| (worth(pair), *pair));
    let line = |pair: (i64, i64)| {
        let href = format!("{path}/ajout?cantine={}&fournisseur={}", pair.0, pair.1);
        (board.names(pair), ranks(board, pair).join("\u{a0}; "), href)
    };
    all.into_iter().map(line).collect()
}

fn ranks(board: &Board, (canteen, supplier): (i64, i64)) -> Vec<String> {
    let both = [(canteen, supplier), (supplier, canteen)];
    let ranks = both.into_iter().filter_map(|(from, to)| Some((from, board.rank(from, to)?)));
    ranks.map(|(from, rank)| format!("{}, choix n°\u{a0}{rank}", board.name(from))).collect()
}

async fn pair(board: Board, (canteen, supplier): (i64, i64)) -> Result<Pair> {
    let is_on = |id: i64, side| board.guests.get(&id).is_some_and(|guest| guest.row.side == side);
    if !is_on(canteen, Side::Canteen) || !is_on(supplier, Side::Supplier) {
        return Err(Error::NotFound);
    }
    // The reason is looked for by small searches.
    let work = move || {
        let path = said::path(&board.plan.edition);
        let row = board.rows.iter().find(|row| row.meeting().pair() == (canteen, supplier));
        let held = row.map(|row| format!("{path}/rendez-vous/{}", row.id));
        let why = if held.is_some() { Vec::new() } else { why(&board, (canteen, supplier)) };
        let ways = if held.is_some() { Vec::new() } else { ways(&board, (canteen, supplier)) };
        Pair { names: board.names((canteen, supplier)), ranks: ranks(&board, (canteen, supplier)), why, held, ways }
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::broken("looking for the reason of a wish not held"))
}

/// Why a pair does not meet.
fn why(board: &Board, pair: (i64, i64)) -> Vec<String> {
    if board.is_avoided(pair) {
        return vec!["L’un des deux a demandé à éviter l’autre.".to_owned()];
    }
    if board.rows.is_empty() {
        return Vec::new();
    }
    if !board.wished().contains(&pair) {
        return vec!["Aucun des deux n’a demandé à rencontrer l’autre.".to_owned()];
    }
    let meetings: Vec<_> = board.rows.iter().map(Appointment::meeting).collect();
    let puzzle = board.puzzle(Weights::default()).knowing(&meetings);
    let wish = puzzle
        .instance
        .wishes
        .iter()
        .position(|wish| (puzzle.seats[wish.a].participant, puzzle.seats[wish.b].participant) == pair);
    let found = wish.and_then(|wish| {
        let timetable = Timetable::checked(&puzzle.instance, puzzle.positions(&meetings)).ok()?;
        why_not(&puzzle.instance, &timetable, wish)
    });
    match found {
        Some(why) if why.changes.is_empty() => vec![why.text],
        Some(why) => vec![why.text, format!("Il faudrait {}.", why.changes.join(" ou "))],
        None => vec!["Le planning a des conflits\u{a0}: une fois réglés, on saura pourquoi.".to_owned()],
    }
}

/// Where it could be held, the cheapest first.
fn ways(board: &Board, (canteen, supplier): (i64, i64)) -> Vec<Way> {
    let (placed, path) = (board.placed(), said::path(&board.plan.edition));
    let seat = |participant| Seat { participant, copy: 1 };
    let way = |(slot, table): (i32, i32)| {
        let next = work_out(board, Edit::Add { canteen, supplier, slot, table }).ok()??;
        Some(Way {
            href: format!(
                "{path}/changement?geste=ajouter&cantine={canteen}&fournisseur={supplier}&creneau={slot}&table={table}"
            ),
            place: board.place(slot, table),
            effects: effects(board, &placed, &next.applied(&placed)),
        })
    };
    let mut ways: Vec<Way> =
        places(board, &placed, (seat(canteen), seat(supplier)), 1).into_iter().filter_map(way).collect();
    ways.sort_by_key(Way::weight);
    ways
}
