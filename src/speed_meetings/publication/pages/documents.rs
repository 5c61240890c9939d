//! What is printed for the day, each sheet alone or all at once.

use askama::Template;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use crate::app::App;
use crate::speed_meetings::edition::{Edition, State};
use crate::speed_meetings::event;
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::publication::sheets::Sheets;
use crate::speed_meetings::publication::version;
use crate::web::{Error, Frame, Result, filters, french, page, private};

/// Each document: address, name, what it is.
const DOCUMENTS: [(&str, &str, &str); 7] = [
    ("plannings", "Plannings personnels", "une page par organisation, avec la place pour des notes"),
    ("tables", "Chevalets de table", "une page par table, à plier en deux, lisible de loin"),
    ("salle", "Plan de la salle", "les tables par zone, à afficher à l’entrée"),
    ("accueil", "Liste d’accueil", "par ordre alphabétique\u{a0}: personnes, horaires, repas, besoins, case à cocher"),
    ("badges", "Badges", "huit par page, à découper, avec le code à scanner à l’accueil"),
    ("mur", "Grand planning", "créneau par créneau, à afficher dans la salle"),
    ("cloche", "Feuille de la cloche", "l’heure de chaque sonnerie, pour qui la tient"),
];
/// Address of all of them.
const ALL: &str = "tout";

/// Address of the page of an edition.
fn path(edition: &Edition) -> String {
    format!("{}/documents", edition.desk())
}

#[derive(Template)]
#[template(path = "speed_meetings/publication/documents.html")]
struct DocumentsPage {
    edition: Edition,
    documents: [(&'static str, &'static str, &'static str); 7],
    frame: Frame,
}

impl DocumentsPage {
    fn path(&self) -> String {
        path(&self.edition)
    }

    fn is_published(&self) -> bool {
        self.edition.state >= State::Published
    }
}

/// `GET /organisation/rencontres/{key}/documents`
#[handler]
pub(crate) fn list(workshop: Workshop, frame: Frame) -> Result<Response> {
    let view = DocumentsPage { edition: workshop.plan.edition, documents: DOCUMENTS, frame };
    Ok(private(page(&view)?))
}

#[derive(Template)]
#[template(path = "speed_meetings/publication/sheets.html")]
struct SheetsPage {
    edition: Edition,
    /// « Badges », or all of them.
    name: &'static str,
    /// Which one.
    which: String,
    /// Only those whose day is another than in this version.
    since: Option<i32>,
    title: String,
    day: String,
    hall: String,
    sheets: Sheets,
    frame: Frame,
}

impl SheetsPage {
    fn path(&self) -> String {
        path(&self.edition)
    }

    /// Whether a document is printed.
    fn has(&self, document: &str) -> bool {
        self.which == document || self.which == ALL
    }

    /// « Rencontre du Velay, jeudi 20 mai 2027 · version 2 du 16 mars 2027, 8 h 30 »
    fn foot(&self) -> String {
        format!("{}, {} · {}", self.title, self.day, self.sheets.version)
    }
}

/// The document in an address.
#[derive(Deserialize)]
struct Which {
    file: String,
}

/// Which version those whose timetables are printed had last.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Since {
    depuis: Option<i32>,
}

/// `GET /organisation/rencontres/{key}/documents/{file}`; `?depuis=2`: of those whose day is another than in version 2.
#[handler]
pub(crate) async fn sheet(
    app: Data<&App>,
    workshop: Workshop,
    Path(which): Path<Which>,
    Query(since): Query<Since>,
    frame: Frame,
) -> Result<Response> {
    let known = DOCUMENTS.iter().find(|(file, ..)| *file == which.file).map(|(_, name, _)| *name);
    let name = known.or((which.file == ALL).then_some("Tous les documents")).ok_or(Error::NotFound)?;
    let plan = workshop.plan;
    let versions = version::all(&app.db, plan.edition.id).await?;
    let since = match since.depuis {
        Some(number) => Some(versions.iter().find(|one| one.number == number).ok_or(Error::NotFound)?),
        None => None,
    };
    let view = SheetsPage {
        name,
        since: since.map(|one| one.number),
        which: which.file,
        title: french::typographic(&plan.edition.title),
        day: french::day(plan.edition.held_on),
        hall: event::location(&plan.edition, &app.places),
        sheets: Sheets::of(&app, &plan, since).await?,
        edition: plan.edition,
        frame,
    };
    Ok(private(page(&view)?))
}
