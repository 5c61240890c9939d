//! The suppliers found as a table that a spreadsheet opens, without contacts or hidden places.

use chrono::NaiveDate;
use index::codes::Family;
use index::request::Hit;
use rust_xlsxwriter::{ExcelDateTime, Format, Url, Workbook, XlsxError};

use super::card::{Mark, marks, tidy};
use super::found::Found;
use super::words;
use crate::app::App;
use crate::suppliers::{Listing, PublishedPosition};

/// Headings and usual widths, in characters.
const COLUMNS: [(&str, u16); 15] = [
    ("Nom", 34),
    ("Type", 16),
    ("Commune", 24),
    ("Code postal", 11),
    ("Distance environ (km)", 12),
    ("Familles de produits", 34),
    ("Produits qui répondent", 48),
    ("Signes de qualité", 40),
    ("Disponible", 24),
    ("Zone de livraison", 40),
    ("Jours de livraison", 24),
    ("Minimum de commande (€ HT)", 16),
    ("Franco de port (€ HT)", 14),
    ("Fiche confirmée le", 14),
    ("Fiche en ligne", 44),
];

/// What a cell holds.
enum Cell {
    Text(String),
    Kilometres(f64),
    Cents(i64),
    Day(NaiveDate),
    Link(String),
    Nothing,
}

/// CSV as French spreadsheets open it: UTF-8 with its mark, semicolons, decimal commas.
///
/// # Errors
/// None when writing into memory.
pub(super) fn csv(app: &App, found: &Found<'_>) -> csv::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(vec![]);
    writer.write_record(COLUMNS.iter().map(|(heading, _)| heading))?;
    for (hit, listing) in &found.suppliers {
        writer.write_record(cells(app, hit, listing).iter().map(Cell::written))?;
    }
    let table = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(["\u{feff}".as_bytes(), &table].concat())
}

/// The same as a workbook of one sheet.
///
/// # Errors
/// When a cell holds more than the format allows.
pub(super) fn xlsx(app: &App, found: &Found<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold().set_text_wrap();
    let (money, day) = (Format::new().set_num_format("#,##0.00"), Format::new().set_num_format("dd/mm/yyyy"));
    let sheet = workbook.add_worksheet().set_name("Fournisseurs")?;
    for (column, (heading, width)) in (0..).zip(COLUMNS) {
        sheet.write_string_with_format(0, column, heading, &bold)?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    for (row, (hit, listing)) in (1..).zip(&found.suppliers) {
        for (column, cell) in (0..).zip(cells(app, hit, listing)) {
            match cell {
                Cell::Nothing => continue,
                Cell::Text(text) => sheet.write_string(row, column, text)?,
                Cell::Kilometres(km) => sheet.write_number(row, column, km)?,
                Cell::Cents(cents) => sheet.write_number_with_format(row, column, euros(cents), &money)?,
                Cell::Day(date) => sheet.write_datetime_with_format(row, column, excel_day(date)?, &day)?,
                Cell::Link(url) => sheet.write_url(row, column, Url::new(url))?,
            };
        }
    }
    let (last_row, last_column) = (found.suppliers.len(), COLUMNS.len() - 1);
    sheet.autofilter(0, 0, u32::try_from(last_row).unwrap_or(u32::MAX), u16::try_from(last_column).unwrap_or(0))?;
    workbook.save_to_buffer()
}

fn cells(app: &App, hit: &Hit, listing: &Listing) -> [Cell; 15] {
    let (supplier, places) = (&listing.supplier, &app.places);
    let commune = places.commune(&hit.commune);
    let families = Family::ALL.iter().filter(|family| hit.families & family.bit() != 0);
    let families: Vec<&str> = families.map(|family| words::family(*family)).collect();
    let signs: Vec<String> = marks(hit, Some(listing), app.today()).iter().map(sign).collect();
    let area = words::delivery_area(listing, places).unwrap_or_else(|| "ne livre pas".to_owned());
    [
        Cell::text(&hit.name),
        Cell::text(words::kind(hit.kind)),
        Cell::text(commune.map(|commune| commune.name.as_str()).unwrap_or_default()),
        Cell::text(&postal_code(app, listing)),
        hit.distance_km.map_or(Cell::Nothing, |km| Cell::Kilometres(km.round())),
        Cell::text(&families.join(", ")),
        Cell::text(&products(hit)),
        Cell::text(&signs.join(", ")),
        Cell::text(&words::season(hit.months)),
        Cell::text(&area),
        Cell::text(&words::days(supplier.delivery_days)),
        supplier.minimum_order_cents.map_or(Cell::Nothing, |cents| Cell::Cents(cents.0)),
        supplier.free_delivery_cents.map_or(Cell::Nothing, |cents| Cell::Cents(cents.0)),
        supplier.confirmed_on.map_or(Cell::Nothing, Cell::Day),
        Cell::Link(format!("{}/annuaire/{}", app.config.public_url(), hit.slug)),
    ]
}

/// A commune with several postal codes would place a supplier that shows its commune only.
fn postal_code(app: &App, listing: &Listing) -> String {
    let supplier = &listing.supplier;
    match app.places.commune(&supplier.insee_code).map(|commune| commune.postal_codes.as_slice()) {
        Some([only]) => only.clone(),
        _ if supplier.published_position == PublishedPosition::Exact => {
            supplier.postal_code.clone().unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn products(hit: &Hit) -> String {
    let names: Vec<String> = hit.offers.iter().map(|offer| tidy(&offer.name)).collect();
    match hit.offer_count.saturating_sub(names.len()) {
        0 => names.join(", "),
        1 => format!("{} et 1 autre", names.join(", ")),
        n => format!("{} et {n} autres", names.join(", ")),
    }
}

fn sign(mark: &Mark) -> String {
    format!("{} ({})", mark.label, mark.standing)
}

fn euros(cents: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a price")]
    let euros = cents as f64 / 100.0;
    euros
}

fn excel_day(date: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    use chrono::Datelike;
    let (month, day) = (u8::try_from(date.month()).unwrap_or(1), u8::try_from(date.day()).unwrap_or(1));
    // Excel begins in 1900; a date typed wrong must not cost the whole file.
    let year = u16::try_from(date.year()).unwrap_or(0).clamp(1900, 9999);
    ExcelDateTime::from_ymd(year, month, day)
}

impl Cell {
    fn text(text: &str) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text.to_owned()) }
    }

    /// As CSV writes it.
    fn written(&self) -> String {
        match self {
            Self::Text(text) => harmless(text),
            Self::Kilometres(km) => format!("{km}").replace('.', ","),
            Self::Cents(cents) => format!("{:.2}", euros(*cents)).replace('.', ","),
            Self::Day(date) => date.format("%d/%m/%Y").to_string(),
            Self::Link(url) => url.clone(),
            Self::Nothing => String::new(),
        }
    }
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it.
fn harmless(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "＝1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        assert_eq!(harmless("Lentilles vertes = AOP"), "Lentilles vertes = AOP");
    }
}
