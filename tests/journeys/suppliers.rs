//! A supplier writes its own listing, sends it, and everybody finds it once an organiser has read it.

mod claims;
mod files;
mod moderation;
mod offers;
mod oversight;
mod registers;
mod registration;
mod together;
mod upkeep;

use manger_local::directory::{self, Position};
use manger_local::suppliers::import::{self, Options};
use manger_local::tables::Report;
use poem::http::StatusCode;

use crate::support::{
    Site,
    people::{Browser, mail_to, organiser, secrets_of},
};

const JULIE: &str = "julie@ferme-du-suc.example";
const SIRET: &str = "73282932000074";

/// Somebody who begins to register with this address, in by the code of the mail, and the path of her listing.
async fn registered<'a>(site: &'a Site, address: &str, name: &str, siret: &str) -> (Browser<'a>, String) {
    let browser = Browser::new(&site.browser);
    let asked = browser.post("/fournisseurs/inscription", &[("siret", siret), ("courriel", address)]).await;
    assert_eq!(asked.location.as_deref(), Some("/connexion/code?suite=%2Ffournisseurs%2Finscription"));
    let (code, _) = secrets_of(&mail_to(&site.app, address).await.expect("a mail").1);
    let fields = [("code", code.as_str()), ("suite", "/fournisseurs/inscription")];
    let entered = browser.post("/connexion/code", &fields).await;
    assert_eq!(entered.location.as_deref(), Some("/fournisseurs/inscription"));
    let begun = browser.post("/fournisseurs/inscription", &[("siret", siret), ("nom", name)]).await;
    let path = begun.location.expect("a listing begins");
    let path = path.split('?').next().unwrap().trim_end_matches("/identite").to_owned();
    (browser, path)
}

/// What becomes of an organiser's file of suppliers.
async fn import(site: &Site, text: &str) -> Report {
    let options = Options::new("fournisseurs.csv", site.app.clock.now(), site.app.today());
    import::suppliers(&site.app, text.as_bytes(), &options, &mut |_| {}).await.unwrap()
}

/// Fills in what must be there; each step leads on.
async fn filled(browser: &Browser<'_>, path: &str, name: &str) {
    for (step, fields) in [
        ("identite", vec![("nom", name), ("type", "producer"), ("telephone", "04 71 00 00 00"), ("siret", SIRET)]),
        ("lieu", vec![("commune_nom", "Le Puy-en-Velay"), ("position", "commune")]),
        ("livraison", vec![("livre", "oui"), ("rayon", "30"), ("jours", "monday"), ("jours", "thursday")]),
        ("produits/ajout", vec![("produit", "Topinambours violets"), ("prix", "2,40"), ("unite", "kg")]),
    ] {
        let page = format!("{path}/{step}");
        let vu = seen(browser, &page).await;
        let saved = browser.post(&page, &[fields, vec![("vu", vu.as_str())]].concat()).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{step}: {:?}", saved.page.texts(".error"));
    }
}

/// What the form of a page would send, so that somebody else's change is noticed.
async fn seen(browser: &Browser<'_>, page: &str) -> String {
    let shown = browser.get(page).await.page;
    let hidden = shown.all("input").into_iter().find(|input| input.attribute("name") == Some("vu"));
    hidden.and_then(|input| input.attribute("value")).expect("the form says what it shows").to_owned()
}

/// The version that the organiser's page shows.
async fn version(claire: &Browser<'_>, page: &str) -> String {
    let shown = claire.get(page).await.page;
    let hidden = shown.all("input").into_iter().find(|input| input.attribute("name") == Some("version"));
    hidden.unwrap().attribute("value").unwrap().to_owned()
}

async fn decide(claire: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> StatusCode {
    let page = path.replace("/fiche/", "/organisation/fiches/");
    let version = version(claire, &page).await;
    let fields = [&[("version", version.as_str())], fields].concat();
    claire.post(&page, &fields).await.status
}

/// How many the search finds.
async fn found(site: &Site, words: &str) -> usize {
    directory::step(&site.app, Position::default()).await.unwrap();
    let answer = site.browser.get("/api/v1/suppliers").query("q", &words).send().await;
    answer.json().await.value().object().get("hits").array().len()
}

/// A listing that an organiser accepted: she, its supplier, and the path of its desk.
async fn accepted(site: &Site) -> (Browser<'_>, Browser<'_>, String) {
    let claire = organiser(&site.app, &site.browser).await;
    let (julie, path) = registered(site, JULIE, "Ferme du Suc", SIRET).await;
    filled(&julie, &path, "Ferme du Suc").await;
    julie.post(&format!("{path}/envoi"), &[]).await;
    assert_eq!(decide(&claire, &path, &[("geste", "acceptation")]).await, StatusCode::SEE_OTHER);
    (claire, julie, path)
}

/// Somebody who was away so long that she must come in again.
async fn comes_in(site: &Site, browser: &Browser<'_>, address: &str) {
    browser.post("/connexion", &[("courriel", address)]).await;
    let (code, _) = secrets_of(&mail_to(&site.app, address).await.expect("a mail").1);
    let entered = browser.post("/connexion/code", &[("code", &code)]).await;
    assert_eq!(entered.location.as_deref(), Some("/mon-espace"));
}
