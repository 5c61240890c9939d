//! Sheets that say who was at a visit: one's own, and all at once.

use poem::web::Data;
use poem::{Response, handler};

use super::date::{self, Desk};
use super::open::day;
use super::own::Own;
use crate::app::App;
use crate::farm_visits::attendance;
use crate::farm_visits::farm_visit::FarmVisit;
use crate::farm_visits::mail::{hours, location, party};
use crate::farm_visits::memory::is_erased;
use crate::farm_visits::registration::{self, Standing};
use crate::farm_visits::visit_date::{State, VisitDate};
use crate::tables::fold;
use crate::web::{Certificate, Certificates, Frame, Occasion, Result, french};

const TOO_EARLY: &str = "Les attestations se font une fois la visite terminée.";
const CALLED_OFF: &str = "La visite n’a pas eu lieu.";
const NOT_THERE: &str = "Il n’y a pas d’attestation\u{a0}: votre présence n’a pas été notée. Si c’est une erreur, dites-le aux organisateurs.";
const NOBODY: &str = "Aucune présence n’est notée. Notez-les d’abord, sous « Présences ».";

/// `GET /visites/inscription/{way}/attestation`
#[handler]
pub(crate) async fn of_own(app: Data<&App>, own: Own, frame: Frame) -> Result<Response> {
    let row = &own.registration;
    let came = attendance::of_registration(&app.db, row).await?;
    let sheets = sheet(&row.name, &row.organisation, came);
    draw(&app, (&own.visit, &own.date), sheets, (own.here(), "Mon inscription"), (NOT_THERE, frame))
}

/// `GET /organisation/visites/dates/{key}/attestations`
#[handler]
pub(crate) async fn of_all(app: Data<&App>, desk: Desk, frame: Frame) -> Result<Response> {
    let noted = attendance::of_date(&app.db, desk.date.id).await?;
    let rows = registration::in_states(&app.db, desk.date.id, &Standing::ALL).await?;
    let registered = rows.iter().map(|row| (&row.name, &row.organisation, noted.registered.get(&row.id).copied()));
    let walked_in = noted.walked_in.iter().map(|one| (&one.name, &one.organisation, one.came));
    let mut sheets: Vec<Certificate> =
        registered.chain(walked_in).flat_map(|(name, organisation, came)| sheet(name, organisation, came)).collect();
    sheets.sort_by_cached_key(|one| fold(&one.person));
    draw(&app, (&desk.visit, &desk.date), sheets, (date::path(desk.date.id), "La date"), (NOBODY, frame))
}

/// The sheet of those who came together; none when nobody came, or when it is not known any more who did.
fn sheet(name: &str, organisation: &str, came: Option<i32>) -> Vec<Certificate> {
    let Some(came) = came.filter(|came| *came > 0 && !is_erased(name)) else { return Vec::new() };
    let also = (came > 1).then(|| format!("{} sont venues ensemble.", party(came)));
    vec![Certificate { person: french::typographic(&name), organisation: french::typographic(&organisation), also }]
}

fn draw(
    app: &App,
    (visit, date): (&FarmVisit, &VisitDate),
    sheets: Vec<Certificate>,
    back: (String, &'static str),
    (nobody, frame): (&'static str, Frame),
) -> Result<Response> {
    let why = if date.state == State::Cancelled {
        CALLED_OFF
    } else if app.clock.now() < date.ends_at {
        TOO_EARLY
    } else {
        nobody
    };
    let occasion = Occasion {
        at: "à la visite de ferme",
        title: french::typographic(&visit.title),
        day: day(app, date),
        hours: Some(hours(app, date)),
        place: location(app, visit),
        made_on: french::day(app.today()),
    };
    let sheets = if why == nobody { sheets } else { Vec::new() };
    Certificates { back, sheets, why, occasion, frame }.drawn()
}
