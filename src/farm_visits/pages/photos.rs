//! The photographs of a visit: organisers add, order and take off; everybody sees.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;
use tokio::task;

use super::desk::{Workshop, path};
use crate::accounts::Organiser;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::farm_visits::farm_visit::{self, FarmVisit};
use crate::farm_visits::photo::{self, MOST, NewPhoto, Photo, PutBack};
use crate::pictures::LARGEST_FORM;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Pressed, Result, SentFile, Upload, filters, given_back, kept, page_with,
    private, see_other, text_of,
};

const FULL: &str = "Une visite a six photos au plus\u{a0}: retirez-en une d’abord.";

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    description: String,
}

#[derive(Template)]
#[template(path = "farm_visits/photos.html")]
struct PhotosPage {
    visit: FarmVisit,
    photos: Vec<Photo>,
    /// The one that was just taken off and may be put back.
    off: Option<i64>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

impl PhotosPage {
    fn here(&self) -> String {
        here(&self.visit)
    }

    fn is_full(&self) -> bool {
        self.photos.len() >= MOST
    }

    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "photo" => Some("La photo est enregistrée."),
            "premiere" => Some("Cette photo est maintenant la première."),
            "reprise" => Some("La photo est de nouveau là."),
            _ => None,
        }
    }
}

fn here(visit: &FarmVisit) -> String {
    format!("{}/photos", path(visit))
}

async fn draw(
    app: &App,
    visit: FarmVisit,
    typed: Typed,
    errors: FieldErrors,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let photos = photo::of(&app.db, &[visit.id]).await?;
    let off = match frame.done().strip_prefix("retrait-").and_then(|key| key.parse().ok()) {
        Some(key) if photo::is_off(&app.db, visit.id, key).await? => Some(key),
        _ => None,
    };
    Ok(private(page_with(status, &PhotosPage { visit, photos, off, typed, errors, csrf, frame })?))
}

/// `GET /organisation/visites/{key}/photos`
#[handler]
pub(crate) async fn list(app: Data<&App>, workshop: Workshop, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, workshop.visit, Typed::default(), FieldErrors::default(), frame, csrf).await
}

/// `POST /organisation/visites/{key}/photos`
#[handler]
pub(crate) async fn add(
    app: Data<&App>,
    Workshop { me, visit }: Workshop,
    frame: Frame,
    csrf: Csrf,
    Upload { typed, files }: Upload<Typed, LARGEST_FORM>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let words = match text_of(&typed.description, 200) {
        Ok(Some(words)) => words,
        Ok(None) => {
            errors.add("description", "Dites en quelques mots ce que la photo montre.");
            String::new()
        }
        Err(sentence) => {
            errors.add("description", sentence);
            String::new()
        }
    };
    let new = read(files).await?.map_err(|sentence| errors.add("photo", sentence));
    let (Ok(new), true) = (new, errors.is_empty()) else {
        return draw(&app, visit, typed, errors, frame, csrf).await;
    };
    let txn = app.write().await?;
    farm_visit::lock(&txn, visit.id).await?;
    if !photo::add(&txn, visit.id, new, &words, app.clock.now()).await? {
        drop(txn);
        errors.add("photo", FULL);
        return draw(&app, visit, typed, errors, frame, csrf).await;
    }
    note(&txn, &app, me.id, &visit, "a ajouté une photo à une visite de ferme").await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=photo", here(&visit))))
}

/// The photograph that was sent; or why it is not taken.
async fn read(files: Vec<SentFile>) -> Result<std::result::Result<NewPhoto, String>> {
    let Some(file) = files.into_iter().next() else {
        return Ok(Err("Choisissez d’abord une photo sur votre appareil.".to_owned()));
    };
    let read = task::spawn_blocking(move || NewPhoto::read(&file.bytes)).await;
    let read = read.map_err(Error::broken("reading a photograph"))?;
    Ok(read.map_err(|wrong| wrong.to_string()))
}

async fn note(
    txn: &sea_orm::DatabaseTransaction,
    app: &App,
    by: i64,
    visit: &FarmVisit,
    what: &'static str,
) -> Result<()> {
    let act = Act::new(what, format!("farm_visits/{}", visit.id)).with(visit.title.clone());
    Ok(audit::record(txn, By::Person(by), act, app.clock.now()).await?)
}

/// `POST /organisation/visites/{key}/photos/{file}/premiere`
#[handler]
pub(crate) async fn put_first(
    app: Data<&App>,
    Workshop { me, visit }: Workshop,
    Path((_, key)): Path<(i64, i64)>,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    farm_visit::lock(&txn, visit.id).await?;
    if photo::put_first(&txn, visit.id, key).await? {
        note(&txn, &app, me.id, &visit, "a changé l’ordre des photos d’une visite de ferme").await?;
        txn.commit().await?;
    }
    Ok(see_other(&format!("{}?fait=premiere", here(&visit))))
}

/// `POST /organisation/visites/{key}/photos/{file}/retrait`
#[handler]
pub(crate) async fn remove(
    app: Data<&App>,
    Workshop { me, visit }: Workshop,
    Path((_, key)): Path<(i64, i64)>,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    if photo::take_off(&txn, visit.id, key, app.clock.now()).await? {
        note(&txn, &app, me.id, &visit, "a retiré une photo d’une visite de ferme").await?;
        txn.commit().await?;
    }
    Ok(see_other(&format!("{}?fait=retrait-{key}", here(&visit))))
}

/// `POST /organisation/visites/{key}/photos/{file}/reprise`: what was just taken off is put back.
#[handler]
pub(crate) async fn put_back(
    app: Data<&App>,
    Workshop { me, visit }: Workshop,
    Path((_, key)): Path<(i64, i64)>,
    frame: Frame,
    csrf: Csrf,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    farm_visit::lock(&txn, visit.id).await?;
    match photo::put_back(&txn, visit.id, key).await? {
        PutBack::Shown => {
            note(&txn, &app, me.id, &visit, "a remis une photo d’une visite de ferme").await?;
            txn.commit().await?;
            Ok(see_other(&format!("{}?fait=reprise", here(&visit))))
        }
        PutBack::Full => {
            drop(txn);
            let mut errors = FieldErrors::default();
            errors.add("photo", FULL);
            draw(&app, visit, Typed::default(), errors, frame, csrf).await
        }
        // Pressed twice, or a day later.
        PutBack::Gone => Ok(see_other(&here(&visit))),
    }
}

/// `GET /photos/visites/{file}`
#[handler]
pub(crate) async fn whole(app: Data<&App>, organiser: Option<Organiser>, Path(key): Path<i64>) -> Result<Response> {
    serve(&app, key, false, organiser.is_some()).await
}

/// `GET /photos/visites/{file}/vignette`: the same in little, square.
#[handler]
pub(crate) async fn little(app: Data<&App>, organiser: Option<Organiser>, Path(key): Path<i64>) -> Result<Response> {
    serve(&app, key, true, organiser.is_some()).await
}

async fn serve(app: &App, key: i64, is_little: bool, is_organiser: bool) -> Result<Response> {
    let bytes = photo::bytes(&app.db, key, is_little, is_organiser).await?.ok_or(Error::NotFound)?;
    let response = given_back(key, "image/jpeg", bytes);
    Ok(if is_organiser { private(response) } else { kept(response) })
}
