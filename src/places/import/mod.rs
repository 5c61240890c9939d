//! Import of better points of communes and of outlines. A file is read whole before anything is written, so that its report is
//! complete; what is right in it is then saved in one transaction. Importing the same file again changes nothing.

mod items;
mod outlines;
mod points;

use sea_orm::DbErr;
use thiserror::Error;

use crate::app::App;
use crate::tables::{MissingColumns, Report, Unreadable};

/// Why a file was not imported at all.
#[derive(Debug, Error)]
pub enum ImportError {
    /// It looks like JSON and is not.
    #[error("ce fichier JSON ne se lit pas : {0}")]
    Json(#[from] serde_json::Error),
    /// It is JSON of another kind.
    #[error(
        "ce fichier JSON n’est pas une liste de communes ou de contours : attendu une FeatureCollection GeoJSON, \
        ou la réponse de geo.api.gouv.fr"
    )]
    NoItems,
    /// It is no table either.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// It is another table.
    #[error(transparent)]
    Columns(#[from] MissingColumns),
    /// The database failed; nothing was saved.
    #[error("rien n’a été enregistré : relancez la même commande")]
    Database(#[from] DbErr),
}

/// Imports points of communes: GeoJSON points or the answer of geo.api.gouv.fr (`code`, and `centre` or `mairie`), or a table with
/// the columns `insee_code`, `lat`, `lon`. `file` is its name, for the report; a `dry_run` does everything but write.
///
/// Nodes that are running take the points when they start again.
///
/// # Errors
/// When the file holds no such thing, or the database fails.
pub async fn communes(app: &App, bytes: &[u8], file: &str, dry_run: bool) -> Result<Report, ImportError> {
    let mut report = Report { dry_run, ..Report::new(file, "points de communes") };
    let new = points::read(bytes, &app.places, &mut report)?;
    if dry_run {
        points::changes(&app.db, &new, &mut report).await?;
        return Ok(report);
    }
    let txn = app.write().await?;
    let changed = points::changes(&txn, &new, &mut report).await?;
    points::save(&txn, &changed).await?;
    txn.commit().await?;
    if !changed.is_empty() {
        report.notes.push("un serveur en marche prendra ces points à son prochain démarrage".to_owned());
    }
    Ok(report)
}

/// Imports outlines of departments, intercommunalities and communes: GeoJSON polygons with a `code`, and `kind` and `name` or not; or the
/// answer of geo.api.gouv.fr (`code`, `contour`). `file` is its name, for the report; a `dry_run` does everything but write.
///
/// # Errors
/// When the file holds no such thing, or the database fails.
pub async fn outlines(app: &App, bytes: &[u8], file: &str, dry_run: bool) -> Result<Report, ImportError> {
    let mut report = Report { dry_run, ..Report::new(file, "contours") };
    let new = outlines::read(bytes, &app.places, &mut report)?;
    if dry_run {
        outlines::changes(&app.db, &new, &mut report).await?;
        return Ok(report);
    }
    let txn = app.write().await?;
    let changed = outlines::changes(&txn, &new, &mut report).await?;
    outlines::save(&txn, &changed).await?;
    txn.commit().await?;
    Ok(report)
}

/// Counts something new, changed or known; whether it is to be written.
fn is_change<T: PartialEq + ?Sized>(known: Option<&T>, new: &T, report: &mut Report) -> bool {
    let count = match known {
        None => &mut report.created,
        Some(known) if known == new => &mut report.unchanged,
        Some(_) => &mut report.updated,
    };
    *count += 1;
    known != Some(new)
}
