//! Public registers that answer as they should, and misbehave when told to.

use std::sync::{Arc, Mutex, MutexGuard};

use manger_local::config::Config;
use poem::{
    EndpointExt, IntoResponse, Response, Route, Server, get, handler,
    http::{StatusCode, Uri, header},
    listener::TcpAcceptor,
    web::{Data, Json},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What a register does instead of its duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misdeed {
    /// It never answers.
    Silence,
    Status(u16),
    /// It sends elsewhere, where the right answer stands.
    Redirect,
    /// It answers this text.
    Nonsense(&'static str),
    /// It answers well, at more length than anybody reads.
    Bulk,
}

/// All that takes no time.
pub(crate) const MISDEEDS: [Misdeed; 7] = [
    Misdeed::Status(500),
    Misdeed::Status(429),
    Misdeed::Redirect,
    Misdeed::Nonsense(""),
    Misdeed::Nonsense("{\"results\": \"items\", \"items\": 7, \"features\": {}}"),
    Misdeed::Nonsense("<html>"),
    Misdeed::Bulk,
];

/// What the registers do and know.
pub(crate) struct State {
    pub(crate) misdeed: Option<Misdeed>,
    /// What the register of companies answers.
    pub(crate) companies: Value,
    /// What the register of organic operators answers.
    pub(crate) operators: Value,
    /// What the geocoder answers.
    pub(crate) places: Value,
    /// Path and query of what was asked.
    pub(crate) asked: Vec<String>,
}

/// Three registers on one port; they end with the test.
#[derive(Clone)]
pub(crate) struct Registers {
    address: String,
    state: Arc<Mutex<State>>,
}

impl Registers {
    /// Registers that know the GAEC du Suc.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = State {
            misdeed: None,
            companies: company(|_| {}),
            operators: operator("73282932000074", |_| {}),
            places: place("housenumber", "43157", 0.92),
            asked: Vec::new(),
        };
        let registers = Self { address, state: Arc::new(Mutex::new(state)) };
        let routes = Route::new()
            .at("/companies/search", get(answer))
            .at("/operators/", get(answer))
            .at("/places/search", get(answer))
            .at("/elsewhere/*path", get(answer))
            .data(registers.clone());
        tokio::spawn(Server::new_with_acceptor(TcpAcceptor::from_tokio(listener).unwrap()).run(routes));
        registers
    }

    /// Makes them those of a site.
    pub(crate) fn of(&self, config: &mut Config) {
        let at = |path: &str| Some(format!("{}{path}", self.address).parse().unwrap());
        config.registers.company_register_url = at("/companies/");
        config.registers.organic_register_url = at("/operators/");
        config.registers.geocoder_url = at("/places");
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What was asked since the last time somebody looked.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state().asked)
    }
}

/// The answer about the GAEC du Suc, otherwise as `change` makes its establishment; what is not public is masked by the caller.
pub(crate) fn company(change: impl FnOnce(&mut Value)) -> Value {
    let mut result = json!({
        "siren": "732829320", "nom_complet": "GAEC DU SUC", "nom_raison_sociale": "GAEC DU SUC", "statut_diffusion": "O",
        "nature_juridique": "6533", "activite_principale": "01.13Z", "etat_administratif": "A", "siege": {},
        "matching_etablissements": [{
            "siret": "73282932000074", "commune": "43157", "code_postal": "43000", "libelle_commune": "LE PUY-EN-VELAY",
            "adresse": "12 RUE DU BREUIL 43000 LE PUY-EN-VELAY", "etat_administratif": "A", "date_fermeture": null,
            "statut_diffusion_etablissement": "O", "liste_enseignes": null, "nom_commercial": null, "latitude": "45.04"
        }]
    });
    change(&mut result);
    json!({ "results": [result], "total_results": 1, "page": 1, "per_page": 5, "total_pages": 1 })
}

/// The answer about the organic operator 114386.
pub(crate) fn operator(siret: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut item = json!({
        "id": 91100, "raisonSociale": "GAEC DU SUC", "denominationcourante": null, "siret": siret, "numeroBio": 114_386,
        "telephone": "0199000000", "gerant": "PERSONNE RETIREE", "categories": [], "activites": [{ "nom": "Production" }],
        "adressesOperateurs": [{ "lieu": "LE SUC", "codePostal": "43000", "ville": "LE PUY EN VELAY", "codeCommune": "43157",
            "active": true, "typeAdresseOperateurs": ["Siège social"] }],
        "productions": [{ "code": "01.11.74", "nom": "Lentilles, sèches", "etatProductions": [{ "etatProduction": "AB" }] }],
        "certificats": [{ "organisme": "Ecocert France", "etatCertification": "ENGAGEE", "dateEngagement": "2018-02-15",
            "dateSuspension": null, "dateArret": null, "url": "" }]
    });
    change(&mut item);
    json!({ "nbTotal": "1", "items": [item] })
}

/// The answer about an address.
pub(crate) fn place(kind: &str, citycode: &str, score: f64) -> Value {
    json!({ "type": "FeatureCollection", "features": [{
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": [3.884_561, 45.041_237] },
        "properties": { "label": "12 Rue du Breuil 43000 Le Puy-en-Velay", "score": score, "type": kind, "citycode": citycode }
    }], "query": "" })
}

#[handler]
async fn answer(registers: Data<&Registers>, uri: &Uri) -> Response {
    let misdeed = registers.state().misdeed;
    registers.state().asked.push(uri.to_string());
    let mut answer = {
        let state = registers.state();
        let is = |word: &str| uri.path().contains(word);
        let of = if is("companies") {
            &state.companies
        } else if is("operators") {
            &state.operators
        } else {
            &state.places
        };
        of.clone()
    };
    match misdeed {
        Some(Misdeed::Silence) => std::future::pending().await,
        Some(Misdeed::Status(status)) => return StatusCode::from_u16(status).unwrap().into(),
        Some(Misdeed::Redirect) if !uri.path().starts_with("/elsewhere") => {
            let there = format!("{}/elsewhere{uri}", registers.address);
            return StatusCode::FOUND.with_header(header::LOCATION, there).into_response();
        }
        Some(Misdeed::Nonsense(text)) => return text.into_response(),
        Some(Misdeed::Bulk) => answer["padding"] = json!("x".repeat(300_000)),
        None | Some(Misdeed::Redirect) => {}
    }
    Json(answer).into_response()
}
