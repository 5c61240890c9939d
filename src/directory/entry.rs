//! A listing as the search engine is told about it.

use index::{Certificate, Delivery, Lexicon};

use super::query::day_number;
use crate::places::Places;
use crate::suppliers::{self, Listing};

/// What the engine needs of a published listing; nothing for one the public does not see.
#[must_use]
pub(super) fn entry(listing: &Listing, places: &Places, lexicon: &Lexicon) -> Option<index::Listing> {
    let supplier = &listing.supplier;
    if !supplier.is_public() {
        return None;
    }
    let commune = places.commune(&supplier.insee_code);
    let place = supplier.public_place(places);
    Some(index::Listing {
        id: supplier.id,
        reference: supplier.reference.clone(),
        slug: supplier.slug.clone(),
        name: supplier.name.clone(),
        kind: supplier.kind.0,
        description: supplier.description.clone(),
        commune: supplier.insee_code.clone(),
        department: commune.map(|c| c.department.clone()).unwrap_or_default(),
        intercommunality: commune.and_then(|c| c.epci.clone()),
        point: place.map(|place| place.point),
        exact: place.is_some_and(|place| place.is_exact),
        on_map: supplier.is_on_map(),
        delivery: Delivery {
            radius_km: supplier.delivery_radius_km,
            departments: listing.zones.departments.clone(),
            intercommunalities: listing.zones.epcis.clone(),
            communes: listing.zones.communes.clone(),
            days: supplier.delivery_days.mask(),
        },
        confirmed: supplier.confirmed_on.map(day_number),
        certificates: certificates(listing),
        offers: listing.offers.iter().map(|offer| self::offer(offer, lexicon)).collect(),
    })
}

/// Certificates that can be checked, with the days on which they hold.
fn certificates(listing: &Listing) -> Vec<Certificate> {
    let certificate = |certificate: &suppliers::Certification| {
        let (first, last) = certificate.proven_days()?;
        Some(Certificate {
            kind: certificate.kind.0,
            first_day: first.map_or(i32::MIN, day_number),
            last_day: day_number(last),
        })
    };
    listing.certifications.iter().filter_map(certificate).collect()
}

fn offer(offer: &suppliers::Offer, lexicon: &Lexicon) -> index::Offer {
    index::Offer {
        name: offer.name.clone(),
        // The table of products may have changed since the offer was tied: what it no longer knows is read again.
        product: offer
            .product_code
            .as_deref()
            .and_then(|code| lexicon.by_code(code))
            .or_else(|| lexicon.tie(&offer.name, Some(*offer.family))),
        family: *offer.family,
        months: offer.months.mask(),
        signs: offer.signs.mask(),
        price_cents: offer.price_cents.and_then(|cents| u32::try_from(cents.0).ok()),
        unit: offer.sales_unit.clone().unwrap_or_default(),
        packaging: offer.packaging.clone().unwrap_or_default(),
    }
}
