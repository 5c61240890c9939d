//! Where the territory stands, for its organisers.

use chrono::TimeDelta;
use manger_local::canteens::import_registry;
use manger_local::directory::{self, Position};
use manger_local::figures::{forget_old, keep_unanswered};
use manger_local::suppliers::import::{self, Options};
use manger_local::tables::Table;
use poem::http::StatusCode;

use crate::support::{
    Site, browser,
    cast::visit,
    html::Html,
    on_each_database,
    people::{Browser, member, organiser, rows},
};

const PAGE: &str = "/organisation/chiffres";
/// Four published around Le Puy and Brioude and one of Lyon; one paused. Only two certificates can be checked today.
const SUPPLIERS: &str = "Référence;Nom;Type;Code INSEE;Courriel;Provenance;État;Certification 1;Numéro 1;Organisme 1;Valable jusqu'au 1;Fiche confirmée le\n\
    F1;Ferme du Suc;Producteur;43157;suc@suc.example;Démonstration;;Bio;1;Ecocert;31/03/2031;12/01/2027\n\
    F2;Ferme du Bas;Producteur;43157;;;;Bio;;;;02/06/2026\n\
    F3;Ferme de Brioude;Producteur;43040;;;;Bio;3;Ecocert;15/03/2027;02/02/2026\n\
    F4;Boulangerie;Artisan;43040;;;;;;;;\n\
    F5;Loin;Producteur;69123;;;;Label Rouge;5;Certipaq;31/12/2028;02/02/2024\n\
    F6;En vacances;Producteur;43157;;;En pause;Bio;6;Ecocert;31/03/2031;12/01/2027\n";
const OFFERS: &str = "Référence fournisseur;Produit;Famille;Certifications\n\
    F1;Carottes des sables;Fruits et légumes;Bio\n\
    F1;Pommes;Fruits et légumes;Bio\n\
    F2;Carottes;Fruits et légumes;\n\
    F4;Pain de campagne;Boulangerie;\n\
    F6;Carottes;Fruits et légumes;\n";

async fn filled(site: &Site) {
    let options = |file: &str| Options::new(file, site.app.clock.now(), site.app.today());
    let report =
        import::suppliers(&site.app, SUPPLIERS.as_bytes(), &options("fournisseurs.csv"), &mut |_| {}).await.unwrap();
    assert!(report.is_clean(), "{report}");
    import::offers(&site.app, OFFERS.as_bytes(), &options("offres.csv"), &mut |_| {}).await.unwrap();
    directory::step(&site.app, Position::default()).await.unwrap();
    let registry = include_bytes!("../data/cantines-registre.csv");
    import_registry(&site.app, registry, &options("cantines.csv"), &mut |_| {}).await.unwrap();
}

