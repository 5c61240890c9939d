//! A search sent as JSON.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::app::App;
use crate::directory::query::{Query, sentences};
use crate::directory::shape::polygon;
use crate::web::Error;

/// An object: serde would take an array of values in the order of the fields too.
pub(super) type Members = Map<String, Value>;

/// The parameters of `GET /suppliers`, and a polygon. The document describes it with the schemas of the parameters.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SearchBody {
    q: Option<String>,
    near: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    radius_km: Option<f64>,
    perimeter: Option<String>,
    bbox: Option<String>,
    delivers_to: Option<bool>,
    family: Vec<String>,
    product: Vec<String>,
    certification: Vec<String>,
    kind: Vec<String>,
    month: Vec<u8>,
    delivery_day: Vec<String>,
    sort: Option<String>,
    without: Vec<String>,
    page: Option<u32>,
    per_page: Option<u32>,
    polygon: Option<Value>,
}

impl SearchBody {
    /// Its members.
    ///
    /// # Errors
    /// When one is unknown or of another type: the sentence names it.
    pub(super) fn read(members: Members) -> Result<Self, Error> {
        serde_json::from_value(Value::Object(members)).map_err(|error| Error::bad_request(error.to_string()))
    }

    /// What it asks.
    ///
    /// # Errors
    /// When a value is not understood: the sentence names it.
    pub(super) fn query(self, app: &App) -> Result<Query, Error> {
        let pairs = self.pairs();
        let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
        let (mut query, problems) = Query::from_pairs(pairs, &app.places, app.index.lexicon(), &app.config.territory);
        if !problems.is_empty() {
            return Err(Error::bad_request(sentences(&problems)));
        }
        if let Some(geometry) = self.polygon {
            query.polygon = Some(polygon(&geometry).ok_or_else(|| {
                Error::bad_request("polygon : attendu une géométrie GeoJSON Polygon ou MultiPolygon, longitude d’abord, dont chaque contour a au moins 4 points, et au plus 10 000 points en tout")
            })?);
        }
        Ok(query)
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut one = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        one("q", self.q.clone());
        one("near", self.near.clone());
        one("lat", self.lat.map(|n| n.to_string()));
        one("lon", self.lon.map(|n| n.to_string()));
        one("radius_km", self.radius_km.map(|n| n.to_string()));
        one("perimeter", self.perimeter.clone());
        one("bbox", self.bbox.clone());
        one("delivers_to", self.delivers_to.map(|b| b.to_string()));
        one("sort", self.sort.clone());
        one("page", self.page.map(|n| n.to_string()));
        one("per_page", self.per_page.map(|n| n.to_string()));
        for (name, values) in [
            ("family", &self.family),
            ("product", &self.product),
            ("certification", &self.certification),
            ("kind", &self.kind),
            ("delivery_day", &self.delivery_day),
            ("without", &self.without),
        ] {
            pairs.extend(values.iter().map(|value| (name, value.clone())));
        }
        pairs.extend(self.month.iter().map(|month| ("month", month.to_string())));
        pairs
    }
}
