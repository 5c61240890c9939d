//! Dates, prices, distances and numbers as French writes them, with the spaces that must not break.

use std::fmt::Display;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// Between thousands.
const NARROW: char = '\u{202f}';
/// Before a unit.
const HARD: char = '\u{a0}';

/// Names of the months, from January.
pub const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
/// Names of the days, from Monday.
pub const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// "12 mars 2027", "1er avril 2027".
#[must_use]
pub fn date(date: NaiveDate) -> String {
    let first = if date.day() == 1 { "er" } else { "" };
    format!("{}{first}{HARD}{} {}", date.day(), MONTHS[date.month0() as usize], date.year())
}

/// `14 h 30`, `9 h`.
#[must_use]
pub fn time(time: NaiveTime) -> String {
    match time.minute() {
        0 => format!("{}\u{a0}h", time.hour()),
        minute => format!("{}\u{a0}h\u{a0}{minute:02}", time.hour()),
    }
}

/// "mardi 12 mars 2027".
#[must_use]
pub fn day(day: NaiveDate) -> String {
    format!("{} {}", DAYS[day.weekday().num_days_from_monday() as usize], date(day))
}

/// "12 mars 2027, 14 h 30".
#[must_use]
pub fn moment(at: NaiveDateTime) -> String {
    format!("{}, {}", date(at.date()), time(at.time()))
}

/// Cents as "3,20 €".
#[must_use]
pub fn price(cents: i64) -> String {
    let sign = if cents < 0 { "−" } else { "" };
    let (euros, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    format!("{sign}{},{rest:02}{HARD}€", number(euros))
}

/// Cents as "80 €" when they are whole euros: minimum orders.
#[must_use]
pub fn round_price(cents: i64) -> String {
    if cents % 100 == 0 && cents >= 0 {
        format!("{}{HARD}€", number(cents.unsigned_abs() / 100))
    } else {
        price(cents)
    }
}

/// A number with a comma and no useless zeros: "12,5", "30".
#[must_use]
pub fn decimal(number: f64) -> String {
    format!("{number}").replace('.', ",")
}

/// "environ 12 km": distances start at the centre of a commune, so a kilometre more or less says nothing.
#[must_use]
pub fn distance(kilometres: f64) -> String {
    if kilometres < 1.0 {
        return format!("moins de 1{HARD}km");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a distance on Earth, at least 1")]
    let whole = kilometres.round() as u64;
    format!("environ {}{HARD}km", number(whole))
}

/// "80 000".
#[must_use]
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(NARROW);
        }
        out.push(digit);
    }
    out
}

/// "aucun" aside, French counts 0 and 1 as singular: "1 fournisseur", "12 fournisseurs".
#[must_use]
pub fn count(n: u64, one: &str, many: &str) -> String {
    format!("{}{HARD}{}", number(n), if n < 2 { one } else { many })
}

/// Hard spaces before `: ; ! ? » %` and after `«`, curly apostrophes: for texts that people typed.
#[must_use]
pub fn typographic(text: &impl Display) -> String {
    let text = text.to_string().replace('\'', "’").replace("« ", "«\u{a0}");
    [" :", " ;", " !", " ?", " »", " %", " €"].iter().fold(text, |text, pair| {
        let mark = &pair[1..];
        text.replace(pair, &format!("{HARD}{mark}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_month_is_ordinal() {
        assert_eq!(date(NaiveDate::from_ymd_opt(2027, 4, 1).unwrap()), "1er\u{a0}avril 2027");
    }

    #[test]
    fn prices_distances_and_numbers_keep_their_units() {
        assert_eq!(price(320), "3,20\u{a0}€");
        assert_eq!(price(123_456_789), "1\u{202f}234\u{202f}567,89\u{a0}€");
        assert_eq!(round_price(8000), "80\u{a0}€");
        assert_eq!(distance(11.7), "environ 12\u{a0}km");
        assert_eq!(distance(0.4), "moins de 1\u{a0}km");
        assert_eq!(count(1, "fournisseur", "fournisseurs"), "1\u{a0}fournisseur");
        assert_eq!(count(1250, "offre", "offres"), "1\u{202f}250\u{a0}offres");
    }

    #[test]
    fn typed_text_gets_its_hard_spaces() {
        assert_eq!(typographic(&"L'été : « bio » !"), "L’été\u{a0}: «\u{a0}bio\u{a0}»\u{a0}!");
    }
}
