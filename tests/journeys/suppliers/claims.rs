//! Everybody whose listing came out of a file is invited once, and takes it over by the address it bears.

use manger_local::schedule::{self, Duty};
use manger_local::suppliers::{INVITE, invite};
use poem::http::StatusCode;

use super::import;
use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to, mails_to, member, organiser, rows, secrets_of},
};

const PAGE: &str = "/organisation/fiches/invitations";
static DUTIES: [Duty; 1] =
    [Duty { kind: INVITE, every: None, run: |app, txn, _, now| Box::pin(invite(app, txn, now)) }];

const FILE: &str = "Référence;Nom;Type;Code INSEE;Courriel;Provenance\n\
    F1;Ferme du Pré;Producteur;43157;pre@ferme.example;\n\
    F2;Fromagerie du Pré;Artisan;43157;Pre@Ferme.example;\n\
    F3;Ferme du Bois;Producteur;43157;bois@ferme.example;\n\
    F4;Ferme sans adresse;Producteur;43157;;\n\
    F5;Ferme fictive;Producteur;43157;fictive@ferme.example;Démonstration\n";

async fn work(site: &Site) {
    while schedule::step(&site.app, &DUTIES).await.unwrap() {}
}

async fn invited(site: &Site, address: &str) -> Vec<String> {
    let mails = mails_to(&site.app, address).await.into_iter();
    mails.filter(|(kind, _)| kind == "claim_invitation").map(|(_, text)| text).collect()
}

#[tokio::test]
async fn each_address_is_invited_once_for_all_its_listings_and_never_again() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        assert!(claire.get(PAGE).await.page.texts("main").concat().contains("Personne à inviter"));
        import(site, FILE).await;
        let page = claire.get(PAGE).await.page.texts("main").concat();
        assert!(page.contains("2 adresses, pour 3 fiches") && page.contains("1 fiche sans courriel"), "{page}");
        let pressed = [("geste", "envoi")];
        futures_util::future::join(claire.post(PAGE, &pressed), claire.post(PAGE, &pressed)).await;
        work(site).await;
        let told = invited(site, "pre@ferme.example").await;
        assert_eq!(told.len() + invited(site, "Pre@Ferme.example").await.len(), 1, "one for both listings");
        assert!(told[0].contains("Ferme du Pré") && told[0].contains("Fromagerie du Pré"), "{told:?}");
        assert!(told[0].contains("/courrier/arret/"));
        assert_eq!(invited(site, "bois@ferme.example").await.len(), 1);
        assert!(invited(site, "fictive@ferme.example").await.is_empty());
        import(site, &FILE.replace("F3;Ferme du Bois", "F6;Autre ferme du Bois")).await;
        assert!(claire.get(PAGE).await.page.texts("main").concat().contains("Personne d’autre"));
        claire.post(PAGE, &pressed).await;
        work(site).await;
        assert_eq!(invited(site, "bois@ferme.example").await.len(), 1, "never twice");
        assert!(!rows(&site.app, "claim_invitations").await.concat().contains('@'), "no address is kept");
    })
    .await;
}

#[tokio::test]
async fn invitations_are_stopped_and_whoever_holds_a_listing_or_wants_none_gets_none() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        import(site, FILE).await;
        claire.post(PAGE, &[("geste", "envoi")]).await;
        let waiting = claire.get(PAGE).await.page.texts("main").concat();
        assert!(waiting.contains("0 sur 2"), "{waiting}");
        claire.post(PAGE, &[("geste", "arret")]).await;
        work(site).await;
        assert!(invited(site, "bois@ferme.example").await.is_empty(), "stopped");
        claire.post(PAGE, &[("geste", "envoi")]).await;
        // Between the decision and the mail the farm registers by itself.
        let browser = Browser::new(&site.browser);
        enters(site, &browser, "bois@ferme.example").await;
        let taken = browser.post("/fournisseurs/inscription", &[("fiche", "3")]).await;
        assert!(taken.location.unwrap().ends_with("?fait=reprise"));
        work(site).await;
        assert!(invited(site, "bois@ferme.example").await.is_empty());
        let page = claire.get(PAGE).await.page.texts("main").concat();
        assert!(page.contains("1 sur 1") && page.contains("Personne d’autre à inviter"), "{page}");
    })
    .await;
}

/// In by the code that registration sends.
async fn enters(site: &Site, browser: &Browser<'_>, address: &str) {
    browser.post("/fournisseurs/inscription", &[("siret", ""), ("courriel", address)]).await;
    let (code, _) = secrets_of(&mail_to(&site.app, address).await.expect("a mail").1);
    browser.post("/connexion/code", &[("code", &code), ("suite", "/fournisseurs/inscription")]).await;
}

#[tokio::test]
async fn whoever_reads_the_address_of_a_listing_takes_it_over_by_one_button_and_nobody_else() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        import(site, FILE).await;
        let (pre, other) = (Browser::new(&site.browser), Browser::new(&site.browser));
        enters(site, &pre, "pre@ferme.example").await;
        enters(site, &other, "autre@ferme.example").await;
        let shown = pre.get("/fournisseurs/inscription").await.page.texts(".card").concat();
        assert!(shown.contains("Ferme du Pré") && shown.contains("Fromagerie du Pré"), "{shown}");
        assert!(other.get("/fournisseurs/inscription").await.page.texts(".card").is_empty());
        for key in ["1", "4", "999", "un"] {
            assert_eq!(other.post("/fournisseurs/inscription", &[("fiche", key)]).await.status, StatusCode::NOT_FOUND);
        }
        let pressed = [("fiche", "1")];
        let page = "/fournisseurs/inscription";
        let (first, second) = futures_util::future::join(pre.post(page, &pressed), pre.post(page, &pressed)).await;
        let path = |answer: Option<String>| answer.unwrap().split('?').next().unwrap().to_owned();
        assert_eq!(path(first.location), path(second.location), "twice at once, one team");
        assert_eq!(rows(&site.app, "listing_drafts").await.len(), 1);
        let left = pre.get(page).await.page.texts(".card").concat();
        assert!(!left.contains("Ferme du Pré") && left.contains("Fromagerie du Pré"), "{left}");
        let cook = member(&site.app, &claire, "Collège des Sucs", "cook@college.example").await;
        let contact = cook.get("/annuaire/ferme-du-pre/contact").await.page.texts("button").concat();
        assert!(contact.contains("Envoyer"), "{contact}");
    })
    .await;
}
