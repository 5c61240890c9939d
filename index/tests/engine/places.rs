//! Where: radius, box, polygon, perimeter, delivery, and the commune among the words.

use index::codes::Sense;
use index::geo::{Bounds, Point, Polygon};
use index::request::Origin;
use index::{Delivery, Listing, Request};

use crate::support::{Farm, all, asking, farm, ids, index, origin, point_of, sorted};

fn everywhere() -> Vec<Listing> {
    let communes = [(1, "43157"), (2, "43040"), (3, "43137"), (4, "69123")];
    communes.map(|(id, commune)| farm(id, &format!("Ferme {id}")).sells(&["Miel"]).at(commune)).to_vec()
}

#[test]
fn a_radius_reaches_its_own_edge() {
    let index = index(&everywhere());
    let edge = point_of("43157").distance_km(point_of("43040"));
    let within = |km| index.search(&Request { near: Some(origin("43157")), radius_km: Some(km), ..all() }).total;
    assert_eq!(within(edge), 3);
    assert_eq!(within(edge - 0.001), 2);
    assert_eq!(within(0.0), 1);
}

#[test]
fn the_edges_of_a_box_belong_to_it() {
    let index = index(&everywhere());
    let brioude = point_of("43040");
    let inside = |west, east| {
        let bounds = Bounds { west, south: brioude.lat, east, north: brioude.lat };
        index.search(&Request { bounds: Some(bounds), ..all() }).total
    };
    assert_eq!(inside(brioude.lon, brioude.lon + 0.1), 1);
    assert_eq!(inside(brioude.lon + 0.001, brioude.lon + 0.1), 0);
    // From Fiji to Samoa the box passes the 180th meridian and holds no farm of France.
    assert_eq!(inside(177.0, -171.0), 0);
    assert_eq!(inside(177.0, brioude.lon), 1);
}

#[test]
fn a_hole_in_a_polygon_is_outside() {
    let square = |half: f64| {
        let Point { lat, lon } = point_of("43157");
        [(-half, -half), (-half, half), (half, half), (half, -half)]
            .map(|(north, east)| Point { lat: lat + north, lon: lon + east })
            .to_vec()
    };
    let index = index(&everywhere());
    let inside = |rings| index.search(&Request { polygon: Polygon::new(rings), ..all() }).total;
    assert_eq!(inside(vec![square(0.1)]), 1);
    assert_eq!(inside(vec![square(0.1), square(0.01)]), 0);
}

#[test]
fn a_perimeter_goes_by_the_suppliers_commune() {
    let far_point = Listing { point: Some(point_of("69123")), exact: true, ..farm(1, "A").sells(&["Miel"]) };
    let index = index(&[Listing { intercommunality: Some("200073419".to_owned()), ..far_point }]);
    for request in [
        Request { department: Some("43".to_owned()), ..all() },
        Request { intercommunality: Some("200073419".to_owned()), ..all() },
        Request { commune: Some("43157".to_owned()), ..all() },
    ] {
        assert_eq!(index.search(&request).total, 1);
    }
}

#[test]
fn a_hidden_place_is_off_the_map_and_its_distance_is_the_communes() {
    let hidden = Listing { on_map: false, ..farm(1, "A").sells(&["Miel"]).at("43040") };
    let hit = &index(&[hidden]).search(&Request { near: Some(origin("43157")), ..all() }).hits[0];
    assert_eq!((hit.point, hit.exact), (None, false));
    let to_commune = point_of("43157").distance_km(point_of("43040"));
    assert!(hit.distance_km.is_some_and(|km| (km - to_commune).abs() < 1e-9));
}

#[test]
fn a_supplier_without_a_point_is_nowhere_but_in_the_list() {
    let index = index(&[Listing { point: None, ..farm(1, "A").sells(&["Miel"]) }]);
    let near = Some(origin("43157"));
    assert_eq!(index.search(&Request { near: near.clone(), ..all() }).total, 1);
    assert_eq!(index.search(&Request { near, radius_km: Some(20_000.0), ..all() }).total, 0);
}

