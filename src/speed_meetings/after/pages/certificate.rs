//! Sheets that say who was there, one for each person, to print.

use poem::web::Data;
use poem::{Response, handler};

use super::attendee::Own;
use super::progress::begun;
use crate::app::App;
use crate::speed_meetings::after::count::SIDES;
use crate::speed_meetings::after::gather::Gathered;
use crate::speed_meetings::event;
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::participant::Participant;
use crate::speed_meetings::plan::Plan;
use crate::web::{Certificate, Certificates, Frame, Occasion, Result, french};

const TOO_EARLY: &str = "Les attestations se font une fois la rencontre terminée.";
const NOT_THERE: &str = "Il n’y a pas d’attestation\u{a0}: l’accueil ne vous a pas noté arrivé, ou aucun rendez-vous n’a été tenu. Si c’est une erreur, dites-le aux organisateurs.";

/// `GET /rencontres/{slug}/attestation/{id}`
#[handler]
pub(crate) async fn of_own(app: Data<&App>, Own(attendee): Own, frame: Frame) -> Result<Response> {
    let back = (attendee.at("suites"), "Mes rendez-vous");
    draw(&app, attendee.plan, Some(&attendee.row), back, frame).await
}

/// `GET /organisation/rencontres/{key}/attestations`
#[handler]
pub(crate) async fn of_all(app: Data<&App>, workshop: Workshop, frame: Frame) -> Result<Response> {
    let back = (format!("{}/suites", begun(&workshop.plan.edition)?.desk()), "Suites");
    draw(&app, workshop.plan, None, back, frame).await
}

/// Those of one participant, or of everybody.
async fn draw(
    app: &App,
    plan: Plan,
    only: Option<&Participant>,
    back: (String, &'static str),
    frame: Frame,
) -> Result<Response> {
    let (is_over, occasion) = (plan.edition.state.is_over(), occasion(app, &plan));
    let all = Gathered::of(&app.db, plan, app.config.time_zone).await?;
    let wanted = |one: &&Participant| only.is_none_or(|only| only.id == one.id);
    let mut sheets = Vec::new();
    if is_over {
        let mut there: Vec<&Participant> = SIDES.iter().flat_map(|side| all.registered(*side)).filter(wanted).collect();
        there.sort_by_key(|one| all.name(one.id));
        for one in there {
            if !all.has_come(one) {
                continue;
            }
            let held = Some(all.held_by(one)).filter(|held| *held > 0);
            let held = held.map(|held| french::count(held as u64, "rendez-vous", "rendez-vous"));
            let also = held.map(|held| format!("L’organisation y a eu {held}."));
            let organisation = french::typographic(&all.name(one.id));
            sheets.extend(all.people(one.id).iter().map(|person| Certificate {
                person: person.clone(),
                organisation: organisation.clone(),
                also: also.clone(),
            }));
        }
    }
    let why = if is_over { NOT_THERE } else { TOO_EARLY };
    Certificates { back, sheets, why, occasion, frame }.drawn()
}

fn occasion(app: &App, plan: &Plan) -> Occasion {
    let clock = |at| french::time(app.local(at).time());
    let span = event::span(app, plan);
    Occasion {
        at: "à la rencontre entre cantines et fournisseurs",
        title: french::typographic(&plan.edition.title),
        day: french::day(plan.edition.held_on),
        hours: span.map(|(from, to)| format!("de {} à {}", clock(from), clock(to))),
        place: event::location(&plan.edition, &app.places),
        made_on: french::day(app.today()),
    }
}
