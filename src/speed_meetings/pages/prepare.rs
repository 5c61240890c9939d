//! A new edition: from nothing but a name, a day and a place, or like an earlier one.

use askama::Template;
use chrono::NaiveDate;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};

use super::desk::Workshop;
use crate::accounts::Organiser;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::places::Commune;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::preparation::{self, Prepared};
use crate::speed_meetings::section;
use crate::suppliers::draft::{self, Typed};
use crate::web::{Csrf, FieldErrors, Form, Frame, Result, filters, line_of, page_with, private, see_other};

#[derive(Template)]
#[template(path = "speed_meetings/prepare.html")]
struct PreparePage {
    /// Address and title of the edition that is copied.
    earlier: Option<(String, String)>,
    typed: Typed,
    /// The name of the commune that was typed.
    commune: String,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /organisation/rencontres/ajout`
#[handler]
pub(crate) fn form(app: Data<&App>, _: Organiser, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, None, Typed::default(), FieldErrors::default(), frame, csrf)
}

/// `POST /organisation/rencontres/ajout`
#[handler]
pub(crate) async fn begin(
    app: Data<&App>,
    Organiser(me): Organiser,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let named = named(&typed, app.today(), &mut errors);
    let hall = line_of(typed.of("salle"), 150).unwrap_or_else(|sentence| {
        errors.add("salle", sentence);
        String::new()
    });
    let place = if typed.of("commune").is_empty() { typed.of("commune_nom") } else { typed.of("commune") };
    let commune =
        (!place.is_empty()).then(|| draft::commune(place, &app.places)).transpose().unwrap_or_else(|sentence| {
            errors.add("commune", sentence);
            None
        });
    let (Some((title, held_on)), true) = (named, errors.is_empty()) else {
        return draw(&app, None, typed, errors, frame, csrf);
    };
    let mut plan = Plan::new(&title, held_on, app.today(), app.clock.now());
    plan.edition.hall = hall;
    plan.edition.insee_code = commune.map(|commune| commune.insee_code.to_string());
    write_down(&app, (&plan, None), me.id, "a commencé à préparer une rencontre").await
}

/// `GET /organisation/rencontres/{key}/copie`
#[handler]
pub(crate) fn copy_form(app: Data<&App>, workshop: Workshop, frame: Frame, csrf: Csrf) -> Result<Response> {
    let mut typed = Typed::default();
    typed.put("titre", workshop.plan.edition.title.clone());
    draw(&app, Some(&workshop), typed, FieldErrors::default(), frame, csrf)
}

/// `POST /organisation/rencontres/{key}/copie`
#[handler]
pub(crate) async fn copy(
    app: Data<&App>,
    workshop: Workshop,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let Some((title, held_on)) = named(&typed, app.today(), &mut errors) else {
        return draw(&app, Some(&workshop), typed, errors, frame, csrf);
    };
    let plan = preparation::copied(&workshop.plan, &title, held_on, app.clock.now());
    write_down(
        &app,
        (&plan, Some(workshop.plan.edition.id)),
        workshop.me.id,
        "a repris une rencontre pour en préparer une autre",
    )
    .await
}

/// Writes a plan down, which may be like that of an earlier edition, and leads to the one that is there then.
async fn write_down(app: &App, (plan, earlier): (&Plan, Option<i64>), me: i64, act: &'static str) -> Result<Response> {
    let txn = app.write().await?;
    let prepared = preparation::prepare(&txn, plan).await?;
    let key = prepared.edition().id;
    let done = match prepared {
        Prepared::New(_) => {
            audit::record(&txn, By::Person(me), Act::new(act, format!("editions/{key}")), app.clock.now()).await?;
            "preparation"
        }
        Prepared::Same(_) if Some(key) != earlier => "preparation",
        Prepared::Same(_) | Prepared::Other(_) => "deja",
    };
    txn.commit().await?;
    Ok(see_other(&format!("{}/{key}?fait={done}", super::list::PATH)))
}

/// Name and day, when both are right.
fn named(typed: &Typed, today: NaiveDate, errors: &mut FieldErrors) -> Option<(String, NaiveDate)> {
    let title = section::title(typed.of("titre")).map_err(|sentence| errors.add("titre", sentence)).ok();
    let day = section::day(typed.of("jour")).map_err(|sentence| errors.add("jour", sentence)).ok();
    let day = day.filter(|day| {
        if *day < today {
            errors.add("jour", section::PAST);
        }
        *day >= today
    });
    title.zip(day)
}

fn draw(
    app: &App,
    workshop: Option<&Workshop>,
    typed: Typed,
    errors: FieldErrors,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let earlier = workshop.map(|workshop| (workshop.plan.edition.desk(), workshop.plan.edition.title.clone()));
    let known = app.places.commune(typed.of("commune")).map(Commune::label);
    let commune = known.unwrap_or_else(|| typed.of("commune_nom").to_owned());
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(private(page_with(status, &PreparePage { earlier, typed, commune, errors, csrf, frame })?))
}
