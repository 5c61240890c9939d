//! A commune, its INSEE code and its point.

use std::fmt;

pub use index::geo::Point;

/// The code INSEE gives a commune: five characters, `"43157"`, `"2A004"`, `"97411"`. Not a postal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InseeCode([u8; 5]);

/// What was given for an INSEE code cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("« {0} » n’est pas un code INSEE : cinq caractères attendus, comme 43157 ou 2A004")]
pub struct NotAnInseeCode(String);

impl InseeCode {
    /// Reads a code: case and surrounding spaces do not matter; a zero that a spreadsheet dropped (`7293`) is put back.
    ///
    /// ```
    /// use manger_local::places::InseeCode;
    /// assert_eq!(InseeCode::parse(" 2a004").unwrap().as_str(), "2A004");
    /// assert_eq!(InseeCode::parse("7293").unwrap().as_str(), "07293");
    /// assert!(InseeCode::parse("43 157").is_err());
    /// ```
    ///
    /// # Errors
    /// When the text does not have the shape of a code; whether a commune bears it is not asked.
    pub fn parse(text: &str) -> Result<Self, NotAnInseeCode> {
        let code = text.trim().to_ascii_uppercase();
        let code = if code.len() == 4 { format!("0{code}") } else { code };
        match code.as_bytes() {
            [first, second, rest @ ..]
                if rest.len() == 3
                    && rest.iter().all(u8::is_ascii_digit)
                    && (first.is_ascii_digit() && second.is_ascii_digit()
                        || matches!((first, second), (b'2', b'A' | b'B'))) =>
            {
                Ok(Self([*first, *second, rest[0], rest[1], rest[2]]))
            }
            _ => Err(NotAnInseeCode(text.to_owned())),
        }
    }

    /// The five characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The city a municipal arrondissement belongs to, otherwise the code itself: `69383` → `69123`.
    #[must_use]
    pub fn city(self) -> Self {
        Self(match &self.0 {
            [b'7', b'5', b'1', b'0' | b'1' | b'2', _] => *b"75056",
            [b'6', b'9', b'3', b'8', b'1'..=b'9'] => *b"69123",
            [b'1', b'3', b'2', b'0' | b'1', _] => *b"13055",
            code => *code,
        })
    }
}

impl fmt::Display for InseeCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A commune, or a municipal arrondissement of Paris, Lyon or Marseille.
#[derive(Debug, Clone, PartialEq)]
pub struct Commune {
    /// Its INSEE code.
    pub insee_code: InseeCode,
    /// Official name: `"Le Puy-en-Velay"`.
    pub name: String,
    /// Five digits each; several communes share a code, large ones have many.
    pub postal_codes: Vec<String>,
    /// A point inside it; the communes of the overseas collectivities have none.
    pub point: Option<Point>,
    /// Code of its department, or of its overseas collectivity: `"43"`, `"2A"`, `"974"`, `"987"`.
    pub department: String,
    /// SIREN of its intercommunality; an arrondissement has that of its city, four islands have none.
    pub epci: Option<String>,
    /// Inhabitants.
    pub population: u32,
    /// INSEE code and name of what was merged into it, and of other names it bore.
    pub former_names: Vec<(String, String)>,
}

impl Commune {
    /// Its name with its department, to tell it from others: `"Saint-Julien (69)"`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} ({})", self.name, self.department)
    }

    /// As the last line of an address: `"43200 Yssingeaux"`; without a postal code when it has several.
    #[must_use]
    pub fn town(&self) -> String {
        match self.postal_codes.as_slice() {
            [code] => format!("{code} {}", self.name),
            _ => self.name.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{InseeCode, Point};

    #[test]
    fn codes_of_corsica_and_overseas_are_codes() {
        for (typed, code) in
            [("43157", "43157"), ("2b033", "2B033"), ("97411", "97411"), (" 01004 ", "01004"), ("1004", "01004")]
        {
            assert_eq!(InseeCode::parse(typed).map(|code| code.to_string()).as_deref(), Ok(code));
        }
        for typed in ["", "2C004", "4315", "431577", "43A57", "43 15", "É3157", "A4315"] {
            let is_four_digits = typed.len() == 4 && typed.bytes().all(|byte| byte.is_ascii_digit());
            assert!(is_four_digits || InseeCode::parse(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn an_arrondissement_belongs_to_its_city() {
        let city = |code| InseeCode::parse(code).map(|code| code.city().to_string());
        assert_eq!(city("69383").as_deref(), Ok("69123"));
        assert_eq!(city("75120").as_deref(), Ok("75056"));
        assert_eq!(city("13216").as_deref(), Ok("13055"));
        assert_eq!(city("13055").as_deref(), Ok("13055"));
        assert_eq!(city("69380").as_deref(), Ok("69380"));
    }

    #[test]
    fn a_point_lies_on_the_globe() {
        assert!(Point::new(45.0, 3.9).is_some());
        assert!(Point::new(91.0, 3.9).is_none());
        assert!(Point::new(f64::NAN, 3.9).is_none());
    }
}
