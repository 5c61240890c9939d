//! The suppliers found as GeoJSON: those that may be on the map, at their public points.

use index::request::{Answer, Hit};
use poem_openapi::Object;
use serde::Serialize;

use super::card::tidy;
use super::words;
use crate::places::{Commune, Places};

/// Suppliers on a map (RFC 7946).
#[derive(Debug, Object, Serialize)]
pub(super) struct SupplierFeatures {
    /// Always `FeatureCollection`.
    pub r#type: String,
    /// Suppliers found, on the map or not.
    pub total: usize,
    /// Those on the map, in the order of the search, at most 5,000.
    pub features: Vec<SupplierFeature>,
}

/// A supplier on the map.
#[derive(Debug, Object, Serialize)]
pub(super) struct SupplierFeature {
    /// Always `Feature`.
    pub r#type: String,
    /// Its public point.
    pub geometry: PointGeometry,
    /// What the map says of it.
    pub properties: FeatureProperties,
}

/// A point.
#[derive(Debug, Object, Serialize)]
pub(super) struct PointGeometry {
    /// Always `Point`.
    pub r#type: String,
    /// Longitude and latitude in WGS84 degrees: the exact point when the supplier publishes it, else the commune's.
    #[oai(validator(min_items = 2, max_items = 2))]
    pub coordinates: Vec<f64>,
}

/// What the map says of a supplier.
#[derive(Debug, Object, Serialize)]
pub(super) struct FeatureProperties {
    /// The organiser's own key.
    pub reference: String,
    /// Name.
    pub name: String,
    /// Address of its page.
    pub url: String,
    /// Name of the commune.
    pub commune: String,
    /// Kilometres from the place, when one was given or read in `q`.
    pub distance_km: Option<f64>,
    /// Kind of supplier, in French.
    pub kind_label: String,
    /// Names of the first offers that answer.
    pub offers: Vec<String>,
}

/// How the pages of suppliers are addressed.
pub(super) struct Addresses<'a> {
    /// What comes before `/annuaire/…`.
    pub base: &'a str,
    /// The commune that the page shows distances from.
    pub kitchen: Option<&'a Commune>,
}

impl SupplierFeatures {
    /// The features of an answer.
    #[must_use]
    pub(super) fn of(answer: &Answer, places: &Places, addresses: &Addresses<'_>) -> Self {
        let feature = |hit: &Hit| SupplierFeature::of(hit, places, addresses);
        Self {
            r#type: "FeatureCollection".to_owned(),
            total: answer.total,
            features: answer.hits.iter().filter_map(feature).collect(),
        }
    }
}

impl SupplierFeature {
    fn of(hit: &Hit, places: &Places, addresses: &Addresses<'_>) -> Option<Self> {
        let point = hit.point?;
        let near = addresses.kitchen.map(|commune| format!("?near={}", commune.insee_code)).unwrap_or_default();
        Some(Self {
            r#type: "Feature".to_owned(),
            geometry: PointGeometry { r#type: "Point".to_owned(), coordinates: vec![point.lon, point.lat] },
            properties: FeatureProperties {
                reference: hit.reference.clone(),
                name: hit.name.clone(),
                url: format!("{}/annuaire/{}{near}", addresses.base, hit.slug),
                commune: places.commune(&hit.commune).map(|commune| commune.name.clone()).unwrap_or_default(),
                distance_km: hit.distance_km.map(|km| (km * 100.0).round() / 100.0),
                kind_label: words::kind(hit.kind).to_owned(),
                offers: hit.offers.iter().take(3).map(|offer| tidy(&offer.name)).collect(),
            },
        })
    }
}
