//! What whoever comes must know, as far as organisers wrote it.

use super::farm_visit::FarmVisit;
use crate::web::french;

/// Something to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// « Où se garer »
    pub(super) title: &'static str,
    /// As it was typed, line by line.
    pub(super) lines: Vec<String>,
}

/// How to come, what to wear, what the weather changes, what is eaten: what is of use on the way and on the farm.
pub(super) fn parts(visit: &FarmVisit) -> Vec<Part> {
    let all = [
        ("Comment venir", &visit.access),
        ("Où se garer", &visit.parking),
        ("À prévoir", &visit.advice),
        ("Selon la météo", &visit.weather),
        ("Accessibilité", &visit.accessibility),
        ("Repas", &visit.meal),
    ];
    let mut parts: Vec<Part> = all.into_iter().map(|(title, text)| Part { title, lines: lines(text) }).collect();
    if let (Some(price), Some(meal)) = (visit.meal_price(), parts.last_mut())
        && !meal.lines.is_empty()
    {
        meal.lines.push(format!("Prix du repas\u{a0}: {price}"));
    }
    parts.retain(|part| !part.lines.is_empty());
    parts
}

/// The lines of a text, those that say something.
pub(super) fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| french::typographic(&line)).collect()
}
