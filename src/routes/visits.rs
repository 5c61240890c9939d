//! Farm visits.

use poem::{EndpointExt, Route, get, post};

use crate::farm_visits::{
    Counter,
    after::pages::{progress, review, statistics},
    carpool::pages as carpool,
    pages::{
        attendance, certificate, date, desk, list, needs, on_behalf, open, overview, own, paper, photos, proposal,
        questions, registration, sheet, telephone,
    },
};

/// Adds them to `routes`.
pub(super) fn add(counter: &Counter, routes: Route) -> Route {
    let register = registration::register.data(counter.clone());
    routes
        // Everybody
        .at("/visites", get(overview::overview))
        .at("/visites.ics", get(open::feed))
        .at("/visites.geojson", get(overview::geojson))
        .at("/photos/visites/:file", get(photos::whole))
        .at("/photos/visites/:file/vignette", get(photos::little))
        .at("/visites/:slug", get(open::profile))
        .at("/visites/:slug/lieu.geojson", get(open::meeting_point))
        .at("/visites/:slug/dates/:key/visite.ics", get(open::date_file))
        .at("/visites/:slug/dates/:key/inscription", get(registration::form).post(register))
        // Whoever has a link, or is signed in with the address
        .at("/visites/inscription/:way", get(own::show))
        .at("/visites/inscription/:way/fiche", get(sheet::sheet))
        .at("/visites/inscription/:way/confirmation", post(own::prove))
        .at("/visites/inscription/:way/acceptation", post(own::accept))
        .at("/visites/inscription/:way/nombre", post(own::resize))
        .at("/visites/inscription/:way/besoins", post(needs::say))
        .at("/visites/inscription/:way/date", post(own::change_date))
        .at("/visites/inscription/:way/annulation", post(own::cancel))
        .at("/visites/inscription/:way/attestation", get(certificate::of_own))
        .at("/visites/inscription/:way/avis", get(review::show).post(review::say))
        .at("/visites/inscription/:way/covoiturage", get(carpool::show).post(carpool::put))
        .at("/visites/inscription/:way/covoiturage/retrait", post(carpool::withdraw))
        .at("/visites/inscription/:way/covoiturage/demandes", post(carpool::ask))
        .at("/visites/inscription/:way/covoiturage/demandes/:key", post(carpool::answer))
        // The people of an organisation, and organisers
        .at("/fiche/:id/visite", get(proposal::form).post(proposal::propose))
        .at("/fiche/:id/visite/retrait", post(proposal::take_back))
        // Organisers
        .at("/organisation/visites", get(list::list))
        .at("/organisation/visites/propositions/:key", post(list::answer))
        .at("/organisation/visites/ajout", get(desk::new_form).post(desk::prepare))
        .at("/organisation/visites/chiffres", get(statistics::show))
        .at("/organisation/visites/chiffres.csv", get(statistics::csv))
        .at("/organisation/visites/chiffres.xlsx", get(statistics::xlsx))
        .at("/organisation/visites/:key", get(desk::show).post(desk::save))
        .at("/organisation/visites/:key/copie", post(desk::copy))
        .at("/organisation/visites/:key/effacement", post(desk::erase))
        .at("/organisation/visites/:key/questions", post(questions::save))
        .at("/organisation/visites/:key/photos", get(photos::list).post(photos::add))
        .at("/organisation/visites/:key/photos/:file/premiere", post(photos::put_first))
        .at("/organisation/visites/:key/photos/:file/retrait", post(photos::remove))
        .at("/organisation/visites/:key/photos/:file/reprise", post(photos::put_back))
        .at("/organisation/visites/:key/dates", post(desk::add_date))
        .at("/organisation/visites/dates/:key", get(date::show))
        .at("/organisation/visites/dates/:key/etat", post(date::put_state))
        .at("/organisation/visites/dates/:key/horaire", post(date::change))
        .at("/organisation/visites/dates/:key/annulation", post(date::call_off))
        .at("/organisation/visites/dates/:key/effacement", post(date::erase))
        .at("/organisation/visites/dates/:key/inscriptions", post(on_behalf::register.data(counter.clone())))
        .at("/organisation/visites/dates/:key/inscriptions/:registration", post(on_behalf::decide))
        .at("/organisation/visites/dates/:key/presence", get(attendance::show).post(attendance::note_one))
        .at("/organisation/visites/dates/:key/presence/passages", post(attendance::walk_in))
        .at("/organisation/visites/dates/:key/presence/envoi", post(telephone::send))
        .at("/organisation/visites/dates/:key/liste", get(paper::list))
        .at("/organisation/visites/dates/:key/attestations", get(certificate::of_all))
        .at("/organisation/visites/dates/:key/suites", get(progress::show).post(progress::say))
}
