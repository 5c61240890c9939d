//! What is wrong in a timetable that people have changed by hand, or whose day, tables or participants have changed: pure.

use std::collections::{BTreeMap, BTreeSet};

use super::board::{Board, Placed};
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::meeting::{Meeting, Seat};

/// What kind of conflict it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::speed_meetings) enum Kind {
    /// Somebody does not come any more.
    Withdrawn,
    /// Somebody is not there at that time.
    Away,
    /// The day no longer has that slot.
    NoSlot,
    /// The hall no longer has that table.
    NoTable,
    /// Somebody no longer sits at two tables at once.
    Alone,
    /// Somebody who keeps her table has two in one session.
    Seat,
    /// Somebody has more than she wants.
    TooMany,
    /// One of the two would rather not.
    Avoided,
}

impl Kind {
    /// The word beside the mark.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Withdrawn => "désinscrit",
            Self::Away => "absent",
            Self::NoSlot => "hors horaires",
            Self::NoTable => "sans table",
            Self::Alone => "une seule table",
            Self::Seat => "change de table",
            Self::TooMany => "au-delà du maximum",
            Self::Avoided => "à éviter",
        }
    }
}

/// A conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::speed_meetings) struct Trouble {
    /// Of which kind.
    pub(super) kind: Kind,
    /// The pairs whose appointments are concerned.
    pub(super) pairs: Vec<(i64, i64)>,
    /// Whose it is, where it is one participant's.
    pub(super) participant: Option<i64>,
    /// For organisers.
    pub(in crate::speed_meetings) sentence: String,
}

impl Trouble {
    /// Whether it must be mended before anybody is told of the timetable.
    pub(in crate::speed_meetings) fn is_in_the_way(&self) -> bool {
        matches!(self.kind, Kind::Withdrawn | Kind::NoSlot)
    }
}

/// All conflicts of a timetable, those of people first.
pub(in crate::speed_meetings) fn troubles(board: &Board, placed: &[Placed]) -> Vec<Trouble> {
    let mut found = Vec::new();
    for (participant, own) in by_participant(placed) {
        of_participant(board, participant, &own, &mut found);
    }
    for (meeting, _) in placed {
        of_meeting(board, meeting, &mut found);
    }
    found.extend(seats(board, placed));
    found.sort_by_key(|trouble| trouble.kind);
    found
}

fn by_participant(placed: &[Placed]) -> BTreeMap<i64, Vec<Meeting>> {
    let mut all: BTreeMap<i64, Vec<Meeting>> = BTreeMap::new();
    for (meeting, _) in placed {
        all.entry(meeting.canteen.participant).or_default().push(*meeting);
        all.entry(meeting.supplier.participant).or_default().push(*meeting);
    }
    all
}

fn of_participant(board: &Board, participant: i64, own: &[Meeting], found: &mut Vec<Trouble>) {
    let (name, pairs) = (board.name(participant), own.iter().map(Meeting::pair).collect::<Vec<_>>());
    if !board.comes(participant) {
        let count = own.len();
        let sentence = format!("{name} ne vient plus\u{a0}: {} encore au planning.", said(count));
        found.push(Trouble { kind: Kind::Withdrawn, pairs, participant: Some(participant), sentence });
        return;
    }
    let most = board.guests.get(&participant).and_then(|guest| guest.row.maximum_wished);
    if let Some(most) = most.filter(|most| i32::try_from(own.len()).is_ok_and(|held| held > *most)) {
        let sentence = format!("{name} a {} et n’en voulait que {most}.", said(own.len()));
        found.push(Trouble { kind: Kind::TooMany, pairs, participant: Some(participant), sentence });
    }
}

fn said(count: usize) -> String {
    format!("{count}\u{a0}rendez-vous")
}

fn of_meeting(board: &Board, meeting: &Meeting, found: &mut Vec<Trouble>) {
    let mut add = |kind, participant, sentence| {
        found.push(Trouble { kind, pairs: vec![meeting.pair()], participant, sentence });
    };
    let names = board.names(meeting.pair());
    let hour = board.hour(meeting.slot);
    if meeting.slot > board.slots() {
        add(Kind::NoSlot, None, format!("{names}\u{a0}: la journée n’a plus de créneau {}.", meeting.slot));
    }
    if !board.plan.tables.iter().any(|table| table.number == meeting.table) {
        add(Kind::NoTable, None, format!("{names}, à {hour}\u{a0}: la salle n’a plus de table {}.", meeting.table));
    }
    if board.is_avoided(meeting.pair()) {
        add(Kind::Avoided, None, format!("{names}, à {hour}\u{a0}: l’un des deux a demandé à l’éviter."));
    }
    for seat in [meeting.canteen, meeting.supplier] {
        let (one, name) = (seat.participant, board.name(seat.participant));
        if !board.comes(one) {
            continue;
        }
        if meeting.slot <= board.slots() && !board.is_there(one, meeting.slot) {
            add(Kind::Away, Some(one), format!("{name} n’est pas là à {hour}\u{a0}: rendez-vous de {names}."));
        }
        if !board.has(seat) {
            let sentence =
                format!("{name} ne se partage plus entre deux tables\u{a0}: rendez-vous de {hour}, {names}.");
            add(Kind::Alone, Some(one), sentence);
        }
    }
}

/// Where one who keeps her table sits in a session, and whom she meets there.
type Held = (BTreeSet<i32>, Vec<(i64, i64)>);

/// Who keeps her table and has two in one session.
fn seats(board: &Board, placed: &[Placed]) -> Vec<Trouble> {
    let Some(side) = board.plan.edition.seated else { return Vec::new() };
    let mut tables: BTreeMap<(usize, Seat), Held> = BTreeMap::new();
    for (meeting, _) in placed {
        let own = tables.entry((board.session_of(meeting.slot), meeting.on(side))).or_default();
        own.0.insert(meeting.table);
        own.1.push(meeting.pair());
    }
    let several = tables.into_iter().filter(|(_, (tables, _))| tables.len() > 1);
    let trouble = |((_, seat), (tables, pairs)): ((usize, Seat), (BTreeSet<i32>, _))| {
        let tables: Vec<String> = tables.into_iter().map(|table| board.table(table)).collect();
        let what = if side == Side::Canteen {
            "les cantines gardent leur table"
        } else {
            "les fournisseurs gardent leur table"
        };
        let name = board.name(seat.participant);
        let sentence =
            format!("{name} change de table dans une même séance ({}), alors que {what}.", tables.join(", "));
        Trouble { kind: Kind::Seat, pairs, participant: Some(seat.participant), sentence }
    };
    several.map(trouble).collect()
}
