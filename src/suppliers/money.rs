use serde::{Deserialize, Serialize};
use std::fmt;

use sea_orm::DeriveValueType;

/// An amount in euro cents, never negative when it was read by [`Cents::parse`].
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Cents(pub i64);

impl Cents {
    /// Reads an amount in euros: `1,29`, `1.29` or `80`; at most two decimals, at most ten million euros.
    ///
    /// ```
    /// use manger_local::suppliers::Cents;
    /// assert_eq!(Cents::parse("1,3"), Some(Cents(130)));
    /// assert_eq!(Cents::parse("1,295"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let decimals = text.trim().split_once([',', '.']).map_or("", |(_, decimals)| decimals);
        let euros = crate::tables::parse_number(text)?;
        if decimals.len() > 2 || !(0.0..=1e7).contains(&euros) || text.trim().starts_with('-') {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most 1e9, and a whole number once rounded")]
        let cents = (euros * 100.0).round() as i64;
        Some(Self(cents))
    }
}

/// `1,29`, as a French spreadsheet writes it.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_amount_is_read_as_it_is_written(cents in 0_i64..=1_000_000_000) {
            prop_assert_eq!(Cents::parse(&Cents(cents).to_string()), Some(Cents(cents)));
        }
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for text in ["-1", "-0", "1,29 €", "1,299", "gratuit", "1e2", "99999999999"] {
            assert_eq!(Cents::parse(text), None, "{text:?}");
        }
    }
}
