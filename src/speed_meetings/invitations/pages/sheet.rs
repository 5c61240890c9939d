//! The trace as a table to take away: a line for each time that somebody was invited.

use poem::web::Data;
use poem::{Response, handler};

use crate::accounts;
use crate::app::App;
use crate::speed_meetings::edition::Edition;
use crate::speed_meetings::invitations::trace::{Trace, side_label};
use crate::speed_meetings::pages::desk::Workshop;
use crate::tables::{Cell, Sheet};
use crate::web::{Error, Result, attached, private};

/// Headings of the table.
const HEADINGS: [&str; 7] =
    ["Invité", "Côté", "Moyen", "Invité le", "Personnes jointes par notre courriel", "Réponse", "Décidé ou noté par"];

/// `GET /organisation/rencontres/{key}/invitations.csv`
#[handler]
pub(crate) async fn csv(app: Data<&App>, workshop: Workshop) -> Result<Response> {
    let sheet = of_edition(&app, &workshop.plan.edition).await?;
    Ok(kept(&workshop.plan.edition, "csv", Sheet::CSV, sheet.to_csv()))
}

/// `GET /organisation/rencontres/{key}/invitations.xlsx`
#[handler]
pub(crate) async fn xlsx(app: Data<&App>, workshop: Workshop) -> Result<Response> {
    let sheet = of_edition(&app, &workshop.plan.edition).await?;
    let workbook = sheet.to_xlsx().map_err(Error::broken("writing a workbook"))?;
    Ok(kept(&workshop.plan.edition, "xlsx", Sheet::XLSX, workbook))
}

/// The table of an edition.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn of_edition(app: &App, edition: &Edition) -> Result<Sheet> {
    let trace = Trace::of(&app.db, edition.id).await?;
    let times = || trace.entries.iter().flat_map(|entry| entry.times.iter().map(move |time| (entry, time)));
    let mut deciders: Vec<i64> = times().filter_map(|(_, time)| time.invited_by).collect();
    deciders.sort_unstable();
    deciders.dedup();
    let deciders = accounts::people_by_ids(&app.db, &deciders).await?;
    let decider = |by: Option<i64>| deciders.iter().find(|person| Some(person.id) == by).map(accounts::Person::called);
    let rows = times().map(|(entry, time)| {
        vec![
            Cell::text(Some(&time.name)),
            Cell::text(Some(side_label(time.side))),
            Cell::text(Some(time.way.label())),
            Cell::Date(time.invited_on),
            if time.round.is_some() { Cell::Number(time.people.into()) } else { Cell::Empty },
            Cell::text(Some(entry.answer.label())),
            Cell::text(decider(time.invited_by)),
        ]
    });
    Ok(Sheet { name: "Invitations", headings: HEADINGS.map(str::to_owned).to_vec(), rows: rows.collect() })
}

/// A file to keep: `invitations-rencontre-du-velay-2027.csv`.
fn kept(edition: &Edition, extension: &str, content_type: &str, body: Vec<u8>) -> Response {
    private(attached(&format!("invitations-{}.{extension}", edition.slug), content_type, body))
}
