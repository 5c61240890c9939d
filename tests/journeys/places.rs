//! An operator betters the gazetteer: points of communes, outlines of perimeters.

use manger_local::places::{Places, Point, import};
use manger_local::tables::Report;

use crate::support::{Site, on_each_database};

const POINTS: &str = r#"[
    {"nom": "Le Puy-en-Velay", "code": "43157", "centre": {"type": "Point", "coordinates": [3.8897, 45.0398]}},
    {"nom": "Saugues", "code": 43234, "mairie": {"type": "Point", "coordinates": [3.5478, 44.9604]}},
    {"nom": "Yssingeaux", "code": "43268", "centre": {"type": "Point", "coordinates": [45.1341, 4.1247]}},
    {"nom": "Nulle part", "code": "43999", "centre": {"type": "Point", "coordinates": [3.9, 45.0]}},
    {"nom": "Brioude", "code": "43040"},
    {"nom": "Le Puy-en-Velay", "code": "43157", "centre": {"type": "Point", "coordinates": [3.9, 45.0]}}
]"#;

async fn points(site: &Site, text: &str, dry_run: bool) -> Report {
    import::communes(&site.app, text.as_bytes(), "communes.json", dry_run).await.unwrap()
}

async fn outlines(site: &Site, text: &str, dry_run: bool) -> Report {
    import::outlines(&site.app, text.as_bytes(), "contours.geojson", dry_run).await.unwrap()
}

fn counts(report: &Report) -> [usize; 5] {
    [report.read, report.created, report.updated, report.unchanged, report.refused]
}

async fn point_of(site: &Site, code: &str) -> Option<Point> {
    Places::load(&site.app.db).await.unwrap().commune(code)?.point
}

#[tokio::test]
async fn better_points_are_taken_and_every_wrong_one_is_named() {
    on_each_database(async |site| {
        let before = point_of(site, "43157").await;
        let trial = points(site, POINTS, true).await;
        assert_eq!(counts(&trial), [6, 2, 0, 0, 4]);
        assert_eq!(point_of(site, "43157").await, before, "a trial writes nothing");

        let report = points(site, POINTS, false).await;
        assert_eq!(counts(&report), [6, 2, 0, 0, 4]);
        assert_eq!(point_of(site, "43157").await, Point::new(45.0398, 3.8897));
        assert_eq!(point_of(site, "43234").await, Point::new(44.9604, 3.5478));
        insta::assert_snapshot!("report_on_points", report.to_string());
    })
    .await;
}

#[tokio::test]
async fn the_same_points_again_change_nothing_and_a_new_one_replaces() {
    on_each_database(async |site| {
        points(site, POINTS, false).await;
        assert_eq!(counts(&points(site, POINTS, false).await), [6, 0, 0, 2, 4]);
        let table = "insee_code;lat;lon\n43157;45,0400;3,8900\n43234;44.9604;3.5478\n43040;91;3,4\n";
        let report = points(site, table, false).await;
        assert_eq!(counts(&report), [3, 0, 1, 1, 1]);
        assert_eq!((report.problems[0].line, report.problems[0].column.as_str()), (4, "lat"));
        assert_eq!(point_of(site, "43157").await, Point::new(45.04, 3.89));
    })
    .await;
}

/// A square, in degrees.
fn square(west: f64, south: f64, side: f64) -> String {
    let (east, north) = (west + side, south + side);
    format!(
        r#"{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}"#
    )
}

fn feature(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

#[tokio::test]
async fn an_imported_outline_takes_the_place_of_the_drawn_one() {
    on_each_database(async |site| {
        let velay = site.app.places.perimeter("epci:200073419").unwrap();
        let shown = async || site.app.places.outline(&site.app.db, &velay).await.unwrap().unwrap();
        assert!(shown().await.contains(r#""source":"approximate""#));
        let file = collection(&[
            feature(r#""code":"200073419","nom":"CA du Puy-en-Velay""#, &square(3.4, 44.7, 0.9)),
            feature(r#""kind":"department","code":"43","name":"Haute-Loire""#, &square(44.7, 3.4, 0.9)),
            feature(r#""kind":"epci","code":"123456789""#, &square(3.4, 44.7, 0.9)),
            feature(r#""kind":"commune","code":"43157""#, r#"{"type":"Point","coordinates":[3.9,45.0]}"#),
            feature(r#""code":"200073419""#, &square(3.4, 44.7, 0.9)),
        ]);
        assert_eq!(counts(&outlines(site, &file, true).await), [5, 1, 0, 0, 4]);
        assert!(shown().await.contains(r#""source":"approximate""#), "a trial writes nothing");

        let report = outlines(site, &file, false).await;
        assert_eq!(counts(&report), [5, 1, 0, 0, 4]);
        insta::assert_snapshot!("report_on_outlines", report.to_string());
        insta::assert_snapshot!("outline", shown().await.to_string());
        assert_eq!(counts(&outlines(site, &file, false).await), [5, 0, 0, 1, 4]);

        let wider = collection(&[feature(r#""code":"200073419""#, &square(3.3, 44.6, 1.1))]);
        assert_eq!(counts(&outlines(site, &wider, false).await), [1, 0, 1, 0, 0]);
    })
    .await;
}

#[tokio::test]
async fn a_file_of_another_kind_is_refused_with_what_was_expected() {
    let site = Site::new().await;
    for (text, expected) in [
        ("{\"type\":\"Topology\"}", "FeatureCollection"),
        ("[{\"code\":", "ne se lit pas"),
        ("nom;code postal\nSaugues;43170\n", "insee_code"),
    ] {
        let error = import::communes(&site.app, text.as_bytes(), "f", false).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    let error = import::outlines(&site.app, b"code;nom\n43;Haute-Loire\n", "f", false).await.unwrap_err();
    assert!(error.to_string().contains("JSON"), "{error}");
}
