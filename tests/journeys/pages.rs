//! The public pages: home, one supplier, reports, texts; and what the stranger must never see.

use manger_local::{
    directory::{self, Position},
    suppliers::{
        import::{self, Options},
        open_reports,
    },
};
use poem::http::StatusCode;
use serde_json::Value;

use crate::support::{Site, on_each_database};

const SUPPLIERS: &str = "\
Référence;Nom;Type;Adresse;Code INSEE;Latitude;Longitude;Position publiée;Présentation;Téléphone;Courriel;Site web;SIRET;Rayon de livraison (km);Départements livrés;Jours de livraison;Minimum de commande (€ HT);Franco de port (€ HT);Certification 1;Numéro 1;Organisme 1;Valable jusqu'au 1;Certification 2;Numéro 2;Organisme 2;Valable jusqu'au 2;Certification 3;Numéro 3;Organisme 3;Valable jusqu'au 3;Fiche confirmée le;État;Provenance
F1;GAEC des Genêts;Producteur;Chemin des Planèzes;43216;45.13579;3.81357;exacte;Nous semons des lentilles.;04 65 71 12 34;genets@ferme.example;www.genets.example;;30;;mardi, jeudi;80;200;Bio;114386;Ecocert;31/03/2031;AOP;;;;HVE;HVE-77;Ocacia;30/06/2026;12/10/2026;;
F2;Ferme cachée;Producteur;La Combe Secrète;43157;45.06543;3.92345;commune;;04 65 71 99 99;cachee@ferme.example;;;20;;;;;;;;;;;;;;;;;;;
F3;Ferme hors carte;Producteur;Le Bout du Monde;43268;45.14444;4.11111;aucune;;;;;;25;43;;;;;;;;;;;;;;;;;
F4;Ferme en brouillon;Producteur;;43157;;;;;;;;;;;;;;;;;;;;;;;;;;;Brouillon;
F5;Ferme en pause;Producteur;;43157;;;;;;;;;;;;;;;;;;;;;;;;;;;En pause;
F6;Ferme retirée;Producteur;;43157;;;;;;;;;;;;;;;;;;;;;;;;;;;Retirée;
F7;Verger du registre;Producteur;;43040;;;;;;;;;;;;;;;;;;;;;;;;;;;;Annuaire officiel
F8;</script><b>Fournil</b>;Artisan;;43157;;;;</script><script>alert(1)</script>;;;;;;;;;;;;;;;;;;;;;;;;;
";

const OFFERS: &str = "\
Référence fournisseur;Produit;Famille;Conditionnement;Unité;Prix HT;Mois;Certifications
F1;LENTILLES VERTES DU PUY;Fruits et légumes;sac de 25 kg;kg;4,20;;Bio, AOP
F1;Poireaux;Fruits et légumes;caisse de 10 kg;kg;;septembre à avril;HVE
F1;Œufs;Produits laitiers et œufs;plateau de 30;plateau de 30;7,50;;
F2;Lentilles vertes;Fruits et légumes;;kg;3,90;;
F3;Lentilles;Fruits et légumes;;kg;3,80;;
F8;</script> & pain;Boulangerie;;pièce;2,10;;
";

/// A site whose directory holds the cast above.
async fn fill(site: &Site) {
    let app = &site.app;
    let options = |file: &str| Options {
        file: file.to_owned(),
        dry_run: false,
        draft: false,
        now: app.clock.now(),
        today: app.today(),
    };
    let report = import::suppliers(app, SUPPLIERS.as_bytes(), &options("fournisseurs.csv"), &mut |_| {}).await.unwrap();
    assert_eq!(report.refused, 0, "{report}");
    let report = import::offers(app, OFFERS.as_bytes(), &options("offres.csv"), &mut |_| {}).await.unwrap();
    assert_eq!(report.refused, 0, "{report}");
    directory::step(app, Position::default()).await.unwrap();
}

