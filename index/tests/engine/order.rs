//! The order of hits, always the same for the same data.

use index::request::Sort;
use index::{Listing, Request};

use crate::support::{Farm, all, asking, farm, found, ids, index, origin};

fn three() -> [Listing; 3] {
    let confirmed = |listing: Listing, day| Listing { confirmed: day, ..listing.sells(&["Miel"]) };
    [
        confirmed(farm(1, "Zoé").at("43157"), Some(10)),
        confirmed(farm(2, "Élevage").at("69123"), Some(30)),
        confirmed(farm(3, "Abeilles").at("43040"), None),
    ]
}

#[test]
fn without_words_names_order_and_a_place_before_them() {
    let index = index(&three());
    assert_eq!(ids(&index.search(&all())), [3, 2, 1]);
    assert_eq!(ids(&index.search(&Request { near: Some(origin("43040")), ..all() })), [3, 1, 2]);
}

#[test]
fn the_order_asked_for_is_kept_with_words_too() {
    let index = index(&three());
    let sorted_by = |sort| ids(&index.search(&Request { sort, near: Some(origin("43040")), ..asking("miel") }));
    assert_eq!(sorted_by(Sort::Name), [3, 2, 1]);
    assert_eq!(sorted_by(Sort::Freshness), [2, 1, 3]);
    assert_eq!(sorted_by(Sort::Distance), [3, 1, 2]);
}

#[test]
fn the_very_product_comes_before_its_kinds_its_like_and_a_mention() {
    let farms = [
        farm(1, "A").sells(&["Sel"]).says("Notre fromage arrive bientôt."),
        farm(2, "B").sells(&["Fromages de chèvre"]),
        farm(3, "C").sells(&["Fromages"]),
        farm(4, "D").sells(&["Miel"]),
    ];
    assert_eq!(found(&farms, "fromage"), [3, 2, 1]);
    assert_eq!(found(&farms, "fromage de chèvre"), [2, 3]);
}

#[test]
fn pages_follow_each_other() {
    let farms: Vec<Listing> = (0..25).map(|id| farm(id, &format!("Ferme {}", id % 7)).sells(&["Miel"])).collect();
    let index = index(&farms);
    let whole = ids(&index.search(&asking("miel")));
    let paged: Vec<i64> =
        (0..9).flat_map(|page| ids(&index.search(&Request { offset: page * 3, limit: 3, ..asking("miel") }))).collect();
    assert_eq!(whole.len(), 25);
    assert_eq!(paged, whole);
    assert_eq!(ids(&index.search(&Request { offset: usize::MAX, limit: usize::MAX, ..asking("miel") })), []);
}
