use std::{collections::BTreeMap, io::Cursor, panic::catch_unwind};

use calamine::{DataRef, Reader, Xlsx};
use csv::{ReaderBuilder, StringRecord};
use thiserror::Error;

use super::{decode::decode, write::is_formula_like};

/// A table as a file holds it: headings, then rows.
#[derive(Debug)]
pub struct Table {
    /// The cells of the first line that holds something.
    pub headings: Vec<String>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Text { text: String, separator: u8 },
    Sheet { rows: Vec<Row> },
}

/// One line of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// Where it begins in the file: line of the text or row of the sheet, the first is 1.
    pub line: u64,
    /// Its cells, not yet trimmed.
    pub cells: StringRecord,
}

/// Why a file is no table. Shown to the person who gave it.
#[derive(Debug, Error, PartialEq)]
pub enum Unreadable {
    /// Nothing in it.
    #[error("le fichier est vide")]
    Empty,
    /// A workbook of another kind, or a damaged one.
    #[error("ce classeur ne se lit pas : enregistrez-le au format XLSX ou CSV")]
    Workbook,
    /// More cells than any table we know of.
    #[error("ce classeur est trop grand : enregistrez-le au format CSV, ou en plusieurs fichiers")]
    TooLarge,
    /// A picture, a PDF, an old workbook, JSON, a page of the web…
    #[error("ce fichier n’est pas un tableau : enregistrez-le au format CSV ou XLSX")]
    NoTable,
}

/// What stands farther right is no table of ours.
const MOST_COLUMNS: usize = 300;
const MOST_CELLS: usize = 30_000_000;

impl Table {
    /// Reads a CSV text (UTF-8, UTF-16 or Windows-1252; `;`, `,` or tab, found from the heading line) or the first
    /// sheet of an XLSX workbook.
    ///
    /// ```
    /// let table = manger_local::tables::Table::read(b"Nom;Commune\nGAEC du Suc;\"Saint-\nFront\"\n").unwrap();
    /// assert_eq!(table.headings, ["Nom", "Commune"]);
    /// assert_eq!(table.rows().next().unwrap().cells.get(1), Some("Saint-\nFront"));
    /// ```
    ///
    /// # Errors
    /// When the file is empty or no table at all. A damaged line is no error here: it is seen when its cells are read.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.starts_with(b"PK\x03\x04") {
            return read_workbook(bytes);
        }
        if bytes.starts_with(b"%PDF") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) || bytes.starts_with(b"\x89PNG") {
            return Err(Unreadable::NoTable);
        }
        // Lines are counted by their \n: the csv crate counts those that end in \r\n one too late.
        let mut text = decode(bytes);
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n");
        }
        if text.trim_start().starts_with(['{', '[', '<']) {
            return Err(Unreadable::NoTable);
        }
        let separator = separator(text.lines().find(|line| !line.trim().is_empty()).ok_or(Unreadable::Empty)?);
        let body = Body::Text { text, separator };
        let headings = body.rows().next().ok_or(Unreadable::Empty)?;
        Ok(Self { headings: headings.cells.iter().map(|cell| cell.trim().to_owned()).collect(), body })
    }

    /// The rows under the headings, without those whose cells are all empty.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        let with_headings = matches!(self.body, Body::Text { .. });
        self.body.rows().skip(usize::from(with_headings))
    }
}

impl Body {
    fn rows(&self) -> Box<dyn Iterator<Item = Row> + '_> {
        match self {
            Self::Sheet { rows } => Box::new(rows.iter().cloned()),
            Self::Text { text, separator } => {
                let reader = ReaderBuilder::new()
                    .delimiter(*separator)
                    .has_headers(false)
                    .flexible(true)
                    .from_reader(text.as_bytes());
                let rows = reader.into_records().filter_map(Result::ok).map(|cells| Row {
                    line: cells.position().map_or(0, csv::Position::line),
                    cells: unguarded(cells),
                });
                Box::new(rows.filter(Row::holds_something))
            }
        }
    }
}

impl Row {
    fn holds_something(&self) -> bool {
        self.cells.iter().any(|cell| !cell.trim().is_empty())
    }
}

/// Takes off the apostrophe behind which a text that looks like a formula is written.
fn unguarded(cells: StringRecord) -> StringRecord {
    let guarded = |cell: &str| cell.starts_with('\'') && is_formula_like(cell);
    if cells.iter().any(guarded) {
        return cells.iter().map(|cell| if guarded(cell) { &cell[1..] } else { cell }).collect();
    }
    cells
}

