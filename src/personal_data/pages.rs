//! « Mes données »: taken away, or erased.

use askama::Template;
use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{Response, handler};
use serde::Deserialize;

use super::account_file::account_file;
use super::erasure::{Kept, erase};
use super::mail;
use crate::accounts::{self, Listed, SignedIn};
use crate::app::App;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Result, SESSION, filters, page, page_with, private, see_other as see,
};

#[derive(Template)]
#[template(path = "personal_data/own.html")]
struct OwnPage {
    email: String,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "personal_data/erasure.html")]
struct ErasurePage {
    email: String,
    is_organiser: bool,
    /// What nobody is left to act for.
    alone_in: Vec<Listed>,
    is_last_organiser: bool,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "personal_data/erased.html")]
struct ErasedPage {
    frame: Frame,
}

/// `GET /mon-espace/donnees`
#[handler]
pub(crate) fn own(signed_in: SignedIn, frame: Frame) -> Result<Response> {
    Ok(private(page(&OwnPage { email: signed_in.person.email, frame })?))
}

/// `GET /mon-espace/donnees/export.zip`
#[handler]
pub(crate) async fn export(app: Data<&App>, signed_in: SignedIn) -> Result<Response> {
    let file = account_file(&app, &signed_in.person).await.map_err(Error::broken("making a file of personal data"))?;
    let answer = Response::builder()
        .content_type("application/zip")
        .header(header::CONTENT_DISPOSITION, "attachment; filename=\"mes-donnees.zip\"");
    Ok(private(answer.body(file)))
}

/// `GET /mon-espace/donnees/effacement`: what goes and what stays, before anything is done.
#[handler]
pub(crate) async fn ask(app: Data<&App>, signed_in: SignedIn, frame: Frame, csrf: Csrf) -> Result<Response> {
    show(&app, &signed_in, FieldErrors::default(), StatusCode::OK, (frame, csrf)).await
}

async fn show(
    app: &App,
    signed_in: &SignedIn,
    errors: FieldErrors,
    status: StatusCode,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let person = &signed_in.person;
    let view = ErasurePage {
        email: person.email.clone(),
        is_organiser: person.is_organiser,
        alone_in: accounts::alone_in(&app.db, person.id).await?,
        is_last_organiser: accounts::is_last_organiser(&app.db, person).await?,
        errors,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

/// What was ticked.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    compris: String,
}

/// `POST /mon-espace/donnees/effacement`
#[handler]
pub(crate) async fn erase_own(
    app: Data<&App>,
    signed_in: SignedIn,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    if typed.compris.is_empty() {
        let mut errors = FieldErrors::default();
        errors.add("compris", "Cochez la case pour dire que vous avez compris, puis effacez.");
        return show(&app, &signed_in, errors, StatusCode::UNPROCESSABLE_ENTITY, (frame, csrf)).await;
    }
    let person = &signed_in.person;
    let txn = app.write().await?;
    if let Err(Kept::LastOrganiser) =
        erase(&txn, &app, person, "a effacé un compte à la demande de la personne").await?
    {
        drop(txn);
        return show(&app, &signed_in, FieldErrors::default(), StatusCode::CONFLICT, (frame, csrf)).await;
    }
    mail::erased(&txn, &app, person).await?;
    txn.commit().await?;
    let mut response = see("/compte-efface");
    SESSION.take(&mut response, &app.config);
    Ok(response)
}

/// `GET /compte-efface`
#[handler]
pub(crate) fn erased(frame: Frame) -> Result<Response> {
    page(&ErasedPage { frame })
}
