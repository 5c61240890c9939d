//! The other side as a participant reads it: what each says of itself, how far it is, whether they suit each other.

use std::collections::HashMap;

use chrono::Datelike;
use sea_orm::DbErr;

use super::choice::other;
use crate::accounts;
use crate::app::App;
use crate::canteens::{self, Kitchen};
use crate::directory::Glance;
use crate::matching::{self, Need, judge, need, supply};
use crate::places::Commune;
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::participant::{self, Participant, Standing};
use crate::suppliers::{CertificationKind, Listing, ProductFamily, Proof, Word, draft, load_many};
use crate::tables::fold;
use crate::web::french;

/// Most kitchens that are read.
const KITCHENS: u64 = 5_000;

/// A participant of the other side.
#[derive(Clone, Debug)]
pub(super) struct Card {
    /// Key of the participant.
    pub(super) id: i64,
    pub(super) name: String,
    /// Address of the public page, when there is one.
    pub(super) href: Option<String>,
    /// « Producteur », « 420 repas par jour »; may be empty.
    pub(super) kind: String,
    /// Name of its commune; may be empty.
    pub(super) commune: String,
    /// Kilometres between both, as exact as both publish.
    pub(super) distance_km: Option<f64>,
    /// What it sells or looks for, by family.
    pub(super) families: Vec<ProductFamily>,
    /// The same by name.
    pub(super) products: String,
    /// Signs that are proven, of a supplier; that are asked for, of a canteen.
    pub(super) signs: Vec<CertificationKind>,
    /// Delivery between both, in one line.
    pub(super) delivery: String,
    /// Whether the supplier of both delivers to the canteen.
    pub(super) is_reached: bool,
    /// What it says of this edition; may be empty.
    pub(super) words: String,
    /// What suits, the best first.
    pub(super) reasons: Vec<String>,
    /// From 0 to 1; 0 when nothing is known to suit.
    score: f64,
}

impl Card {
    fn bare(row: &Participant, name: String) -> Self {
        Self {
            id: row.id,
            name,
            href: None,
            kind: String::new(),
            commune: String::new(),
            distance_km: None,
            families: Vec::new(),
            products: String::new(),
            signs: Vec::new(),
            delivery: String::new(),
            is_reached: false,
            words: row.words.clone(),
            reasons: Vec::new(),
            score: 0.0,
        }
    }

    /// Whether its name, place, products or words hold a folded text.
    pub(super) fn says(&self, wanted: &str) -> bool {
        [&self.name, &self.commune, &self.products, &self.words].into_iter().any(|text| fold(text).contains(wanted))
    }
}

/// Those of the other side who come, as this participant sees them: who suits best first, the others by name.
///
/// # Errors
/// What the database said.
pub(super) async fn cards(app: &App, own: &Participant) -> Result<Vec<Card>, DbErr> {
    let rows = participant::in_state(&app.db, own.edition_id, other(own.side), Standing::Registered).await?;
    let organisations: Vec<i64> = rows.iter().map(|row| row.organisation_id).collect();
    let names: HashMap<i64, String> = accounts::names_of(&app.db, &organisations).await?.into_iter().collect();
    let bare = |row: &Participant| Card::bare(row, names.get(&row.organisation_id).cloned().unwrap_or_default());
    let mut cards: Vec<Card> = if own.side == Side::Canteen {
        let kitchen = canteens::kitchen_of(&app.db, own.organisation_id).await?;
        let listings = listings(app, &organisations).await?;
        let seen = |row: &Participant| match listings.get(&row.organisation_id) {
            Some(listing) => of_supplier(app, bare(row), listing, kitchen.as_ref()),
            None => bare(row),
        };
        rows.iter().map(seen).collect()
    } else {
        let listing = listings(app, &[own.organisation_id]).await?.remove(&own.organisation_id);
        let kitchens = canteens::kitchens(&app.db, KITCHENS).await?.into_iter();
        let kitchens: HashMap<i64, Kitchen> = kitchens.map(|one| (one.canteen.organisation_id, one)).collect();
        let seen = |row: &Participant| match kitchens.get(&row.organisation_id) {
            Some(kitchen) => of_canteen(app, bare(row), kitchen, listing.as_ref()),
            None => bare(row),
        };
        rows.iter().map(seen).collect()
    };
    let by_name = |card: &Card| (fold(&card.name), card.id);
    cards.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| by_name(a).cmp(&by_name(b))));
    Ok(cards)
}

