//! Where an organisation withdraws: its own people, or an organiser on its behalf.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use super::registration::{Guest, OnBehalf, Own};
use crate::app::App;
use crate::audit::{self, By};
use crate::speed_meetings::mail::{self, News};
use crate::speed_meetings::participant::{self, Standing};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::publication;
use crate::speed_meetings::registration::{self, Withdrawn};
use crate::web::{Csrf, Error, Form, Frame, Pressed, Result, filters, french, page, private, see_other};

#[derive(Template)]
#[template(path = "speed_meetings/withdrawal.html")]
struct WithdrawalPage {
    guest: Guest,
    day: String,
    /// Whether it is to come or waits.
    is_known: bool,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /rencontres/{slug}/inscription/{id}/retrait`
#[handler]
pub(crate) async fn ask(app: Data<&App>, Own(guest): Own, frame: Frame, csrf: Csrf) -> Result<Response> {
    asked(&app, guest, frame, csrf).await
}

/// `GET /organisation/rencontres/{key}/participants/{id}/retrait`
#[handler]
pub(crate) async fn ask_for(app: Data<&App>, OnBehalf(guest): OnBehalf, frame: Frame, csrf: Csrf) -> Result<Response> {
    asked(&app, guest, frame, csrf).await
}

async fn asked(app: &App, guest: Guest, frame: Frame, csrf: Csrf) -> Result<Response> {
    let edition = &guest.plan.edition;
    let known = participant::of_organisation(&app.db, edition.id, guest.id).await?;
    let is_there = known.is_some_and(|known| known.state != Standing::Withdrawn);
    let is_known = is_there && registration::is_withdrawable(edition);
    let day = french::day(edition.held_on);
    Ok(private(page(&WithdrawalPage { guest, day, is_known, csrf, frame })?))
}

/// `POST /rencontres/{slug}/inscription/{id}/retrait`
#[handler]
pub(crate) async fn withdraw(app: Data<&App>, Own(guest): Own, _: Form<Pressed>) -> Result<Response> {
    leave(&app, guest).await
}

/// `POST /organisation/rencontres/{key}/participants/{id}/retrait`
#[handler]
pub(crate) async fn withdraw_for(app: Data<&App>, OnBehalf(guest): OnBehalf, _: Form<Pressed>) -> Result<Response> {
    leave(&app, guest).await
}

async fn leave(app: &App, guest: Guest) -> Result<Response> {
    let txn = app.write().await?;
    let plan = Plan::lock(&txn, guest.plan.edition.id).await?.ok_or(Error::NotFound)?;
    match registration::withdraw(&txn, &plan.edition, guest.id).await? {
        Withdrawn::Closed => return Ok(see_other(&guest.here())),
        Withdrawn::Already => {}
        Withdrawn::Gone(row, had_place) => {
            let cancelled = publication::release(&txn, app, &plan, (&row, guest.me.id)).await?.len();
            mail::tell(&txn, app, &plan, &row, News::Withdrawn { had_place, cancelled }).await?;
            for moved in registration::move_up(&txn, &plan.edition).await? {
                mail::tell(&txn, app, &plan, &moved, News::MovedUp).await?;
            }
            let act = guest.act("a désinscrit une organisation d’une rencontre");
            audit::record(&txn, By::Person(guest.me.id), act, app.clock.now()).await?;
            txn.commit().await?;
        }
    }
    Ok(see_other(&format!("{}?fait=retrait", guest.here())))
}