/// Claire, and a cook of Le Puy who looks for carrots and what nobody has.
async fn people(site: &Site) -> (Browser<'_>, Browser<'_>) {
    let claire = organiser(&site.app, &site.browser).await;
    let cook = member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
    let list = "carottes bio 40 kg\nyaourts\nquelque chose";
    let saved = cook.post("/cantine/1", &[("commune_nom", "Le Puy-en-Velay"), ("liste", list)]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    (claire, cook)
}

/// What a section of the page says on a line: its cells.
fn line(page: &Html, section: &str, name: &str) -> Vec<String> {
    let section = page.by_id(section).unwrap_or_else(|| panic!("no section {section}"));
    let rows = page.all("tr").into_iter().filter(|row| page.contains(section, row));
    let row = rows.into_iter().find(|row| row.text.starts_with(name));
    let row = row.unwrap_or_else(|| panic!("no line {name}: {}", section.text));
    page.all("td").into_iter().filter(|cell| page.contains(row, cell)).map(|cell| cell.text.clone()).collect()
}

/// Words searched for as anybody does.
async fn search(site: &Site, words: &str) {
    let query = serde_urlencoded::to_string([("q", words)]).unwrap();
    visit(&site.browser, &format!("/annuaire?{query}")).await;
}

#[tokio::test]
async fn a_small_territory_is_counted_with_what_it_is_out_of() {
    on_each_database(async |site| {
        filled(site).await;
        let (claire, _) = people(site).await;
        let page = claire.get(PAGE).await.page;
        for (name, said) in [
            ("Fournisseurs publiés", "5"),
            ("Fournisseurs locaux", "4 sur 5"),
            ("Fournisseurs avec au moins une certification prouvée", "2 sur 5"),
            ("Fournisseurs avec des certifications seulement déclarées", "2 sur 5"),
            ("Fiches publiées tenues par leur fournisseur", "0 sur 5"),
            ("Cantines inscrites", "1"),
            ("Cantines inscrites qui ont fait leur liste", "1 sur 1"),
            ("Cantines du registre inscrites ici", "0 sur 3"),
        ] {
            assert_eq!(line(&page, "resume", name), [said], "{name}");
        }
        assert_eq!(line(&page, "intercommunalites", "CA du Puy-en-Velay"), ["2 sur 5", "1 sur 1", "1 sur 3"]);
        assert_eq!(line(&page, "intercommunalites", "Hors du territoire"), ["1 sur 5", "0 sur 1", "0 sur 3"]);
        assert_eq!(line(&page, "familles", "Fruits et légumes"), ["2 sur 5", "1 sur 1", "0,5"]);
        assert_eq!(line(&page, "familles", "Produits laitiers"), ["0 sur 5", "1 sur 1", "aucun fournisseur"]);
        assert_eq!(line(&page, "certifications", "Bio"), ["1 sur 5", "1 sur 5", "1 sur 5", "1 sur 1"]);
        assert_eq!(line(&page, "certifications", "Label Rouge"), ["1 sur 5", "0 sur 5", "0 sur 5", "0 sur 1"]);
        for (name, said) in [
            ("Moins de 6 mois", "1 sur 5"),
            ("De 6 à 12 mois", "1 sur 5"),
            ("De 1 à 2 ans", "1 sur 5"),
            ("Plus de 2 ans", "1 sur 5"),
            ("Jamais", "1 sur 5"),
        ] {
            assert_eq!(line(&page, "fraicheur", name), [said], "{name}");
        }
        assert_eq!(line(&page, "etats", "Publiée"), ["5 sur 6", "0 sur 5"]);
        assert_eq!(line(&page, "etats", "En pause"), ["1 sur 6", "0 sur 1"]);
        assert_eq!(line(&page, "manques", "Yaourts"), ["1 sur 1", "0 sur 5", "aucun fournisseur"]);
        assert_eq!(line(&page, "manques", "Carottes"), ["1 sur 1", "2 sur 5", "0,5"]);
        assert!(page.by_id("manques").unwrap().text.contains("1 ligne sur 3"));
        for svg in page.all("svg").iter().filter(|svg| svg.attribute("role") == Some("img")) {
            let named = svg.attribute("aria-labelledby").unwrap();
            assert!(named.split(' ').all(|id| page.by_id(id).is_some_and(|it| !it.text.is_empty())), "{named}");
        }
    })
    .await;
}

#[tokio::test]
async fn messages_are_counted_by_month_with_what_came_of_them() {
    on_each_database(async |site| {
        filled(site).await;
        let (claire, cook) = people(site).await;
        for message in ["Bonjour", "Encore moi", "Et encore"] {
            let fields = [("cantine", "1"), ("message", message)];
            assert_eq!(cook.post("/annuaire/ferme-du-suc/contact", &fields).await.status, StatusCode::SEE_OTHER);
        }
        cook.post("/cantine/1/messages/1", &[("suite", "reponse")]).await;
        cook.post("/cantine/1/messages/2", &[("suite", "travail")]).await;
        let page = claire.get(PAGE).await.page;
        assert_eq!(line(&page, "contacts", "mars 2027"), ["3", "2 sur 3", "1 sur 3", "0 sur 3", "1 sur 3"]);
        assert_eq!(line(&page, "contacts", "avril 2026"), ["0"; 5]);
        assert_eq!(line(&page, "contacts", "12 mois"), ["3", "2 sur 3", "1 sur 3", "0 sur 3", "1 sur 3"]);
        assert!(page.by_id("contacts").unwrap().text.contains("2 réponses sur 3 messages (67 %)"));
        assert_eq!(line(&page, "resume", "Fournisseurs à qui une cantine a écrit"), ["1 sur 5"]);
        assert_eq!(line(&page, "resume", "Cantines inscrites qui ont écrit"), ["1 sur 1"]);
        assert!(!page.texts("main").concat().contains("Encore moi"), "what was written is nobody else's");
    })
    .await;
}

#[tokio::test]
async fn a_search_that_finds_nobody_shows_once_two_asked_for_it_and_never_with_an_address() {
    on_each_database(async |site| {
        filled(site).await;
        let (claire, _) = people(site).await;
        for words in ["Ananas", "jeanne@ferme.example", "jeanne@ferme.example", "06 12 34 56 78", "06 12 34 56 78"] {
            search(site, words).await;
        }
        search(site, "Carottes").await;
        assert!(rows(&site.app, "unanswered_searches").await.is_empty(), "reading writes nothing");
        keep_unanswered(&site.app).await.unwrap();
        let once = claire.get(PAGE).await.page;
        assert!(!once.by_id("recherches").unwrap().text.contains("ananas"), "once is not enough");
        search(site, "ANANAS ").await;
        visit(&site.browser, "/annuaire?q=ananas&page=2").await;
        keep_unanswered(&site.app).await.unwrap();
        keep_unanswered(&site.app).await.unwrap();
        let twice = claire.get(PAGE).await.page;
        assert_eq!(line(&twice, "recherches", "« ananas »"), ["2 sur 2", "0 sur 5"]);
        let kept = rows(&site.app, "unanswered_searches").await.concat();
        let shown = twice.texts("main").concat();
        for secret in ["jeanne", "06 12", "612"] {
            assert!(!kept.contains(secret) && !shown.contains(secret), "{secret}: {kept}");
        }
        assert!(!kept.contains("carotte"), "who was found is not missing: {kept}");
    })
    .await;
}

#[tokio::test]
async fn nodes_that_count_at_once_lose_nothing_and_what_is_old_is_forgotten() {
    on_each_database(async |site| {
        filled(site).await;
        let other = manger_local::app::App::with(
            manger_local::config::Config::clone(&site.app.config),
            site.app.db.clone(),
            site.app.clock.clone(),
            site.app.random.clone(),
        );
        directory::step(&other, Position::default()).await.unwrap();
        let elsewhere = browser(manger_local::routes::site(&other));
        for _ in 0..5 {
            search(site, "ananas").await;
            search(site, "mangue").await;
            visit(&elsewhere, "/annuaire?q=mangue").await;
            visit(&elsewhere, "/annuaire?q=ananas").await;
            let (here, there) = futures_util::future::join(keep_unanswered(&site.app), keep_unanswered(&other)).await;
            assert!(here.is_ok() && there.is_ok(), "{here:?} {there:?}");
        }
        let claire = organiser(&site.app, &site.browser).await;
        let page = claire.get(PAGE).await.page;
        assert_eq!(line(&page, "recherches", "« ananas »")[0], "10 sur 20");
        for (days, left) in [(365 * 2, 2), (31, 0)] {
            site.app.clock.advance(TimeDelta::days(days));
            let txn = site.app.write().await.unwrap();
            forget_old(&txn, site.app.today()).await.unwrap();
            txn.commit().await.unwrap();
            assert_eq!(rows(&site.app, "unanswered_searches").await.len(), left, "{days} days later");
        }
    })
    .await;
}

#[tokio::test]
async fn the_files_hold_the_numbers_of_the_page() {
    on_each_database(async |site| {
        filled(site).await;
        let (claire, _) = people(site).await;
        let page = claire.get(PAGE).await.page;
        let csv = claire.bytes("/organisation/chiffres.csv").await;
        assert!(String::from_utf8_lossy(&csv).starts_with("\u{feff}Tableau;Ligne;Mesure;Nombre;Sur\r\n"));
        let read = |bytes: &[u8]| -> Vec<Vec<String>> {
            let table = Table::read(bytes).unwrap();
            table
                .rows()
                .map(|row| (0..5).map(|at| row.cells.get(at).unwrap_or_default().to_owned()).collect())
                .collect()
        };
        let lines = read(&csv);
        let xlsx = read(&claire.bytes("/organisation/chiffres.xlsx").await);
        let with_commas = |mut line: Vec<String>| {
            line[3] = line[3].replace('.', ",");
            line
        };
        assert_eq!(lines, xlsx.into_iter().map(with_commas).collect::<Vec<_>>());
        let mut compared = 0;
        for (title, id) in
            [("En bref", "resume"), ("Par famille de produits", "familles"), ("Par certification", "certifications")]
        {
            for cells in lines.iter().filter(|cells| cells[0] == title) {
                let shown = line(&page, id, &cells[1]);
                let said = match (cells[3].as_str(), cells[4].as_str()) {
                    ("", _) => {
                        shown.iter().find(|cell| ["–", "aucun fournisseur"].contains(&cell.as_str())).unwrap().clone()
                    }
                    (count, "") => count.to_owned(),
                    (count, all) => format!("{count} sur {all}"),
                };
                assert!(shown.contains(&said), "{cells:?} {shown:?}");
                compared += 1;
            }
        }
        assert!(compared > 30, "{compared}");
    })
    .await;
}

#[tokio::test]
async fn a_fresh_territory_has_a_page_too_and_others_have_none() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let page = claire.get(PAGE).await.page;
        assert!(page.all("table").is_empty() && page.all(".chart").is_empty());
        assert!(page.by_id("contacts").unwrap().text.contains("Aucune cantine n’a écrit"));
        assert!(claire.get("/mon-espace").await.page.link("Chiffres du territoire") == PAGE);
        let cook = member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
        let stranger = Browser::new(&site.browser);
        for path in [PAGE, "/organisation/chiffres.csv", "/organisation/chiffres.xlsx"] {
            assert_eq!(claire.get(path).await.cache.as_deref(), Some("private, no-store"), "{path}");
            assert_eq!(cook.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
            assert!(stranger.get(path).await.location.is_some_and(|to| to.starts_with("/connexion")), "{path}");
        }
    })
    .await;
}
