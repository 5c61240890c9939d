//! The search keeps its contract: one and the same offer, facets, places, pages, caching.

use poem::http::StatusCode;
use serde_json::{Value, json};

use super::cast::{fill, found, get, references};
use crate::support::{Site, on_each_database};

#[tokio::test]
async fn filters_and_words_hold_on_one_and_the_same_offer() {
    on_each_database(async |site| {
        fill(site).await;
        assert_eq!(found(site, "certification=organic&product=lait").await, ["DEUX"]);
        // The honey of the same farm is not organic, and is not sold in January.
        assert_eq!(found(site, "certification=organic&q=miel").await, [""; 0]);
        assert_eq!(found(site, "month=1&q=miel").await, [""; 0]);
        assert_eq!(found(site, "month=6&q=miel").await, ["DEUX"]);
        // Declared without number or body: not proven.
        assert_eq!(found(site, "certification=organic&q=carottes").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn values_of_one_parameter_are_alternatives_and_parameters_combine() {
    let site = Site::new().await;
    fill(&site).await;
    let either = found(&site, "family=BOULANGERIE&family=PRODUITS_LAITIERS&sort=name").await;
    assert_eq!(either.len(), 2, "{either:?}");
    assert_eq!(found(&site, "family=BOULANGERIE&kind=producer").await, [""; 0]);
    assert_eq!(found(&site, "kind=craft_producer").await, ["FORMULE"]);
}

#[tokio::test]
async fn facets_count_what_is_found_and_certification_counts_proof_only() {
    on_each_database(async |site| {
        fill(site).await;
        let answer = get(site, "/api/v1/suppliers").await;
        assert_eq!(answer["total"], 5);
        let facets = &answer["facets"];
        assert_eq!(
            facets["family"],
            json!({"FRUITS_ET_LEGUMES": 3, "BOULANGERIE": 1, "PRODUITS_LAITIERS": 1, "AUTRES": 1})
        );
        assert_eq!(facets["certification"], json!({"organic": 2}));
        assert_eq!(facets["kind"], json!({"producer": 4, "craft_producer": 1}));
    })
    .await;
}

#[tokio::test]
async fn a_place_measures_limits_and_orders() {
    let site = Site::new().await;
    fill(&site).await;
    let near = found(&site, "near=43157").await;
    assert_eq!(near.len(), 5);
    assert_eq!(near.last().unwrap(), "HORS-CARTE", "Brioude is the farthest: {near:?}");
    assert_eq!(found(&site, "near=43157&radius_km=5&sort=name").await.len(), 2);
    assert_eq!(found(&site, "near=43157&delivers_to=true").await, ["LENTILLES"]);
    assert_eq!(found(&site, "perimeter=department:43").await.len(), 5);
    assert_eq!(found(&site, "perimeter=department:07").await, [""; 0]);
    assert_eq!(found(&site, "bbox=3.8,45.0,4.0,45.1").await.len(), 2);
    let answer = get(&site, "/api/v1/suppliers?q=carottes+yssingeaux").await;
    assert_eq!(answer["understood"]["commune"]["code"], "43268");
    assert_eq!(references(&answer)[0], "CACHEE");
}

#[tokio::test]
async fn a_polygon_holds_the_public_points_inside_it() {
    let site = Site::new().await;
    fill(&site).await;
    let ask = async |body: Value| {
        let answer = site.browser.post("/api/v1/suppliers/search").body_json(&body).send().await;
        let status = answer.0.status();
        (status, answer.0.into_body().into_json::<Value>().await.unwrap())
    };
    let square = json!([[[3.8, 45.0], [4.0, 45.0], [4.0, 45.1], [3.8, 45.1], [3.8, 45.0]]]);
    let (status, answer) = ask(json!({ "polygon": { "type": "Polygon", "coordinates": square } })).await;
    assert_eq!((status, &answer["total"]), (StatusCode::OK, &json!(2)));
    let (status, answer) =
        ask(json!({ "q": "lentilles", "polygon": { "type": "MultiPolygon", "coordinates": [square] } })).await;
    assert_eq!((status, references(&answer)), (StatusCode::OK, vec!["LENTILLES".to_owned()]));
    for wrong in [
        json!({ "type": "Point", "coordinates": [3.8, 45.0] }),
        json!({ "type": "Polygon", "coordinates": [[[3.8, 45.0], [4.0, 45.0]]] }),
        json!({ "type": "Polygon", "coordinates": [[[3.8, 450.0], [4.0, 45.0], [4.0, 45.1], [3.8, 450.0]]] }),
        json!("Le Puy"),
    ] {
        let (status, problem) = ask(json!({ "polygon": wrong })).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(problem["detail"].as_str().unwrap().contains("polygon"), "{problem}");
    }
    let (status, problem) = ask(json!({ "near": "99999" })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(problem["detail"].as_str().unwrap().contains("near"), "{problem}");
    assert_eq!(ask(json!({ "colour": "green" })).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_not_understood_is_refused_by_name() {
    let site = Site::new().await;
    fill(&site).await;
    for (query, name) in [
        ("near=99999", "near"),
        ("near=Brioude", "near"),
        ("lat=91&lon=3", "lat"),
        ("lat=45", "lat"),
        ("radius_km=-3&near=43157", "radius_km"),
        ("radius_km=NaN&near=43157", "radius_km"),
        ("perimeter=region:84", "perimeter"),
        ("bbox=1,2,3", "bbox"),
        ("delivers_to=perhaps", "delivers_to"),
        ("family=LEGUMES", "family"),
        ("product=dragon", "product"),
        ("certification=bio", "certification"),
        ("kind=farm", "kind"),
        ("month=13", "month"),
        ("sort=price", "sort"),
        ("page=0", "page"),
        ("page=99999999999999999999", "page"),
        ("per_page=101", "per_page"),
        ("without=everything", "without"),
    ] {
        for path in ["/api/v1/suppliers", "/api/v1/suppliers.geojson"] {
            let answer = site.browser.get(format!("{path}?{query}")).send().await;
            answer.assert_status(StatusCode::BAD_REQUEST);
            answer.assert_content_type("application/problem+json");
            let problem: Value = answer.0.into_body().into_json().await.unwrap();
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.starts_with(&format!("{name} = ")), "{query}: {detail}");
        }
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_end() {
    let site = Site::new().await;
    fill(&site).await;
    let mut all = found(&site, "per_page=2&page=1&sort=name").await;
    all.extend(found(&site, "per_page=2&page=2&sort=name").await);
    all.extend(found(&site, "per_page=2&page=3&sort=name").await);
    assert_eq!(all, found(&site, "per_page=100&sort=name").await);
    let beyond = get(&site, "/api/v1/suppliers?per_page=2&page=4").await;
    assert_eq!((&beyond["total"], &beyond["hits"]), (&json!(5), &json!([])));
}

#[tokio::test]
async fn an_answer_that_is_still_true_is_not_sent_again() {
    let site = Site::new().await;
    fill(&site).await;
    for path in ["/api/v1/suppliers/LENTILLES", "/api/v1/suppliers.geojson?q=lentilles", "/api/v1/products"] {
        let tag = site.browser.get(path).send().await.0.header("etag").unwrap().to_owned();
        let again = site.browser.get(path).header("if-none-match", &tag).send().await;
        again.assert_status(StatusCode::NOT_MODIFIED);
        again.assert_text("").await;
    }
}

#[tokio::test]
async fn a_supplier_is_read_by_its_reference_and_only_when_public() {
    on_each_database(async |site| {
        fill(site).await;
        let supplier = get(site, "/api/v1/suppliers/LENTILLES").await;
        assert_eq!(supplier["certifications"][0]["state"], "proven");
        assert_eq!(supplier["delivery"]["days"], json!(["monday", "thursday"]));
        for unknown in ["NOBODY", "%00", "%FF%FE", "a%2Fb", "%F0%9F%A5%95", &"x".repeat(10_000)] {
            let answer = site.browser.get(format!("/api/v1/suppliers/{unknown}")).send().await;
            assert!(answer.0.status().is_client_error(), "{unknown}: {}", answer.0.status());
            answer.assert_content_type("application/problem+json");
        }
    })
    .await;
}

#[tokio::test]
async fn names_and_codes_are_found_while_typing() {
    let site = Site::new().await;
    fill(&site).await;
    let suggestions = get(&site, "/api/v1/suggestions?q=lentil").await;
    assert_eq!(suggestions[0]["kind"], "product", "{suggestions}");
    let communes = get(&site, "/api/v1/communes?q=le+puy").await;
    assert_eq!(communes[0]["code"], "43157");
    assert!(get(&site, "/api/v1/products").await.as_array().unwrap().len() > 300);
    assert_eq!(get(&site, "/api/v1/suggestions").await, json!([]));
}
