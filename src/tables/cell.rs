use chrono::NaiveDate;

use super::{columns::Columns, fold, read::Row, report::Problem};
use crate::web::french;

/// What a wrong cell costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The line is left out: without this cell it would be wrong.
    Line,
    /// The cell alone is left out.
    Cell,
}

/// Reads the cells of one row and gathers everything wrong in it.
#[derive(Debug)]
pub struct Line<'a> {
    row: &'a Row,
    columns: &'a Columns,
    problems: Vec<Problem>,
}

impl<'a> Line<'a> {
    /// Begins to read a row. A row with more cells than there are headings is wrong as a whole.
    #[must_use]
    pub fn new(row: &'a Row, columns: &'a Columns) -> Self {
        let mut line = Self { row, columns, problems: Vec::new() };
        if let Some(cell) = row.cells.iter().skip(columns.count()).find(|cell| !cell.trim().is_empty()) {
            let expected = format!(
                "{} cases au plus, comme d’en-têtes (un séparateur dans un texte sans guillemets ?)",
                columns.count()
            );
            line.report("", cell, &expected, Severity::Line);
        }
        if let Some(cell) = row.cells.iter().find(|cell| cell.len() > 10_000) {
            line.report("", cell, "un texte moins long (un guillemet ouvert et jamais fermé ?)", Severity::Line);
        }
        line
    }

    /// The trimmed cell under a heading; `None` when it is empty or there is no such column. Control characters other
    /// than line breaks are dropped.
    #[must_use]
    pub fn raw(&self, heading: &str) -> Option<String> {
        let cell = self.row.cells.get(self.columns.place(heading)?)?;
        let kept: String = cell.chars().filter(|c| !c.is_control() || *c == '\n').collect();
        Some(kept.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A text of at most `limit` characters; a longer one is reported and, unless that costs the line, cut.
    pub fn text(&mut self, heading: &str, limit: usize, severity: Severity) -> Option<String> {
        let text = self.raw(heading)?;
        if text.chars().count() <= limit {
            return Some(text);
        }
        self.report(heading, &text, &format!("{limit} caractères au plus"), severity);
        (severity == Severity::Cell).then(|| text.chars().take(limit).collect::<String>().trim_end().to_owned())
    }

    /// What `parse` makes of a cell. Its error says what was expected.
    pub fn parse<T, E: ToString>(
        &mut self,
        heading: &str,
        severity: Severity,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.raw(heading)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(expected) => {
                self.report(heading, &text, &expected.to_string(), severity);
                None
            }
        }
    }

    /// Reports that a cell should not be empty; the line is left out.
    pub fn require<T>(&mut self, heading: &str, value: Option<T>, expected: &str) -> Option<T> {
        // A cell that was read and found wrong has been reported already.
        if value.is_none() && self.raw(heading).is_none() {
            self.report(heading, "", expected, Severity::Line);
        }
        value
    }

    /// Reports a wrong cell.
    pub fn report(&mut self, heading: &str, value: &str, expected: &str, severity: Severity) {
        self.problems.push(Problem {
            line: self.row.line,
            column: heading.to_owned(),
            value: shorten(value),
            expected: expected.to_owned(),
            refused: severity == Severity::Line,
        });
    }

    /// Whether something was found that costs the line.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.problems.iter().any(|problem| problem.refused)
    }

    /// What was found wrong.
    #[must_use]
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}

/// The values of a cell that holds a list: separated by commas, trimmed, the empty ones dropped.
pub fn parse_list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// A number written `12,5` or `12.5`, its thousands set apart by a space or not. No sign but `-`, no unit, no exponent.
///
/// ```
/// use manger_local::tables::parse_number;
/// assert_eq!(parse_number("1 200,50"), Some(1200.5));
/// assert_eq!(parse_number("12 €"), None);
/// ```
#[must_use]
pub fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once([',', '.']).map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut groups = whole.split([' ', '\u{a0}', '\u{202f}']);
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().filter(|group| all_digits(group))?;
    let mut plain = first.to_owned();
    for group in groups {
        if !all_digits(group) || group.len() != 3 || first.len() > 3 {
            return None;
        }
        plain.push_str(group);
    }
    if let Some(fraction) = fraction {
        plain.push('.');
        plain.push_str(Some(fraction).filter(|fraction| all_digits(fraction))?);
    }
    let number: f64 = plain.parse().ok().filter(|number: &f64| number.is_finite())?;
    Some(if digits.len() < text.len() { -number } else { number })
}

