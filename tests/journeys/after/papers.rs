//! What organisers make of it: the report and the sheets that say who was there; what a person takes away of her own words.

use std::io::Read;

use manger_local::tables::Table;
use poem::http::StatusCode;

use super::{Cast, day, main_of, page, say, sql};
use crate::editions::{DESK, PAGE};
use crate::support::{
    Site,
    html::Html,
    on_each_database,
    people::{Browser, rows},
};

/// The lines of all tables, cells apart.
fn lines_of(page: &Html) -> Vec<String> {
    let cells = |row| {
        let inside = page.elements.iter().filter(move |one| page.contains(row, one));
        inside.filter(|one| matches!(one.name.as_str(), "th" | "td")).map(|one| one.text.clone()).collect::<Vec<_>>()
    };
    page.all("tr").into_iter().map(|row| cells(row).join(" | ")).collect()
}

#[tokio::test]
async fn the_report_counts_what_both_sides_said_and_names_nobody() {
    on_each_database(async |site| {
        let Cast { claire, cook, chef, grower, baker } = day(site, "closed").await;
        let empty = main_of(&claire, &format!("{DESK}/bilan")).await;
        assert!(empty.contains("Bilan provisoire") && empty.contains("Rendez-vous au planning3"), "{empty}");
        say(&cook, 1, 13, &[("suite", "commande")]).await;
        say(&grower, 3, 11, &[("suite", "devis")]).await;
        // One says they did not meet and the other that they did: they did.
        say(&cook, 1, 14, &[("suite", "pas-tenu")]).await;
        say(&baker, 4, 11, &[("suite", "contact")]).await;
        say(&chef, 2, 13, &[("suite", "pas-tenu")]).await;
        cook.post(&format!("{PAGE}/livraisons/1/rendez-vous/13"), &[("livre", "oui")]).await;
        let review = [("satisfaction", "5"), ("mot", "Bravo à tous")];
        let given = cook.post(&format!("{}/avis", page(1)), &review).await;
        assert_eq!(given.location, Some(format!("{}?fait=avis", page(1))));
        grower.post(&format!("{}/avis", page(3)), &[("satisfaction", "4")]).await;
        let drawn = claire.get(&format!("{DESK}/bilan")).await.page;
        let lines = lines_of(&drawn);
        for line in [
            "Cantines venues, sur les inscrites | 1 sur 2",
            "Rencontres souhaitées par l’un ou l’autre | 4",
            "Rencontres souhaitées des deux côtés | 1 sur 4",
            "Rendez-vous tenus | 2 sur 3",
            "Rendez-vous manqués | 1 sur 3",
            "Rendez-vous suivis d’une livraison | 1 sur 3",
            "Avis donnés | 2 sur 4",
            "Satisfaction moyenne, de 1 à 5 | 4,5",
            "1er souhait | 1 sur 2 | 1 sur 1",
            "2e souhait | 1 sur 2 | 0",
            "Commande | 1 sur 3 | 0 sur 3",
            "Devis | 0 sur 3 | 1 sur 3",
            "N’a pas eu lieu | 2 sur 3 | 0 sur 3",
            "Pas encore noté | 0 sur 3 | 1 sur 3",
            "Une livraison a suivi | 1 sur 1 | 0 sur 2",
        ] {
            assert!(lines.iter().any(|known| known == line), "{line}: {lines:#?}");
        }
        let report = drawn.texts("main").concat();
        assert!(report.contains("Bravo à tous"), "{report}");
        for name in ["Collège des Hauts", "Ferme du Suc", "Personne 1"] {
            assert!(!report.contains(name), "no name stands in it: {name}");
        }
        let trace = String::from_utf8(claire.bytes(&format!("{DESK}/bilan.csv")).await).unwrap();
        assert!(trace.contains("Collège des Hauts;Ferme du Suc;16/03/2027;09:30;Table 1;oui"), "{trace}");
        assert!(trace.contains("Lycée du Bas;Ferme du Suc;16/03/2027;09:42;Table 2;non"), "{trace}");
        assert!(!trace.contains("commande") && !trace.contains("order"), "what came of it is nobody’s");
        let workbook = claire.bytes(&format!("{DESK}/bilan.xlsx")).await;
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&workbook)).unwrap();
        let mut names = String::new();
        zip.by_name("xl/workbook.xml").unwrap().read_to_string(&mut names).unwrap();
        for sheet in ["Chiffres", "Invitations", "Inscrits", "Qui a rencontré qui"] {
            assert!(names.contains(sheet), "{names}");
        }
        assert!(Table::read(&workbook).unwrap().rows().count() > 20);
        sql(site, "UPDATE editions SET state = 'followed_up'").await;
        assert!(!main_of(&claire, &format!("{DESK}/bilan")).await.contains("Bilan provisoire"));
    })
    .await;
}

