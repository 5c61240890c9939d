//! The ground of the map: outlines of the territory and of its intercommunalities, and its communes by name.

use std::time::{Duration, Instant};

use bytes::Bytes;
use poem::{Endpoint, Request, Response, http::header};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use tokio::sync::Mutex;

use crate::app::App;
use crate::places::{Perimeter, Places};
use crate::web::Error;

/// How long what was drawn is served: outlines that an operator imports beside a running site show after that.
const KEPT: Duration = Duration::from_mins(10);

/// `GET /annuaire/contours.geojson`: drawn once in a while, then kept.
pub struct Outlines {
    app: App,
    drawn: Mutex<Option<(Instant, Bytes)>>,
}

impl Outlines {
    /// Those of the territory of a node.
    #[must_use]
    pub fn new(app: &App) -> Self {
        Self { app: app.clone(), drawn: Mutex::default() }
    }
}

impl Endpoint for Outlines {
    type Output = Response;

    async fn call(&self, _: Request) -> poem::Result<Response> {
        // Held while it is drawn: who comes meanwhile waits for the same drawing instead of making another.
        let mut drawn = self.drawn.lock().await;
        let kept = drawn.as_ref().filter(|(since, _)| since.elapsed() < KEPT).map(|(_, bytes)| bytes.clone());
        let bytes = if let Some(bytes) = kept {
            bytes
        } else {
            let App { db, places, config, .. } = &self.app;
            let bytes = Bytes::from(draw(db, places, &config.territory).await.map_err(Error::from)?);
            *drawn = Some((Instant::now(), bytes.clone()));
            bytes
        };
        drop(drawn);
        let answer = Response::builder().content_type("application/geo+json");
        Ok(answer.header(header::CACHE_CONTROL, "public, max-age=86400, stale-while-revalidate=604800").body(bytes))
    }
}

/// A GeoJSON collection: areas, then communes as points with `kind`, `name` and `population`.
async fn draw(db: &impl ConnectionTrait, places: &Places, territory: &str) -> Result<String, DbErr> {
    let mut features = Vec::new();
    let epcis = places.epcis_of_department(territory).into_iter().map(|epci| Perimeter::Epci(epci.code.clone()));
    for perimeter in std::iter::once(Perimeter::Department(territory.to_owned())).chain(epcis) {
        features.extend(places.outline(db, &perimeter).await?.map(|outline| outline.to_string()));
    }
    for commune in places.communes_of_department(territory) {
        let Some(point) = commune.point.filter(|_| commune.insee_code.city() == commune.insee_code) else { continue };
        let feature = json!({
            "type": "Feature",
            "geometry": { "type": "Point", "coordinates": [degrees(point.lon), degrees(point.lat)] },
            "properties": { "kind": "commune", "code": commune.insee_code.as_str(), "name": commune.name, "population": commune.population },
        });
        features.push(feature.to_string());
    }
    Ok(format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(",")))
}

fn degrees(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
