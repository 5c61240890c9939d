//! What organisers ask of those who register for a visit.

use poem::web::Data;
use poem::{Response, handler};

use super::desk::{self, Again, Workshop};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::farm_visits::farm_visit::{self, FarmVisit};
use crate::farm_visits::question::{self, PLACES, Wording};
use crate::suppliers::draft::Typed;
use crate::web::{Csrf, FieldErrors, Form, Frame, Result, line_of, see_other};

/// Most characters of a question.
const LONGEST: usize = 300;

/// A question as it is shown.
pub(super) struct Row {
    pub(super) id: &'static str,
    /// Its place, from 1.
    pub(super) place: usize,
    /// Its number; empty of one that is not asked yet.
    pub(super) number: String,
    pub(super) text: String,
    pub(super) is_required: bool,
}

/// The places of questions, with what was typed there or is asked.
pub(super) fn rows(typed: &Typed) -> Vec<Row> {
    let row = |(at, id): (usize, &&'static str)| Row {
        id,
        place: at + 1,
        number: typed.of(&format!("numero-{}", at + 1)).to_owned(),
        text: typed.of(id).to_owned(),
        is_required: !typed.of(&format!("obligatoire-{}", at + 1)).is_empty(),
    };
    PLACES.iter().enumerate().map(row).collect()
}

/// What the form says of the questions that are asked.
pub(super) fn typed(questions: &[question::Question]) -> Typed {
    let mut typed = Typed::default();
    for (at, (id, question)) in PLACES.iter().zip(questions).enumerate() {
        typed.put(id, question.text.clone());
        typed.put(&format!("numero-{}", at + 1), question.number.to_string());
        typed.put(&format!("obligatoire-{}", at + 1), if question.is_required { "oui" } else { "" }.to_owned());
    }
    typed
}

/// `POST /organisation/visites/{key}/questions`
#[handler]
pub(crate) async fn save(
    app: Data<&App>,
    Workshop { me, visit }: Workshop,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let wordings = read(&typed, &mut errors);
    if !errors.is_empty() {
        let again = Again { questions: Some(typed), errors, ..Again::default() };
        return desk::draw(&app, visit, again, frame, csrf).await;
    }
    let seen = typed.of("vu").parse().unwrap_or_default();
    let txn = app.write().await?;
    let known = question::of(&txn, visit.id).await?;
    let (asked, last_question) = question::numbered(&visit, &known, wordings);
    if !farm_visit::write(&txn, &FarmVisit { last_question, ..visit.clone() }, seen).await? {
        drop(txn);
        let again = Again { questions: Some(typed), is_stale: true, ..Again::default() };
        return desk::draw(&app, visit, again, frame, csrf).await;
    }
    question::replace(&txn, visit.id, &known, &asked).await?;
    let act = Act::new("a changé les questions d’une visite de ferme", format!("farm_visits/{}", visit.id));
    audit::record(&txn, By::Person(me.id), act.with(visit.title.clone()), app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=questions", desk::path(&visit))))
}

/// What is asked from now on; an empty line asks nothing.
fn read(typed: &Typed, errors: &mut FieldErrors) -> Vec<Wording> {
    let mut wordings = Vec::new();
    for (row, id) in rows(typed).into_iter().zip(PLACES) {
        match line_of(&row.text, LONGEST) {
            Err(sentence) => errors.add(id, sentence),
            Ok(text) if !text.is_empty() => {
                wordings.push(Wording { number: row.number.parse().ok(), text, is_required: row.is_required });
            }
            Ok(_) if row.is_required && row.number.is_empty() => {
                errors.add(id, "Écrivez la question, ou décochez « réponse obligatoire ».");
            }
            Ok(_) => {}
        }
    }
    wordings
}
