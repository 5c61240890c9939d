//! The rows of a form that has many of something: sessions, tables, questions. A field of row 3 ends in `-3`.

use super::edition::Side;
use super::plan::Plan;
use super::question::{self, Question};
use super::section::{Rows, number};
use super::session::{self, Session};
use super::slots::WrongDay;
use super::table::Table;
use crate::suppliers::draft::Typed;
use crate::suppliers::{ProductFamily, Stored, Word};
use crate::tables::parse_time;
use crate::web::{FieldErrors, french, line_of};

/// Where what is wrong with a session is said.
const BEGINNINGS: [&str; session::MOST] = ["debut-1", "debut-2", "debut-3", "debut-4", "debut-5", "debut-6"];
/// What begins the names of the fields of a row, and what each is called.
const NAMES: [(&str, &str, &str); 8] = [
    ("seance", "Séance", "nom"),
    ("debut", "Séance", "début"),
    ("nombre", "Séance", "nombre de rendez-vous"),
    ("table", "Table", "nom"),
    ("zone", "Table", "zone"),
    ("question", "Question", "texte"),
    ("cote", "Question", "posée à"),
    ("obligatoire", "Question", "réponse obligatoire"),
];

/// What a plan says of its rows, by the name of the field, as it would be typed.
pub(super) fn values(rows: Rows, plan: &Plan) -> Vec<(String, String)> {
    let row = |name: &str, number: i32, value: String| (format!("{name}-{number}"), value);
    match rows {
        Rows::None => Vec::new(),
        Rows::Sessions => plan
            .sessions
            .iter()
            .flat_map(|one| {
                let begins = french::time(one.begins());
                [
                    row("seance", one.number, one.label.clone()),
                    row("debut", one.number, begins),
                    row("nombre", one.number, one.appointments.to_string()),
                ]
            })
            .collect(),
        Rows::Tables => plan
            .tables
            .iter()
            .flat_map(|one| {
                let zone = one.zone.map(|zone| zone.code().to_owned()).unwrap_or_default();
                [row("table", one.number, one.name.clone()), row("zone", one.number, zone)]
            })
            .collect(),
        Rows::Questions => plan
            .questions
            .iter()
            .flat_map(|one| {
                let side = one.side.map(Side::code).unwrap_or_default();
                [
                    row("question", one.number, one.text.clone()),
                    row("cote", one.number, side.to_owned()),
                    row("obligatoire", one.number, if one.is_required { "oui" } else { "" }.to_owned()),
                ]
            })
            .collect(),
    }
}

/// Reads the rows that were typed into a plan.
pub(super) fn read(rows: Rows, typed: &Typed, plan: &mut Plan, errors: &mut FieldErrors) {
    match rows {
        Rows::None => {}
        Rows::Sessions => read_sessions(typed, plan, errors),
        Rows::Tables => read_tables(typed, plan, errors),
        Rows::Questions => read_questions(typed, plan, errors),
    }
}

fn read_sessions(typed: &Typed, plan: &mut Plan, errors: &mut FieldErrors) {
    let mut sessions = Vec::new();
    for (field, place) in BEGINNINGS.into_iter().zip(1..) {
        let of = |name: &str| typed.of(&format!("{name}-{place}"));
        if [of("seance"), of("debut"), of("nombre")].iter().all(|text| text.is_empty()) {
            continue;
        }
        let label = line_of(of("seance"), 60).unwrap_or_else(|sentence| {
            errors.add(field, sentence);
            String::new()
        });
        let label = if label.is_empty() { format!("Séance {place}") } else { label };
        let starts_at = parse_time(of("debut"));
        let appointments = number(of("nombre"), 1, 60);
        if starts_at.is_none() {
            errors.add(field, format!("{label}\u{a0}: écrivez l’heure de début, par exemple 9 h 30."));
        } else if appointments.is_err() {
            errors.add(field, format!("{label}\u{a0}: écrivez combien de rendez-vous, entre 1 et 60."));
        }
        if let (Some(starts_at), Ok(appointments)) = (starts_at, appointments) {
            sessions.push(Session { edition_id: plan.edition.id, number: 0, label, starts_at, appointments });
        }
    }
    sessions.sort_by_key(|one| one.starts_at);
    for (one, number) in sessions.iter_mut().zip(1..) {
        one.number = number;
    }
    plan.sessions = sessions;
}

