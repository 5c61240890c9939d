//! A listing as the search engine is told about it.

use index::codes::{Certification, Family, Kind};
use index::{Certificate, Delivery, Lexicon};

use super::query::day_number;
use crate::places::Places;
use crate::suppliers::{self, Listing, PublishedPosition, Word};

/// What the engine needs of a published listing; nothing for one the public does not see.
#[must_use]
pub(super) fn entry(listing: &Listing, places: &Places, lexicon: &Lexicon) -> Option<index::Listing> {
    let supplier = &listing.supplier;
    if !supplier.is_public() {
        return None;
    }
    let commune = places.commune(&supplier.insee_code);
    let exact = supplier.public_position();
    Some(index::Listing {
        id: supplier.id,
        reference: supplier.reference.clone(),
        slug: supplier.slug.clone(),
        name: supplier.name.clone(),
        kind: Kind::from_code(supplier.kind.code())?,
        description: supplier.description.clone(),
        commune: supplier.insee_code.clone(),
        department: commune.map(|c| c.department.clone()).unwrap_or_default(),
        intercommunality: commune.and_then(|c| c.epci.clone()),
        point: exact.or_else(|| commune.and_then(|c| c.point)),
        exact: exact.is_some(),
        on_map: supplier.published_position != PublishedPosition::None,
        delivery: Delivery {
            radius_km: supplier.delivery_radius_km,
            departments: listing.zones.departments.clone(),
            intercommunalities: listing.zones.epcis.clone(),
            communes: listing.zones.communes.clone(),
        },
        confirmed: supplier.confirmed_on.map(day_number),
        certificates: certificates(listing),
        offers: listing.offers.iter().filter_map(|offer| self::offer(offer, lexicon)).collect(),
    })
}

/// Certificates that can be checked, with the days on which they hold.
fn certificates(listing: &Listing) -> Vec<Certificate> {
    let certificate = |certificate: &suppliers::Certification| {
        let kind = Certification::from_code(certificate.kind.code())?;
        let (first, last) = certificate.proven_days()?;
        Some(Certificate { kind, first_day: first.map_or(i32::MIN, day_number), last_day: day_number(last) })
    };
    listing.certifications.iter().filter_map(certificate).collect()
}

fn offer(offer: &suppliers::Offer, lexicon: &Lexicon) -> Option<index::Offer> {
    let family = Family::from_code(offer.family.code())?;
    Some(index::Offer {
        name: offer.name.clone(),
        // The table of products may have changed since the offer was tied: what it no longer knows is read again.
        product: offer
            .product_code
            .as_deref()
            .and_then(|code| lexicon.by_code(code))
            .or_else(|| lexicon.tie(&offer.name, Some(family))),
        family,
        months: offer.months.mask(),
        signs: offer
            .signs
            .iter()
            .filter_map(|sign| Certification::from_code(sign.code()))
            .fold(0, |mask, sign| mask | sign.bit()),
        price_cents: offer.price_cents.and_then(|cents| u32::try_from(cents.0).ok()),
        unit: offer.sales_unit.clone().unwrap_or_default(),
        packaging: offer.packaging.clone().unwrap_or_default(),
    })
}
