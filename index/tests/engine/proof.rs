//! Certified is what a certificate proves on the day asked.

use index::codes::{Certification, Sense};
use index::{Certificate, Listing, Request};

use crate::support::{Farm, TODAY, all, asking, farm, ids, index};

const ORGANIC: Certification = Certification::Organic;

fn certified() -> Listing {
    farm(1, "Certifiée").sells_with("Œufs bio", &[ORGANIC]).certified(ORGANIC, TODAY)
}

fn declared() -> Listing {
    farm(2, "Déclarée").sells_with("Œufs bio", &[ORGANIC]).says("Ici tout est bio depuis toujours.")
}

#[test]
fn a_certificate_holds_through_its_last_day() {
    let index = index(&[certified()]);
    for (today, expected) in [(TODAY - 1, 1), (TODAY, 1), (TODAY + 1, 0), (TODAY, 1)] {
        let by_filter = index.search(&Request { certifications: ORGANIC.bit(), today, ..all() });
        let by_words = index.search(&Request { today, ..asking("oeufs bio") });
        let facets = index.search(&Request { today, ..all() }).facets;
        assert_eq!((by_filter.total, by_words.total), (expected, expected), "on day {today}");
        assert_eq!(facets.certifications[ORGANIC as usize] as usize, expected, "on day {today}");
    }
}

#[test]
fn a_certificate_proves_nothing_before_its_first_day() {
    let certificate = Certificate { kind: ORGANIC, first_day: TODAY, last_day: TODAY + 30 };
    let index = index(&[Listing { certificates: vec![certificate], ..declared() }]);
    let proven_on = |today| index.search(&Request { today, ..asking("bio") }).total;
    assert_eq!([TODAY - 1, TODAY, TODAY - 1, TODAY + 30, TODAY + 31].map(proven_on), [0, 1, 0, 1, 0]);
}

#[test]
fn a_declared_sign_is_shown_and_never_taken_for_certified() {
    let index = index(&[declared()]);
    assert_eq!(index.search(&asking("oeufs bio")).total, 0);
    for q in ["bio", "œufs en bio", "œufs issus de l'agriculture biologique", "bio œufs", "AB"] {
        assert_eq!(index.search(&asking(q)).total, 0, "{q}");
    }
    let hit = &index.search(&asking("oeufs")).hits[0];
    assert_eq!((hit.signs, hit.proven), (ORGANIC.bit(), 0));
    assert_eq!((hit.offers[0].signs, hit.offers[0].proven), (ORGANIC.bit(), 0));
}

#[test]
fn conversion_is_not_organic() {
    let converting = farm(1, "A")
        .sells_with("Œufs", &[Certification::InConversion])
        .certified(Certification::InConversion, TODAY + 9);
    assert_eq!(index(&[converting]).search(&asking("oeufs bio")).total, 0);
}

#[test]
fn a_certificate_proves_the_offers_that_carry_the_sign() {
    let other = farm(1, "A").sells(&["Œufs"]).sells_with("Miel bio", &[ORGANIC]).certified(ORGANIC, TODAY);
    let index = index(&[other]);
    assert_eq!(index.search(&asking("œufs bio")).total, 0);
    assert_eq!(index.search(&asking("miel bio")).total, 1);
}

#[test]
fn organic_is_a_condition_and_other_signs_order() {
    let red = farm(3, "Zoé").sells_with("Poulets", &[Certification::LabelRouge]);
    let index = index(&[certified(), farm(2, "Alice").sells(&["Poulets"]), red]);
    let answer = index.search(&asking("poulets label rouge"));
    assert_eq!(ids(&answer), [3, 2]);
    assert_eq!(answer.understood.certification, Some((Certification::LabelRouge, false)));
    assert_eq!(index.search(&asking("bio")).understood.certification, Some((ORGANIC, true)));
}

#[test]
fn a_refused_or_removed_sign_asks_nothing() {
    let index = index(&[certified(), declared()]);
    assert_eq!(index.search(&asking("oeufs non bio")).total, 2);
    let ignore = Sense::Certification.bit();
    assert_eq!(index.search(&Request { ignore, ..asking("oeufs bio") }).total, 2);
}

#[test]
fn words_that_begin_like_a_sign_are_none() {
    assert_eq!(index(&[certified(), declared()]).search(&asking("biodiversité")).total, 0);
}

#[test]
fn a_name_that_holds_a_sign_is_a_name() {
    let baskets = farm(4, "Les Paniers Bio du Velay").sells(&["Légumes"]);
    assert_eq!(ids(&index(&[certified(), baskets]).search(&asking("les paniers bio du velay"))), [4]);
}
