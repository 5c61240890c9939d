//! All organisations, as organisers list and found them.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use serde::Deserialize;

use super::team::send_invitation;
use crate::accounts::organisation::{self, Listed, OrganisationKind};
use crate::accounts::visit::Organiser;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::mail::EmailAddress;
use crate::web::{
    Csrf, FieldErrors, Form, Frame, Pages, Result, filters, french, page_with, private, see_other as see,
};

/// Organisations on a page.
const SHOWN: u64 = 50;

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    genre: String,
    nom: String,
    courriel: String,
}

impl Typed {
    fn kind(&self) -> Option<OrganisationKind> {
        match self.genre.as_str() {
            "cantine" => Some(OrganisationKind::Canteen),
            "fournisseur" => Some(OrganisationKind::Supplier),
            _ => None,
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/organisations.html")]
struct OrganisationsPage {
    listed: Vec<Listed>,
    total: u64,
    pages: Pages,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

impl OrganisationsPage {
    fn count(&self) -> String {
        french::count(self.total, "équipe", "équipes")
    }
}

/// `GET /organisation/equipes`
#[handler]
pub(crate) async fn organisations(app: Data<&App>, _: Organiser, frame: Frame, csrf: Csrf) -> Result<Response> {
    show(&app, Typed::default(), FieldErrors::default(), frame, csrf).await
}

async fn show(app: &App, typed: Typed, errors: FieldErrors, frame: Frame, csrf: Csrf) -> Result<Response> {
    let total = organisation::count(&app.db).await?;
    let pages = Pages::asked(frame.uri(), SHOWN, total);
    let listed = organisation::page(&app.db, pages.offset(), SHOWN).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(private(page_with(status, &OrganisationsPage { listed, total, pages, typed, errors, csrf, frame })?))
}

/// `POST /organisation/equipes`: founds one and invites its first person.
#[handler]
pub(crate) async fn found(
    app: Data<&App>,
    Organiser(person): Organiser,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let (kind, name, email) = (typed.kind(), typed.nom.trim().to_owned(), EmailAddress::parse(&typed.courriel));
    if kind.is_none() {
        errors.add("genre", "Choisissez : une cantine, ou un producteur.");
    }
    if name.is_empty() || name.chars().count() > 200 {
        errors.add("nom", "Écrivez le nom de l’établissement, en 200 caractères au plus.");
    }
    if email.is_err() {
        errors.add("courriel", "Écrivez l’adresse de la première personne, par exemple cuisine@college.fr.");
    }
    let (Some(kind), Ok(email), true) = (kind, email, errors.is_empty()) else {
        return show(&app, typed, errors, frame, csrf).await;
    };
    let now = app.clock.now();
    let txn = app.write().await?;
    let founded = organisation::found(&txn, kind, &name, now).await?;
    let act = Act::new("a créé une équipe", format!("organisations/{}", founded.id));
    audit::record(&txn, By::Person(person.id), act, now).await?;
    if let Err(sentence) = send_invitation(&txn, &app, Some((founded.id, &name)), &email, &person).await? {
        drop(txn);
        errors.add("courriel", sentence);
        return show(&app, typed, errors, frame, csrf).await;
    }
    txn.commit().await?;
    Ok(see(&format!("/equipes/{}?fait=creation", founded.id)))
}