#[test]
fn a_delivery_area_is_the_union_of_its_parts() {
    let delivering = |id, delivery| Listing { delivery, ..farm(id, &format!("F{id}")).sells(&["Miel"]) };
    let to_brioude = point_of("43157").distance_km(point_of("43040"));
    let farms = [
        delivering(1, Delivery::default()),
        delivering(2, Delivery { radius_km: Some(to_brioude + 0.1), ..Delivery::default() }),
        delivering(3, Delivery { departments: vec!["43".to_owned()], ..Delivery::default() }),
        delivering(4, Delivery { intercommunalities: vec!["E".to_owned()], ..Delivery::default() }),
        delivering(5, Delivery { communes: vec!["43040".to_owned()], ..Delivery::default() }),
        delivering(
            6,
            Delivery { radius_km: Some(to_brioude - 0.1), departments: vec!["69".to_owned()], ..Delivery::default() },
        ),
    ];
    let brioude = Origin { intercommunality: Some("E".to_owned()), ..origin("43040") };
    let request = Request { near: Some(brioude), delivers_to: true, ..all() };
    assert_eq!(sorted(ids(&index(&farms).search(&request))), [2, 3, 4, 5]);
    assert_eq!(index(&farms).search(&Request { near: None, ..request }).total, 0);
}

#[test]
fn a_commune_among_the_words_orders_and_excludes_nobody() {
    let index = index(&everywhere());
    for q in ["miel Brioude", "Brioude miel", "miel à Brioude", "miel près de brioude", "du miel vers Briuode"] {
        let answer = index.search(&asking(q));
        assert_eq!(answer.total, 4, "{q}");
        assert_eq!(ids(&answer)[0], 2, "{q}");
        assert_eq!(answer.understood.commune.map(|(code, _)| code).as_deref(), Some("43040"), "{q}");
    }
    let lyon = index.search(&asking("miel à Lyon"));
    assert_eq!(ids(&lyon), [4, 3, 1, 2]);
}

#[test]
fn a_commune_that_does_not_apply_is_only_words() {
    let index = index(&everywhere());
    let ignore = Sense::Commune.bit();
    let answer = index.search(&Request { ignore, ..asking("miel Brioude") });
    assert_eq!((answer.understood.commune, answer.hits[0].distance_km), (None, None));
}

/// Farms whose round is on Tuesday and Thursday, on Friday, and on no day that they tell.
fn rounds() -> [Listing; 3] {
    let round = |id, days| Listing {
        delivery: Delivery { days, departments: vec!["43".to_owned()], ..Delivery::default() },
        ..farm(id, &format!("F{id}")).sells(&["Miel"])
    };
    [round(1, 0), round(2, 0b1_0000), round(3, 0b1010)]
}

#[test]
fn a_day_of_delivery_among_the_words_orders_and_excludes_nobody() {
    let index = index(&rounds());
    for q in ["miel livré le jeudi", "miel le mardi et le jeudi", "miel jeudi matin", "miel du lundi au jeudi"] {
        let answer = index.search(&asking(q));
        assert_eq!((answer.total, ids(&answer)[0]), (3, 3), "{q}");
        assert_eq!(answer.correction, None, "{q}");
    }
    assert_eq!(index.search(&asking("miel jeudi")).understood.delivery_days, 0b1000);
    assert_eq!(ids(&index.search(&asking("miel pas le jeudi"))), [1, 2, 3]);
    assert_eq!(ids(&index.search(&asking("vendredi")))[0], 2);
}

#[test]
fn a_day_of_delivery_that_does_not_apply_is_only_words() {
    let request = Request { ignore: Sense::DeliveryDay.bit(), ..asking("miel jeudi") };
    let answer = index(&rounds()).search(&request);
    assert_eq!((ids(&answer), answer.understood.delivery_days), (vec![1, 2, 3], 0));
}

#[test]
fn a_day_that_is_chosen_excludes_those_who_do_not_deliver_then() {
    let request = |delivery_days| Request { delivery_days, ..all() };
    let index = index(&rounds());
    assert_eq!(ids(&index.search(&request(0b1000))), [3]);
    assert_eq!(ids(&index.search(&request(0b1_1000))), [2, 3]);
    assert_eq!(index.search(&request(0b10_0000)).total, 0);
}

#[test]
fn who_wants_a_delivery_sees_deliverers_first() {
    let mut farms = everywhere();
    farms[3].delivery.communes.push("43040".to_owned());
    assert_eq!(ids(&index(&farms).search(&asking("qui peut me livrer du miel à Brioude ?")))[0], 4);
    assert_eq!(ids(&index(&farms).search(&asking("du miel à Brioude")))[0], 2);
}

#[test]
fn a_place_nearby_outweighs_the_very_product_far_away() {
    let farms = [
        farm(1, "A").sells(&["Pain"]).at("43040"),
        farm(2, "B").sells(&["Baguettes"]).at("69123"),
        farm(3, "C").sells(&["Baguettes"]).at("43040"),
    ];
    assert_eq!(ids(&index(&farms).search(&asking("baguettes à Brioude"))), [3, 1, 2]);
}
