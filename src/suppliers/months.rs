use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

use crate::{
    tables::{fold, parse_list},
    web::french::MONTHS,
};

/// The months in which something can be had: bit 0 is January. At least one.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Hash, DeriveValueType)]
pub struct Months(i16);

const EXPECTED: &str = "« toute l’année », des mois (juin, juillet ou 6, 7) ou des périodes (juin à octobre, 10-3)";

impl Months {
    /// All year round.
    pub const ALL_YEAR: Self = Self(0xfff);

    /// The months of a mask (bit 0 = January); `None` when it names no month or bits beyond December.
    #[must_use]
    pub fn from_mask(mask: u16) -> Option<Self> {
        i16::try_from(mask).ok().filter(|mask| (1..=0xfff).contains(mask)).map(Self)
    }

    /// The mask, bit 0 = January.
    #[must_use]
    pub fn mask(self) -> u16 {
        self.0.cast_unsigned()
    }

    /// Whether `month` (1 to 12) is one of them.
    #[must_use]
    pub fn contains(self, month: u32) -> bool {
        (1..=12).contains(&month) && self.mask() >> (month - 1) & 1 == 1
    }

    /// The stretches of months without a gap, each as first and last (0 is January; December leads to January). The whole
    /// year has none.
    pub fn runs(self) -> impl Iterator<Item = (usize, usize)> {
        let has = move |month: usize| self.mask() >> (month % 12) & 1 == 1;
        let first = (0..12).filter(move |&month| has(month) && !has(month + 11));
        first.map(move |first| (first, (first + (1..12).take_while(|more| has(first + more)).count()) % 12))
    }

    /// Reads `toute l'année`, or a list of months and intervals (`juin à octobre`, `juin-octobre`, `6-10`) that may
    /// pass the new year.
    ///
    /// ```
    /// use manger_local::suppliers::Months;
    /// assert_eq!(Months::parse("octobre à mars, mai").unwrap().to_string(), "mai, octobre à mars");
    /// ```
    ///
    /// # Errors
    /// What was expected, in French.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = fold(text);
        if ["toute l'annee", "toute annee", "toute l'annee."].contains(&text.as_str()) {
            return Ok(Self::ALL_YEAR);
        }
        if crate::tables::parse_date(&text).is_some() {
            return Err("des mois ; le tableur a changé l’intervalle en date : écrivez par exemple « juin à octobre »");
        }
        let mask = parse_list(&text).try_fold(0, |mask, item| interval(item).map(|months| mask | months));
        mask.and_then(Self::from_mask).ok_or(EXPECTED)
    }
}

fn interval(text: &str) -> Option<u16> {
    if let Some(month) = month(text) {
        return Some(1 << month);
    }
    let (first, last) = text.split_once(" a ").or_else(|| text.split_once('-'))?;
    let (first, last) = (month(first.trim_start_matches("de "))?, month(last)?);
    Some(
        (0..12)
            .filter(|month| (month + 12 - first) % 12 <= (last + 12 - first) % 12)
            .fold(0, |mask, month| mask | 1 << month),
    )
}

/// The month (0 to 11) of a number from 1 to 12 or of a folded name, whole or cut as in `sept.`
fn month(text: &str) -> Option<u16> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().filter(|number| (1..=12).contains(number)).map(|number: u16| number - 1);
    }
    let start = text.trim_end_matches('.');
    let mut fitting = (0..12).filter(|&month| start.len() >= 3 && fold(MONTHS[usize::from(month)]).starts_with(start));
    // `jui` is June or July.
    fitting.next().filter(|_| fitting.next().is_none())
}

/// As a person writes them: `toute l'année`, `juin`, `octobre à mars, mai`.
impl std::fmt::Display for Months {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if *self == Self::ALL_YEAR {
            return f.write_str("toute l’année");
        }
        for (number, (first, last)) in self.runs().enumerate() {
            let separator = if number == 0 { "" } else { ", " };
            let joint = if (first + 1) % 12 == last { ", " } else { " à " };
            write!(f, "{separator}{}", MONTHS[first])?;
            if first != last {
                write!(f, "{joint}{}", MONTHS[last])?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbers(text: &str) -> Vec<u32> {
        let months = Months::parse(text).unwrap();
        (1..=12).filter(|&month| months.contains(month)).collect()
    }

    #[test]
    fn months_are_read_as_people_write_them() {
        for (text, expected) in [
            ("juin à octobre", vec![6, 7, 8, 9, 10]),
            ("juin-octobre", vec![6, 7, 8, 9, 10]),
            ("6-10", vec![6, 7, 8, 9, 10]),
            ("6 – 10", vec![6, 7, 8, 9, 10]),
            ("10-3", vec![1, 2, 3, 10, 11, 12]),
            ("Octobre A Mars", vec![1, 2, 3, 10, 11, 12]),
            ("de décembre à février, AOUT", vec![1, 2, 8, 12]),
            ("janvier, 3,5", vec![1, 3, 5]),
            ("sept., oct", vec![9, 10]),
            ("6-6", vec![6]),
            ("Toute l’année", (1..=12).collect()),
            ("6-5", (1..=12).collect()),
        ] {
            assert_eq!(numbers(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_names_no_month_is_refused() {
        for text in ["", ",", "13", "0", "juin à", "jui", "ju", "été", "6-13", "2026-10-06", "juin juillet", "6-7-8"]
        {
            assert!(Months::parse(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn months_are_read_as_they_are_written(mask in 1_u16..=0xfff) {
            let months = Months::from_mask(mask).unwrap();
            prop_assert_eq!(Months::parse(&months.to_string()), Ok(months));
        }

        #[test]
        fn no_text_makes_it_stumble(text in ".{0,40}") {
            let _ = Months::parse(&text);
        }
    }
}
