//! Leaving a team, or taking somebody out of it: asked first, and refused to the last one.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::team::{Member, Team};
use crate::accounts::organisation::{self, Stays};
use crate::accounts::{access_rule, person};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::web::{Csrf, Error, Form, Frame, Pressed, Result, filters, page_with, private, see_other as see};

/// The person in an address.
#[derive(Deserialize)]
struct Which {
    person: i64,
}

#[derive(Template)]
#[template(path = "accounts/leave.html")]
struct LeavePage {
    team: Team,
    member: Member,
    is_last: bool,
    csrf: Csrf,
    frame: Frame,
}

impl LeavePage {
    fn link(&self) -> String {
        self.team.leave_link(&self.member)
    }
}

/// `GET /equipes/{id}/membres/{person}/retrait`, `/organisation/acces/{person}/retrait`
#[handler]
pub(crate) async fn ask(
    app: Data<&App>,
    team: Team,
    Path(which): Path<Which>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    show(&app, team, which.person, StatusCode::OK, frame, csrf).await
}

async fn show(app: &App, team: Team, person: i64, status: StatusCode, frame: Frame, csrf: Csrf) -> Result<Response> {
    let members = team.members(app).await?;
    let is_last = members.len() == 1;
    let member = members.into_iter().find(|member| member.id == person).ok_or(Error::NotFound)?;
    Ok(private(page_with(status, &LeavePage { team, member, is_last, csrf, frame })?))
}

/// `POST /equipes/{id}/membres/{person}/retrait`, `/organisation/acces/{person}/retrait`
#[handler]
pub(crate) async fn leave(
    app: Data<&App>,
    team: Team,
    Path(which): Path<Which>,
    frame: Frame,
    csrf: Csrf,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    let left = match team.into {
        Some(organisation) => organisation::leave(&txn, organisation, which.person).await?,
        None => person::resign(&txn, which.person).await?,
    };
    match left {
        Ok(()) => {}
        Err(Stays::NoMember) => return Err(Error::NotFound),
        Err(Stays::Last) => {
            drop(txn);
            return show(&app, team, which.person, StatusCode::CONFLICT, frame, csrf).await;
        }
    }
    let (is_me, me) = (which.person == team.me.id, &team.me);
    let what = if is_me { "a quitté l’équipe" } else { "a retiré quelqu’un de l’équipe" };
    audit::record(&txn, By::Person(me.id), Act::new(what, team.row()), app.clock.now()).await?;
    txn.commit().await?;
    let stays_visible = !is_me || (team.into.is_some() && access_rule::lets_organise(&app.db, me).await?);
    Ok(see(&if stays_visible { format!("{}?fait=retrait", team.path) } else { "/mon-espace?fait=depart".to_owned() }))
}
