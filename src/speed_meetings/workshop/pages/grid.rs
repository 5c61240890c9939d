//! The whole timetable: by time and table, by time and participant, or as a list of days; what is wrong in it; what was done.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::said::{self, Told};
use crate::app::App;
use crate::speed_meetings::edition::{Edition, Side, State};
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::workshop::appointment::Appointment;
use crate::speed_meetings::workshop::board::Board;
use crate::speed_meetings::workshop::cost::{self, Worth};
use crate::speed_meetings::workshop::trouble::{Trouble, troubles};
use crate::speed_meetings::workshop::{change, run};
use crate::web::{Csrf, Frame, Result, filters, french, page, private};

/// Which way to look at it, or since which version.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    vue: String,
    depuis: i64,
}

#[derive(Template)]
#[template(path = "speed_meetings/workshop/grid.html")]
struct GridPage {
    edition: Edition,
    /// What is missing before there can be a timetable.
    lacks: Vec<String>,
    views: Vec<(String, &'static str, bool)>,
    /// « Heure » or « Cantine »: what the first column holds.
    corner: &'static str,
    columns: Vec<String>,
    lines: Vec<Line>,
    /// Whether the lines are days to be read one below the other.
    is_list: bool,
    troubles: Vec<TroubleLine>,
    figures: Vec<(&'static str, usize)>,
    changes: Vec<Told>,
    undo: Option<Told>,
    redo: Option<Told>,
    /// The number of the search that is running.
    running: Option<i32>,
    is_open: bool,
    csrf: Csrf,
    frame: Frame,
}

/// A row of the grid, or a day of the list.
struct Line {
    title: String,
    /// Where the title leads, if anywhere.
    href: String,
    /// « 6 rendez-vous, 1 créneau d’attente »
    words: String,
    cells: Vec<Cell>,
    /// Whether a pause comes before it.
    is_after_pause: bool,
}

/// A place in the grid.
struct Cell {
    slot: i32,
    /// 0 where the column is no table.
    table: i32,
    meets: Vec<Meet>,
    /// What an empty place says.
    note: &'static str,
}

/// An appointment in the grid.
struct Meet {
    id: i64,
    first: String,
    second: String,
    is_pinned: bool,
    words: Vec<&'static str>,
}

/// A conflict with a way to it.
struct TroubleLine {
    word: &'static str,
    sentence: String,
    href: String,
    link: &'static str,
}

impl GridPage {
    fn path(&self) -> String {
        said::path(&self.edition)
    }

    fn done(&self) -> Option<&'static str> {
        let is_told = self.edition.state >= State::Published;
        match self.frame.done() {
            "annulation" if is_told => Some(
                "Le changement est annulé dans ce planning. Personne n’est prévenu tant que vous ne publiez pas une nouvelle version.",
            ),
            "changement" => Some("C’est fait. Vous pouvez revenir en arrière plus bas, dans « Ce qui a été fait »."),
            "annulation" => Some("Le changement est annulé."),
            "retablissement" => Some("Le changement est rétabli."),
            "choix" => Some(
                "Ce planning est maintenant le planning en cours. Personne d’autre que les organisateurs ne le voit.",
            ),
            _ => None,
        }
    }

    fn is_empty(&self) -> bool {
        self.figures.first().is_none_or(|(_, held)| *held == 0)
    }
}

/// `GET /organisation/rencontres/{key}/planning`
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    workshop: Workshop,
    Query(asked): Query<Asked>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let board = Board::load(&app.db, workshop.plan, app.config.time_zone).await?;
    let edition = board.plan.edition.clone();
    let (placed, is_open) = (board.placed(), board.is_open());
    let wrong = troubles(&board, &placed);
    let sight = Sight::from_code(&asked.vue);
    let path = said::path(&edition);
    let views = Sight::ALL.map(|one| (format!("{path}?vue={}#grille", one.code()), one.label(), one == sight)).to_vec();
    let changes = change::of(&app.db, edition.id, change::SHOWN).await?;
    let (undo, redo) = if is_open {
        (change::to_undo(&app.db, edition.id).await?, change::to_redo(&app.db, edition.id).await?)
    } else {
        (None, None)
    };
    let drawn = Drawing { board: &board, marks: marks(&wrong) };
    let (columns, lines) = drawn.lines(sight, &path);
    let view = GridPage {
        lacks: lacks(&board),
        views,
        corner: sight.corner(),
        columns,
        lines,
        is_list: sight == Sight::Days,
        troubles: wrong.iter().map(|trouble| trouble_line(&board, trouble, &path)).collect(),
        figures: Worth::of(&board, &placed).named().to_vec(),
        changes: said::told(&app, changes).await?,
        undo: said::told(&app, undo.into_iter().collect()).await?.pop(),
        redo: said::told(&app, redo.into_iter().collect()).await?.pop(),
        running: run::of(&app.db, edition.id).await?.iter().find(|run| run.is_open()).map(|run| run.number),
        is_open,
        edition,
        csrf,
        frame,
    };
    Ok(private(page(&view)?))
}

