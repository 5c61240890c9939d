//! Figures as tables: lines and columns of numbers, the same for the page and for the files.

use super::chart::Chart;
use crate::tables;
use crate::web::french;

/// How content one can be with a day, the most first.
pub(crate) const SATISFACTION: [(i32, &str); 5] =
    [(5, "Très bien"), (4, "Bien"), (3, "Moyen"), (2, "Décevant"), (1, "Très décevant")];

/// A subject, line by line.
pub(crate) struct Table {
    /// Its place in the page.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// What must be known to read it.
    pub(crate) notes: Vec<String>,
    /// What the first column holds.
    pub(crate) first: &'static str,
    pub(crate) columns: Vec<&'static str>,
    pub(crate) lines: Vec<Line>,
    /// The columns that are drawn, each with what its bars count: one and many.
    pub(crate) drawn: Vec<(usize, [&'static str; 2])>,
    /// What is said while there is nothing.
    pub(crate) empty: &'static str,
}

/// A line of a table.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) cells: Vec<Cell>,
    /// Whether it sums up those above.
    pub(crate) is_total: bool,
}

/// A number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// So many.
    Number(u64),
    /// So many of so many.
    Share(u64, u64),
    /// So many canteens for so many suppliers, of which there may be none.
    For(u64, u64),
}

impl Cell {
    /// How many, for bars.
    pub(crate) fn count(self) -> u64 {
        match self {
            Self::Number(count) | Self::Share(count, _) | Self::For(count, _) => count,
        }
    }

    /// As the page says it, before "sur".
    pub(crate) fn number(&self) -> String {
        match *self {
            Self::Number(count) | Self::Share(count, _) => french::number(count),
            Self::For(0, 0) => "–".to_owned(),
            Self::For(_, 0) => "aucun fournisseur".to_owned(),
            Self::For(..) => french::decimal(self.value().unwrap_or_default()),
        }
    }

    /// Out of how many, when there are any.
    pub(crate) fn out_of(&self) -> Option<String> {
        match *self {
            Self::Share(_, all) if all > 0 => Some(french::number(all)),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    fn value(&self) -> Option<f64> {
        match *self {
            Self::Number(count) | Self::Share(count, _) => Some(count as f64),
            Self::For(_, 0) => None,
            Self::For(count, of) => Some((count as f64 / of as f64 * 100.0).round() / 100.0),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    fn all(&self) -> Option<f64> {
        match *self {
            Self::Share(_, all) => Some(all as f64),
            _ => None,
        }
    }
}

impl Table {
    /// Whether it says anything.
    pub(crate) fn has_lines(&self) -> bool {
        self.lines.iter().any(|line| line.cells.iter().any(|cell| cell.count() > 0))
    }

    /// Its bars; nothing for a table that is read better than seen.
    pub(crate) fn chart(&self) -> Option<Chart> {
        (!self.drawn.is_empty()).then(|| Chart::of(self))
    }
}

/// Everything as one table for spreadsheets: one line a number.
pub(crate) fn sheet(tables: &[Table]) -> tables::Sheet {
    let number = |value: Option<f64>| value.map_or(tables::Cell::Empty, tables::Cell::Number);
    let mut rows = Vec::new();
    for table in tables.iter().filter(|table| table.has_lines()) {
        for line in &table.lines {
            for (measure, cell) in table.columns.iter().zip(&line.cells) {
                let words = [table.title, &line.name, measure].map(|text| tables::Cell::text(Some(text)));
                rows.push(words.into_iter().chain([number(cell.value()), number(cell.all())]).collect());
            }
        }
    }
    let headings = ["Tableau", "Ligne", "Mesure", "Nombre", "Sur"].map(str::to_owned).to_vec();
    tables::Sheet { name: "Chiffres", headings, rows }
}

/// A line that sums up nothing.
pub(crate) fn line(name: impl Into<String>, cells: impl Into<Vec<Cell>>) -> Line {
    Line { name: name.into(), cells: cells.into(), is_total: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_what_it_is_out_of() {
        assert_eq!((Cell::Share(12, 85).number(), Cell::Share(12, 85).out_of()), ("12".into(), Some("85".into())));
        assert_eq!((Cell::Number(3).number(), Cell::Number(3).out_of()), ("3".into(), None));
        assert_eq!((Cell::For(5, 2).number(), Cell::For(5, 3).number()), ("2,5".into(), "1,67".into()));
        assert_eq!((Cell::For(5, 0).number(), Cell::For(5, 0).value()), ("aucun fournisseur".into(), None));
        assert_eq!((Cell::For(0, 0).number(), Cell::Share(0, 0).out_of()), ("–".into(), None));
    }
}
