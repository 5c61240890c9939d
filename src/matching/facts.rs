//! Needs and supplies, read from what people wrote; and who suits whom among all.

use chrono::{Datelike, NaiveDate};
use index::{Lexicon, Request};
use sea_orm::{ConnectionTrait, DbErr};

use super::score::{Delivery, Match, Need, Offered, Supply, Wanted, judge};
use crate::app::App;
use crate::canteens::{self, Kitchen};
use crate::places::{Commune, Places};
use crate::suppliers::{self, Listing, Proof, Signs};

/// Listings looked at for one canteen.
const CANDIDATES: usize = 2_000;
/// Kitchens looked at for one supplier.
const KITCHENS: u64 = 5_000;

/// What a kitchen looks for.
#[must_use]
pub fn need(kitchen: &Kitchen, lexicon: &Lexicon) -> Need {
    let wants = kitchen.wants.iter().map(|want| {
        let product = want.product_code.as_deref().and_then(|code| lexicon.by_code(code));
        Wanted {
            name: product.map_or_else(|| want.line.clone(), |product| lexicon.product(product).plural.clone()),
            product,
            family: want.family.map(|family| family.0),
            quantity: want.quantity_per_week.zip(want.sales_unit.clone()),
            signs: want.signs,
        }
    });
    Need {
        wants: wants.filter(|want| want.product.is_some() || want.family.is_some()).collect(),
        days: kitchen.canteen.delivery_days,
    }
}

/// What a supplier has, seen from a commune on a day.
#[must_use]
pub fn supply(listing: &Listing, from: &Commune, places: &Places, lexicon: &Lexicon, today: NaiveDate) -> Supply {
    let offers = listing.offers.iter().map(|offer| {
        let proven = offer.signs.iter().filter(|&sign| listing.proof_of(sign, today) == Some(Proof::Proven));
        Offered {
            name: offer.name.clone(),
            product: offer.product_code.as_deref().and_then(|code| lexicon.by_code(code)),
            family: offer.family.0,
            signs: offer.signs,
            proven: proven.collect::<Signs>(),
            months: offer.months,
            volume: offer.volume_per_week.zip(offer.sales_unit.clone()),
        }
    });
    let delivery = if listing.is_delivery_unknown() {
        Delivery::Unknown
    } else if listing.delivers_to(from, places) {
        Delivery::Yes
    } else {
        Delivery::No
    };
    let place = listing.supplier.public_place(places).zip(from.point);
    Supply {
        offers: offers.collect(),
        delivery,
        distance_km: place.map(|(own, there)| own.point.distance_km(there)),
        days: listing.supplier.delivery_days,
    }
}

/// Public listings that suit a kitchen, the best first.
///
/// # Errors
/// What the database said.
pub async fn suited_suppliers(
    db: &impl ConnectionTrait,
    app: &App,
    kitchen: &Kitchen,
) -> Result<Vec<(Match, Listing, Supply)>, DbErr> {
    let (lexicon, today) = (app.index.lexicon(), app.today());
    let need = need(kitchen, lexicon);
    let Some(home) = app.places.commune(&kitchen.canteen.insee_code) else { return Ok(Vec::new()) };
    let listings = suppliers::load_many(db, &candidates(app, &need)).await?;
    let judged = listings.into_iter().filter(|listing| listing.supplier.is_public()).filter_map(|listing| {
        let supply = supply(&listing, home, &app.places, lexicon, today);
        Some((judge(&need, &supply, lexicon, today.month())?, listing, supply))
    });
    let mut judged: Vec<_> = judged.collect();
    judged.sort_by(|(one, a, _), (other, b, _)| one.is_before(other).then_with(|| a.supplier.id.cmp(&b.supplier.id)));
    Ok(judged)
}

/// The listings that have a product or a family that is wanted, or what one of the products is a kind of.
fn candidates(app: &App, need: &Need) -> Vec<i64> {
    let lexicon = app.index.lexicon();
    let mut products: Vec<_> = need.wants.iter().filter_map(|want| want.product).collect();
    let broader: Vec<_> = products.iter().filter_map(|&product| lexicon.product(product).broader).collect();
    products.extend(broader);
    let families = need.wants.iter().filter(|want| want.product.is_none()).filter_map(|want| want.family);
    let families = families.fold(0_u16, |mask, family| mask | 1 << (family as u16));
    let mut ids = Vec::new();
    for request in [Request { products, ..Request::default() }, Request { families, ..Request::default() }] {
        if !request.products.is_empty() || request.families != 0 {
            let request = Request { limit: CANDIDATES, ..request };
            ids.extend(app.index.search(&request).hits.into_iter().map(|hit| hit.id));
        }
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The kitchens that suppliers are shown.
///
/// # Errors
/// What the database said.
pub(super) async fn kitchens(db: &impl ConnectionTrait) -> Result<Vec<Kitchen>, DbErr> {
    canteens::kitchens(db, KITCHENS).await
}

/// Those of these kitchens that a listing suits, the best first.
#[must_use]
pub fn suited_kitchens<'a>(app: &App, listing: &Listing, kitchens: &'a [Kitchen]) -> Vec<(Match, &'a Kitchen, Supply)> {
    let (lexicon, today) = (app.index.lexicon(), app.today());
    let judged = kitchens.iter().filter_map(|kitchen| {
        let home = app.places.commune(&kitchen.canteen.insee_code)?;
        let supply = supply(listing, home, &app.places, lexicon, today);
        Some((judge(&need(kitchen, lexicon), &supply, lexicon, today.month())?, kitchen, supply))
    });
    let mut judged: Vec<_> = judged.collect();
    judged.sort_by(|(one, a, _), (other, b, _)| {
        one.is_before(other).then_with(|| a.canteen.organisation_id.cmp(&b.canteen.organisation_id))
    });
    judged
}
