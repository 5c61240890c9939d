//! Where an organisation withdraws: its own people, signed in or by the link of a mail, or an organiser on its behalf.

use askama::Template;
use poem::web::{Data, Path};
use poem::{FromRequest, Request, RequestBody, Response, handler};

use super::guest::{Guest, OnBehalf, Own};
use super::speaker::Speaker;
use crate::app::App;
use crate::audit::{self, By};
use crate::speed_meetings::edition::State;
use crate::speed_meetings::mail::{self, News};
use crate::speed_meetings::participant::{self, Standing};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::registration::{self, Withdrawn};
use crate::speed_meetings::{exit, publication};
use crate::web::{Csrf, Error, Form, Frame, Pressed, Result, filters, french, page, private, see_other};

/// For the person to whom a mail brought its link.
pub(crate) struct ByLink(Guest);

impl<'a> FromRequest<'a> for ByLink {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        Ok(Self(Guest::of(app, Speaker::by_link(request, body).await?).await?))
    }
}

#[derive(Template)]
#[template(path = "speed_meetings/withdrawal.html")]
struct WithdrawalPage {
    guest: Guest,
    day: String,
    /// Whether it is to come or waits.
    is_known: bool,
    /// Where the button leads.
    action: String,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /rencontres/{slug}/inscription/{id}/retrait`
#[handler]
pub(crate) async fn ask(app: Data<&App>, Own(guest): Own, frame: Frame, csrf: Csrf) -> Result<Response> {
    let action = format!("{}/retrait", guest.here());
    asked(&app, guest, action, frame, csrf).await
}

/// `GET /desinscription/{token}`: a link does nothing by itself, programs that read mails follow it too.
#[handler]
pub(crate) async fn ask_by_link(
    app: Data<&App>,
    ByLink(guest): ByLink,
    Path(token): Path<String>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    asked(&app, guest, exit::path(&token), frame, csrf).await
}

/// `GET /organisation/rencontres/{key}/participants/{id}/retrait`
#[handler]
pub(crate) async fn ask_for(app: Data<&App>, OnBehalf(guest): OnBehalf, frame: Frame, csrf: Csrf) -> Result<Response> {
    let action = format!("{}/retrait", guest.here());
    asked(&app, guest, action, frame, csrf).await
}

async fn asked(app: &App, guest: Guest, action: String, frame: Frame, csrf: Csrf) -> Result<Response> {
    let edition = &guest.plan.edition;
    let known = participant::of_organisation(&app.db, edition.id, guest.id).await?;
    let is_there = known.is_some_and(|known| known.state != Standing::Withdrawn);
    let is_known = is_there && registration::is_withdrawable(edition);
    let day = french::day(edition.held_on);
    Ok(private(page(&WithdrawalPage { guest, day, is_known, action, csrf, frame })?))
}

/// `POST /rencontres/{slug}/inscription/{id}/retrait`
#[handler]
pub(crate) async fn withdraw(app: Data<&App>, Own(guest): Own, _: Form<Pressed>) -> Result<Response> {
    let here = guest.here();
    leave(&app, guest, here).await
}

/// `POST /desinscription/{token}`
#[handler]
pub(crate) async fn withdraw_by_link(
    app: Data<&App>,
    ByLink(guest): ByLink,
    Path(token): Path<String>,
    _: Form<Pressed>,
) -> Result<Response> {
    leave(&app, guest, exit::path(&token)).await
}

/// `POST /organisation/rencontres/{key}/participants/{id}/retrait`
#[handler]
pub(crate) async fn withdraw_for(app: Data<&App>, OnBehalf(guest): OnBehalf, _: Form<Pressed>) -> Result<Response> {
    let here = guest.here();
    leave(&app, guest, here).await
}

/// Withdraws, and goes back to where one came from.
async fn leave(app: &App, guest: Guest, here: String) -> Result<Response> {
    let txn = app.write().await?;
    let plan = Plan::lock(&txn, guest.plan.edition.id).await?.ok_or(Error::NotFound)?;
    match registration::withdraw(&txn, &plan.edition, guest.id).await? {
        Withdrawn::Closed => return Ok(see_other(&here)),
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
    Ok(see_other(&format!("{here}?fait=retrait")))
}
