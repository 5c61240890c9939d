//! What an organiser does about invitations: mails to all who are to get one, or a line by hand.

use chrono::NaiveDate;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::list::{Asked, draw, path};
use crate::accounts;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::speed_meetings::edition::{self, Side};
use crate::speed_meetings::invitations::invitation::{self, Noted, Way};
use crate::speed_meetings::invitations::{audience, mailing::Errand, mailing::invite};
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::registration::{self, Asks};
use crate::speed_meetings::section::day;
use crate::suppliers::draft::Typed;
use crate::tables::fold;
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Pressed, Result, french, line_of, see_other};

/// Most characters of a name.
const LONGEST_NAME: usize = 200;

/// Which mails, and how many one saw would leave.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    geste: String,
    vus: String,
}

/// `POST /organisation/rencontres/{key}/invitations/envoi`: what was shown leaves, or nothing does.
#[handler]
pub(crate) async fn send(app: Data<&App>, workshop: Workshop, Form(chosen): Form<Chosen>) -> Result<Response> {
    let here = path(&workshop.plan.edition);
    let (errand, what) = match chosen.geste.as_str() {
        "inviter" => (Errand::Invite, "a invité à une rencontre"),
        "relancer" => (Errand::Remind, "a relancé des invités à une rencontre"),
        _ => return Ok(see_other(&here)),
    };
    let txn = app.write().await?;
    // Of two who press at once, the second reads whom the first wrote to.
    let plan = Plan::lock(&txn, workshop.plan.edition.id).await?.ok_or(Error::NotFound)?;
    if !registration::is_open(&plan.edition, Asks::Own, app.today()) {
        return Ok(see_other(&here));
    }
    let audience = match errand {
        Errand::Invite => audience::not_yet_invited(&txn, plan.edition.id).await?,
        Errand::Remind => audience::silent(&txn, plan.edition.id, app.today()).await?,
    };
    if audience.count() == 0 || chosen.vus.parse() != Ok(audience.count()) {
        return Ok(see_other(&format!("{here}?fait=nombre")));
    }
    let written = invite(&txn, &app, &plan, (errand, &audience), workshop.me.id).await?;
    let act = Act::new(what, format!("editions/{}", plan.edition.id)).with(french::count(
        u64::from(written.unsigned_abs()),
        "courriel",
        "courriels",
    ));
    audit::record(&txn, By::Person(workshop.me.id), act, app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{here}?fait=envoi&partis={written}")))
}

/// `POST /organisation/rencontres/{key}/invitations`: somebody was invited otherwise.
#[handler]
pub(crate) async fn note(
    app: Data<&App>,
    workshop: Workshop,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let Workshop { me, plan } = workshop;
    let mut errors = FieldErrors::default();
    let read = read(&app, &typed, &mut errors).await?;
    if let Some(noted) = read {
        let txn = app.write().await?;
        edition::lock(&txn, plan.edition.id).await?.ok_or(Error::NotFound)?;
        if invitation::note(&txn, plan.edition.id, &noted, me.id, app.clock.now()).await? {
            let act = Act::new("a noté une invitation à une rencontre", format!("editions/{}", plan.edition.id));
            audit::record(&txn, By::Person(me.id), act, app.clock.now()).await?;
            txn.commit().await?;
        }
        return Ok(see_other(&format!("{}?fait=note", path(&plan.edition))));
    }
    draw(&app, plan, (typed, errors), Asked::default(), (frame, csrf)).await
}

/// What was typed; nothing when something is wrong with it.
async fn read(app: &App, typed: &Typed, errors: &mut FieldErrors) -> Result<Option<Noted>> {
    let name =
        line_of(typed.of("nom"), LONGEST_NAME).map_err(|sentence| errors.add("nom", sentence)).unwrap_or_default();
    if name.is_empty() {
        errors.add("nom", "Écrivez qui a été invité, ou où l’annonce a paru.");
    }
    let way = Way::ALL.into_iter().find(|way| way.code() == typed.of("moyen"));
    if way.is_none() {
        errors.add("moyen", "Choisissez comment.");
    }
    let invited_on = past(typed.of("jour"), app.today()).map_err(|sentence| errors.add("jour", sentence)).ok();
    let side = Side::from_code(typed.of("cote"));
    if side.is_none() && typed.of("cote") != "tous" {
        errors.add("cote", "Choisissez qui était invité.");
    }
    if !errors.is_empty() {
        return Ok(None);
    }
    let organisation = match side {
        Some(side) => known(app, &name, side).await?,
        None => None,
    };
    Ok(way.zip(invited_on).map(|(way, invited_on)| Noted { organisation, name, side, way, invited_on }))
}

/// A day that has come.
fn past(text: &str, today: NaiveDate) -> std::result::Result<NaiveDate, String> {
    let day = day(text)?;
    if day > today { Err("Ce jour n’est pas encore venu.".to_owned()) } else { Ok(day) }
}

/// The organisation of this name on this side, when there is one and no other.
async fn known(app: &App, name: &str, side: Side) -> Result<Option<i64>> {
    let wanted = fold(name);
    let all = accounts::all_organisations(&app.db).await?.into_iter();
    let same: Vec<i64> = all
        .filter(|team| registration::side_of(team.kind) == side && fold(&team.name) == wanted)
        .map(|team| team.id)
        .collect();
    Ok(match same.as_slice() {
        [only] => Some(*only),
        _ => None,
    })
}

/// The line in an address.
#[derive(Deserialize)]
struct Which {
    id: i64,
}

/// `POST /organisation/rencontres/{key}/invitations/{id}/retrait`: a line that was noted by hand is taken out.
#[handler]
pub(crate) async fn remove(
    app: Data<&App>,
    workshop: Workshop,
    Path(which): Path<Which>,
    _: Form<Pressed>,
) -> Result<Response> {
    let edition = workshop.plan.edition;
    let txn = app.write().await?;
    edition::lock(&txn, edition.id).await?.ok_or(Error::NotFound)?;
    if invitation::remove(&txn, edition.id, which.id).await? {
        let act = Act::new("a retiré une invitation notée à la main", format!("editions/{}", edition.id));
        audit::record(&txn, By::Person(workshop.me.id), act, app.clock.now()).await?;
        txn.commit().await?;
    }
    Ok(see_other(&format!("{}?fait=retrait", path(&edition))))
}
