//! Contacts, hidden places and drafts leave by no door.

use std::io::Cursor;

use calamine::{Reader, Xlsx};
use poem::http::StatusCode;

use super::cast::{fill, get};
use crate::support::{Site, on_each_database};

/// Every public way out.
const DOORS: [&str; 12] = [
    "/annuaire",
    "/annuaire?view=map",
    "/annuaire?view=print",
    "/annuaire.csv",
    "/annuaire.geojson",
    "/annuaire/ferme-cachee",
    "/annuaire/ferme-hors-de-la-carte",
    "/recherche/integree",
    "/api/v1/suppliers?per_page=100",
    "/api/v1/suppliers.geojson",
    "/api/v1/suppliers/CACHEE",
    "/api/v1/suppliers/HORS-CARTE",
];

async fn text(site: &Site, path: &str) -> String {
    let answer = site.browser.get(path.to_owned()).send().await;
    assert_eq!(answer.0.status(), StatusCode::OK, "{path}");
    String::from_utf8_lossy(&answer.0.into_body().into_bytes().await.unwrap()).into_owned()
}

/// The cells of the workbook.
async fn cells(site: &Site) -> String {
    let answer = site.browser.get("/annuaire.xlsx").send().await;
    let bytes = answer.0.into_body().into_bytes().await.unwrap();
    let mut workbook = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let range = workbook.worksheet_range("Fournisseurs").unwrap();
    range
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(";"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// None of the doors lets any of `secrets` out.
async fn no_door_shows(site: &Site, secrets: &[&str]) {
    let mut out = vec![cells(site).await];
    for door in DOORS {
        out.push(text(site, door).await);
    }
    for text in out {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[tokio::test]
async fn contacts_leave_by_no_door() {
    on_each_database(async |site| {
        fill(site).await;
        no_door_shows(site, &["047100000", "04 71 00 00", "secret.example"]).await;
    })
    .await;
}

#[tokio::test]
async fn a_hidden_place_leaves_by_no_door_and_no_distance_tells_it() {
    on_each_database(async |site| {
        fill(site).await;
        no_door_shows(site, &["45.1999", "4.1999", "45.3999", "3.3999", "45,1999", "Introuvable", "Chemin Perdu"])
            .await;
        // From a point beside the hidden farm, the distance is that of its commune.
        let near = get(site, "/api/v1/suppliers?q=carottes&lat=45.1999&lon=4.1999&sort=distance").await;
        let hit = near["hits"].as_array().unwrap().iter().find(|hit| hit["reference"] == "CACHEE").unwrap();
        let commune = site.app.places.commune("43268").unwrap().point.unwrap();
        let from_commune = commune.distance_km(manger_local::places::Point { lat: 45.1999, lon: 4.1999 });
        assert!((hit["distance_km"].as_f64().unwrap() - from_commune).abs() < 0.02, "{hit}");
        assert_eq!(get(site, "/api/v1/suppliers?q=carottes&lat=45.1999&lon=4.1999&radius_km=1").await["total"], 0);
        assert_eq!(get(site, "/api/v1/suppliers?bbox=4.19,45.19,4.21,45.21").await["total"], 0);
    })
    .await;
}

#[tokio::test]
async fn who_is_not_on_the_map_is_not_on_the_map() {
    on_each_database(async |site| {
        fill(site).await;
        for path in ["/annuaire.geojson", "/api/v1/suppliers.geojson"] {
            let map = get(site, path).await;
            assert_eq!(map["total"], 5);
            let features = map["features"].as_array().unwrap();
            assert_eq!(features.len(), 4, "{map}");
            assert!(features.iter().all(|feature| feature["properties"]["reference"] != "HORS-CARTE"));
        }
        let supplier = get(site, "/api/v1/suppliers/HORS-CARTE").await;
        assert!(supplier.get("lat").is_none_or(serde_json::Value::is_null), "{supplier}");
    })
    .await;
}

#[tokio::test]
async fn no_cell_of_the_table_is_a_formula() {
    on_each_database(async |site| {
        fill(site).await;
        let table = text(site, "/annuaire.csv?sort=name").await;
        assert!(table.starts_with("\u{feff}Nom;Type;Commune;Code postal;"), "{table}");
        let rows = table.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(rows.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 5);
        assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{table}");
        assert!(rows.iter().any(|row| row[0].starts_with("'=HYPERLINK") && row[6].starts_with("'+Pain")), "{table}");
        let workbook = cells(site).await;
        assert!(workbook.contains("=HYPERLINK("), "a text is kept as it is: {workbook}");
    })
    .await;
}

#[tokio::test]
async fn a_file_holds_all_that_was_found_under_a_name_that_says_what() {
    let site = Site::new().await;
    fill(&site).await;
    let answer = site.browser.get("/annuaire.csv?q=carottes&near=43268&per_page=1&page=2").send().await;
    answer.assert_header(
        "content-disposition",
        "attachment; filename=\"fournisseurs-carottes-yssingeaux-2027-03-16.csv\"",
    );
    let table = answer.0.into_body().into_string().await.unwrap();
    assert!(table.contains("Ferme cachée") && table.contains("Ferme hors de la carte"), "{table}");
    let refused = site.browser.get("/annuaire.csv?family=LEGUMES").send().await;
    refused.assert_status(StatusCode::BAD_REQUEST);
}