async fn filled() -> Site {
    let site = Site::new().await;
    fill(&site).await;
    site
}

async fn read(site: &Site, path: &str) -> (StatusCode, String) {
    let answer = site.browser.get(path).send().await.0;
    let status = answer.status();
    // A workbook is no text; all that is read here of it is its status.
    (status, String::from_utf8_lossy(&answer.into_body().into_vec().await.unwrap()).into_owned())
}

async fn shown(site: &Site, path: &str) -> String {
    let (status, page) = read(site, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {page}");
    page
}

fn json_ld(page: &str) -> Value {
    let text = page.split(r#"<script type="application/ld+json">"#).nth(1).unwrap();
    serde_json::from_str(text.split("</script>").next().unwrap()).unwrap()
}

/// Every address of this site that a page links to.
fn links(page: &str) -> Vec<String> {
    let pieces = page.split("href=\"").skip(1).filter_map(|piece| piece.split('"').next());
    let local = pieces.filter(|link| link.starts_with('/'));
    local.map(|link| link.replace("&#38;", "&").replace("&amp;", "&").split('#').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_home_page_shows_what_is_in_season_and_every_example_finds_somebody() {
    let site = filled().await;
    let page = shown(&site, "/").await;
    assert!(page.contains("En Haute-Loire, 5 producteurs") && page.contains("En mars, en Haute-Loire"), "{page}");
    assert!(page.contains("<b>Lentilles</b><span class=\"count\">3 fournisseurs</span>"), "{page}");
    assert!(page.contains("/annuaire?product=poireau&#38;month=3"), "leeks are sold in March: {page}");
    assert!(!page.contains("<b>Tomates</b>"), "nobody sells tomatoes in March");
    let tries = page.split("class=\"try\"").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(!links(tries).is_empty(), "{tries}");
    for link in links(tries) {
        assert!(!shown(&site, &link).await.contains("class=\"empty\""), "{link} finds nobody");
    }
    let site_data = json_ld(&page);
    assert_eq!(site_data["@type"], "WebSite");
    let target = site_data["potentialAction"]["target"]["urlTemplate"].as_str().unwrap();
    assert!(target.ends_with("/annuaire?q={search_term_string}"), "{target}");
}

#[tokio::test]
async fn an_empty_directory_has_a_home_page_without_tiles() {
    let site = Site::new().await;
    let page = shown(&site, "/").await;
    assert!(page.contains("L’annuaire se prépare") && !page.contains("class=\"tiles"), "{page}");
}

#[tokio::test]
async fn a_cook_reads_what_a_supplier_sells_with_which_proof_and_whether_it_delivers_to_her() {
    on_each_database(async |site| {
        fill(site).await;
        let page = shown(site, "/annuaire/gaec-des-genets?near=43157").await;
        for said in [
            "<h1>GAEC des Genêts</h1>",
            "Lentilles vertes du puy",
            "4,20\u{a0}€</span>\u{a0}le\u{a0}kg",
            "7,50\u{a0}€</span> par plateau de 30",
            "<b>Bio</b>, preuve à jour",
            "<b>AOP</b>, simple déclaration",
            "<b>HVE</b>, preuve expirée",
            "Certificat n°\u{a0}114386, délivré par Ecocert, valable jusqu’au 31\u{a0}mars 2031.",
            "expiré depuis le 30\u{a0}juin 2026",
            "https://annuaire.agencebio.org",
            "le mardi et le jeudi",
            "80\u{a0}€ HT, port offert dès 200\u{a0}€ HT",
            "livre chez vous",
            "lundi 12\u{a0}octobre 2026",
            "Les coordonnées seront montrées aux cantines inscrites",
            "Ferme cachée",
        ] {
            assert!(page.contains(said), "{said} is missing: {page}");
        }
        let far = shown(site, "/annuaire/gaec-des-genets?near_text=Pradelles").await;
        assert!(far.contains("ne livre pas chez vous") && far.contains("de Pradelles"), "{far}");
        let unknown = shown(site, "/annuaire/gaec-des-genets?near_text=Xyzzy").await;
        assert!(unknown.contains("Nous ne connaissons pas de commune «\u{a0}Xyzzy\u{a0}»"), "{unknown}");
    })
    .await;
}

#[tokio::test]
async fn search_engines_are_told_public_facts_and_no_name_breaks_out_of_its_script() {
    let site = filled().await;
    let page = shown(&site, "/annuaire/gaec-des-genets").await;
    let business = &json_ld(&page)["@graph"][0];
    assert_eq!(business["makesOffer"][0]["priceSpecification"]["price"], "4.20");
    assert_eq!(business["address"]["streetAddress"], "Chemin des Planèzes");
    assert_eq!(business["geo"]["latitude"], 45.13579);
    assert_eq!(business["hasCertification"].as_array().unwrap().len(), 1, "only what is proven");
    assert!(page.contains("rel=\"canonical\" href=\"http://127.0.0.1:8080/annuaire/gaec-des-genets\""), "{page}");
    assert!(page.contains("property=\"og:image\" content=\"http://127.0.0.1:8080/assets/pictures/card."), "{page}");
    let hidden = shown(&site, "/annuaire/ferme-cachee").await;
    let business = &json_ld(&hidden)["@graph"][0];
    assert!(business["geo"].is_null() && business["address"]["streetAddress"].is_null(), "{business}");

    let slug = manger_local::suppliers::slug("</script><b>Fournil</b>");
    let wild = shown(&site, &format!("/annuaire/{slug}")).await;
    assert_eq!(json_ld(&wild)["@graph"][0]["name"], "</script><b>Fournil</b>");
    assert!(!wild.contains("<b>Fournil") && !wild.contains("<script>alert"), "{wild}");
}

#[tokio::test]
async fn an_address_in_capitals_leads_to_the_right_one() {
    let site = filled().await;
    let answer = site.browser.get("/annuaire/GAEC-des-Genets?near=43157").send().await;
    answer.assert_status(StatusCode::MOVED_PERMANENTLY);
    answer.assert_header("location", "/annuaire/gaec-des-genets?near=43157");
    site.browser.get("/annuaire/FERME-EN-PAUSE").send().await.assert_status(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_stranger_finds_nothing_of_what_is_not_published() {
    on_each_database(async |site| {
        fill(site).await;
        for slug in ["ferme-en-brouillon", "ferme-en-pause", "ferme-retiree", "nulle-part", "..", "%00", "%3Cb%3E"] {
            for page in ["", "/livraison.geojson", "/signalement", "/signalement/recu"] {
                let (status, body) = read(site, &format!("/annuaire/{slug}{page}")).await;
                assert_eq!(status, StatusCode::NOT_FOUND, "/annuaire/{slug}{page}: {body}");
            }
            let (cookie, token) = opened(site, "gaec-des-genets").await;
            let fields = [("_token", token.as_str()), ("sujet", "other"), ("message", "Bonjour")];
            let path = format!("/annuaire/{slug}/signalement");
            let sent = site.browser.post(path).header("cookie", cookie).form(&fields).send().await;
            sent.assert_status(StatusCode::NOT_FOUND);
        }
        assert!(open_reports(&site.app.db, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn no_page_gives_away_a_hidden_place_or_a_contact() {
    let site = filled().await;
    let mut pages = vec![shown(&site, "/").await, shown(&site, "/annuaire").await];
    for slug in ["gaec-des-genets", "ferme-cachee", "ferme-hors-carte"] {
        for page in ["", "?near=43157", "/livraison.geojson", "/signalement", "/signalement/recu"] {
            pages.push(shown(&site, &format!("/annuaire/{slug}{page}")).await);
        }
    }
    for page in &pages {
        for contact in ["04 65", "0465", "ferme.example", "genets.example"] {
            assert!(!page.contains(contact), "{contact} is shown: {page}");
        }
        for place in ["45.0654", "3.9234", "45.1444", "4.1111", "Combe Secr", "Bout du Monde"] {
            assert!(!page.contains(place), "{place} is shown: {page}");
        }
    }
}

#[tokio::test]
async fn the_delivery_map_holds_public_shapes_only() {
    let site = filled().await;
    let shapes = |text: &str| -> Vec<(String, String)> {
        let collection: Value = serde_json::from_str(text).unwrap();
        let features = collection["features"].as_array().unwrap().clone();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        features.iter().map(|f| (word(&f["properties"]["kind"]), word(&f["geometry"]["type"]))).collect()
    };
    let pair = |kind: &str, shape: &str| (kind.to_owned(), shape.to_owned());
    let exact = shown(&site, "/annuaire/gaec-des-genets/livraison.geojson").await;
    assert_eq!(shapes(&exact), [pair("area", "Polygon"), pair("supplier", "Point")]);
    assert!(exact.contains("3.81357"), "{exact}");
    let off_map = shapes(&shown(&site, "/annuaire/ferme-hors-carte/livraison.geojson").await);
    assert!(off_map.len() == 1 && off_map[0].0 == "area", "the department, no circle, no pin: {off_map:?}");
}

#[tokio::test]
async fn a_listing_from_a_register_says_so_and_can_be_objected_to() {
    let site = filled().await;
    let page = shown(&site, "/annuaire/verger-du-registre").await;
    assert!(page.contains("D’après l’annuaire officiel, fiche non revendiquée"), "{page}");
    let objection = "/annuaire/verger-du-registre/signalement?sujet=objection";
    assert!(page.contains(objection), "{page}");
    assert!(shown(&site, objection).await.contains("value=\"objection\" checked"));
}

/// Names and values of a form.
type Fields<'a> = &'a [(&'a str, &'a str)];

/// What a browser keeps of the form: its cookie and its token.
async fn opened(site: &Site, slug: &str) -> (String, String) {
    let answer = site.browser.get(format!("/annuaire/{slug}/signalement")).send().await.0;
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let page = answer.into_body().into_string().await.unwrap();
    let token = page.split("name=\"_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    (cookie, token)
}

async fn send(site: &Site, fields: Fields<'_>) -> poem::Response {
    let (cookie, token) = opened(site, "gaec-des-genets").await;
    let mut all = vec![("_token", token.as_str())];
    all.extend_from_slice(fields);
    let path = "/annuaire/gaec-des-genets/signalement";
    site.browser.post(path).header("cookie", &cookie).form(&all).send().await.0
}

#[tokio::test]
async fn a_report_is_kept_once_however_often_it_is_sent() {
    on_each_database(async |site| {
        fill(site).await;
        let fields =
            [("sujet", "offers"), ("message", "Plus de poireaux\r\ndepuis mars."), ("courriel", " chef@college.fr ")];
        for _ in 0..2 {
            let answer = send(site, &fields).await;
            assert_eq!(answer.status(), StatusCode::SEE_OTHER);
            assert_eq!(answer.header("location"), Some("/annuaire/gaec-des-genets/signalement/recu"));
        }
        let reports = open_reports(&site.app.db, 10).await.unwrap();
        assert_eq!(reports.len(), 1);
        assert_eq!(reports[0].message, "Produits : Plus de poireaux\ndepuis mars.");
        assert_eq!(reports[0].email.as_deref(), Some("chef@college.fr"));
        assert_eq!(reports[0].created_at, site.app.clock.now());
        let thanks = shown(site, "/annuaire/gaec-des-genets/signalement/recu").await;
        assert!(thanks.contains("Et maintenant"), "{thanks}");
    })
    .await;
}

#[tokio::test]
async fn a_refused_report_keeps_what_was_typed_and_says_what_is_wrong_beside_each_field() {
    let site = filled().await;
    let long = "é".repeat(1_901);
    let cases: [(Fields<'_>, &[&str]); 5] = [
        (&[("message", "Faux <b>prix</b>")], &["Choisissez ce que", "Faux &#60;b&#62;prix"]),
        (&[("sujet", "offers"), ("message", " \n")], &["Dites ce qui est faux", "value=\"offers\" checked"]),
        (&[("sujet", "other"), ("message", "x"), ("courriel", "chef@")], &["n’est pas complète", "value=\"chef@\""]),
        (&[("sujet", "other"), ("message", &long)], &["1\u{202f}901 caractères", &long]),
        (&[("sujet", "other"), ("message", "Achetez"), ("site", "http://x")], &["Un champ caché", "Achetez"]),
    ];
    for (fields, said) in cases {
        let answer = send(&site, fields).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.into_body().into_string().await.unwrap();
        for words in said {
            assert!(page.contains(words), "{words} is missing: {page}");
        }
    }
    let empty = send(&site, &[]).await;
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(open_reports(&site.app.db, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_address_sends_ten_reports_an_hour_and_loses_nothing_with_the_eleventh() {
    let site = filled().await;
    for number in 1..=10 {
        let answer = send(&site, &[("sujet", "other"), ("message", &format!("Erreur {number}"))]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }
    let answer = send(&site, &[("sujet", "other"), ("message", "La onzième")]).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    let page = answer.into_body().into_string().await.unwrap();
    assert!(page.contains("La onzième") && page.contains("Pas encore envoyé"), "{page}");
    assert_eq!(open_reports(&site.app.db, 20).await.unwrap().len(), 10);
}

#[tokio::test]
async fn an_operator_replaces_our_texts_by_theirs_and_the_policy_stays() {
    let site = Site::with(|config| {
        config.texts_dir = Some(config.data_dir.clone());
        config.contact_email = Some("annuaire@departement.example".to_owned());
    })
    .await;
    assert!(shown(&site, "/mentions-legales").await.contains("mailto:annuaire@departement.example"));
    let own = "<html><body><h1>Qui nous sommes</h1><script>alert(1)</script></body></html>";
    std::fs::write(site.folder().join("legal.html"), own).unwrap();
    let answer = site.browser.get("/mentions-legales").send().await;
    let policy = answer.0.header("content-security-policy").unwrap().to_owned();
    assert!(policy.contains("script-src 'self';"), "{policy}");
    let page = answer.0.into_body().into_string().await.unwrap();
    assert!(page.contains("<h1>Qui nous sommes</h1>") && !page.contains("<h1>Mentions légales"), "{page}");
    assert!(page.matches("<body").count() == 1 && page.contains("Manger local"), "{page}");
}

#[tokio::test]
async fn the_charter_is_shown_in_the_demonstration_only() {
    let site = filled().await;
    site.browser.get("/charte").send().await.assert_status(StatusCode::NOT_FOUND);
    assert!(!shown(&site, "/").await.contains("/charte"));
    let demo = Site::with(|config| config.demo = true).await;
    fill(&demo).await;
    let page = shown(&demo, "/charte").await;
    assert!(page.contains("preuve expirée") && page.contains("card supplier"), "{page}");
}

#[tokio::test]
async fn no_page_links_to_nothing() {
    let site = filled().await;
    let mut waiting = vec!["/".to_owned(), "/annuaire/gaec-des-genets?near=43157".to_owned()];
    let mut seen = std::collections::HashSet::new();
    while let Some(path) = waiting.pop() {
        // Filters of the search lead to ever more filters.
        let is_search = path.starts_with("/annuaire?");
        if !seen.insert(path.clone()) || (is_search && seen.len() > 200) {
            continue;
        }
        let (status, page) = read(&site, &path).await;
        assert!(status.is_success() || status.is_redirection(), "{path}: {status}");
        if page.starts_with("<!doctype html>") && !is_search {
            waiting.extend(links(&page));
        }
    }
    assert!(seen.len() > 20, "{seen:?}");
}