/// The desk at the door notes something of a participant.
async fn at_the_door(site: &Site, participant: i64, state: &str) {
    let at = "2027-03-16 08:00:00+00:00";
    sql(site, &format!("DELETE FROM presences WHERE participant_id = {participant}")).await;
    let row =
        format!("INSERT INTO presences (participant_id, state, changed_at) VALUES ({participant}, '{state}', '{at}')");
    sql(site, &row).await;
}

#[tokio::test]
async fn what_the_desk_noted_says_who_came_and_who_did_not() {
    on_each_database(async |site| {
        let Cast { claire, cook, chef, grower, baker } = day(site, "closed").await;
        let figure = async |name: &str| {
            let lines = lines_of(&claire.get(&format!("{DESK}/bilan")).await.page);
            lines.into_iter().find_map(|line| line.strip_prefix(&format!("{name} | ")).map(str::to_owned))
        };
        let sheet = async |browser: &Browser<'_>, organisation: i64| {
            browser.get(&format!("{PAGE}/attestation/{organisation}")).await.page.all("article").len()
        };
        assert_eq!(figure("Fournisseurs venus, sur les inscrits").await.as_deref(), Some("2 sur 2"));
        assert_eq!(figure("Inscrits notés absents à l’accueil").await, None, "no desk, no line");
        // Absent: her appointment is missed though nobody says so, hers alone.
        at_the_door(site, 14, "no_show").await;
        assert_eq!(figure("Fournisseurs venus, sur les inscrits").await.as_deref(), Some("1 sur 2"));
        assert_eq!(figure("Inscrits notés absents à l’accueil").await.as_deref(), Some("1 sur 4"));
        assert_eq!(figure("Rendez-vous manqués").await.as_deref(), Some("1 sur 3"));
        assert_eq!((sheet(&baker, 4).await, sheet(&cook, 1).await, sheet(&grower, 3).await), (0, 1, 1));
        assert!(main_of(&claire, &format!("{DESK}/suites")).await.contains("absent"));
        // What the two say of an appointment stands above it; she stays a no-show.
        say(&cook, 1, 14, &[("suite", "contact")]).await;
        assert_eq!(figure("Rendez-vous manqués").await.as_deref(), Some("0 sur 3"));
        assert_eq!(sheet(&baker, 4).await, 0);
        // Arrived: she came, though her only appointment fell through.
        at_the_door(site, 12, "arrived").await;
        say(&chef, 2, 13, &[("suite", "pas-tenu")]).await;
        assert_eq!(sheet(&chef, 2).await, 1);
        let drawn = main_of(&chef, &format!("{PAGE}/attestation/2")).await;
        assert!(!drawn.contains("y a eu"), "{drawn}");
        // The desk welcomes: of whom it is silent, somebody must say that they met.
        assert_eq!((sheet(&cook, 1).await, sheet(&grower, 3).await), (1, 0), "the cook says that she met somebody");
        say(&grower, 3, 11, &[("suite", "rien")]).await;
        assert_eq!(sheet(&grower, 3).await, 1);
        assert_eq!(figure("Cantines venues, sur les inscrites").await.as_deref(), Some("2 sur 2"));
    })
    .await;
}

