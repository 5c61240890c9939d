//! Bars of a table. Heights go by the size of the letters and widths by the width of the page, so that no letter shrinks on
//! a telephone; each bar has its number in words beside it, and the second of a pair is hollow.

use super::table::{Line, Table};
use crate::web::french;

/// Letters of a name; the table beside has the whole one.
const LONGEST: usize = 40;
/// The longest bar, in thousandths of the width: the rest is for its words.
const WIDEST: u64 = 560;

/// What follows is in hundredths of the size of a letter.
const NAME: u32 = 110;
const FIRST_BAR: u32 = 150;
const BAR: u32 = 135;
const BASELINE: u32 = 88;
const GAP: u32 = 55;

/// A drawing of bars.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Chart {
    pub(crate) height: String,
    /// What it shows, for who does not see it.
    pub(crate) description: String,
    pub(crate) names: Vec<Name>,
    pub(crate) bars: Vec<Bar>,
}

/// The name of a line, above its bars.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) y: String,
    pub(crate) text: String,
}

/// A bar and its words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bar {
    /// Whether it is the second of a pair.
    pub(crate) is_second: bool,
    pub(crate) y: String,
    pub(crate) width: String,
    pub(crate) baseline: String,
    pub(crate) text: String,
}

impl Chart {
    /// The bars of a table; lines that sum up others are left out.
    pub(crate) fn of(table: &Table) -> Self {
        let lines: Vec<&Line> = table.lines.iter().filter(|line| !line.is_total).collect();
        let counts = |line: &Line| table.drawn.iter().map(|(at, _)| line.cells[*at].count()).max().unwrap_or(0);
        let most = lines.iter().map(|line| counts(line)).max().unwrap_or(0);
        let (mut y, mut names, mut bars) = (0, Vec::new(), Vec::new());
        for line in &lines {
            names.push(Name { y: em(y + NAME), text: shortened(&line.name) });
            y += FIRST_BAR;
            for (rank, (at, [one, many])) in table.drawn.iter().enumerate() {
                let count = line.cells[*at].count();
                let text = if table.drawn.len() > 1 { french::count(count, one, many) } else { french::number(count) };
                let width = percent(count, most);
                bars.push(Bar { is_second: rank > 0, y: em(y), width, baseline: em(y + BASELINE), text });
                y += BAR;
            }
            y += GAP;
        }
        Self { height: em(y), description: described(table, &lines), names, bars }
    }
}

/// What is largest, in words; the table says the rest.
fn described(table: &Table, lines: &[&Line]) -> String {
    let most = table.drawn.iter().filter_map(|(at, [one, many])| {
        let line = lines.iter().rev().max_by_key(|line| line.cells[*at].count())?;
        let count = line.cells[*at].count();
        (count > 0).then(|| format!("{} ({})", line.name, french::count(count, one, many)))
    });
    let most: Vec<String> = most.collect();
    format!("Les plus longues barres\u{a0}: {}. Tous les nombres sont dans le tableau.", most.join(", "))
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let kept: String = name.chars().take(LONGEST - 1).collect();
    format!("{}…", kept.trim_end())
}

fn em(hundredths: u32) -> String {
    format!("{}.{:02}em", hundredths / 100, hundredths % 100)
}

fn percent(count: u64, most: u64) -> String {
    let thousandths = if most == 0 { 0 } else { (count * WIDEST).div_ceil(most) };
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

#[cfg(test)]
mod tests {
    use super::super::table::Cell;
    use super::*;

    fn table() -> Table {
        let line = |name: &str, cells: [Cell; 2], is_total| Line { name: name.into(), cells: cells.into(), is_total };
        Table {
            id: "essai",
            title: "Essai",
            notes: Vec::new(),
            first: "Quoi",
            columns: vec!["Fournisseurs", "Cantines"],
            lines: vec![
                line("Pain", [Cell::Share(4, 9), Cell::Share(1, 3)], false),
                line("Rien", [Cell::Share(0, 9), Cell::Share(0, 3)], false),
                line("Total", [Cell::Share(4, 9), Cell::Share(1, 3)], true),
            ],
            drawn: vec![(0, ["fournisseur", "fournisseurs"]), (1, ["cantine", "cantines"])],
            empty: "",
        }
    }

    #[test]
    fn bars_are_as_long_as_their_numbers_and_say_them() {
        let chart = Chart::of(&table());
        let drawn: Vec<_> = chart.bars.iter().map(|bar| (bar.width.as_str(), bar.text.as_str())).collect();
        let expected = [
            ("56.0%", "4\u{a0}fournisseurs"),
            ("14.0%", "1\u{a0}cantine"),
            ("0.0%", "0\u{a0}fournisseur"),
            ("0.0%", "0\u{a0}cantine"),
        ];
        assert_eq!(drawn, expected);
        assert_eq!(chart.names.len(), 2, "no bar for what sums up the others");
        assert!(
            chart.description.contains("Pain (4\u{a0}fournisseurs), Pain (1\u{a0}cantine)"),
            "{}",
            chart.description
        );
    }

    #[test]
    fn nothing_makes_no_bar_and_long_names_are_cut() {
        let mut empty = table();
        empty.lines.remove(0);
        assert!(Chart::of(&empty).bars.iter().all(|bar| bar.width == "0.0%"));
        assert_eq!(shortened(&"é".repeat(60)).chars().count(), LONGEST);
    }
}
