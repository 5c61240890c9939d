//! The logo.

use poem::{Response, handler, http::StatusCode};
use serde::Deserialize;
use tokio::task;

use super::appearance::{AppearancePage, Meanwhile};
use crate::accounts::{Organiser, Person};
use crate::app::App;
use crate::audit::By;
use crate::territory::logo;
use crate::territory::section::APPEARANCE;
use crate::territory::settings::{self, NewLogo, Saved};
use crate::web::{Csrf, Error, Form, Frame, Result, Upload, see_other};

/// What a form with a logo may weigh: a photograph taken by mistake is told so, rather than cut off.
const LARGEST_FORM: usize = 12 * 1024 * 1024;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct TypedLogo {
    vu: String,
}

/// `POST /organisation/reglages/apparence/logo`
#[handler]
pub(crate) async fn send(
    app: &App,
    Organiser(person): Organiser,
    frame: Frame,
    csrf: Csrf,
    Upload { typed, files }: Upload<TypedLogo, LARGEST_FORM>,
) -> Result<Response> {
    let read = match files.into_iter().find(|file| file.field == "logo") {
        Some(file) => {
            let read = task::spawn_blocking(move || logo::read(&file.bytes)).await;
            read.map_err(Error::broken("reading a logo"))?.map_err(|wrong| wrong.to_string())
        }
        None => Err("Choisissez d’abord un fichier sur votre appareil.".to_owned()),
    };
    match read {
        Ok(new) => keep(app, new, &typed.vu, &person, frame, csrf).await,
        Err(sentence) => {
            let mut view = AppearancePage::new(&settings::current(&app.db).await?, frame, csrf);
            view.errors.add("logo", sentence);
            view.draw(StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// `POST /organisation/reglages/apparence/logo/retrait`
#[handler]
pub(crate) async fn remove(
    app: &App,
    Organiser(person): Organiser,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<TypedLogo>,
) -> Result<Response> {
    keep(app, None, &typed.vu, &person, frame, csrf).await
}

async fn keep(app: &App, new: NewLogo, seen: &str, person: &Person, frame: Frame, csrf: Csrf) -> Result<Response> {
    let done = if new.is_some() { "logo" } else { "retrait" };
    let txn = app.write().await?;
    let saved = settings::save_logo(&txn, new, seen, By::Person(person.id), app.clock.now()).await?;
    txn.commit().await?;
    settings::refresh(app).await?;
    if let Saved::Meanwhile(current) = saved {
        let mut view = AppearancePage::new(&current, frame, csrf);
        view.meanwhile = Meanwhile::Logo;
        return view.draw(StatusCode::CONFLICT);
    }
    Ok(see_other(&format!("{APPEARANCE}?fait={done}")))
}
