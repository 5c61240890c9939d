//! Writing the directory in the format it is imported from, so that `import(export(x))` is `x`; and as GeoJSON for maps, which holds
//! what the public may see and nothing else.

mod geojson;
mod offers;
#[cfg(test)]
mod round_trip;
mod suppliers;

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use thiserror::Error;

use super::{Listing, load_page};
use crate::{places::Places, tables::Sheet};

pub use self::{offers::offers_sheet, suppliers::suppliers_sheet};

/// A format in which tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// UTF-8 with its mark, `;`.
    Csv,
    /// A workbook of one sheet.
    Xlsx,
    /// Points, for maps.
    GeoJson,
}

/// For whom a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: no contacts, no address or point that the supplier does not publish, and none of our own columns.
    Public,
    /// The organiser: everything.
    Organiser,
}

/// Why an export was not written.
#[derive(Debug, Error)]
pub enum ExportError {
    /// Offers have no place of their own.
    #[error(
        "les offres n’ont pas de point à elles : exportez les fournisseurs en GeoJSON, ou les offres en CSV ou XLSX"
    )]
    NoPoints,
    /// Too many rows for a workbook.
    #[error("le classeur ne peut pas contenir ce tableau : exportez-le en CSV")]
    TooLarge(#[from] rust_xlsxwriter::XlsxError),
    /// The database failed.
    #[error("les fiches n’ont pas pu être lues")]
    Database(#[from] sea_orm::DbErr),
}

const PAGE: u64 = 5_000;

/// Every supplier in any state (GeoJSON: the published ones that may be on a map), by key.
///
/// # Errors
/// When the database fails, or a workbook cannot hold so many.
pub async fn suppliers(
    db: &impl ConnectionTrait,
    places: &Places,
    format: Format,
    today: NaiveDate,
) -> Result<Vec<u8>, ExportError> {
    let listings = all(db).await?;
    if format == Format::GeoJson {
        return Ok(geojson::points(&listings, places, today));
    }
    written(&suppliers_sheet(&listings, places, Audience::Organiser), format)
}

/// Every offer of every supplier, by key and order.
///
/// # Errors
/// When the database fails, a workbook cannot hold so many, or points are asked for.
pub async fn offers(db: &impl ConnectionTrait, format: Format) -> Result<Vec<u8>, ExportError> {
    if format == Format::GeoJson {
        return Err(ExportError::NoPoints);
    }
    written(&offers_sheet(&all(db).await?), format)
}

/// A table in one of the formats for tables.
///
/// # Errors
/// When a workbook cannot hold so many rows, or points are asked for.
pub fn written(sheet: &Sheet, format: Format) -> Result<Vec<u8>, ExportError> {
    match format {
        Format::Csv => Ok(sheet.to_csv()),
        Format::Xlsx => Ok(sheet.to_xlsx()?),
        Format::GeoJson => Err(ExportError::NoPoints),
    }
}

async fn all(db: &impl ConnectionTrait) -> Result<Vec<Listing>, sea_orm::DbErr> {
    let mut listings: Vec<Listing> = Vec::new();
    loop {
        let after = listings.last().map_or(0, |listing| listing.supplier.id);
        let page = load_page(db, after, PAGE).await?;
        if page.is_empty() {
            return Ok(listings);
        }
        listings.extend(page);
    }
}
