//! Writing the directory in the format it is imported from, so that `import(export(x))` is `x`; and as GeoJSON for
//! maps, which holds what the public may see and nothing else.

mod geojson;
mod offers;
mod reports;
#[cfg(test)]
mod round_trip;
mod suppliers;

use chrono::NaiveDate;
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr};
use thiserror::Error;

use super::{Listing, certification::most_certificates, listing, reported_error::reported};
use crate::{
    places::Places,
    tables::{Cell, CsvFile, Sheet},
};

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

/// Why an export was not written.
#[derive(Debug, Error)]
pub enum ExportError {
    /// Only suppliers have a place of their own.
    #[error("ce tableau n’a pas de points : exportez-le en CSV ou XLSX, ou les fournisseurs en GeoJSON")]
    NoPoints,
    /// Too many rows for a workbook.
    #[error("le classeur ne peut pas contenir ce tableau : exportez-le en CSV")]
    TooLarge(#[from] rust_xlsxwriter::XlsxError),
    /// The database failed.
    #[error("les fiches n’ont pas pu être lues")]
    Database(#[from] DbErr),
}

const PAGE: u64 = 2_000;

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
    if format == Format::GeoJson {
        let mut points = geojson::Collection::new();
        for_each_page(db, true, |page| page.iter().for_each(|listing| points.push(listing, places, today))).await?;
        return Ok(points.finish());
    }
    let columns = suppliers::Columns { certificates: most_certificates(db).await? };
    let mut file = File::new(suppliers::NAME, columns.headings(), format);
    for_each_page(db, false, |page| {
        for listing in &page {
            file.push(columns.row(listing, places));
        }
    })
    .await?;
    file.finish()
}

/// Every offer of every supplier, by key and order.
///
/// # Errors
/// When the database fails, a workbook cannot hold so many, or points are asked for.
pub async fn offers(db: &impl ConnectionTrait, format: Format) -> Result<Vec<u8>, ExportError> {
    if format == Format::GeoJson {
        return Err(ExportError::NoPoints);
    }
    let mut file = File::new(offers::NAME, offers::headings(), format);
    for_each_page(db, true, |page| {
        for listing in &page {
            for offer in &listing.offers {
                file.push(offers::row(&listing.supplier.reference, offer));
            }
        }
    })
    .await?;
    file.finish()
}

/// Every error that readers reported, the oldest first, dated in `zone`.
///
/// # Errors
/// When the database fails, a workbook cannot hold so many, or points are asked for.
pub async fn reports(db: &impl ConnectionTrait, format: Format, zone: Tz) -> Result<Vec<u8>, ExportError> {
    written(&reports::sheet(&reported(db).await?, zone), format)
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

/// Page by page: a national directory does not fit in memory with all its words.
async fn for_each_page(
    db: &impl ConnectionTrait,
    with_offers: bool,
    mut write: impl FnMut(Vec<Listing>),
) -> Result<(), DbErr> {
    let mut after = 0;
    loop {
        let page = listing::page(db, after, PAGE, with_offers).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.supplier.id;
        write(page);
    }
}

/// A file being written: CSV line by line, a workbook at once.
enum File {
    Csv(Box<CsvFile>),
    Xlsx(Sheet),
}

impl File {
    fn new(name: &'static str, headings: Vec<String>, format: Format) -> Self {
        match format {
            Format::Xlsx => Self::Xlsx(Sheet { name, headings, rows: Vec::new() }),
            Format::Csv | Format::GeoJson => Self::Csv(Box::new(CsvFile::new(&headings))),
        }
    }

    fn push(&mut self, row: Vec<Cell>) {
        match self {
            Self::Csv(file) => file.push(&row),
            Self::Xlsx(sheet) => sheet.rows.push(row),
        }
    }

    fn finish(self) -> Result<Vec<u8>, ExportError> {
        match self {
            Self::Csv(file) => Ok(file.finish()),
            Self::Xlsx(sheet) => Ok(sheet.to_xlsx()?),
        }
    }
}
