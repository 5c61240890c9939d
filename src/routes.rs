//! Every address of the site, one line each: path, method, page function.

use poem::{Endpoint, Response, Route, get};

use crate::{
    app::App,
    directory::{
        self,
        outlines::Outlines,
        pages::{api_guide, charter, delivery, downloads, embed, home, report, results, sitemap, supplier},
    },
    texts,
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
        .at("/recherche/integree", get(embed::embedded))
        .at("/recherche/integration", get(embed::guide))
        .at("/annuaire/:slug", get(supplier::profile))
        .at("/annuaire/:slug/livraison.geojson", get(delivery::area))
        .at("/annuaire/:slug/signalement", get(report::ask).post(report::report))
        .at("/annuaire/:slug/signalement/recu", get(report::received))
        .at("/mentions-legales", get(texts::legal))
        .at("/accessibilite", get(texts::accessibility))
        .at("/donnees-personnelles", get(texts::personal_data))
        .at("/donnees-ouvertes", get(texts::open_data))
        // Everybody, in the demonstration
        .at("/charte", get(charter::charter))
        // Programs
        .at("/api", get(api_guide::guide))
        .nest_no_strip("/api/v1", directory::api::service(&app.config.public_url()))
        // Browsers and crawlers
        .at("/assets/*name", get(web::serve_asset))
        .at("/favicon.ico", get(web::favicon))
        .at("/manifest.webmanifest", get(web::manifest))
        .at("/robots.txt", get(web::robots))
        .at("/opensearch.xml", get(sitemap::opensearch))
        .at("/sitemap.xml", get(sitemap::sitemap))
        .at("/sitemap/:name", get(sitemap::file))
        // Monitors
        .at("/health", get(web::health))
        .at("/ready", get(web::ready))
        .at("/metrics", get(web::metrics));
    Gate::new(routes, app.clone())
}