/// A date written `31/03/2031`, `2031-03-31` or `31 mars 2031`, with the day of the week or without.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let number = |part: &str, longest: usize| {
        part.parse::<u32>().ok().filter(|_| part.len() <= longest && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let parts = |separator: char| {
        let parts: Vec<&str> = text.trim().split(separator).collect();
        <[&str; 3]>::try_from(parts).ok()
    };
    let named = spelt(text);
    let named = named.as_ref().map(|parts| parts.each_ref().map(String::as_str));
    let plain = parts('/').or_else(|| parts('-').map(|[year, month, day]| [day, month, year]));
    let [day, month, year] = plain.or(named)?;
    let year = number(year, 4).filter(|_| year.len() == 4)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(month, 2)?, number(day, 2)?)
}

/// Day, month and year of `mardi 1er juin 2027`, in digits.
fn spelt(text: &str) -> Option<[String; 3]> {
    let text = fold(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let [day, month, year] = words.get(words.len().checked_sub(3)?..)?.try_into().ok()?;
    let is_weekday = |word: &&str| french::DAYS.contains(word);
    let month = french::MONTHS.iter().position(|name| fold(name) == month)? + 1;
    let day = day.strip_suffix("er").filter(|day| *day == "1").unwrap_or(day);
    let rest = &words[..words.len() - 3];
    (rest.len() <= 1 && rest.iter().all(is_weekday)).then(|| [day.to_owned(), month.to_string(), year.to_owned()])
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(80).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() > 80 {
        short.push('…');
    }
    short
}

/// A time of the day as people write it, in minutes since midnight: `9 h`, `9h30`, `09:30`, `14 h 05`.
#[must_use]
pub fn parse_time(text: &str) -> Option<i32> {
    let plain: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let (hours, minutes) = plain.split_once(['h', ':']).unwrap_or((plain.as_str(), ""));
    let number = |text: &str| {
        text.parse::<i32>().ok().filter(|_| text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let minutes = if minutes.is_empty() { Some(0) } else { number(minutes) };
    let (hours, minutes) = (number(hours)?, minutes?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_french_people_type_them() {
        for (text, number) in [("12,5", 12.5), ("12.5", 12.5), ("1\u{202f}200", 1200.0), ("-3,25", -3.25), ("0", 0.0)] {
            assert_eq!(parse_number(text), Some(number), "{text:?}");
        }
        for text in ["", "-", "12,5 €", "1e3", "NaN", "inf", "1 20", "1234 567", "1,2,3", ",5", "5,", "+5", "0x10", "١"]
        {
            assert_eq!(parse_number(text), None, "{text:?}");
        }
    }

    #[test]
    fn dates_are_read_in_both_orders_and_must_exist() {
        let last_of_march = NaiveDate::from_ymd_opt(2031, 3, 31);
        assert_eq!(parse_date("31/03/2031"), last_of_march);
        assert_eq!(parse_date("2031-03-31"), last_of_march);
        assert_eq!(parse_date("1/3/2031"), NaiveDate::from_ymd_opt(2031, 3, 1));
        assert_eq!(parse_date(" 31 mars 2031 "), last_of_march);
        assert_eq!(parse_date("Lundi 31 Mars 2031"), last_of_march);
        assert_eq!(parse_date("1er août 2031"), NaiveDate::from_ymd_opt(2031, 8, 1));
        for text in [
            "30/02/2031",
            "31/03/31",
            "31-03-2031",
            "2031/03/31",
            "31/03/2031 puis 01/04/2031",
            "+1/03/2031",
            "31 mars",
            "31 mars 31",
            "32 mars 2031",
            "31 marsouin 2031",
            "le 31 mars 2031",
            "2er mars 2031",
        ] {
            assert_eq!(parse_date(text), None, "{text:?}");
        }
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (text, minutes) in [("9 h", 540), ("9h30", 570), ("09:30", 570), ("14\u{a0}h\u{a0}05", 845), ("8", 480)] {
            assert_eq!(parse_time(text), Some(minutes), "{text}");
        }
        for text in ["", "h", "24 h", "9 h 60", "9h300", "neuf heures", "-9", "+9", "9.5"] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
