//! What suppliers sent, as it may be seen: by its own people and organisers, and by everybody once it is published.

use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::desk::Desk;
use crate::app::App;
use crate::suppliers::{File, FileKind, file_of, public_certificate, public_photo, public_thumbnail};
use crate::web::{Error, Result, given_back, kept, private};

/// The file in an address.
#[derive(Deserialize)]
struct Which {
    file: i64,
}

/// `GET /fiche/{id}/fichiers/{file}`
#[handler]
pub(crate) async fn own(app: Data<&App>, desk: Desk, Path(which): Path<Which>) -> Result<Response> {
    Ok(private(file(file_of(&app.db, desk.id, which.file).await?.ok_or(Error::NotFound)?)))
}

/// `GET /photos/{file}`
#[handler]
pub(crate) async fn photo(app: Data<&App>, Path(which): Path<Which>) -> Result<Response> {
    Ok(kept(file(public_photo(&app.db, which.file).await?.ok_or(Error::NotFound)?)))
}

/// `GET /photos/{file}/vignette`: the same in little, square.
#[handler]
pub(crate) async fn thumbnail(app: Data<&App>, Path(which): Path<Which>) -> Result<Response> {
    let little = public_thumbnail(&app.db, which.file).await?;
    let little = little.map(|content| given_back(which.file, "image/jpeg", content));
    match little {
        Some(response) => Ok(kept(response)),
        None => Ok(kept(file(public_photo(&app.db, which.file).await?.ok_or(Error::NotFound)?))),
    }
}

/// `GET /justificatifs/{file}`
#[handler]
pub(crate) async fn certificate(app: Data<&App>, Path(which): Path<Which>) -> Result<Response> {
    let address = format!("{}/justificatifs/{}", app.config.public_url(), which.file);
    let found = public_certificate(&app.db, which.file, &address).await?;
    let found = found.filter(|found| found.kind == FileKind::Certificate).ok_or(Error::NotFound)?;
    Ok(kept(file(found)))
}

fn file(file: File) -> Response {
    given_back(file.id, &file.media_type, file.content)
}
