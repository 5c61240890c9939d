//! The form of a registration: what is written in it, what is read from it.

use super::edition::Side;
use super::participant::{Coming, clock};
use super::plan::Plan;
use super::question::{self, Question};
use super::representative;
use super::section::number;
use crate::suppliers::draft::Typed;
use crate::tables::parse_time;
use crate::web::{FieldErrors, french, line_of, text_of};

/// The fields of those who come.
pub(super) const NAMES: [&str; representative::MOST] = ["nom-1", "nom-2", "nom-3", "nom-4", "nom-5", "nom-6"];
/// Where what is wrong with an answer is said, by the place of its question.
const ANSWERS: [&str; question::MOST] = [
    "question-1",
    "question-2",
    "question-3",
    "question-4",
    "question-5",
    "question-6",
    "question-7",
    "question-8",
    "question-9",
    "question-10",
    "question-11",
    "question-12",
];
/// The fields of the absences: from, until.
const ABSENCES: [(&str, &str); 2] = [("absence_de", "absence_a"), ("absence2_de", "absence2_a")];
/// What an hour looks like.
const HOUR: &str = "Écrivez une heure comme 9\u{a0}h\u{a0}30.";

/// The questions of a side, in their order, each with the place where its answer stands on the page.
pub(super) fn questions(plan: &Plan, side: Side) -> impl Iterator<Item = (&'static str, &Question)> {
    let own = plan.questions.iter().filter(move |one| one.side.is_none_or(|asked| asked == side));
    ANSWERS.into_iter().zip(own)
}

/// The name of the field of an answer.
pub(super) fn answer_field(number: i32) -> String {
    format!("reponse-{number}")
}

/// What an organisation says, as it would be typed.
pub(super) fn typed(coming: &Coming) -> Typed {
    let mut typed = Typed::default();
    let hour = |minutes: Option<i32>| minutes.map(|at| french::time(clock(at))).unwrap_or_default();
    let count = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    for (field, name) in NAMES.iter().zip(&coming.names) {
        typed.put(field, name.clone());
    }
    for (field, value) in [
        ("tables", coming.tables_at_once.to_string()),
        ("arrivee", hour(coming.arrives_at)),
        ("depart", hour(coming.leaves_at)),
        ("minimum", count(coming.minimum_wished)),
        ("maximum", count(coming.maximum_wished)),
        ("produits", coming.words.clone()),
        ("besoins", coming.needs.clone()),
        ("repas", coming.meals.to_string()),
    ] {
        typed.put(field, value);
    }
    for ((from, until), (begins, ends)) in ABSENCES.iter().zip(&coming.absences) {
        typed.put(from, hour(Some(*begins)));
        typed.put(until, hour(Some(*ends)));
    }
    for (number, text) in &coming.answers {
        typed.put(&answer_field(*number), text.clone());
    }
    typed
}

/// Reads what was typed; what is wrong is said beside its field.
pub(super) fn read(typed: &Typed, plan: &Plan, side: Side) -> (Coming, FieldErrors) {
    let mut errors = FieldErrors::default();
    let mut coming = Coming { tables_at_once: 1, ..Coming::default() };
    read_people(typed, &mut coming, &mut errors);
    read_hours(typed, &mut coming, &mut errors);
    let mut count = |field: &'static str, least, most| {
        let text = Some(typed.of(field)).filter(|text| !text.is_empty())?;
        number(text, least, most).map_err(|sentence| errors.add(field, sentence)).ok()
    };
    (coming.minimum_wished, coming.maximum_wished) = (count("minimum", 0, 200), count("maximum", 1, 200));
    coming.meals = count("repas", 0, 20).unwrap_or_default();
    if coming.maximum_wished.is_some_and(|most| coming.minimum_wished.is_some_and(|least| least > most)) {
        errors.add("maximum", "Le maximum ne peut pas être plus petit que le minimum.");
    }
    coming.words = text("produits", typed.of("produits"), 2_000, &mut errors);
    coming.needs = text("besoins", typed.of("besoins"), 1_000, &mut errors);
    for (field, question) in questions(plan, side) {
        let answer = text(field, typed.of(&answer_field(question.number)), 1_000, &mut errors);
        if answer.is_empty() && question.is_required {
            errors.add(field, format!("Répondez à la question «\u{a0}{}\u{a0}».", question.text));
        } else if !answer.is_empty() {
            coming.answers.push((question.number, answer));
        }
    }
    (coming, errors)
}

fn read_people(typed: &Typed, coming: &mut Coming, errors: &mut FieldErrors) {
    for field in NAMES {
        match line_of(typed.of(field), 120) {
            Ok(name) if name.is_empty() => {}
            Ok(name) => coming.names.push(name),
            Err(sentence) => errors.add(field, sentence),
        }
    }
    if coming.names.is_empty() {
        errors.add(NAMES[0], "Dites qui vient\u{a0}: une personne au moins.");
    }
    if typed.of("tables") == "2" {
        coming.tables_at_once = 2;
        if coming.names.len() == 1 {
            errors.add("tables", "Pour deux tables en même temps, il faut venir à deux\u{a0}: ajoutez un nom.");
        }
    }
}

fn read_hours(typed: &Typed, coming: &mut Coming, errors: &mut FieldErrors) {
    let mut hour = |field: &'static str| {
        let text = Some(typed.of(field)).filter(|text| !text.is_empty())?;
        let at = parse_time(text);
        if at.is_none() {
            errors.add(field, HOUR);
        }
        at
    };
    (coming.arrives_at, coming.leaves_at) = (hour("arrivee"), hour("depart"));
    let absences = ABSENCES.map(|(from, until)| ((from, hour(from)), (until, hour(until))));
    if coming.arrives_at.is_some_and(|from| coming.leaves_at.is_some_and(|until| until <= from)) {
        errors.add("depart", "Le départ est après l’arrivée.");
    }
    for ((begins, from), (ends, until)) in absences {
        match (from, until) {
            (Some(from), Some(until)) if from < until => coming.absences.push((from, until)),
            (Some(_), Some(_)) => errors.add(ends, "La fin de l’absence est après son début."),
            (Some(_), None) => errors.add(ends, "Dites jusqu’à quelle heure."),
            (None, Some(_)) => errors.add(begins, "Dites à partir de quelle heure."),
            (None, None) => {}
        }
    }
    coming.absences.sort_unstable();
}

fn text(field: &'static str, typed: &str, most: usize, errors: &mut FieldErrors) -> String {
    text_of(typed, most).map_err(|sentence| errors.add(field, sentence)).ok().flatten().unwrap_or_default()
}
