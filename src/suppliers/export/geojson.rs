use std::{collections::BTreeSet, fmt::Write};

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::{
    places::Places,
    suppliers::{Listing, Proof},
};

/// A `FeatureCollection` (RFC 7946) being written: a national one does not fit in memory as values.
pub(super) struct Collection(String);

impl Collection {
    pub(super) fn new() -> Self {
        Self(r#"{"type":"FeatureCollection","features":["#.to_owned())
    }

    /// Adds a listing if it is published and may be on a map: at its exact point when it publishes that, else at its
    /// commune's.
    pub(super) fn push(&mut self, listing: &Listing, places: &Places, today: NaiveDate) {
        if let Some(feature) = feature(listing, places, today) {
            let separator = if self.0.ends_with('[') { "" } else { "," };
            let _ = write!(self.0, "{separator}{feature}");
        }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.0.push_str("]}");
        self.0.into_bytes()
    }
}

fn feature(listing: &Listing, places: &Places, today: NaiveDate) -> Option<Value> {
    let supplier = &listing.supplier;
    let place = supplier.place_on_map(places).filter(|_| supplier.is_public())?;
    let commune = places.commune(&supplier.insee_code)?;
    let proven = listing.certifications.iter().filter(|certification| certification.proof(today) == Proof::Proven);
    let proven: BTreeSet<&str> = proven.map(|certification| certification.kind.code()).collect();
    let families: BTreeSet<&str> = listing.offers.iter().map(|offer| offer.family.code()).collect();
    Some(json!({
        "type": "Feature",
        "id": supplier.reference,
        "geometry": { "type": "Point", "coordinates": [place.point.lon, place.point.lat] },
        "properties": {
            "reference": supplier.reference,
            "slug": supplier.slug,
            "name": supplier.name,
            "kind": supplier.kind.code(),
            "commune": commune.name,
            "insee_code": supplier.insee_code,
            "precision": if place.is_exact { "exact" } else { "commune" },
            "families": families,
            "certifications": proven,
            "confirmed_on": supplier.confirmed_on,
        },
    }))
}
