//! What an organiser does for those who come to a date: registers who telephones, takes somebody off, gives a place.

use poem::web::{Data, Path};
use poem::{Response, handler};

use super::attendance::who;
use super::date::{Again, Desk, draw, path};
use super::registration::number;
use crate::app::App;
use crate::audit::{self, Act as Deed, By};
use crate::farm_visits::act::{Act, Refusal};
use crate::farm_visits::counter::{self, Asked, Counter, Outcome};
use crate::farm_visits::registration::NewRegistration;
use crate::mail::EmailAddress;
use crate::suppliers::draft::Typed;
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Result, see_other};

/// `POST /organisation/visites/dates/{key}/inscriptions`: somebody who telephoned.
#[handler]
pub(crate) async fn register(
    app: Data<&App>,
    counter: Data<&Counter>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let Some(new) = guest(&typed, &mut errors) else {
        return draw(&app, desk, Again { guest: typed, errors, ..Again::default() }, frame, csrf).await;
    };
    let asked = Asked {
        date: desk.date.id,
        new,
        by: Some(desk.me.id),
        is_organiser: true,
        deed: Some("a inscrit quelqu’un à une visite de ferme"),
        question: None,
    };
    match counter.register(&app, asked).await? {
        Outcome::Written(_, position) if position > 0 => Ok(see_other(&format!("{}?fait=attente", path(desk.date.id)))),
        Outcome::Written(..) => Ok(see_other(&format!("{}?fait=inscription", path(desk.date.id)))),
        Outcome::Refused(refusal) => {
            let again = Again { refused: Some(refusal.sentence()), guest: typed, ..Again::default() };
            draw(&app, desk, again, frame, csrf).await
        }
        Outcome::Nowhere | Outcome::Again(..) | Outcome::KeyTaken => Err(Error::NotFound),
    }
}

fn guest(typed: &Typed, errors: &mut FieldErrors) -> Option<NewRegistration> {
    let (name, organisation) = who(typed, errors);
    let email = EmailAddress::parse(typed.of("courriel")).ok();
    if email.is_none() {
        errors.add("courriel", "Écrivez une adresse de courriel, comme prenom.nom@exemple.fr.");
    }
    let party_size = number(typed, "personnes", 1, 50, errors);
    if !errors.is_empty() {
        return None;
    }
    Some(
        // Whoever telephones is known to the organiser.
        NewRegistration::on_behalf(email?, name, organisation, party_size?),
    )
}

/// `POST /organisation/visites/dates/{key}/inscriptions/{registration}`: takes somebody off, or gives a place after the
/// deadline.
#[handler]
pub(crate) async fn decide(
    app: Data<&App>,
    desk: Desk,
    Path((_, registration)): Path<(i64, i64)>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (act, done) = match typed.of("geste") {
        "retirer" => (Act::Cancel(registration), "retrait"),
        "donner" => (Act::Accept(registration), "inscription"),
        _ => return Err(Error::bad_request("Choisissez quoi faire de cette inscription.")),
    };
    let txn = app.write().await?;
    let deed = if done == "retrait" {
        "a retiré quelqu’un d’une visite de ferme"
    } else {
        "a donné une place à une visite de ferme"
    };
    let deed = Deed::new(deed, format!("registrations/{registration}")).with(desk.visit.title.clone());
    let done_so = counter::act(&txn, &app, desk.date.id, act, (Some(desk.me.id), true)).await?;
    if done_so.as_ref().is_some_and(|done| done.asked.is_ok()) {
        audit::record(&txn, By::Person(desk.me.id), deed, app.clock.now()).await?;
    }
    txn.commit().await?;
    match done_so.map(|done| done.asked) {
        Some(Err(Refusal::Over)) | None => Ok(see_other(&path(desk.date.id))),
        Some(Err(refusal)) => {
            let again = Again { refused: Some(refusal.sentence()), ..Again::default() };
            draw(&app, desk, again, frame, csrf).await
        }
        Some(Ok(_)) => Ok(see_other(&format!("{}?fait={done}", path(desk.date.id)))),
    }
}
