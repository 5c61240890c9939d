//! Every address of the site, one line each: path, method, page function. Those of `meetings` and `visits` have files
//! of their own.

mod meetings;
mod visits;

use poem::{Endpoint, EndpointExt, Response, Route, get, post};
use sea_orm::DbErr;

use crate::{
    accounts::{
        Person,
        open_id::{Provider, pages as open_id},
        pages::{
            access, agenda, devices, home as own, invitation, journal, keys, leaving, organisations, second_factor,
            sign_in, team,
        },
    },
    app::App,
    canteens::pages::{self as kitchen, registration as canteen_registration, requests as canteen_requests},
    contacts::pages::{received, reports as contact_reports, sent, write},
    directory::{
        self,
        outlines::Outlines,
        pages::{api_guide, charter, delivery, downloads, embed, home, report, results, sitemap, supplier},
    },
    farm_visits::{self, Counter, api as visits_api},
    favourites::pages::{keep as favourite, list as favourites_list, lists as favourites, searches},
    figures::pages as figures,
    matching::pages as matching,
    personal_data::pages as personal_data,
    post_office::{bounces, gallery, mailbox, pages as post_office, unsubscribe},
    speed_meetings::{
        Live, after, api as meetings_api, pages::withdrawal as meeting_withdrawal, publication as published, wishes,
    },
    suppliers::pages::{
        certificates, desk, files as listing_files, history, invitations, moderation, offer_table, offers, oversight,
        photos, registration, standing, step, submission,
    },
    territory::pages::{appearance, colour, files, logo, settings},
    texts,
    web::{self, Gate},
};

/// The site of a node, ready to answer.
#[must_use]
pub fn site(app: &App) -> impl Endpoint<Output = Response> + 'static {
    site_with(app, &Live::default())
}

