//! The reasons of a match in words.

use super::score::{Closeness, Delivery, Match, Need, Reason, Supply};
use crate::suppliers::{Weekday, Weekdays, Word};
use crate::web::french;

/// Products named for one match.
pub(super) const NAMED: usize = 4;

/// The reasons without those whose offer was named before.
pub(super) fn named(found: &Match) -> impl Iterator<Item = &Reason> {
    let is_first = |at: usize, why: &Reason| found.reasons[..at].iter().all(|before| before.offer != why.offer);
    found.reasons.iter().enumerate().filter(move |&(at, why)| is_first(at, why)).map(|(_, why)| why)
}

/// What a supplier has of what is wanted, the best first: `Carottes des sables (bio prouvé)`.
#[must_use]
pub fn products(found: &Match, need: &Need, supply: &Supply) -> Vec<String> {
    let said = named(found).take(NAMED).map(|why| {
        let (want, offer) = (&need.wants[why.want], &supply.offers[why.offer]);
        let mut notes = Vec::new();
        for sign in want.signs.iter() {
            notes.push(if offer.proven.contains(sign) {
                format!("{} prouvé", sign.label())
            } else if offer.signs.contains(sign) {
                format!("{} déclaré", sign.label())
            } else {
                format!("sans {}", sign.label())
            });
        }
        if matches!(why.closeness, Closeness::Broader | Closeness::Nearly) {
            notes.push(format!("pour {}", want.name));
        }
        if !why.is_in_season {
            notes.push(format!("pas ce mois-ci\u{a0}: {}", offer.months));
        }
        if notes.is_empty() { offer.name.clone() } else { format!("{} ({})", offer.name, notes.join(", ")) }
    });
    said.collect()
}

/// What a canteen looks for of what a supplier has: `carottes, 40 kg par semaine`.
#[must_use]
pub fn wanted(found: &Match, need: &Need) -> Vec<String> {
    let said = found.reasons.iter().take(NAMED).map(|why| {
        let want = &need.wants[why.want];
        let signs = want.signs.iter().map(|sign| sign.label().to_owned());
        let quantity = want.quantity.as_ref();
        let quantity = quantity.map(|(number, unit)| format!("{}\u{a0}{unit} par semaine", french::decimal(*number)));
        [want.name.clone()].into_iter().chain(signs).chain(quantity).collect::<Vec<_>>().join(", ")
    });
    said.collect()
}

/// How far it is and whether it delivers, on which days of both.
#[must_use]
pub fn round(supply: &Supply, days: Weekdays, delivers: &str) -> Vec<String> {
    let distance = supply.distance_km.map(|km| format!("à {}", french::distance(km)));
    let common: Vec<Weekday> = supply.days.iter().filter(|day| days.iter().any(|own| own == *day)).collect();
    // Other days than the kitchen's are said too: one may ask.
    let shown: Vec<Weekday> = if common.is_empty() { supply.days.iter().collect() } else { common.clone() };
    let other =
        if common.is_empty() && !days.is_empty() && !supply.days.is_empty() { ", pas l’un de vos jours" } else { "" };
    let on: Vec<String> = shown.iter().map(|day| format!("le {}", day.label())).collect();
    let on_its_round = match supply.delivery {
        Delivery::Yes if on.is_empty() => delivers.to_owned(),
        Delivery::Yes => format!("{delivers} {}{other}", on.join(", ")),
        Delivery::Unknown => "livraison à demander".to_owned(),
        Delivery::No => "ne livre pas jusque-là".to_owned(),
    };
    distance.into_iter().chain([on_its_round]).collect()
}