#[tokio::test]
async fn the_report_keeps_the_trace_of_who_was_invited() {
    on_each_database(async |site| {
        let Cast { claire, .. } = day(site, "closed").await;
        let none = claire.get(&format!("{DESK}/bilan")).await.page;
        assert!(lines_of(&none).contains(&"Inscrits sans avoir été invités | 2 | 2 | 0".to_owned()));
        for (organisation, name, side, way) in [
            ("1", "Collège des Hauts", "'canteen'", "mail"),
            ("1", "Collège des Hauts", "'canteen'", "telephone"),
            ("3", "Ferme du Suc", "'supplier'", "mail"),
            ("NULL", "Moulin d’Ance", "'supplier'", "letter"),
            ("NULL", "Journal officiel", "NULL", "notice"),
        ] {
            sql(site, &format!(
                "INSERT INTO edition_invitations (edition_id, organisation_id, name, side, way, invited_on, people, noted_at)
                 VALUES (1, {organisation}, '{name}', {side}, '{way}', '2027-02-01', 0, '2027-02-01 08:00:00+00:00')"
            )).await;
        }
        let drawn = claire.get(&format!("{DESK}/bilan")).await.page;
        let lines = lines_of(&drawn);
        for line in [
            "Invités | 1 | 2 | 1",
            "Invités par courriel | 1 | 1 | 0",
            "Invités par courrier postal | 0 | 1 | 0",
            "Invités par téléphone | 1 | 0 | 0",
            "Invités par une annonce | 0 | 0 | 1",
            "Réponse : inscrit | 1 | 1 | 0",
            "Réponse : hors du site | 0 | 1 | 1",
            "Inscrits sans avoir été invités | 1 | 1 | 0",
        ] {
            assert!(lines.iter().any(|known| known == line), "{line}: {lines:#?}");
        }
        assert!(!drawn.texts("main").concat().contains("Moulin d’Ance"), "no name stands in it");
        let workbook = claire.bytes(&format!("{DESK}/bilan.xlsx")).await;
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&workbook)).unwrap();
        let mut strings = String::new();
        zip.by_name("xl/sharedStrings.xml").unwrap().read_to_string(&mut strings).unwrap();
        for words in ["Moulin d’Ance", "par courrier postal", "Invité le", "Noté à l’accueil"] {
            assert!(strings.contains(words), "{words}: {strings}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_was_there_gets_a_sheet_that_says_so() {
    on_each_database(async |site| {
        let Cast { claire, cook, chef, grower, .. } = day(site, "running").await;
        let sheet = |organisation: i64| format!("{PAGE}/attestation/{organisation}");
        assert!(main_of(&cook, &sheet(1)).await.contains("une fois la rencontre terminée"));
        sql(site, "UPDATE editions SET state = 'closed'").await;
        sql(site, "INSERT INTO representatives (participant_id, number, name) VALUES (11, 2, 'Paul Roche')").await;
        let drawn = cook.get(&sheet(1)).await.page;
        assert_eq!(drawn.all("article").len(), 2, "one for each person");
        let said = drawn.texts("article").concat();
        for words in [
            "Personne 1",
            "Paul Roche",
            "Collège des Hauts",
            "Rencontre du Velay",
            "mardi 16 mars 2027",
            "2 rendez-vous",
        ] {
            assert!(said.contains(words), "{words}: {said}");
        }
        say(&chef, 2, 13, &[("suite", "pas-tenu")]).await;
        assert!(main_of(&chef, &sheet(2)).await.contains("aucun rendez-vous n’a été tenu"));
        let all = claire.get(&format!("{DESK}/attestations")).await.page;
        assert_eq!(all.all("article").len(), 4, "all but the one who was not there");
        assert_eq!(grower.get(&sheet(1)).await.status, StatusCode::NOT_FOUND, "of another");
    })
    .await;
}

#[tokio::test]
async fn what_a_person_wrote_is_given_to_her_and_goes_with_her() {
    on_each_database(async |site| {
        let Cast { cook, grower, .. } = day(site, "closed").await;
        say(&cook, 1, 13, &[("suite", "devis"), ("note", "Rappeler Julie lundi")]).await;
        say(&grower, 3, 11, &[("suite", "devis"), ("note", "Vu la cuisinière")]).await;
        cook.post(&format!("{}/avis", page(1)), &[("satisfaction", "3"), ("mot", "Trop de bruit")]).await;
        let file = cook.bytes("/mon-espace/donnees/export.zip").await;
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
        let mut json = String::new();
        zip.by_name("donnees.json").unwrap().read_to_string(&mut json).unwrap();
        assert!(json.contains("Rappeler Julie lundi") && json.contains("Trop de bruit"), "{json}");
        assert!(!json.contains("Vu la cuisinière"), "not what others wrote");
        let gone = cook.post("/mon-espace/donnees/effacement", &[("compris", "oui")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{:?}", gone.page.texts("main"));
        let outcomes = rows(&site.app, "outcomes").await.concat();
        assert!(!outcomes.contains("Julie") && outcomes.contains("Vu la cuisinière"), "{outcomes}");
        assert_eq!(outcomes.matches("quote").count(), 2, "what came of it stays");
        assert!(!rows(&site.app, "reviews").await.concat().contains("bruit"));
    })
    .await;
}
