//! What a hit shows: the offers that answer, why, and a piece of the description.

use index::Offer;
use index::request::{Fragment, OFFERS_SHOWN, Reason};

use crate::support::{Farm, all, asking, farm, index, offer, product};

fn hit(listing: index::Listing, q: &str) -> index::request::Hit {
    index(&[listing]).search(&asking(q)).hits.into_iter().next().unwrap_or_else(|| panic!("{q} finds the farm"))
}

fn marked(snippet: &[Fragment]) -> Vec<&str> {
    snippet.iter().filter(|piece| piece.marked).map(|piece| piece.text.as_str()).collect()
}

fn text(snippet: &[Fragment]) -> String {
    snippet.iter().map(|piece| piece.text.as_str()).collect()
}

#[test]
fn the_offers_that_answer_are_shown_best_first() {
    let hit = hit(farm(1, "A").sells(&["Miel", "Fromages de chèvre", "Fromages", "Pain"]), "fromage");
    let names: Vec<&str> = hit.offers.iter().map(|offer| offer.name.as_str()).collect();
    assert_eq!(names, ["Fromages", "Fromages de chèvre"]);
    assert_eq!(hit.offer_count, 2);
}

#[test]
fn many_offers_are_counted_and_the_first_shown() {
    let names: Vec<String> = (0..OFFERS_SHOWN + 3).map(|n| format!("Miel {n}")).collect();
    let hit = hit(farm(1, "A").sells(&names.iter().map(String::as_str).collect::<Vec<_>>()), "miel");
    assert_eq!((hit.offers.len(), hit.offer_count), (OFFERS_SHOWN, OFFERS_SHOWN + 3));
}

#[test]
fn an_offer_is_shown_as_it_was_given() {
    let given = Offer { price_cents: Some(1_250), packaging: "pot".to_owned(), months: 0b110, ..offer("Miel 100 %") };
    let hit = hit(index::Listing { offers: vec![given.clone(), offer("Pain")], ..farm(1, "A") }, "miel");
    let shown = &hit.offers[0];
    assert_eq!((&shown.name, shown.product, shown.price_cents), (&given.name, given.product, given.price_cents));
    assert_eq!((&shown.unit, &shown.packaging, shown.months), (&given.unit, &given.packaging, given.months));
    assert_eq!(hit.months, 0b110);
}

#[test]
fn each_reason_says_what_answers() {
    let chevre = product("fromage-de-chevre");
    let fromage = product("fromage");
    let reasons = |sold: &str, q: &str| hit(farm(1, "Rucher du Suc").sells(&[sold]).says("Vin et miel."), q).matched;
    assert_eq!(reasons("Fromages", "fromage"), [Reason::Product(fromage)]);
    assert_eq!(reasons("Fromages de chèvre", "fromage"), [Reason::Narrower(fromage, chevre)]);
    assert_eq!(reasons("Fromages", "fromage de chèvre"), [Reason::Broader(chevre, fromage)]);
    assert_eq!(reasons("Jus de pomme", "pomme"), [Reason::Near(product("pomme"), product("jus-de-pomme"))]);
    assert_eq!(reasons("Pain", "miel"), [Reason::Mention(product("miel"))]);
    assert_eq!(reasons("Pain", "rucher"), [Reason::Name("rucher".to_owned())]);
    assert_eq!(reasons("Pain", "vin"), [Reason::Text("vin".to_owned())]);
    assert_eq!(reasons("Terrine maison", "terrine"), [Reason::OfferWord("terrine".to_owned())]);
}

#[test]
fn a_snippet_marks_the_words_and_escapes_nothing() {
    let hit = hit(farm(1, "A").sells(&["Œufs"]).says("Des <b>Œufs</b> & du miel, d'œuf en œufs."), "oeufs");
    assert_eq!(marked(&hit.snippet), ["Œufs", "œuf", "œufs"]);
    assert_eq!(text(&hit.snippet), "Des <b>Œufs</b> & du miel, d'œuf en œufs.");
}

#[test]
fn a_long_description_is_cut_between_words_around_the_mark() {
    let long = format!("{}notre miel d'acacia {}", "début ".repeat(80), "suite ".repeat(80));
    let hit = hit(farm(1, "A").sells(&["Pain"]).says(&long), "miel");
    let snippet = text(&hit.snippet);
    assert_eq!(marked(&hit.snippet), ["miel"]);
    assert!(snippet.starts_with("… ") && snippet.ends_with(" …") && snippet.len() < 260, "{snippet}");
    assert!(long.contains(snippet.trim_matches(['…', ' '])));
}

#[test]
fn without_words_the_description_begins() {
    let listing = farm(1, "A").sells(&["Miel"]).says("Au pied du suc.");
    let hit = &index(&[listing]).search(&all()).hits[0];
    assert_eq!((text(&hit.snippet).as_str(), marked(&hit.snippet).len()), ("Au pied du suc.", 0));
    assert!(hit.matched.is_empty());
}
