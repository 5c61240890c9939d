//! Every address of the site, one line each: path, method, page function.

use poem::{Endpoint, Response, Route, get};

use crate::{
    app::App,
    directory::{
        self,
        outlines::Outlines,
        pages::{delivery, downloads, home, results, supplier},
    },
    web::{self, Gate},
};

/// The site of a node, ready to answer.
#[must_use]
pub fn site(app: &App) -> impl Endpoint<Output = Response> + 'static {
    let routes = Route::new()
        // Everybody
        .at("/", get(home::home))
        .at("/annuaire", get(results::results))
        .at("/annuaire.csv", get(downloads::csv))
        .at("/annuaire.xlsx", get(downloads::xlsx))
        .at("/annuaire.geojson", get(downloads::geojson))
        .at("/annuaire/contours.geojson", get(Outlines::new(app)))
        .at("/annuaire/:slug", get(supplier::profile))
        .at("/annuaire/:slug/livraison.geojson", get(delivery::area))
        // Programs
        .nest_no_strip("/api/v1", directory::api::service(&app.config.public_url()))
        // Browsers and crawlers
        .at("/assets/*name", get(web::serve_asset))
        .at("/favicon.ico", get(web::favicon))
        .at("/manifest.webmanifest", get(web::manifest))
        .at("/robots.txt", get(web::robots))
        // Monitors
        .at("/health", get(web::health))
        .at("/ready", get(web::ready))
        .at("/metrics", get(web::metrics));
    Gate::new(routes, app.clone())
}