/// Says beside the right session why the day cannot be.
pub(super) fn wrong_day(wrong: WrongDay, plan: &Plan, errors: &mut FieldErrors) {
    let name = |place: usize| plan.sessions.get(place).map(|one| one.label.clone()).unwrap_or_default();
    let (place, sentence) = match wrong {
        WrongDay::Empty | WrongDay::Nothing(_) => (0, "Il faut au moins une séance.".to_owned()),
        WrongDay::NoSuchHour(place) => {
            (place, format!("{}\u{a0}: cette heure n’existe pas ce jour-là, on change d’heure.", name(place)))
        }
        WrongDay::PastMidnight(place) => (place, format!("{}\u{a0}: cette séance finirait après minuit.", name(place))),
        WrongDay::Overlap(first, place) => (
            place,
            format!("{}\u{a0}: cette séance commence avant la fin de «\u{a0}{}\u{a0}».", name(place), name(first)),
        ),
    };
    errors.add(BEGINNINGS.get(place).copied().unwrap_or(BEGINNINGS[0]), sentence);
}

fn read_tables(typed: &Typed, plan: &mut Plan, errors: &mut FieldErrors) {
    for table in &mut plan.tables {
        let name = line_of(typed.of(&format!("table-{}", table.number)), 60);
        match name {
            Ok(name) if name.is_empty() => table.name = Table::numbered(table.number).name,
            Ok(name) => table.name = name,
            Err(_) => errors.add("combien", format!("Le nom de la table {} dépasse 60 caractères.", table.number)),
        }
        table.zone = ProductFamily::from_code(typed.of(&format!("zone-{}", table.number))).map(Stored);
    }
}

/// Adds tables at the end, or takes the last ones away.
pub(super) fn resize_tables(count: i32, plan: &mut Plan) {
    let known = i32::try_from(plan.tables.len()).unwrap_or(i32::MAX);
    plan.tables.extend((known + 1..=count).map(Table::numbered));
    plan.tables.retain(|table| table.number <= count);
}

fn read_questions(typed: &Typed, plan: &mut Plan, errors: &mut FieldErrors) {
    // A new one stands in a row of the form, and gets a number that none ever had.
    let known = plan.questions.iter().map(|one| (one.number, one.number));
    let rows: Vec<(i32, i32)> = known.chain(new_questions(plan).zip(plan.last_question() + 1..)).collect();
    let mut questions = Vec::new();
    for (place, (row, number)) in (1..).zip(rows) {
        let of = |name: &str| typed.of(&format!("{name}-{row}"));
        let text = line_of(of("question"), 300).unwrap_or_else(|_| {
            errors.add("questions", format!("La question {place} dépasse 300 caractères."));
            String::new()
        });
        if !text.is_empty() {
            let (side, is_required) = (Side::from_code(of("cote")), of("obligatoire") == "oui");
            questions.push(Question { edition_id: plan.edition.id, number, text, side, is_required });
        }
    }
    plan.questions = questions;
}

/// Rows for questions that are not there yet, as long as there is room.
pub(super) fn new_questions(plan: &Plan) -> impl Iterator<Item = i32> + use<> {
    let last = plan.questions.iter().map(|one| one.number).max().unwrap_or_default();
    let room = question::MOST.saturating_sub(plan.questions.len()).min(2);
    (last + 1..).take(room)
}

/// What a field of a row is called: « Table 3, zone ».
pub(super) fn label(name: &str) -> String {
    let (known, number) = name.rsplit_once('-').unwrap_or((name, ""));
    let named = NAMES.iter().find(|(field, ..)| *field == known);
    named.map(|(_, row, what)| format!("{row} {number}, {what}")).unwrap_or_default()
}

/// A value of a row in words.
pub(super) fn shown(name: &str, value: String) -> String {
    if name.starts_with("zone-") {
        return ProductFamily::from_code(&value).map(|family| Word::label(family).to_owned()).unwrap_or_default();
    }
    match (name.starts_with("cote-"), value.as_str()) {
        (true, "fournisseur") => "les fournisseurs".to_owned(),
        (true, "cantine") => "les cantines".to_owned(),
        (true, _) => "tous".to_owned(),
        (false, _) => value,
    }
}