/// The public listings of these organisations.
async fn listings(app: &App, organisations: &[i64]) -> Result<HashMap<i64, Listing>, DbErr> {
    let held = draft::holders(&app.db).await?.into_iter().filter(|(_, holder)| organisations.contains(holder));
    let holders: HashMap<i64, i64> = held.collect();
    let suppliers: Vec<i64> = holders.keys().copied().collect();
    let public = load_many(&app.db, &suppliers).await?.into_iter().filter(|listing| listing.supplier.is_public());
    Ok(public.filter_map(|listing| Some((*holders.get(&listing.supplier.id)?, listing))).collect())
}

/// A supplier as a canteen sees it.
fn of_supplier(app: &App, bare: Card, listing: &Listing, kitchen: Option<&Kitchen>) -> Card {
    let home = kitchen.and_then(|kitchen| app.places.commune(&kitchen.canteen.insee_code));
    let (glance, today) = (Glance::of(app, listing, home), app.today());
    let near = home.map(|home| format!("?near={}", home.insee_code)).unwrap_or_default();
    let mut families: Vec<ProductFamily> = listing.offers.iter().map(|offer| offer.family.0).collect();
    sort(&mut families);
    let proven = listing.signs().filter(|&sign| listing.proof_of(sign, today) == Some(Proof::Proven));
    let (score, reasons) = kitchen.zip(home).map_or((0.0, Vec::new()), |both| suit(app, listing, both, Side::Canteen));
    Card {
        href: Some(format!("/annuaire/{}{near}", listing.supplier.slug)),
        kind: glance.kind.to_owned(),
        distance_km: glance.distance_km,
        families,
        products: glance.named(),
        signs: proven.collect(),
        is_reached: home.is_some_and(|home| listing.delivers_to(home, &app.places)),
        commune: glance.commune,
        delivery: glance.delivery,
        reasons,
        score,
        ..bare
    }
}

/// A canteen as a supplier sees it; which has a listing, as long as it is public.
fn of_canteen(app: &App, bare: Card, kitchen: &Kitchen, listing: Option<&Listing>) -> Card {
    let home = app.places.commune(&kitchen.canteen.insee_code);
    let need = need(kitchen, app.index.lexicon());
    let mut families: Vec<ProductFamily> =
        kitchen.wants.iter().filter_map(|want| want.family).map(|family| family.0).collect();
    sort(&mut families);
    let mut signs: Vec<CertificationKind> = kitchen.wants.iter().flat_map(|want| want.signs.iter()).collect();
    signs.sort_by_key(|sign| *sign as u8);
    signs.dedup();
    let meals = kitchen.canteen.daily_meal_count.and_then(|count| u64::try_from(count).ok());
    let (score, reasons) = listing
        .zip(home)
        .map_or((0.0, Vec::new()), |(listing, home)| suit(app, listing, (kitchen, home), Side::Supplier));
    let place = listing.and_then(|listing| listing.supplier.public_place(&app.places));
    let place = place.zip(home.and_then(|home| home.point));
    let is_reached = listing.zip(home).is_some_and(|(listing, home)| listing.delivers_to(home, &app.places));
    Card {
        kind: meals.map(|count| format!("{} repas par jour", french::number(count))).unwrap_or_default(),
        commune: home.map(|home| french::typographic(&home.name)).unwrap_or_default(),
        distance_km: place.map(|(own, there)| own.point.distance_km(there)),
        families,
        products: need.wants.iter().map(|want| want.name.clone()).collect::<Vec<_>>().join(", "),
        signs,
        delivery: delivered(&need, listing.is_some(), is_reached),
        is_reached,
        reasons,
        score,
        ..bare
    }
}

/// « vous y livrez ; reçoit le lundi »
fn delivered(need: &Need, has_listing: bool, is_reached: bool) -> String {
    let days: Vec<String> = need.days.iter().map(|day| format!("le {}", day.label())).collect();
    let days = if days.is_empty() { None } else { Some(format!("reçoit {}", days.join(", "))) };
    let reach = has_listing.then(|| if is_reached { "vous y livrez" } else { "vous n’y livrez pas" }.to_owned());
    reach.into_iter().chain(days).collect::<Vec<_>>().join("\u{a0}; ")
}

fn sort(families: &mut Vec<ProductFamily>) {
    families.sort_by_key(|family| *family as u8);
    families.dedup();
}

/// How well both suit each other, and why, for the one on this side.
fn suit(app: &App, listing: &Listing, (kitchen, home): (&Kitchen, &Commune), side: Side) -> (f64, Vec<String>) {
    let (lexicon, today) = (app.index.lexicon(), app.today());
    let need = need(kitchen, lexicon);
    let supply = supply(listing, home, &app.places, lexicon, today);
    let Some(found) = judge(&need, &supply, lexicon, today.month()) else { return (0.0, Vec::new()) };
    let reasons = match side {
        Side::Canteen => matching::products(&found, &need, &supply),
        Side::Supplier => matching::wanted(&found, &need),
    };
    (found.score, reasons)
}
