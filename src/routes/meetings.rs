//! Speed meetings, from the invitation to what came of them.

use poem::{EndpointExt, Route, get, post};

use crate::speed_meetings::{
    Live,
    after::pages::{certificate, deliveries, notes, progress, report},
    day::pages::{mending, reception, screen, stream, today},
    invitations::pages::{errands, list as invited, sheet as invited_sheet},
    pages::{desk, list, open, participants, prepare, registration, removal, stage, withdrawal},
    publication::pages::{desk as publication, documents, planning as own_planning},
    wishes::pages::{overview as all_wishes, own as own_wishes, press},
    workshop::pages::{add as addition, appointment, change, comparison, grid, person, searches, take},
};

/// Adds them to `routes`.
pub(super) fn add(live: &Live, routes: Route) -> Route {
    for_what_follows(for_the_day(live, for_timetables(for_wishes(for_meetings(routes)))))
}

/// What speed meetings are prepared with, and what everybody reads of them.
fn for_meetings(routes: Route) -> Route {
    routes
        // Everybody
        .at("/rencontres", get(open::overview))
        .at("/rencontres/:slug", get(open::profile))
        .at("/rencontres/:slug/lieu.geojson", get(open::whereabouts))
        .at("/rencontres/:slug/rencontre.ics", get(open::calendar_file))
        .at("/rencontres/:slug/planning/:id/:file", get(own_planning::calendar_file))
        // Whoever is signed in
        .at("/rencontres/:slug/inscription", get(registration::choose))
        .at("/rencontres/:slug/inscription/:id", get(registration::form).post(registration::register))
        .at("/rencontres/:slug/inscription/:id/retrait", get(withdrawal::ask).post(withdrawal::withdraw))
        // Organisers
        .at("/organisation/rencontres", get(list::list))
        .at("/organisation/rencontres/ajout", get(prepare::form).post(prepare::begin))
        .at("/organisation/rencontres/:key", get(desk::show))
        .at("/organisation/rencontres/:key/copie", get(prepare::copy_form).post(prepare::copy))
        .at("/organisation/rencontres/:key/etape", get(stage::ask).post(stage::change))
        .at("/organisation/rencontres/:key/retrait", get(removal::ask).post(removal::remove))
        .at("/organisation/rencontres/:key/participants", get(participants::list))
        .at("/organisation/rencontres/:key/participants.csv", get(participants::csv))
        .at("/organisation/rencontres/:key/participants.xlsx", get(participants::xlsx))
        .at(
            "/organisation/rencontres/:key/participants/:id",
            get(registration::form_for).post(registration::register_for),
        )
        .at(
            "/organisation/rencontres/:key/participants/:id/retrait",
            get(withdrawal::ask_for).post(withdrawal::withdraw_for),
        )
        .at("/organisation/rencontres/:key/:section", post(desk::save))
}

/// Who is invited to a speed meeting, and whom each would meet.
fn for_wishes(routes: Route) -> Route {
    routes
        // Whoever is signed in
        .at("/rencontres/:slug/souhaits", get(own_wishes::choose_team))
        .at("/rencontres/:slug/souhaits/:id", get(own_wishes::show).post(press::bound))
        .at("/rencontres/:slug/souhaits/:id/:other", post(press::choose))
        // Organisers
        .at("/organisation/rencontres/:key/souhaits", get(all_wishes::show).post(all_wishes::change))
        .at("/organisation/rencontres/:key/souhaits.csv", get(all_wishes::csv))
        .at("/organisation/rencontres/:key/souhaits.xlsx", get(all_wishes::xlsx))
        .at("/organisation/rencontres/:key/souhaits/:id", get(own_wishes::show_for).post(press::bound_for))
        .at("/organisation/rencontres/:key/souhaits/:id/:other", post(press::choose_for))
        .at("/organisation/rencontres/:key/invitations", get(invited::list).post(errands::note))
        .at("/organisation/rencontres/:key/invitations.csv", get(invited_sheet::csv))
        .at("/organisation/rencontres/:key/invitations.xlsx", get(invited_sheet::xlsx))
        .at("/organisation/rencontres/:key/invitations/envoi", post(errands::send))
        .at("/organisation/rencontres/:key/invitations/:id/retrait", post(errands::remove))
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
        .at("/organisation/rencontres/:key/planning", get(grid::show))
        .at("/organisation/rencontres/:key/planning/nouvelles", get(grid::news))
        .at("/organisation/rencontres/:key/planning/changement", get(change::ask).post(change::make))
        .at("/organisation/rencontres/:key/planning/annulation", post(change::undo))
        .at("/organisation/rencontres/:key/planning/retablissement", post(change::redo))
        .at("/organisation/rencontres/:key/planning/ajout", get(addition::show))
        .at("/organisation/rencontres/:key/planning/rendez-vous/:id", get(appointment::show))
        .at("/organisation/rencontres/:key/planning/participants/:id", get(person::show))
        .at("/organisation/rencontres/:key/planning/recherches", get(searches::list).post(searches::ask))
        .at("/organisation/rencontres/:key/planning/recherches/comparaison", get(comparison::compare))
        .at("/organisation/rencontres/:key/planning/recherches/:id", get(searches::show))
        .at("/organisation/rencontres/:key/planning/recherches/:id/arret", post(searches::stop))
        .at("/organisation/rencontres/:key/planning/recherches/:id/choix", get(take::ask).post(take::take))
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
        .at("/organisation/rencontres/:key/bilan", get(report::show))
        .at("/organisation/rencontres/:key/bilan.csv", get(report::csv))
        .at("/organisation/rencontres/:key/bilan.xlsx", get(report::xlsx))
        .at("/organisation/rencontres/:key/attestations", get(certificate::of_all))
}