/// The same with open pages that whoever stops the node can end.
#[must_use]
pub fn site_with(app: &App, live: &Live) -> impl Endpoint<Output = Response> + use<> {
    let counter = Counter::default();
    let routes = visits::add(&counter, for_programs(app, &counter, Route::new()));
    let routes = meetings::add(live, for_suppliers(for_organisers(for_people(app, routes))))
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
        .at("/photos/:file", get(listing_files::photo))
        .at("/photos/:file/vignette", get(listing_files::thumbnail))
        .at("/justificatifs/:file", get(listing_files::certificate))
        .at("/aide", get(texts::helps))
        .at("/aide/:role", get(texts::help_for))
        .at("/mentions-legales", get(texts::legal))
        .at("/accessibilite", get(texts::accessibility))
        .at("/donnees-personnelles", get(texts::personal_data))
        .at("/donnees-ouvertes", get(texts::open_data))
        // Everybody, in the demonstration
        .at("/charte", get(charter::charter))
        .at("/demo/courrier", get(mailbox::mailbox))
        .at("/demo/courrier/temps", post(mailbox::later))
        .at("/demo/courrier/modeles", get(gallery::gallery))
        .at("/demo/courrier/modeles/:number", get(gallery::html))
        .at("/demo/courrier/:id", get(mailbox::read))
        .at("/demo/courrier/:id/html", get(mailbox::html))
        .at("/demo/courrier/:id/message.eml", get(mailbox::file))
        // Browsers and crawlers
        .at("/assets/*name", get(web::serve_asset))
        .at("/territoire.css", get(files::style))
        .at("/territoire/logo.png", get(files::logo))
        .at("/favicon.ico", get(web::favicon))
        .at("/manifest.webmanifest", get(web::manifest))
        .at("/service-worker.js", get(web::service_worker))
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

/// What programs read and send.
fn for_programs(app: &App, counter: &Counter, routes: Route) -> Route {
    routes
        // Programs
        .at("/api", get(api_guide::guide))
        .at("/agenda/:file", get(agenda::subscribed))
        .at("/api/v1/delivery-status", post(bounces::receive))
        .at("/api/v1/token", get(keys::identity))
        .at("/api/v1/editions", get(meetings_api::editions))
        .at("/api/v1/editions.ics", get(meetings_api::feed))
        .at("/api/v1/editions/:key", get(meetings_api::one))
        .at("/api/v1/editions/:key/participants", get(meetings_api::participants))
        .at("/api/v1/editions/:key/wishes", get(meetings_api::wish_lists))
        .at("/api/v1/editions/:key/timetable", get(meetings_api::timetable).put(meetings_api::put_timetable))
        .at("/api/v1/farm-visits", post(visits_api::prepare))
        .at("/api/v1/farm-visits/:key", get(visits_api::one))
        .at("/api/v1/farm-visits/:key/dates", post(visits_api::add_date))
        .at("/api/v1/visit-dates/:key/registrations", post(visits_api::register.data(counter.clone())))
        .nest_no_strip("/api/v1", directory::api::service(&app.config.public_url()))
}

/// What somebody comes in by, and what is open to them then.
fn for_people(app: &App, routes: Route) -> Route {
    let provider = Provider::new(&app.config);
    routes
        // Whoever wants to come in
        .at("/connexion", get(sign_in::sign_in_form).post(sign_in::ask))
        .at("/connexion/code", get(sign_in::code_form).post(sign_in::use_code))
        .at("/connexion/lien/:link", get(sign_in::link_form).post(sign_in::use_link))
        .at("/connexion/fournisseur", post(open_id::leave.data(provider.clone())))
        .at("/connexion/fournisseur/retour", get(open_id::come_back.data(provider)))
        .at("/connexion/second-facteur", get(second_factor::door).post(second_factor::enter))
        .at("/invitation/:token", get(invitation::look).post(invitation::accept))
        .at("/courrier/arret/:token", get(unsubscribe::look).post(unsubscribe::stop))
        .at("/courrier/arret/:token/un-clic", get(unsubscribe::led).post(unsubscribe::one_click))
        .at("/courrier/arret/:token/reprise", post(unsubscribe::start_again))
        .at("/desinscription/:token", get(meeting_withdrawal::ask_by_link).post(meeting_withdrawal::withdraw_by_link))
        .at("/fournisseurs/inscription", get(registration::form).post(registration::begin))
        .at("/cantines/inscription", get(canteen_registration::form).post(canteen_registration::begin))
        .at("/fournisseurs/a-jour/:token", get(standing::ask).post(standing::answer))
        .at("/compte-efface", get(personal_data::erased))
        .at("/deconnexion", post(sign_in::sign_out))
        // Whoever is signed in
        .at("/annuaire/:slug/contact", get(write::form).post(write::send))
        .at("/annuaire/:slug/listes", get(favourite::form).post(favourite::keep))
        .at("/mon-espace", get(own::home.data(CALLS)))
        .at("/mon-espace/nom", post(own::rename))
        .at("/mon-espace/invitations/:id/acceptation", post(invitation::accept_own))
        .at("/mon-espace/invitations/:id/refus", post(invitation::decline))
        .at("/mon-espace/appareils", get(devices::devices))
        .at("/mon-espace/appareils/autres/fin", post(devices::end_others))
        .at("/mon-espace/appareils/:id/fin", get(devices::ask_end).post(devices::end))
        .at("/mon-espace/agenda", get(agenda::own).post(agenda::open))
        .at("/mon-espace/agenda/retrait", post(agenda::close))
        .at("/mon-espace/donnees", get(personal_data::own))
        .at("/mon-espace/donnees/export.zip", get(personal_data::export))
        .at("/mon-espace/donnees/effacement", get(personal_data::ask).post(personal_data::erase_own))
        .at("/mon-espace/recherches", get(searches::own).post(searches::save))
        .at("/mon-espace/recherches/reprise", post(searches::resume))
        .at("/mon-espace/recherches/:id/retrait", get(searches::ask).post(searches::remove))
        .at("/mon-espace/second-facteur", get(second_factor::own).post(second_factor::begin))
        .at("/mon-espace/second-facteur/confirmation", post(second_factor::confirm))
        .at("/mon-espace/second-facteur/codes", post(second_factor::renew_codes))
        .at("/mon-espace/second-facteur/retrait", post(second_factor::remove))
        .at("/mon-espace/cles", get(keys::own).post(keys::create))
        .at("/mon-espace/cles/:id/retrait", post(keys::revoke))
        // The people of an organisation, and organisers
        .at("/equipes/:id", get(team::show))
        .at("/equipes/:id/invitations", post(team::invite))
        .at("/equipes/:id/invitations/:invitation/retrait", post(team::take_back))
        .at("/equipes/:id/membres/:person/retrait", get(leaving::ask).post(leaving::leave))
}

/// What other rooms ask of a person, and where they expect her.
const CALLS: own::Calls = own::Calls {
    tasks: |app, person| Box::pin(calls(app, person)),
    plans: |app, person| Box::pin(farm_visits::plans(app, person)),
};

/// What meetings and visits ask of a person.
async fn calls(app: &App, person: &Person) -> Result<Vec<own::Task>, DbErr> {
    let mut all = wishes::calls(&app.db, person, app.today()).await?;
    all.extend(published::calls(&app.db, person, app.today()).await?);
    all.extend(after::calls(&app.db, person).await?);
    all.extend(farm_visits::calls(app, person).await?);
    Ok(all)
}

/// What organisers run the territory with.
fn for_organisers(routes: Route) -> Route {
    routes
        // Organisers
        .at("/organisation/acces", get(team::show))
        .at("/organisation/acces/invitations", post(team::invite))
        .at("/organisation/acces/invitations/:invitation/retrait", post(team::take_back))
        .at("/organisation/acces/regle", post(access::set_rule))
        .at("/organisation/acces/:person/retrait", get(leaving::ask).post(leaving::leave))
        .at("/organisation/acces/:person/second-facteur/retrait", post(access::forget_second_factor))
        .at("/organisation/equipes", get(organisations::organisations).post(organisations::found))
        .at("/organisation/journal", get(journal::journal))
        .at("/organisation/reglages", get(settings::form).post(settings::save))
        .at("/organisation/reglages/apparence", get(appearance::show))
        .at("/organisation/reglages/apparence/couleur", post(colour::choose))
        .at("/organisation/reglages/apparence/logo", post(logo::send))
        .at("/organisation/reglages/apparence/logo/retrait", post(logo::remove))
        .at("/organisation/reglages/messages", get(settings::form).post(settings::save))
        .at("/organisation/reglages/textes", get(settings::form).post(settings::save))
        .at("/organisation/courrier", get(post_office::queue))
        .at("/organisation/courrier/essai", post(post_office::test))
        .at("/organisation/courrier/pause", post(post_office::pause))
        .at("/organisation/courrier/reprise", post(post_office::resume))
        .at("/organisation/courrier/:id", get(post_office::life))
        .at("/organisation/courrier/:id/renvoi", post(post_office::resend))
        .at("/organisation/courrier/:id/abandon", post(post_office::give_up))
}

/// What a supplier writes of itself, and what organisers read of it.
fn for_suppliers(routes: Route) -> Route {
    routes
        // The people of an organisation, and organisers
        .at("/fiche/:id", get(desk::show))
        .at("/fiche/:id/identite", get(step::form).post(step::save))
        .at("/fiche/:id/lieu", get(step::form).post(step::save))
        .at("/fiche/:id/livraison", get(step::form).post(step::save))
        .at("/fiche/:id/produits", get(offers::list))
        .at("/fiche/:id/produits/ajout", get(offers::new_form).post(offers::add))
        .at("/fiche/:id/produits/tableau", get(offer_table::form).post(offer_table::send))
        .at("/fiche/:id/produits/:key", get(offers::form).post(offers::save))
        .at("/fiche/:id/produits/:key/copie", post(offers::copy))
        .at("/fiche/:id/produits/:key/retrait", post(offers::remove))
        .at("/fiche/:id/certifications", get(certificates::list))
        .at("/fiche/:id/certifications/ajout", get(certificates::new_form).post(certificates::add))
        .at("/fiche/:id/certifications/:key", get(certificates::form).post(certificates::save))
        .at("/fiche/:id/certifications/:key/retrait", post(certificates::remove))
        .at("/fiche/:id/photos", get(photos::list).post(photos::add))
        .at("/fiche/:id/photos/:key/premiere", post(photos::put_first))
        .at("/fiche/:id/photos/:key/retrait", post(photos::remove))
        .at("/fiche/:id/apercu", get(supplier::preview))
        .at("/fiche/:id/cantines", get(matching::kitchens))
        .at("/fiche/:id/messages", get(received::received))
        .at("/fiche/:id/messages/:key", post(received::react))
        .at("/fiche/:id/historique", get(history::show))
        .at("/fiche/:id/etat", get(standing::show).post(standing::change))
        .at("/fiche/:id/envoi", post(submission::submit))
        .at("/fiche/:id/fichiers/:file", get(listing_files::own))
        .at("/cantine/:id", get(kitchen::form).post(kitchen::save))
        .at("/cantine/:id/suggestions", get(matching::suppliers))
        .at("/cantine/:id/messages", get(sent::sent))
        .at("/cantine/:id/messages/:key", post(sent::conclude))
        .at("/cantine/:id/listes", get(favourites::all).post(favourites::open))
        .at("/cantine/:id/listes/:key", get(favourites_list::show).post(favourites_list::rename))
        .at("/cantine/:id/listes/:key/retrait", get(favourites_list::ask_end).post(favourites_list::end))
        .at("/cantine/:id/listes/:key/:supplier/note", post(favourites_list::annotate))
        .at("/cantine/:id/listes/:key/:supplier/retrait", post(favourites_list::take_out))
        .at("/cantine/:id/listes/:key/:supplier/reprise", post(favourites_list::put_back))
        // Organisers
        .at("/organisation/chiffres", get(figures::show))
        .at("/organisation/chiffres.csv", get(figures::csv))
        .at("/organisation/chiffres.xlsx", get(figures::xlsx))
        .at("/organisation/fiches", get(moderation::queue))
        .at("/organisation/fiches/invitations", get(invitations::show).post(invitations::change))
        .at("/organisation/cantines", get(canteen_requests::queue))
        .at("/organisation/cantines/:id", post(canteen_requests::decide))
        .at("/organisation/messages", get(contact_reports::reports))
        .at("/organisation/messages/:key", post(contact_reports::close))
        .at("/organisation/annuaire/:slug", get(oversight::show).post(oversight::decide))
        .at("/organisation/fiches/:id", get(moderation::show).post(moderation::decide))
}