/// What is missing before there can be a timetable.
fn lacks(board: &Board) -> Vec<String> {
    let edition = &board.plan.edition;
    let mut lacks = Vec::new();
    if edition.state < State::Timetable {
        lacks.push(format!(
            "La rencontre est à l’étape «\u{a0}{}\u{a0}»\u{a0}: le planning se prépare une fois les souhaits clos.",
            edition.state.label()
        ));
    }
    if board.day.slots.is_empty() {
        lacks.push("Les séances ne tiennent pas dans la journée.".to_owned());
    }
    if board.plan.tables.is_empty() {
        lacks.push("Il n’y a pas de table.".to_owned());
    }
    let comers = board.comers();
    for (side, who) in [(Side::Canteen, "cantine"), (Side::Supplier, "fournisseur")] {
        if !comers.iter().any(|guest| guest.row.side == side) {
            lacks.push(format!("Il n’y a encore aucun inscrit du côté «\u{a0}{who}\u{a0}»."));
        }
    }
    let silent = comers.iter().filter(|guest| !board.wishes.iter().any(|wish| wish.from == guest.row.id)).count();
    if silent > 0 && edition.state < State::Published {
        let silent = french::count(silent as u64, "inscrit n’a", "inscrits n’ont");
        lacks.push(format!("{silent} pas dit qui rencontrer."));
    }
    lacks
}

/// A way to look at the timetable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    Tables,
    Canteens,
    Suppliers,
    Days,
}

impl Sight {
    const ALL: [Self; 4] = [Self::Tables, Self::Canteens, Self::Suppliers, Self::Days];

    fn code(self) -> &'static str {
        match self {
            Self::Tables => "tables",
            Self::Canteens => "cantines",
            Self::Suppliers => "fournisseurs",
            Self::Days => "journees",
        }
    }

    fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|sight| sight.code() == code).unwrap_or(Self::Tables)
    }

    fn label(self) -> &'static str {
        match self {
            Self::Tables => "Par table",
            Self::Canteens => "Par cantine",
            Self::Suppliers => "Par fournisseur",
            Self::Days => "Journée de chacun",
        }
    }

    fn corner(self) -> &'static str {
        match self {
            Self::Tables => "Heure",
            Self::Canteens => "Cantine",
            Self::Suppliers => "Fournisseur",
            Self::Days => "Participant",
        }
    }
}

/// The words beside the mark of each pair in trouble.
pub(super) fn marks(troubles: &[Trouble]) -> BTreeMap<(i64, i64), Vec<&'static str>> {
    let mut marks: BTreeMap<(i64, i64), Vec<&'static str>> = BTreeMap::new();
    for trouble in troubles {
        for pair in &trouble.pairs {
            let words = marks.entry(*pair).or_default();
            if !words.contains(&trouble.kind.word()) {
                words.push(trouble.kind.word());
            }
        }
    }
    marks
}

fn trouble_line(board: &Board, trouble: &Trouble, path: &str) -> TroubleLine {
    let row = trouble.pairs.first().and_then(|pair| board.rows.iter().find(|row| row.meeting().pair() == *pair));
    let (href, link) = match (trouble.participant.filter(|_| trouble.pairs.len() > 1), row) {
        (Some(one), _) => (format!("{path}/participants/{one}"), "Voir sa journée"),
        (None, Some(row)) => (format!("{path}/rendez-vous/{}", row.id), "Voir le rendez-vous"),
        (None, None) => (path.to_owned(), "Voir le planning"),
    };
    TroubleLine { word: trouble.kind.word(), sentence: trouble.sentence.clone(), href, link }
}

struct Drawing<'b> {
    board: &'b Board,
    marks: BTreeMap<(i64, i64), Vec<&'static str>>,
}