/// The separator that cuts the heading line into most cells; what stands in quotes does not count.
fn separator(heading_line: &str) -> u8 {
    let count = |separator: char| {
        let mut quoted = false;
        heading_line
            .chars()
            .filter(|&character| {
                quoted ^= character == '"';
                !quoted && character == separator
            })
            .count()
    };
    // The first of equals is kept last by max_by_key: `;` is what a French spreadsheet writes.
    [b',', b'\t', b';'].into_iter().max_by_key(|&separator| count(char::from(separator))).unwrap_or(b';')
}

/// The library computes with what a damaged file says, and may break down on it: such a file cannot be read, no more.
fn read_workbook(bytes: &[u8]) -> Result<Table, Unreadable> {
    catch_unwind(|| first_sheet(bytes)).unwrap_or(Err(Unreadable::Workbook))
}

/// Cell by cell: a table as wide and as high as its farthest cell would take the memory of the machine when somebody
/// left a word in the last corner.
fn first_sheet(bytes: &[u8]) -> Result<Table, Unreadable> {
    let unreadable = |_: calamine::XlsxError| Unreadable::Workbook;
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let first = workbook.sheet_names().first().cloned().ok_or(Unreadable::Empty)?;
    let mut cells = workbook.worksheet_cells_reader(&first).map_err(unreadable)?;
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let (text, column) = (text_of(cell.get_value()), column as usize);
        if text.trim().is_empty() || column >= MOST_COLUMNS {
            continue;
        }
        let row = rows.entry(row).or_default();
        if row.len() <= column {
            count += column + 1 - row.len();
            row.resize(column + 1, String::new());
        }
        row[column] = text;
        if count > MOST_CELLS {
            return Err(Unreadable::TooLarge);
        }
    }
    let mut rows =
        rows.into_iter().map(|(row, cells)| Row { line: u64::from(row) + 1, cells: StringRecord::from(cells) });
    let headings = rows.next().ok_or(Unreadable::Empty)?;
    let headings = headings.cells.iter().map(|cell| cell.trim().to_owned()).collect();
    Ok(Table { headings, body: Body::Sheet { rows: rows.collect() } })
}

/// A cell of a sheet as a person would have typed it: dates as `2031-03-31`, numbers without the dust of binary
/// fractions.
fn text_of(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => text_of_number(*number),
        DataRef::Bool(true) => "oui".to_owned(),
        DataRef::Bool(false) => "non".to_owned(),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(duration) => text_of_number(duration.as_f64()),
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        DataRef::String(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Error(error) => error.to_string(),
    }
}

fn text_of_number(number: f64) -> String {
    // A spreadsheet keeps fifteen digits, a double has two more.
    let kept: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    kept.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        let table = Table::read(bytes).unwrap();
        table.rows().map(|row| row.cells.iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn the_separator_is_found_in_the_heading_line() {
        for text in ["a;b,x\n1;2\n", "a\tb\n1\t2\n", "a,b\r\n1,2\r\n", "\"a,1\";b\n1;2"] {
            assert_eq!(cells(text.as_bytes()), [["1", "2"]], "{text:?}");
        }
    }

    #[test]
    fn empty_lines_are_passed_over_and_lines_keep_their_number() {
        let table = Table::read(b"a;b\n\n;;\n\"1\n2\";x\n3;4\n").unwrap();
        assert_eq!(table.rows().map(|row| row.line).collect::<Vec<_>>(), [4, 6]);
        let table = Table::read(b"a;b\r\n\r\n;;\r\n\"1\r\n2\";x\r\n3;4\r\n").unwrap();
        assert_eq!(table.rows().map(|row| row.line).collect::<Vec<_>>(), [4, 6]);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(Table::read(b"").unwrap_err(), Unreadable::Empty);
        assert_eq!(Table::read("\u{feff} \n\n".as_bytes()).unwrap_err(), Unreadable::Empty);
        assert_eq!(Table::read(b"%PDF-1.7").unwrap_err(), Unreadable::NoTable);
        assert_eq!(Table::read(b"PK\x03\x04nothing").unwrap_err(), Unreadable::Workbook);
        assert_eq!(Table::read(b" {\"items\": []}").unwrap_err(), Unreadable::NoTable);
    }

    #[test]
    fn numbers_of_a_sheet_lose_their_dust() {
        assert_eq!(text_of(&DataRef::Float(0.1 + 0.2)), "0.3");
        assert_eq!(text_of(&DataRef::Float(43157.0)), "43157");
    }
}
