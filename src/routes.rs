//! Every address of the site, one line each: path, method, page function.

use poem::{Endpoint, EndpointExt, Response, Route, get, post};

use crate::{
    accounts::{
        open_id::{Provider, pages as open_id},
        pages as accounts,
    },
    app::App,
    directory::{
        self,
        outlines::Outlines,
        pages::{api_guide, charter, delivery, downloads, embed, home, report, results, sitemap, supplier},
    },
    post_office::{mailbox, pages as post_office},
    texts,
    web::{self, Gate},
};

/// The site of a node, ready to answer.
#[must_use]
pub fn site(app: &App) -> impl Endpoint<Output = Response> + 'static {
    let provider = Provider::new(&app.config);
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
        // Whoever wants to come in
        .at("/connexion", get(accounts::sign_in_form).post(accounts::ask))
        .at("/connexion/code", get(accounts::code_form).post(accounts::use_code))
        .at("/connexion/lien/:link", get(accounts::link_form).post(accounts::use_link))
        .at("/connexion/fournisseur", post(open_id::leave.data(provider.clone())))
        .at("/connexion/fournisseur/retour", get(open_id::come_back.data(provider)))
        .at("/deconnexion", post(accounts::sign_out))
        // Whoever is signed in
        .at("/mon-espace", get(accounts::home))
        .at("/mon-espace/nom", post(accounts::rename))
        .at("/mon-espace/appareils", get(accounts::devices))
        .at("/mon-espace/appareils/:id/fin", post(accounts::revoke))
        // Organisers
        .at("/organisation/courrier", get(post_office::queue))
        .at("/organisation/courrier/essai", post(post_office::test))
        .at("/organisation/courrier/pause", post(post_office::pause))
        .at("/organisation/courrier/reprise", post(post_office::resume))
        .at("/organisation/courrier/:id", get(post_office::life))
        .at("/organisation/courrier/:id/renvoi", post(post_office::resend))
        .at("/organisation/courrier/:id/abandon", post(post_office::give_up))
        // Everybody, in the demonstration
        .at("/charte", get(charter::charter))
        .at("/demo/courrier", get(mailbox::mailbox))
        .at("/demo/courrier/:id", get(mailbox::read))
        .at("/demo/courrier/:id/html", get(mailbox::html))
        .at("/demo/courrier/:id/message.eml", get(mailbox::file))
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
