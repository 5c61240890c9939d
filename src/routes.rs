//! Every address of the site, one line each: path, method, page function.

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
    farm_visits::{
        Counter, api as visits_api,
        pages::{
            date as visit_date, desk as visits, on_behalf as visit_on_behalf, open as open_visit, own as own_visit,
            registration as visit_registration,
        },
    },
    favourites::pages::{keep as favourite, list as favourites_list, lists as favourites, searches},
    figures::pages as figures,
    matching::pages as matching,
    personal_data::pages as personal_data,
    post_office::{bounces, gallery, mailbox, pages as post_office, unsubscribe},
    speed_meetings::after::{
        self,
        pages::{certificate, deliveries, notes, progress, report as meeting_report},
    },
    speed_meetings::api as meetings_api,
    speed_meetings::invitations::pages::{errands as invitation_errands, list as invited, sheet as invited_sheet},
    speed_meetings::pages::{
        desk as meeting, list as meetings, open as open_meeting, participants, prepare,
        registration as meeting_registration, removal, stage, withdrawal as meeting_withdrawal,
    },
    speed_meetings::publication::{
        self as published,
        pages::{desk as publication, documents, planning as own_planning},
    },
    speed_meetings::wishes::{
        self,
        pages::{overview as all_wishes, own as own_wishes, press as pressed},
    },
    speed_meetings::workshop::pages::{
        add as planning_add, appointment as planning_appointment, change as planning_change,
        comparison as planning_comparison, grid as planning, person as planning_person, searches as searches_for,
        take as planning_take,
    },
    speed_meetings::{
        Live,
        day::pages::{mending, reception, screen, stream, today},
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
    let routes = for_visits(&counter, for_programs(app, &counter, Route::new()));
    let routes = for_what_follows(for_the_day(
        live,
        for_timetables(for_wishes(for_meetings(for_suppliers(for_organisers(for_people(app, routes)))))),
    ))
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

/// Farm visits, for whoever would come.
fn for_visits(counter: &Counter, routes: Route) -> Route {
    let register = visit_registration::register.data(counter.clone());
    routes
        // Everybody
        .at("/visites", get(open_visit::overview))
        .at("/visites.ics", get(open_visit::feed))
        .at("/visites/:slug", get(open_visit::profile))
        .at("/visites/:slug/lieu.geojson", get(open_visit::meeting_point))
        .at("/visites/:slug/dates/:key/visite.ics", get(open_visit::date_file))
        .at("/visites/:slug/dates/:key/inscription", get(visit_registration::form).post(register))
        // Whoever has a link, or is signed in with the address
        .at("/visites/inscription/:way", get(own_visit::show))
        .at("/visites/inscription/:way/confirmation", post(own_visit::prove))
        .at("/visites/inscription/:way/acceptation", post(own_visit::accept))
        .at("/visites/inscription/:way/nombre", post(own_visit::resize))
        .at("/visites/inscription/:way/date", post(own_visit::change_date))
        .at("/visites/inscription/:way/annulation", post(own_visit::cancel))
        // Organisers
        .at("/organisation/visites", get(visits::list))
        .at("/organisation/visites/ajout", get(visits::new_form).post(visits::prepare))
        .at("/organisation/visites/:key", get(visits::show).post(visits::save))
        .at("/organisation/visites/:key/copie", post(visits::copy))
        .at("/organisation/visites/:key/dates", post(visits::add_date))
        .at("/organisation/visites/dates/:key", get(visit_date::show))
        .at("/organisation/visites/dates/:key/etat", post(visit_date::put_state))
        .at("/organisation/visites/dates/:key/horaire", post(visit_date::change))
        .at("/organisation/visites/dates/:key/annulation", post(visit_date::call_off))
        .at("/organisation/visites/dates/:key/effacement", post(visit_date::erase))
        .at("/organisation/visites/dates/:key/inscriptions", post(visit_on_behalf::register.data(counter.clone())))
        .at("/organisation/visites/dates/:key/inscriptions/:registration", post(visit_on_behalf::decide))
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
        .at("/mon-espace", get(own::home.data(own::Calls(|app, person| Box::pin(calls(app, person))))))
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

/// What meetings ask of a person.
async fn calls(app: &App, person: &Person) -> Result<Vec<own::Task>, DbErr> {
    let mut all = wishes::calls(&app.db, person, app.today()).await?;
    all.extend(published::calls(&app.db, person, app.today()).await?);
    all.extend(after::calls(&app.db, person).await?);
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

/// What speed meetings are prepared with, and what everybody reads of them.
fn for_meetings(routes: Route) -> Route {
    routes
        // Everybody
        .at("/rencontres", get(open_meeting::overview))
        .at("/rencontres/:slug", get(open_meeting::profile))
        .at("/rencontres/:slug/lieu.geojson", get(open_meeting::whereabouts))
        .at("/rencontres/:slug/rencontre.ics", get(open_meeting::calendar_file))
        .at("/rencontres/:slug/planning/:id/:file", get(own_planning::calendar_file))
        // Whoever is signed in
        .at("/rencontres/:slug/inscription", get(meeting_registration::choose))
        .at("/rencontres/:slug/inscription/:id", get(meeting_registration::form).post(meeting_registration::register))
        .at(
            "/rencontres/:slug/inscription/:id/retrait",
            get(meeting_withdrawal::ask).post(meeting_withdrawal::withdraw),
        )
        // Organisers
        .at("/organisation/rencontres", get(meetings::list))
        .at("/organisation/rencontres/ajout", get(prepare::form).post(prepare::begin))
        .at("/organisation/rencontres/:key", get(meeting::show))
        .at("/organisation/rencontres/:key/copie", get(prepare::copy_form).post(prepare::copy))
        .at("/organisation/rencontres/:key/etape", get(stage::ask).post(stage::change))
        .at("/organisation/rencontres/:key/retrait", get(removal::ask).post(removal::remove))
        .at("/organisation/rencontres/:key/participants", get(participants::list))
        .at("/organisation/rencontres/:key/participants.csv", get(participants::csv))
        .at("/organisation/rencontres/:key/participants.xlsx", get(participants::xlsx))
        .at(
            "/organisation/rencontres/:key/participants/:id",
            get(meeting_registration::form_for).post(meeting_registration::register_for),
        )
        .at(
            "/organisation/rencontres/:key/participants/:id/retrait",
            get(meeting_withdrawal::ask_for).post(meeting_withdrawal::withdraw_for),
        )
        .at("/organisation/rencontres/:key/:section", post(meeting::save))
}

/// Who is invited to a speed meeting, and whom each would meet.
fn for_wishes(routes: Route) -> Route {
    routes
        // Whoever is signed in
        .at("/rencontres/:slug/souhaits", get(own_wishes::choose_team))
        .at("/rencontres/:slug/souhaits/:id", get(own_wishes::show).post(pressed::bound))
        .at("/rencontres/:slug/souhaits/:id/:other", post(pressed::choose))
        // Organisers
        .at("/organisation/rencontres/:key/souhaits", get(all_wishes::show).post(all_wishes::change))
        .at("/organisation/rencontres/:key/souhaits.csv", get(all_wishes::csv))
        .at("/organisation/rencontres/:key/souhaits.xlsx", get(all_wishes::xlsx))
        .at("/organisation/rencontres/:key/souhaits/:id", get(own_wishes::show_for).post(pressed::bound_for))
        .at("/organisation/rencontres/:key/souhaits/:id/:other", post(pressed::choose_for))
        .at("/organisation/rencontres/:key/invitations", get(invited::list).post(invitation_errands::note))
        .at("/organisation/rencontres/:key/invitations.csv", get(invited_sheet::csv))
        .at("/organisation/rencontres/:key/invitations.xlsx", get(invited_sheet::xlsx))
        .at("/organisation/rencontres/:key/invitations/envoi", post(invitation_errands::send))
        .at("/organisation/rencontres/:key/invitations/:id/retrait", post(invitation_errands::remove))
}

/// Who meets whom when: in work, published, on paper.
fn for_timetables(routes: Route) -> Route {
    routes
        // The people of an organisation, and organisers
        .at("/rencontres/:slug/planning/:id", get(own_planning::show))
        .at("/rencontres/:slug/planning/:id/agenda", post(own_planning::open_feed))
        .at("/rencontres/:slug/planning/:id/agenda/retrait", post(own_planning::close_feed))
        // Organisers
        .at("/organisation/rencontres/:key/publication", get(publication::show).post(publication::publish))
        .at("/organisation/rencontres/:key/publication/:id", get(publication::differences))
        .at("/organisation/rencontres/:key/documents", get(documents::list))
        .at("/organisation/rencontres/:key/documents/:file", get(documents::sheet))
        .at("/organisation/rencontres/:key/planning", get(planning::show))
        .at("/organisation/rencontres/:key/planning/nouvelles", get(planning::news))
        .at("/organisation/rencontres/:key/planning/changement", get(planning_change::ask).post(planning_change::make))
        .at("/organisation/rencontres/:key/planning/annulation", post(planning_change::undo))
        .at("/organisation/rencontres/:key/planning/retablissement", post(planning_change::redo))
        .at("/organisation/rencontres/:key/planning/ajout", get(planning_add::show))
        .at("/organisation/rencontres/:key/planning/rendez-vous/:id", get(planning_appointment::show))
        .at("/organisation/rencontres/:key/planning/participants/:id", get(planning_person::show))
        .at("/organisation/rencontres/:key/planning/recherches", get(searches_for::list).post(searches_for::ask))
        .at("/organisation/rencontres/:key/planning/recherches/comparaison", get(planning_comparison::compare))
        .at("/organisation/rencontres/:key/planning/recherches/:id", get(searches_for::show))
        .at("/organisation/rencontres/:key/planning/recherches/:id/arret", post(searches_for::stop))
        .at(
            "/organisation/rencontres/:key/planning/recherches/:id/choix",
            get(planning_take::ask).post(planning_take::take),
        )
}

/// What the day of a speed meeting is run with, and what those who take part see of it.
fn for_the_day(live: &Live, routes: Route) -> Route {
    routes
        // Everybody
        .at("/rencontres/:slug/fil", get(stream::listen.data(live.clone())))
        .at("/rencontres/:slug/version", get(stream::version))
        // Whoever is signed in
        .at("/rencontres/:slug/jour", get(today::choose))
        // The people of an organisation, and organisers
        .at("/rencontres/:slug/jour/:id", get(today::show))
        // Organisers
        .at("/organisation/rencontres/:key/accueil", get(reception::show).post(reception::note))
        .at("/organisation/rencontres/:key/horaire", post(reception::shift))
        .at("/organisation/rencontres/:key/reparation", get(mending::show).post(mending::choose))
        .at("/organisation/rencontres/:key/ecran", get(screen::show))
}

/// What came of a speed meeting.
fn for_what_follows(routes: Route) -> Route {
    routes
        // Whoever is signed in
        .at("/rencontres/:slug/suites", get(notes::choose))
        .at("/rencontres/:slug/suites/:id", get(notes::show))
        .at("/rencontres/:slug/suites/:id/rendez-vous/:with", post(notes::say))
        .at("/rencontres/:slug/suites/:id/avis", post(notes::opine))
        .at("/rencontres/:slug/livraisons/:id", get(deliveries::show))
        .at("/rencontres/:slug/livraisons/:id/rendez-vous/:with", post(deliveries::answer))
        .at("/rencontres/:slug/attestation/:id", get(certificate::of_own))
        // Organisers
        .at("/organisation/rencontres/:key/suites", get(progress::show))
        .at("/organisation/rencontres/:key/suites/courriels", post(progress::stop))
        .at("/organisation/rencontres/:key/suites/:id", get(notes::show_for))
        .at("/organisation/rencontres/:key/suites/:id/rendez-vous/:with", post(notes::say_for))
        .at("/organisation/rencontres/:key/suites/:id/avis", post(notes::opine_for))
        .at("/organisation/rencontres/:key/livraisons/:id", get(deliveries::show_for))
        .at("/organisation/rencontres/:key/livraisons/:id/rendez-vous/:with", post(deliveries::answer_for))
        .at("/organisation/rencontres/:key/bilan", get(meeting_report::show))
        .at("/organisation/rencontres/:key/bilan.csv", get(meeting_report::csv))
        .at("/organisation/rencontres/:key/bilan.xlsx", get(meeting_report::xlsx))
        .at("/organisation/rencontres/:key/attestations", get(certificate::of_all))
}
