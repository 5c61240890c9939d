use chrono::{Datelike, NaiveDate};
use csv::{Terminator, Writer, WriterBuilder};
use rust_xlsxwriter::{ExcelDateTime, Format, Url, Workbook, Worksheet, XlsxError};

/// A table to be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Name of the sheet in a workbook, at most 31 characters.
    pub name: &'static str,
    /// The first line.
    pub headings: Vec<String>,
    /// The lines under it, each with as many cells as there are headings.
    pub rows: Vec<Vec<Cell>>,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words, and codes that are no numbers.
    Text(String),
    /// A number.
    Number(f64),
    /// An amount in euro cents.
    Cents(i64),
    /// A day.
    Date(NaiveDate),
    /// A web address.
    Link(String),
}

impl Sheet {
    /// Media type of [`Self::to_csv`].
    pub const CSV: &'static str = "text/csv; charset=utf-8";
    /// Media type of [`Self::to_xlsx`].
    pub const XLSX: &'static str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// The table as a `CsvFile`.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let mut file = CsvFile::new(&self.headings);
        for row in &self.rows {
            file.push(row);
        }
        file.finish()
    }

    /// An XLSX workbook of one sheet, whose headings and first column stay in sight.
    ///
    /// # Errors
    /// When the table is larger than a sheet can be: 1,048,576 rows, 32,767 characters a cell.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        workbook(std::slice::from_ref(self))
    }

    fn draw(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(self.name)?.set_freeze_panes(1, 1)?;
        let (bold, money, day) = (
            Format::new().set_bold(),
            Format::new().set_num_format("#,##0.00"),
            Format::new().set_num_format("dd/mm/yyyy"),
        );
        for (column, heading) in (0..).zip(&self.headings) {
            sheet.write_string_with_format(0, column, heading, &bold)?;
        }
        for (line, row) in (1..).zip(&self.rows) {
            for (column, cell) in (0..).zip(row) {
                match cell {
                    Cell::Empty => continue,
                    Cell::Text(text) => sheet.write_string(line, column, text)?,
                    Cell::Number(number) => sheet.write_number(line, column, *number)?,
                    #[expect(clippy::cast_precision_loss, reason = "amounts stay far below 2^53 cents")]
                    Cell::Cents(cents) => {
                        sheet.write_number_with_format(line, column, *cents as f64 / 100.0, &money)?
                    }
                    Cell::Date(date) => match excel_date(*date) {
                        Some(date) => sheet.write_datetime_with_format(line, column, date, &day)?,
                        None => sheet.write_string(line, column, date.to_string())?,
                    },
                    Cell::Link(url) => sheet.write_url(line, column, Url::new(url))?,
                };
            }
        }
        let (last_line, last_column) = (self.rows.len(), self.headings.len().saturating_sub(1));
        sheet.autofilter(
            0,
            0,
            u32::try_from(last_line).unwrap_or(u32::MAX),
            u16::try_from(last_column).unwrap_or(0),
        )?;
        sheet.set_autofit_max_width(WIDEST);
        sheet.autofit();
        Ok(())
    }
}

/// An XLSX workbook of several sheets, in their order.
///
/// # Errors
/// When a table is larger than a sheet can be, or two have one name.
pub fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    for sheet in sheets {
        sheet.draw(workbook.add_worksheet())?;
    }
    workbook.save_to_buffer()
}

/// Pixels that a column takes at most, whatever stands in it.
const WIDEST: u32 = 340;

/// CSV as a French spreadsheet opens it by a double click: UTF-8 with its mark, `;`, CRLF, decimal comma, `31/03/2031`.
///
/// A text that a spreadsheet would take for a formula is written behind an apostrophe, which [`Table`](super::Table)
/// takes off.
#[derive(Debug)]
pub(crate) struct CsvFile(Writer<Vec<u8>>);

impl CsvFile {
    /// A file with its first line.
    pub(crate) fn new(headings: &[String]) -> Self {
        let start = "\u{feff}".as_bytes().to_vec();
        let mut writer =
            WriterBuilder::new().delimiter(b';').terminator(Terminator::CRLF).flexible(true).from_writer(start);
        writer.write_record(headings).expect(TAKES_ALL);
        Self(writer)
    }

    /// Adds a line.
    pub(crate) fn push(&mut self, row: &[Cell]) {
        self.0.write_record(row.iter().map(Cell::to_text)).expect(TAKES_ALL);
    }

    /// The bytes of the file.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.0.into_inner().expect(TAKES_ALL)
    }
}

const TAKES_ALL: &str = "a vector takes all that is written to it";

impl Cell {
    /// A text, or nothing when there is none.
    #[must_use]
    pub fn text(text: Option<&str>) -> Self {
        text.filter(|text| !text.is_empty()).map_or(Self::Empty, |text| Self::Text(text.to_owned()))
    }

    fn to_text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) if is_formula_like(text) => format!("'{text}"),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string().replace('.', ","),
            Self::Cents(cents) => {
                format!("{}{},{:02}", if *cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
            }
            Self::Date(date) => date.format("%d/%m/%Y").to_string(),
            Self::Link(url) => url.clone(),
        }
    }
}

/// Whether a spreadsheet would compute it (<https://owasp.org/www-community/attacks/CSV_Injection>), or it looks like
/// one that was set behind an apostrophe.
pub(super) fn is_formula_like(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Spreadsheets count days from 1900.
fn excel_date(date: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok().filter(|year| (1900..=9999).contains(year))?;
    ExcelDateTime::from_ymd(year, u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::super::Table;
    use super::*;

    fn sheet() -> Sheet {
        let words = ["=1+1", "'=1+1", "+33 4 71", "'l’été'", "a;b\n\"c\"", "-", "@SUM(A1)", "＝1", "Lentilles = AOP"];
        let rows = words.map(|text| vec![Cell::Text(text.into()), Cell::Number(-0.5), Cell::Cents(129), Cell::Empty]);
        Sheet {
            name: "Essai",
            headings: ["Texte", "Nombre", "Prix", "Rien"].map(Into::into).to_vec(),
            rows: rows.to_vec(),
        }
    }

    fn texts(bytes: &[u8]) -> Vec<String> {
        Table::read(bytes).unwrap().rows().map(|row| row.cells.get(0).unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn texts_come_back_as_they_were() {
        let expected: Vec<String> = sheet()
            .rows
            .iter()
            .map(|row| row[0].clone())
            .map(|cell| match cell {
                Cell::Text(text) => text,
                _ => String::new(),
            })
            .collect();
        assert_eq!(texts(&sheet().to_csv()), expected);
        assert_eq!(texts(&sheet().to_xlsx().unwrap()), expected);
    }

    #[test]
    fn a_spreadsheet_finds_no_formula_in_a_text() {
        let csv = String::from_utf8(sheet().to_csv()).unwrap();
        assert!(csv.starts_with("\u{feff}Texte;Nombre;Prix;Rien\r\n'=1+1;-0,5;1,29;\r\n''=1+1;"), "{csv}");
    }
}
