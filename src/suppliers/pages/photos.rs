//! One's photographs.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::certificates::read_file;
use super::desk::Desk;
use crate::app::App;
use crate::pictures::LARGEST_FORM;
use crate::suppliers::draft::DraftPhoto;
use crate::suppliers::{FileKind, WrongFile, keep_file};
use crate::web::{
    Csrf, FieldErrors, Form, Frame, Pressed, Result, Upload, filters, page_with, private, see_other, text_of,
};

/// Photographs of one listing.
const MOST: usize = 8;

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    description: String,
}

#[derive(Template)]
#[template(path = "suppliers/photos.html")]
struct PhotosPage {
    desk: Desk,
    typed: Typed,
    errors: FieldErrors,
    remark: Option<String>,
    csrf: Csrf,
    frame: Frame,
}

impl PhotosPage {
    fn photos(&self) -> &[DraftPhoto] {
        &self.desk.draft.content.photos
    }

    fn is_full(&self) -> bool {
        self.photos().len() >= MOST
    }

    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "photo" => Some("La photo est enregistrée."),
            "premiere" => Some("Cette photo est maintenant la première."),
            "retrait" => Some("La photo est retirée."),
            _ => None,
        }
    }
}

fn draw(desk: Desk, typed: Typed, errors: FieldErrors, frame: Frame, csrf: Csrf) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let remark = desk.draft.remarks.get("photos").cloned();
    Ok(private(page_with(status, &PhotosPage { desk, typed, errors, remark, csrf, frame })?))
}

/// `GET /fiche/{id}/photos`
#[handler]
pub(crate) fn list(desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(desk, Typed::default(), FieldErrors::default(), frame, csrf)
}

/// `POST /fiche/{id}/photos`
#[handler]
pub(crate) async fn add(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Upload { typed, files }: Upload<Typed, LARGEST_FORM>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let words = text_of(&typed.description, 200).unwrap_or_else(|sentence| {
        errors.add("description", sentence);
        None
    });
    let file = match read_file(FileKind::Photo, files).await? {
        Ok(Some(file)) => Some(file),
        Ok(None) => {
            errors.add("photo", "Choisissez d’abord une photo sur votre appareil.");
            None
        }
        Err(sentence) => {
            errors.add("photo", sentence);
            None
        }
    };
    let Some(file) = file.filter(|_| errors.is_empty()) else {
        return draw(desk, typed, errors, frame, csrf);
    };
    let txn = app.write().await?;
    let mut draft = desk.lock(&txn, &app).await?;
    if draft.content.photos.len() >= MOST {
        drop(txn);
        errors.add("photo", "Une fiche a huit photos au plus\u{a0}: retirez-en une d’abord.");
        return draw(desk, typed, errors, frame, csrf);
    }
    let Some(file) = keep_file(&txn, desk.id, file, app.clock.now()).await? else {
        drop(txn);
        errors.add("photo", WrongFile::TooMany.to_string());
        return draw(desk, typed, errors, frame, csrf);
    };
    let key = draft.content.new_key();
    draft.content.photos.push(DraftPhoto { key, file, words: words.unwrap_or_default() });
    draft.remarks.remove("photos");
    desk.keep(&txn, &app, &mut draft, "a ajouté une photo à sa fiche").await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}/photos?fait=photo", desk.path())))
}

/// The photograph in an address.
#[derive(Deserialize)]
struct Which {
    key: u32,
}

/// `POST /fiche/{id}/photos/{key}/premiere`
#[handler]
pub(crate) async fn put_first(
    app: Data<&App>,
    desk: Desk,
    Path(which): Path<Which>,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    let mut draft = desk.lock(&txn, &app).await?;
    let photos = &mut draft.content.photos;
    // Pressed twice, it is first already; one that was taken off meanwhile is nowhere.
    if let Some(at @ 1..) = photos.iter().position(|photo| photo.key == which.key) {
        photos[..=at].rotate_right(1);
        desk.keep(&txn, &app, &mut draft, "a changé l’ordre des photos de sa fiche").await?;
        txn.commit().await?;
    }
    Ok(see_other(&format!("{}/photos?fait=premiere", desk.path())))
}

/// `POST /fiche/{id}/photos/{key}/retrait`
#[handler]
pub(crate) async fn remove(
    app: Data<&App>,
    desk: Desk,
    Path(which): Path<Which>,
    _: Form<Pressed>,
) -> Result<Response> {
    desk.take_off(&app, |content| &mut content.photos, which.key, "a retiré une photo de sa fiche").await?;
    Ok(see_other(&format!("{}/photos?fait=retrait", desk.path())))
}
