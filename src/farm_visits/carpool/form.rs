//! What somebody types who offers seats or looks for one.

use chrono::NaiveTime;

use super::entry::{Entry, Side};
use crate::places::Places;
use crate::suppliers::draft::{Typed, commune, phone};
use crate::tables::parse_time;
use crate::web::{FieldErrors, french, text_of};

/// Seats of one car beside the driver's.
const MOST: i32 = 8;

/// What is known of who types.
pub(super) struct Around<'a> {
    pub(super) places: &'a Places,
    /// Key of the date.
    pub(super) date: i64,
    /// Key of the registration.
    pub(super) registration: i64,
    /// How many come of it.
    pub(super) party: i32,
    /// When the visit begins, in minutes since midnight.
    pub(super) begins: i32,
}

/// The side that is chosen; nothing when none is.
pub(super) fn side(word: &str) -> Option<Side> {
    match word {
        "propose" => Some(Side::Offer),
        "cherche" => Some(Side::Request),
        _ => None,
    }
}

/// The word for it in addresses and forms.
pub(super) fn word(side: Side) -> &'static str {
    match side {
        Side::Offer => "propose",
        Side::Request => "cherche",
    }
}

/// How many seats one may offer, or look for when so many come.
pub(super) fn most(side: Option<Side>, party: i32) -> i32 {
    if side == Some(Side::Request) { party.min(MOST) } else { MOST }
}

/// What the form says at first.
pub(super) fn empty() -> Typed {
    let mut typed = Typed::default();
    typed.put("sieges", "1".to_owned());
    typed
}

/// What the form says of one.
pub(super) fn typed(entry: &Entry, places: &Places) -> Typed {
    let mut typed = Typed::default();
    let seconds = u32::try_from(entry.leaves_at * 60).unwrap_or_default();
    let hour = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default();
    typed.put("commune", entry.insee_code.clone());
    typed.put("commune_nom", places.commune(&entry.insee_code).map(|known| known.name.clone()).unwrap_or_default());
    typed.put("heure", french::time(hour));
    typed.put("sieges", entry.seats.to_string());
    typed.put("retour", if entry.is_return { "oui" } else { "" }.to_owned());
    typed.put("telephone", entry.phone.clone());
    typed.put("mot", entry.words.clone());
    typed
}

/// What was typed as what is true; nothing when something is wrong with it.
pub(super) fn read(typed: &Typed, side: Side, around: &Around<'_>, errors: &mut FieldErrors) -> Option<Entry> {
    let named = if typed.of("commune").is_empty() { typed.of("commune_nom") } else { typed.of("commune") };
    let insee_code = match commune(named, around.places) {
        Ok(known) => Some(known.insee_code.to_string()),
        Err(sentence) => {
            errors.add("commune_nom", sentence);
            None
        }
    };
    let leaves_at = parse_time(typed.of("heure"));
    match leaves_at {
        None => errors.add("heure", "Écrivez une heure, comme 8 h 15."),
        Some(at) if at >= around.begins => errors.add("heure", "La visite a déjà commencé à cette heure-là."),
        Some(_) => {}
    }
    let most = most(Some(side), around.party);
    let seats = typed.of("sieges").parse().ok().filter(|seats| (1..=most).contains(seats));
    if seats.is_none() {
        let sentence = match side {
            Side::Request if most == 1 => "Vous êtes inscrit seul\u{a0}: écrivez 1.".to_owned(),
            Side::Request => format!("Écrivez un nombre de 1 à {most}\u{a0}: c’est le nombre d’inscrits avec vous."),
            Side::Offer => format!("Écrivez un nombre entier, de 1 à {most}."),
        };
        errors.add("sieges", sentence);
    }
    let phone = phone(typed.of("telephone")).map_err(|sentence| errors.add("telephone", sentence));
    let words = text_of(typed.of("mot"), 500).unwrap_or_else(|sentence| {
        errors.add("mot", sentence);
        None
    });
    if !errors.is_empty() {
        return None;
    }
    Some(Entry {
        id: 0,
        visit_date_id: around.date,
        registration_id: around.registration,
        side,
        insee_code: insee_code?,
        leaves_at: leaves_at?,
        seats: seats?,
        seats_taken: 0,
        is_return: !typed.of("retour").is_empty(),
        is_doubtful: false,
        phone: phone.ok()?.unwrap_or_default(),
        words: words.unwrap_or_default(),
        version: 0,
    })
}
