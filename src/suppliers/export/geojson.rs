use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::{
    places::Places,
    suppliers::{Listing, Proof, PublishedPosition, Word},
};

/// A `FeatureCollection` (RFC 7946).
pub(super) fn collection(features: Vec<Value>) -> Vec<u8> {
    json!({ "type": "FeatureCollection", "features": features }).to_string().into_bytes()
}

/// The published suppliers that may be on a map: at their exact point when they publish it, else at their commune's.
pub(super) fn features(listings: &[Listing], places: &Places, today: NaiveDate) -> Vec<Value> {
    listings.iter().filter_map(|listing| feature(listing, places, today)).collect()
}

fn feature(listing: &Listing, places: &Places, today: NaiveDate) -> Option<Value> {
    let supplier = &listing.supplier;
    if !supplier.is_public() || supplier.published_position == PublishedPosition::None {
        return None;
    }
    let commune = places.commune(&supplier.insee_code)?;
    let exact = supplier.public_position();
    let point = exact.or(commune.point)?;
    let proven = listing.certifications.iter().filter(|certification| certification.proof(today) == Proof::Proven);
    let proven: BTreeSet<&str> = proven.map(|certification| certification.kind.code()).collect();
    let families: BTreeSet<&str> = listing.offers.iter().map(|offer| offer.family.code()).collect();
    Some(json!({
        "type": "Feature",
        "id": supplier.reference,
        "geometry": { "type": "Point", "coordinates": [point.lon, point.lat] },
        "properties": {
            "reference": supplier.reference,
            "slug": supplier.slug,
            "name": supplier.name,
            "kind": supplier.kind.code(),
            "commune": commune.name,
            "insee_code": supplier.insee_code,
            "precision": if exact.is_some() { "exact" } else { "commune" },
            "families": families,
            "certifications": proven,
            "confirmed_on": supplier.confirmed_on,
        },
    }))
}
