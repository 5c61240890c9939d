//! The day of one participant, one appointment below the other: what a phone shows best.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};

use super::grid::marks;
use super::said;
use crate::app::App;
use crate::speed_meetings::edition::{Edition, Side};
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::workshop::board::Board;
use crate::speed_meetings::workshop::cost;
use crate::speed_meetings::workshop::trouble::troubles;
use crate::web::{Error, Frame, Result, filters, french, page, private};

#[derive(Template)]
#[template(path = "speed_meetings/workshop/person.html")]
struct PersonPage {
    edition: Edition,
    id: i64,
    name: String,
    /// « 6 rendez-vous, 5 promis, 1 créneau d’attente »
    summary: String,
    troubles: Vec<String>,
    entries: Vec<Entry>,
    /// Wishes of either that are not held: words and where to learn why.
    missing: Vec<(String, String)>,
    is_gone: bool,
    is_open: bool,
    frame: Frame,
}

/// A slot of the day.
struct Entry {
    hour: String,
    /// With whom, where, and where that leads; empty when nobody.
    whom: String,
    table: String,
    href: String,
    is_pinned: bool,
    words: Vec<&'static str>,
    /// « absent », « libre »
    note: &'static str,
}

impl PersonPage {
    fn path(&self) -> String {
        said::path(&self.edition)
    }
}

/// `GET /organisation/rencontres/{key}/planning/participants/{id}`
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    workshop: Workshop,
    Path((_, id)): Path<(i64, i64)>,
    frame: Frame,
) -> Result<Response> {
    let board = Board::load(&app.db, workshop.plan, app.config.time_zone).await?;
    let guest = board.guests.get(&id).cloned().ok_or(Error::NotFound)?;
    let (placed, edition) = (board.placed(), board.plan.edition.clone());
    let wrong = troubles(&board, &placed);
    let of = |all: std::collections::BTreeMap<i64, usize>| all.get(&id).copied().unwrap_or_default() as u64;
    let (held, waited) = (of(cost::held(&placed)), of(cost::waits(&board, &placed)));
    let summary = format!(
        "{held}\u{a0}rendez-vous, {} promis, {} d’attente",
        board.promised(id),
        french::count(waited, "créneau", "créneaux")
    );
    let is_own = |pairs: &[(i64, i64)]| pairs.iter().any(|pair| pair.0 == id || pair.1 == id);
    let view = PersonPage {
        id,
        name: guest.name,
        summary,
        troubles: wrong.iter().filter(|one| is_own(&one.pairs)).map(|one| one.sentence.clone()).collect(),
        entries: entries(&board, id, &marks(&wrong)),
        missing: missing(&board, id),
        is_gone: !board.comes(id) && held > 0,
        is_open: board.is_open(),
        edition,
        frame,
    };
    Ok(private(page(&view)?))
}

fn entries(board: &Board, id: i64, marks: &std::collections::BTreeMap<(i64, i64), Vec<&'static str>>) -> Vec<Entry> {
    let path = said::path(&board.plan.edition);
    let own = board.rows.iter().filter(|row| row.meeting().other(id).is_some());
    let last = own.clone().map(|row| row.slot).max().unwrap_or_default().max(board.slots());
    let mut entries = Vec::new();
    for slot in 1..=last {
        let here: Vec<_> = own.clone().filter(|row| row.slot == slot).collect();
        let hour = board.hour(slot);
        if here.is_empty() && slot <= board.slots() {
            let note = if board.is_there(id, slot) { "libre" } else { "absent" };
            entries.push(Entry {
                hour: hour.clone(),
                whom: String::new(),
                table: String::new(),
                href: String::new(),
                is_pinned: false,
                words: Vec::new(),
                note,
            });
        }
        entries.extend(here.into_iter().map(|row| Entry {
            hour: hour.clone(),
            whom: row.meeting().other(id).map(|(seat, _)| board.name(seat.participant).to_owned()).unwrap_or_default(),
            table: board.table(row.table_number),
            href: format!("{path}/rendez-vous/{}", row.id),
            is_pinned: row.is_pinned,
            words: marks.get(&row.meeting().pair()).cloned().unwrap_or_default(),
            note: "",
        }));
    }
    entries
}

/// Wishes of this participant and for it that are not held.
fn missing(board: &Board, id: i64) -> Vec<(String, String)> {
    let path = said::path(&board.plan.edition);
    let side = board.guests.get(&id).map(|guest| guest.row.side);
    let held = |pair: &(i64, i64)| board.rows.iter().any(|row| row.meeting().pair() == *pair);
    let own = board.wished().into_iter().filter(|pair| (pair.0 == id || pair.1 == id) && !held(pair));
    let mut lines: Vec<(i32, (String, String))> = own
        .map(|(canteen, supplier)| {
            let other = if side == Some(Side::Canteen) { supplier } else { canteen };
            let (mine, theirs) = (board.rank(id, other), board.rank(other, id));
            let words = match (mine, theirs) {
                (Some(mine), Some(theirs)) => format!("son choix n°\u{a0}{mine}, et réciproquement (n°\u{a0}{theirs})"),
                (Some(mine), None) => format!("son choix n°\u{a0}{mine}"),
                (None, Some(theirs)) => format!("demandé par l’autre (n°\u{a0}{theirs})"),
                (None, None) => String::new(),
            };
            let href = format!("{path}/ajout?cantine={canteen}&fournisseur={supplier}");
            (mine.unwrap_or(i32::MAX), (format!("{}, {words}", board.name(other)), href))
        })
        .collect();
    lines.sort();
    lines.into_iter().map(|(_, line)| line).collect()
}
