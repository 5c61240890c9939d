use serde::{Deserialize, Serialize};
use std::fmt;

use sea_orm::DeriveValueType;

/// Number of an establishment in the Sirene register: 14 digits with a right key.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq, Hash, DeriveValueType)]
pub struct Siret(String);

/// La Poste gives its offices numbers whose digits add up to a multiple of five instead.
const LA_POSTE: &str = "356000000";

impl Siret {
    /// Reads 14 digits, spaces between them allowed, and checks the key (Luhn; La Poste has its own rule).
    ///
    /// ```
    /// use manger_local::suppliers::Siret;
    /// assert_eq!(Siret::parse("356 000 000 00048").unwrap().as_str(), "35600000000048");
    /// ```
    ///
    /// # Errors
    /// What was expected, in French.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
        if digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("14 chiffres");
        }
        let sum_fits =
            luhn(&digits).is_multiple_of(10) || (digits.starts_with(LA_POSTE) && plain_sum(&digits).is_multiple_of(5));
        if sum_fits && digits != "00000000000000" {
            Ok(Self(digits))
        } else {
            Err("14 chiffres dont la clé est juste")
        }
    }

    /// The 14 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Siret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every second digit from the right counts double, and a double above nine loses nine.
fn luhn(digits: &str) -> u32 {
    let counted = |(place, digit): (usize, u32)| match (place % 2, digit * 2) {
        (0, _) => digit,
        (_, double) if double > 9 => double - 9,
        (_, double) => double,
    };
    digits.bytes().rev().map(|byte| u32::from(byte - b'0')).enumerate().map(counted).sum()
}

fn plain_sum(digits: &str) -> u32 {
    digits.bytes().map(|byte| u32::from(byte - b'0')).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_checked() {
        for right in ["73282932000074", "19430135400016", "35600000000048", "35600000049837", "88958973500014"] {
            assert!(Siret::parse(right).is_ok(), "{right}");
        }
        for wrong in ["73282932000075", "7328293200007", "A79184012001", "00000000000000", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤"]
        {
            assert!(Siret::parse(wrong).is_err(), "{wrong}");
        }
    }
}
