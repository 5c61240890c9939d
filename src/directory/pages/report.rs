//! « Signaler une erreur »: anybody may say what is wrong in a listing, without an account.

use std::net::IpAddr;

use askama::Template;
use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Response, handler};
use serde::Deserialize;

use super::results::PATH;
use crate::app::{App, TooMany};
use crate::suppliers::{self, Listing, NewReportedError, WrongReport, public_by_slug};
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Result, Visitor, filters, french, page, page_with, see_other};

/// Most characters of the text; what it is about is kept with it, in the same 2,000.
const LONGEST: usize = 1_900;

/// What a report may be about: code, as asked, as kept.
const SUBJECTS: [(&str, &str, &str); 7] = [
    ("offers", "Un produit, un prix ou une saison", "Produits"),
    ("certification", "Un signe de qualité", "Signes de qualité"),
    ("delivery", "La livraison ou le lieu", "Livraison ou lieu"),
    ("closed", "Le fournisseur a cessé ou déménagé", "Cessation"),
    ("duplicate", "La fiche existe deux fois", "Doublon"),
    ("objection", "Je suis ce fournisseur et je m’oppose à cette fiche", "Opposition du fournisseur"),
    ("other", "Autre chose", "Autre"),
];

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    sujet: String,
    message: String,
    courriel: String,
    /// People do not see this field; programs that fill everything do.
    site: String,
}

#[derive(Template)]
#[template(path = "directory/report.html")]
struct ReportPage {
    slug: String,
    name: String,
    typed: Typed,
    longest: usize,
    errors: FieldErrors,
    /// Minutes after which more reports are taken.
    wait: Option<u64>,
    csrf: Csrf,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "directory/reported.html")]
struct Reported {
    slug: String,
    name: String,
    frame: Frame,
}

/// `GET /annuaire/{slug}/signalement`
#[handler]
pub(crate) async fn ask(app: &App, Path(slug): Path<String>, frame: Frame, csrf: Csrf) -> Result<Response> {
    let listing = public_by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    let query = frame.uri().query().unwrap_or_default();
    let typed: Typed = serde_urlencoded::from_str(query).unwrap_or_default();
    let typed = Typed { sujet: typed.sujet, ..Typed::default() };
    page(&ReportPage::new(&listing, typed, FieldErrors::default(), csrf, frame))
}

/// `POST /annuaire/{slug}/signalement`
#[handler]
pub(crate) async fn report(
    app: &App,
    Path(slug): Path<String>,
    Visitor(address): Visitor,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let listing = public_by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    let new = match typed.read() {
        Ok(new) => new,
        Err(errors) => {
            let form = ReportPage::new(&listing, Typed { site: String::new(), ..typed }, errors, csrf, frame);
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &form);
        }
    };
    if let Err(too_many) = keep(app, &listing, new, address).await? {
        let mut form = ReportPage::new(&listing, typed, FieldErrors::default(), csrf, frame);
        form.wait = Some(too_many.retry_after.div_ceil(60));
        let mut response = page_with(StatusCode::TOO_MANY_REQUESTS, &form)?;
        response.headers_mut().insert(header::RETRY_AFTER, too_many.retry_after.into());
        return Ok(response);
    }
    let to = format!("{PATH}/{}/signalement/recu", listing.supplier.slug);
    Ok(see_other(&to))
}

/// `GET /annuaire/{slug}/signalement/recu`
#[handler]
pub(crate) async fn received(app: &App, Path(slug): Path<String>, frame: Frame) -> Result<Response> {
    let listing = public_by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    page(&Reported { slug: listing.supplier.slug, name: listing.supplier.name, frame })
}

/// Keeps the report, unless this address has sent its share.
async fn keep(
    app: &App,
    listing: &Listing,
    new: NewReportedError,
    address: IpAddr,
) -> Result<std::result::Result<(), TooMany>> {
    if let Err(too_many) = app.limits.count_form(address) {
        return Ok(Err(too_many));
    }
    let txn = app.write().await?;
    suppliers::report(&txn, app, &listing.supplier, new, app.clock.now()).await?;
    txn.commit().await?;
    Ok(Ok(()))
}

impl Typed {
    fn read(&self) -> std::result::Result<NewReportedError, FieldErrors> {
        let mut errors = FieldErrors::default();
        let subject = SUBJECTS.iter().find(|(code, ..)| *code == self.sujet);
        if subject.is_none() {
            errors.add("sujet", "Choisissez ce que le signalement concerne.");
        }
        if self.message.trim().is_empty() {
            errors.add("message", "Dites ce qui est faux et, si vous le savez, ce qui est juste.");
        }
        let length = self.message.chars().filter(|c| *c != '\r').count();
        if length > LONGEST {
            let (length, most) = (french::number(length as u64), french::number(LONGEST as u64));
            errors.add("message", format!("Votre texte a {length} caractères\u{a0}: raccourcissez-le à {most}."));
        }
        if !self.site.is_empty() {
            errors.add("site", "Un champ caché était rempli, peut-être par votre navigateur. Envoyez de nouveau.");
        }
        let about = subject.map(|(_, _, kept)| *kept).unwrap_or_default();
        match NewReportedError::new(&format!("{about} : {}", self.message.trim()), &self.courriel) {
            Ok(new) if errors.is_empty() => return Ok(new),
            Err(wrong @ WrongReport::Email) => errors.add("courriel", wrong.to_string()),
            Err(wrong) => errors.add("message", wrong.to_string()),
            Ok(_) => {}
        }
        Err(errors)
    }
}

impl ReportPage {
    fn new(listing: &Listing, typed: Typed, errors: FieldErrors, csrf: Csrf, frame: Frame) -> Self {
        let (slug, name) = (listing.supplier.slug.clone(), listing.supplier.name.clone());
        Self { slug, name, typed, longest: LONGEST, errors, wait: None, csrf, frame }
    }

    /// Code, words, and whether it is chosen.
    fn subjects(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        SUBJECTS.iter().map(|(code, asked, _)| (*code, *asked, *code == self.typed.sujet))
    }

    /// `1 900`, to be read.
    fn longest_said(&self) -> String {
        french::number(self.longest as u64)
    }
}
