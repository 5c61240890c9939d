//! Conditions: those on offers must be met by one and the same offer.

use index::codes::{Certification, Family, Kind};
use index::{Listing, Offer, Request};

use crate::support::{Farm, TODAY, all, asking, farm, ids, index, offer, product};

fn mixed_farm() -> Listing {
    farm(1, "Ferme mêlée")
        .sells_with("Carottes bio", &[Certification::Organic])
        .sells(&["Bœuf"])
        .certified(Certification::Organic, TODAY + 1)
}

fn found(listings: &[Listing], request: &Request) -> Vec<i64> {
    ids(&index(listings).search(request))
}

#[test]
fn organic_meat_is_an_organic_offer_of_meat() {
    let organic = Certification::Organic.bit();
    let meat = Request { families: Family::Meat.bit(), certifications: organic, ..all() };
    let vegetables = Request { families: Family::FruitAndVegetables.bit(), certifications: organic, ..all() };
    assert_eq!(found(&[mixed_farm()], &meat), []);
    assert_eq!(found(&[mixed_farm()], &vegetables), [1]);
}

#[test]
fn words_and_filters_meet_on_one_offer() {
    let certified = Request { certifications: Certification::Organic.bit(), ..asking("bœuf") };
    assert_eq!(found(&[mixed_farm()], &certified), []);
    assert_eq!(found(&[mixed_farm()], &asking("bœuf")), [1]);
}

#[test]
fn values_of_one_parameter_are_alternatives() {
    let farms = [farm(1, "A").sells(&["Carottes"]), farm(2, "B").sells(&["Bœuf"]), farm(3, "C").sells(&["Miel"])];
    let either = Request { families: Family::Meat.bit() | Family::Other.bit(), ..all() };
    assert_eq!(found(&farms, &either), [2, 3]);
}

#[test]
fn a_product_includes_its_kinds_and_nothing_broader() {
    let farms = [farm(1, "A").sells(&["Lentilles"]), farm(2, "B").sells(&["Lentilles vertes"])];
    assert_eq!(found(&farms, &Request { products: vec![product("lentille")], ..all() }), [1, 2]);
    assert_eq!(found(&farms, &Request { products: vec![product("lentille-verte")], ..all() }), [2]);
    assert_eq!(found(&farms, &Request { products: vec![product("miel"), product("lentille-verte")], ..all() }), [2]);
    assert_eq!(found(&farms, &Request { products: vec![u16::MAX], ..all() }), []);
}

#[test]
fn a_month_is_met_by_the_offer_asked_for() {
    let summer = Offer { months: 0b0001_1100_0000, ..offer("Carottes") };
    let farms = [Listing { offers: vec![summer, offer("Miel")], ..farm(1, "A") }];
    let of_january = |q| Request { months: 1, ..asking(q) };
    assert_eq!(found(&farms, &of_january("carottes")), []);
    assert_eq!(found(&farms, &of_january("miel")), [1]);
    assert_eq!(found(&farms, &Request { months: 1 | 1 << 6, ..asking("carottes") }), [1]);
}

#[test]
fn a_kind_is_of_the_supplier() {
    let wholesaler = Listing { kind: Kind::Wholesaler, ..farm(2, "B") };
    let farms = [farm(1, "A").sells(&["Miel"]), wholesaler.sells(&["Miel"])];
    assert_eq!(found(&farms, &Request { kinds: Kind::Wholesaler.bit(), ..asking("miel") }), [2]);
}

#[test]
fn a_code_nobody_has_finds_nobody() {
    let farms = [farm(1, "A").sells(&["Miel"])];
    for request in [
        Request { department: Some("99".to_owned()), ..all() },
        Request { intercommunality: Some("2".to_owned()), ..all() },
        Request { commune: Some("99999".to_owned()), ..all() },
    ] {
        assert_eq!(found(&farms, &request), []);
    }
    assert_eq!(found(&farms, &Request { department: Some("43".to_owned()), ..all() }), [1]);
}

#[test]
fn facets_count_the_suppliers_found() {
    let farms = [mixed_farm(), farm(2, "B").sells(&["Bœuf", "Miel"]), farm(3, "C").sells(&["Pain"])];
    let facets = index(&farms).search(&asking("bœuf")).facets;
    assert_eq!(facets.families[Family::Meat as usize], 2);
    assert_eq!(facets.families[Family::FruitAndVegetables as usize], 1);
    assert_eq!(facets.families[Family::Bakery as usize], 0);
    assert_eq!(facets.certifications[Certification::Organic as usize], 1);
    assert_eq!(facets.kinds[Kind::Producer as usize], 2);
}
