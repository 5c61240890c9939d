//! Who suits a canteen, and which canteens a supplier suits.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use super::facts::{need, suited_kitchens, suited_suppliers};
use super::score::{Closeness, Delivery, Match, Need, Reason, Supply};
use crate::app::App;
use crate::canteens::pages::Stove;
use crate::suppliers::pages::desk::Desk;
use crate::suppliers::{Weekday, Weekdays, Word, load_many};
use crate::web::{Frame, Result, filters, french, page, private, see_other};

/// Matches on a page.
const SHOWN: usize = 30;
/// Products named for one match.
const NAMED: usize = 4;

#[derive(Template)]
#[template(path = "matching/suppliers.html")]
struct SuppliersPage {
    stove: Stove,
    lines: Vec<Line>,
    total: usize,
    /// Lines of the list that nobody answers.
    unanswered: Vec<String>,
    has_list: bool,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "matching/kitchens.html")]
struct KitchensPage {
    desk: Desk,
    lines: Vec<Line>,
    total: usize,
    is_public: bool,
    frame: Frame,
}

/// One that suits, and why.
struct Line {
    name: String,
    /// Address of its page, when it has one.
    href: Option<String>,
    place: String,
    /// What it has, or looks for: words, whether proven, whether in season.
    products: Vec<String>,
    more: usize,
    facts: Vec<String>,
}

/// `GET /cantine/{id}/suggestions`
#[handler]
pub(crate) async fn suppliers(app: Data<&App>, stove: Stove, frame: Frame) -> Result<Response> {
    let Some(kitchen) = stove.kitchen.clone() else { return Ok(see_other(&stove.path())) };
    let need = need(&kitchen, app.index.lexicon());
    let found = suited_suppliers(&app, &kitchen).await?;
    let answered = |at: usize| found.iter().any(|(found, ..)| found.reasons.iter().any(|why| why.want == at));
    let unanswered = (0..need.wants.len()).filter(|&at| !answered(at)).map(|at| need.wants[at].name.clone());
    let line = |(found, listing, supply): &(Match, crate::suppliers::Listing, Supply)| {
        let commune = app.places.commune(&listing.supplier.insee_code);
        let near = format!("?near={}", kitchen.canteen.insee_code);
        Line {
            name: listing.supplier.name.clone(),
            href: Some(format!("/annuaire/{}{near}", listing.supplier.slug)),
            place: commune.map(|commune| commune.name.clone()).unwrap_or_default(),
            products: products(found, &need, supply),
            more: named(found).count().saturating_sub(NAMED),
            facts: facts(supply, need.days, "vous livre"),
        }
    };
    let view = SuppliersPage {
        total: found.len(),
        lines: found.iter().take(SHOWN).map(line).collect(),
        unanswered: unanswered.collect(),
        has_list: !need.wants.is_empty(),
        stove,
        frame,
    };
    Ok(private(page(&view)?))
}

/// `GET /fiche/{id}/cantines`
#[handler]
pub(crate) async fn kitchens(app: Data<&App>, desk: Desk, frame: Frame) -> Result<Response> {
    let listing = match desk.draft.supplier_id {
        Some(id) => load_many(&app.db, &[id]).await?.pop().filter(|listing| listing.supplier.is_public()),
        None => None,
    };
    let found = match &listing {
        Some(listing) => suited_kitchens(&app, listing).await?,
        None => Vec::new(),
    };
    let line = |(found, kitchen, supply): &(Match, crate::canteens::Kitchen, Supply)| {
        let commune = app.places.commune(&kitchen.canteen.insee_code);
        let need = need(kitchen, app.index.lexicon());
        let meals = kitchen.canteen.daily_meal_count.and_then(|count| u64::try_from(count).ok());
        let meals = meals.map(|count| format!("{} repas par jour", french::number(count)));
        Line {
            name: kitchen.name.clone(),
            href: None,
            place: commune.map(|commune| commune.name.clone()).unwrap_or_default(),
            products: wanted(found, &need),
            more: found.reasons.len().saturating_sub(NAMED),
            facts: meals.into_iter().chain(facts(supply, need.days, "vous y livrez")).collect(),
        }
    };
    let view = KitchensPage {
        total: found.len(),
        lines: found.iter().take(SHOWN).map(line).collect(),
        is_public: listing.is_some(),
        desk,
        frame,
    };
    Ok(private(page(&view)?))
}

/// The reasons without those whose offer was named before.
fn named(found: &Match) -> impl Iterator<Item = &Reason> {
    let is_first = |at: usize, why: &Reason| found.reasons[..at].iter().all(|before| before.offer != why.offer);
    found.reasons.iter().enumerate().filter(move |&(at, why)| is_first(at, why)).map(|(_, why)| why)
}

/// What a supplier has of what is wanted, the best first: `Carottes des sables (bio prouvé)`.
fn products(found: &Match, need: &Need, supply: &Supply) -> Vec<String> {
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
fn wanted(found: &Match, need: &Need) -> Vec<String> {
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
fn facts(supply: &Supply, days: Weekdays, delivers: &str) -> Vec<String> {
    let distance = supply.distance_km.map(|km| format!("à {}", french::distance(km)));
    let common: Vec<Weekday> = supply.days.iter().filter(|day| days.iter().any(|own| own == *day)).collect();
    // Other days than the kitchen's are said too: one may ask.
    let shown: Vec<Weekday> = if common.is_empty() { supply.days.iter().collect() } else { common };
    let on: Vec<String> = shown.iter().map(|day| format!("le {}", day.label())).collect();
    let round = match supply.delivery {
        Delivery::Yes if on.is_empty() => delivers.to_owned(),
        Delivery::Yes => format!("{delivers} {}", on.join(", ")),
        Delivery::Unknown => "livraison à demander".to_owned(),
        Delivery::No => "ne livre pas jusque-là".to_owned(),
    };
    distance.into_iter().chain([round]).collect()
}