impl Drawing<'_> {
    fn lines(&self, sight: Sight, path: &str) -> (Vec<String>, Vec<Line>) {
        match sight {
            Sight::Tables => self.by_table(),
            Sight::Canteens => self.by_participant(Side::Canteen, path),
            Sight::Suppliers => self.by_participant(Side::Supplier, path),
            Sight::Days => {
                let (_, mut lines) = self.by_participant(Side::Canteen, path);
                lines.extend(self.by_participant(Side::Supplier, path).1);
                (Vec::new(), lines)
            }
        }
    }

    /// Slots of the day, and those beyond it that are in use.
    fn slots(&self) -> Vec<i32> {
        let used = self.board.rows.iter().map(|row| row.slot);
        (1..=self.board.slots()).chain(used).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn by_table(&self) -> (Vec<String>, Vec<Line>) {
        let board = self.board;
        let used = board.rows.iter().map(|row| row.table_number);
        let tables: BTreeSet<i32> = board.plan.tables.iter().map(|table| table.number).chain(used).collect();
        let cell = |slot: i32, table: i32| {
            let here = board.rows.iter().filter(|row| (row.slot, row.table_number) == (slot, table));
            let meets = here.map(|row| self.meet(row, row.canteen_id, row.supplier_id)).collect();
            Cell { slot, table, meets, note: "" }
        };
        let line = |slot: i32| Line {
            title: board.hour(slot),
            href: String::new(),
            words: String::new(),
            cells: tables.iter().map(|table| cell(slot, *table)).collect(),
            is_after_pause: slot > 1 && board.session_of(slot) != board.session_of(slot - 1),
        };
        let lines = self.slots().into_iter().map(line).collect();
        (tables.iter().map(|table| capital(&board.table(*table))).collect(), lines)
    }

    fn by_participant(&self, side: Side, path: &str) -> (Vec<String>, Vec<Line>) {
        let (board, slots) = (self.board, self.slots());
        let placed = board.placed();
        let (held, waits) = (cost::held(&placed), cost::waits(board, &placed));
        let own = |id: i64| board.rows.iter().filter(move |row| row.meeting().other(id).is_some());
        let guests = board.guests.values().filter(|guest| guest.row.side == side);
        let mut shown: Vec<_> =
            guests.filter(|guest| board.comes(guest.row.id) || own(guest.row.id).next().is_some()).collect();
        shown.sort_by_key(|guest| (crate::tables::fold(&guest.name), guest.row.id));
        let cell = |id: i64, slot: i32| {
            let here = own(id).filter(|row| row.slot == slot);
            let meets: Vec<Meet> = here.map(|row| self.meet_of(row, id)).collect();
            let note = if board.is_there(id, slot) { "" } else { "absent" };
            Cell { slot, table: 0, meets, note }
        };
        let line = |guest: &&crate::speed_meetings::guest::Guest| {
            let id = guest.row.id;
            let count = |all: &BTreeMap<i64, usize>| all.get(&id).copied().unwrap_or_default() as u64;
            let wait = match count(&waits) {
                0 => String::new(),
                slots => format!(", {} d’attente", french::count(slots, "créneau", "créneaux")),
            };
            Line {
                title: guest.name.clone(),
                href: format!("{path}/participants/{id}"),
                words: format!("{}\u{a0}rendez-vous{wait}", count(&held)),
                cells: slots.iter().map(|slot| cell(id, *slot)).collect(),
                is_after_pause: false,
            }
        };
        (slots.iter().map(|slot| board.hour(*slot)).collect(), shown.iter().map(line).collect())
    }

    fn meet_of(&self, row: &Appointment, id: i64) -> Meet {
        let other = row.meeting().other(id).map_or(0, |(seat, _)| seat.participant);
        let table = capital(&self.board.table(row.table_number));
        Meet { first: self.board.name(other).to_owned(), second: table, ..self.meet(row, id, other) }
    }

    fn meet(&self, row: &Appointment, first: i64, second: i64) -> Meet {
        Meet {
            id: row.id,
            first: self.board.name(first).to_owned(),
            second: self.board.name(second).to_owned(),
            is_pinned: row.is_pinned,
            words: self.marks.get(&row.meeting().pair()).cloned().unwrap_or_default(),
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "speed_meetings/workshop/news.html")]
struct News {
    /// What somebody did since; nothing when all is as it was.
    sentence: Option<String>,
    path: String,
}

/// `GET /organisation/rencontres/{key}/planning/nouvelles`: for a page that is open.
#[handler]
pub(crate) async fn news(app: Data<&App>, workshop: Workshop, Query(asked): Query<Asked>) -> Result<Response> {
    let edition = &workshop.plan.edition;
    let sentence = if edition.timetable_version == asked.depuis {
        None
    } else {
        let last = said::meanwhile(&app, edition.id, &[]).await?;
        Some(last.unwrap_or_else(|| "Le planning a changé.".to_owned()))
    };
    Ok(private(page(&News { sentence, path: said::path(edition) })?))
}
