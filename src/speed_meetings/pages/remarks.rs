//! What organisers are told beside a section of an edition: what does not fit what is there already.

use crate::app::App;
use crate::speed_meetings::edition::{Edition, Side};
use crate::speed_meetings::participant::{self, Standing};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::registration;
use crate::speed_meetings::workshop::appointment;
use crate::web::{Result, french};

/// How many appointments of the timetable in work stand at a table that is not there any more.
///
/// # Errors
/// What the database said.
pub(super) async fn homeless(app: &App, plan: &Plan) -> Result<Vec<String>> {
    let rows = appointment::of(&app.db, plan.edition.id).await?;
    let is_there = |number: i32| plan.tables.iter().any(|table| table.number == number);
    let lost = rows.iter().filter(|row| !is_there(row.meeting().table)).count() as u64;
    let sentence = || {
        let count = french::count(lost, "rendez-vous du planning n’a", "rendez-vous du planning n’ont");
        format!(
            "{count} plus de table. Cherchez un planning «\u{a0}avec le moins de changements\u{a0}», ou changez ces rendez-vous à la main, puis publiez."
        )
    };
    Ok((lost > 0).then(sentence).into_iter().collect())
}

/// The sides on which more come than there are places: nobody loses hers.
///
/// # Errors
/// What the database said.
pub(super) async fn crowded(app: &App, edition: &Edition) -> Result<Vec<String>> {
    let mut sentences = Vec::new();
    for (side, one, many) in [
        (Side::Canteen, "cantine est inscrite", "cantines sont inscrites"),
        (Side::Supplier, "fournisseur est inscrit", "fournisseurs sont inscrits"),
    ] {
        let come = participant::in_state(&app.db, edition.id, side, Standing::Registered).await?.len();
        let places = registration::capacity(edition, side);
        if come > places {
            let (come, places) =
                (french::count(come as u64, one, many), french::count(places as u64, "place", "places"));
            sentences.push(format!(
                "{come} pour {places}\u{a0}: chacun garde sa place, et personne d’autre n’entre tant qu’il n’y en a pas de libre."
            ));
        }
    }
    Ok(sentences)
}
