//! What people type, read into what it means, or a sentence that says what is wrong.

use crate::places::{Commune, InseeCode, Places};
use crate::suppliers::{Cents, Siret};
use crate::web::{filled, text_of};

/// A telephone number as it was written; nothing when nothing was typed.
///
/// # Errors
/// That it is none, in French.
pub fn phone(text: &str) -> Result<Option<String>, String> {
    let Some(text) = text_of(text, 40)? else { return Ok(None) };
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain = text.chars().all(|c| c.is_ascii_digit() || " +.-()/\u{a0}".contains(c));
    if plain && digits >= 9 {
        Ok(Some(text))
    } else {
        Err("Écrivez un numéro de téléphone, par exemple 04 71 00 00 00.".to_owned())
    }
}

/// An amount in euros, with its sign or without.
pub(in crate::suppliers) fn amount(text: &str) -> Result<Option<Cents>, String> {
    let text = text.trim().trim_end_matches('€').trim();
    let wrong = || "Écrivez un montant en euros, par exemple 80 ou 79,90.".to_owned();
    filled(text).map(|text| Cents::parse(text).ok_or_else(wrong)).transpose()
}

/// Latitude and longitude; nothing when nothing was typed.
///
/// # Errors
/// That they are no point, in French.
pub fn point(text: &str) -> Result<Option<(f64, f64)>, String> {
    let Some(text) = filled(text) else { return Ok(None) };
    let wrong =
        || "Ce point n’est pas lisible\u{a0}: touchez la carte, ou écrivez par exemple 45.04350, 3.88370.".to_owned();
    let (lat, lon) = text.split_once(',').ok_or_else(wrong)?;
    let number = |text: &str, most: f64| text.trim().parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
    number(lat, 90.0).zip(number(lon, 180.0)).map(Some).ok_or_else(wrong)
}

/// A commune by its code, its name or its postal code.
///
/// # Errors
/// Why none is meant, in French.
pub fn commune<'p>(text: &str, places: &'p Places) -> Result<&'p Commune, String> {
    let Some(text) = filled(text) else { return Err("Écrivez le nom de votre commune.".to_owned()) };
    if let Some(commune) = InseeCode::parse(text).ok().and_then(|code| places.commune(code.as_str())) {
        return Ok(commune);
    }
    near(text, None, places)
}

/// A commune by its code, or by its name as people write it, near `home` when several bear it.
pub(super) fn near<'p>(text: &str, home: Option<&Commune>, places: &'p Places) -> Result<&'p Commune, String> {
    if let Some(commune) = InseeCode::parse(text).ok().and_then(|code| places.commune(code.as_str())) {
        return Ok(commune);
    }
    let is_postal = |word: &&str| word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit());
    // `Brioude (43)` and `Brioude 43100`, as we write them and as people do.
    let (name, bracket) =
        text.split_once('(').map_or((text, ""), |(name, code)| (name, code.trim_end_matches(')').trim()));
    let words = || name.split_whitespace().chain([bracket]);
    let postal = words().find(is_postal);
    let name = name.split_whitespace().filter(|word| !is_postal(word)).collect::<Vec<_>>().join(" ");
    let said = Some(bracket).filter(|code| places.department(code).is_some());
    let department = said.or_else(|| home.map(|commune| commune.department.as_str()));
    places.resolve(&name, postal, department).map_err(|unresolved| {
        let near: Vec<String> = unresolved.near.iter().take(3).map(|label| format!("«\u{a0}{label}\u{a0}»")).collect();
        if near.is_empty() {
            format!(
                "Nous ne connaissons pas de commune «\u{a0}{text}\u{a0}». Essayez son nom complet avec son code postal."
            )
        } else {
            format!("Laquelle\u{a0}? {}\u{a0}: écrivez le nom avec le code postal.", near.join(", "))
        }
    })
}

/// The number of an establishment; nothing when none is typed.
///
/// # Errors
/// What is wrong, in French.
pub fn siret(text: &str) -> Result<Option<Siret>, String> {
    let wrong =
        |expected| format!("Ce numéro n’est pas un SIRET\u{a0}: on attend {expected}. Il est sur vos factures.");
    filled(text).map(|text| Siret::parse(text).map_err(wrong)).transpose()
}
