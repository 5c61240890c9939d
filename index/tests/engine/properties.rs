//! What holds for any listings and any words, against the plainest way to compute it.

use index::codes::{Certification, Family, Kind};
use index::request::{Facets, Sort};
use index::{Certificate, Listing, Offer, Request};
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::{TODAY, all, asking, farm, ids, index, lexicon, offer, origin, point_of, sorted};

const SIGNS: [Certification; 3] = [Certification::Organic, Certification::Aop, Certification::InConversion];
const WORDS: [&str; 12] =
    ["pommes", "fromage", "chèvre", "miel", "bio", "Brioude", "carrottes", "et", "du", "golden", "Genêts", "xqz"];

fn any_offer() -> impl Strategy<Value = Offer> {
    let names: &[&str] =
        &["Pommes", "Pommes Golden", "Fromages de chèvre", "Fromages", "Miel bio", "Carottes", "Terrine"];
    (select(names), 1_u16..4096, proptest::collection::vec(select(&SIGNS[..]), 0..3)).prop_map(
        |(name, months, signs)| Offer {
            months,
            signs: signs.iter().fold(0, |mask, sign| mask | sign.bit()),
            ..offer(name)
        },
    )
}

fn any_certificate() -> impl Strategy<Value = Certificate> {
    (select(&SIGNS[..]), TODAY - 3..TODAY + 2, TODAY - 2..TODAY + 3)
        .prop_map(|(kind, first_day, last_day)| Certificate { kind, first_day, last_day })
}

fn any_listing() -> impl Strategy<Value = Listing> {
    let names: &[&str] = &["Ferme des Genêts", "Rucher", "Les Chèvres de Léa", "GAEC du Suc", "Rucher"];
    let communes: &[&str] = &["43157", "43040", "43137", "69123"];
    (
        select(names),
        select(communes),
        select(Kind::ALL),
        proptest::collection::vec(any_offer(), 0..5),
        proptest::collection::vec(any_certificate(), 0..3),
        proptest::option::of(0_i32..TODAY),
    )
        .prop_map(|(name, commune, kind, offers, certificates, confirmed)| Listing {
            kind,
            offers,
            certificates,
            confirmed,
            commune: commune.to_owned(),
            department: commune[..2].to_owned(),
            point: Some(point_of(commune)),
            description: "Du miel de Brioude, et des fromages.".to_owned(),
            ..farm(0, name)
        })
}

/// Listings with keys from 1.
fn any_listings() -> impl Strategy<Value = Vec<Listing>> {
    proptest::collection::vec(any_listing(), 0..25).prop_map(|mut listings| {
        (1..).zip(&mut listings).for_each(|(id, listing)| listing.id = id);
        listings
    })
}

fn any_filter() -> impl Strategy<Value = Request> {
    let codes: &[&str] = &["pomme", "fromage", "miel"];
    (
        0_u16..256,
        proptest::collection::vec(select(&SIGNS[..]), 0..2),
        0_u16..4096,
        proptest::collection::vec(select(codes), 0..2),
        0_u16..32,
        proptest::option::of(0.0..200.0),
        proptest::option::of(select(&["43", "69"][..])),
    )
        .prop_map(|(families, signs, months, products, kinds, radius_km, department)| Request {
            families: if families % 3 == 0 { families } else { 0 },
            certifications: signs.iter().fold(0, |mask, sign| mask | sign.bit()),
            months: if months % 3 == 0 { months } else { 0 },
            products: products.iter().filter_map(|code| lexicon().by_code(code)).collect(),
            kinds: if kinds % 3 == 0 { kinds } else { 0 },
            near: radius_km.map(|_| origin("43157")),
            radius_km,
            department: department.map(str::to_owned),
            ..all()
        })
}

fn any_words() -> impl Strategy<Value = String> {
    proptest::collection::vec(select(&WORDS[..]), 0..5).prop_map(|words| words.join(" "))
}

fn proven(listing: &Listing) -> u16 {
    let holds = listing.certificates.iter().filter(|it| (it.first_day..=it.last_day).contains(&TODAY));
    holds.fold(0, |mask, certificate| mask | certificate.kind.bit())
}

fn offer_passes(request: &Request, listing: &Listing, offer: &Offer) -> bool {
    let is_kind_of =
        |wanted| offer.product.is_some_and(|id| id == wanted || lexicon().product(wanted).narrower.contains(&id));
    (request.families == 0 || request.families & offer.family.bit() != 0)
        && (request.months == 0 || request.months & offer.months != 0)
        && (request.certifications == 0 || request.certifications & offer.signs & proven(listing) != 0)
        && (request.products.is_empty() || request.products.iter().any(|wanted| is_kind_of(*wanted)))
}

fn passes(request: &Request, listing: &Listing) -> bool {
    let asks_offers = request.families | request.months | request.certifications != 0 || !request.products.is_empty();
    let within = |km| listing.point.is_some_and(|point| point.distance_km(point_of("43157")) <= km);
    (request.kinds == 0 || request.kinds & listing.kind.bit() != 0)
        && request.department.as_ref().is_none_or(|code| *code == listing.department)
        && request.radius_km.is_none_or(within)
        && (!asks_offers || listing.offers.iter().any(|offer| offer_passes(request, listing, offer)))
}

fn count<'a>(listings: impl Iterator<Item = &'a Listing>) -> Facets {
    let mut facets = Facets::default();
    for listing in listings {
        let proven = proven(listing);
        for (at, family) in Family::ALL.iter().enumerate() {
            facets.families[at] += u32::from(listing.offers.iter().any(|offer| offer.family == *family));
        }
        for (at, sign) in Certification::ALL.iter().enumerate() {
            let has = listing.offers.iter().any(|offer| offer.signs & proven & sign.bit() != 0);
            facets.certifications[at] += u32::from(has);
        }
        facets.kinds[listing.kind as usize] += 1;
    }
    facets
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn filters_find_what_a_plain_scan_finds(listings in any_listings(), request in any_filter()) {
        let expected: Vec<i64> = listings.iter().filter(|l| passes(&request, l)).map(|l| l.id).collect();
        prop_assert_eq!(sorted(ids(&index(&listings).search(&request))), expected);
    }

    #[test]
    fn facets_equal_a_plain_count(listings in any_listings(), filter in any_filter(), q in any_words()) {
        let answer = index(&listings).search(&Request { q, ..filter });
        let hits = ids(&answer);
        prop_assert_eq!(hits.len(), answer.total);
        prop_assert_eq!(answer.facets, count(listings.iter().filter(|l| hits.contains(&l.id))));
    }

    #[test]
    fn pages_cover_everything_once(listings in any_listings(), q in any_words(), size in 1_usize..6, sort in select(&[Sort::Relevance, Sort::Distance, Sort::Name, Sort::Freshness][..])) {
        let index = index(&listings);
        let request = Request { sort, ..asking(&q) };
        let whole = ids(&index.search(&request));
        let pages = (0..=listings.len() / size).map(|page| Request { offset: page * size, limit: size, ..request.clone() });
        let paged: Vec<i64> = pages.flat_map(|page| ids(&index.search(&page))).collect();
        prop_assert_eq!(&paged, &whole);
        let mut once = sorted(whole.clone());
        once.dedup();
        prop_assert_eq!(once.len(), whole.len());
    }

    #[test]
    fn updates_end_where_a_rebuild_begins(before in any_listings(), after in any_listings(), q in any_words()) {
        let updated = index(&before);
        let gone: Vec<i64> = before.iter().map(|l| l.id).filter(|id| !after.iter().any(|l| l.id == *id)).collect();
        updated.update(&gone, &after, TODAY);
        let (updated, rebuilt) = (updated.search(&all()), index(&after).search(&all()));
        prop_assert_eq!(updated.hits, rebuilt.hits);
        prop_assert_eq!(updated.facets, rebuilt.facets);
        // The order of hits and the products meant do not depend on what was there before.
        let words = |listings: &[Listing]| index(listings).search(&asking(&q));
        let again = index(&after);
        again.update(&[], &after, TODAY);
        prop_assert_eq!(again.search(&asking(&q)).hits, words(&after).hits);
    }

    #[test]
    fn a_filter_more_never_finds_more(listings in any_listings(), filter in any_filter(), q in any_words()) {
        let index = index(&listings);
        let asked = asking(&q);
        prop_assume!(!q.contains("Genêts") && !q.contains("xqz"));
        let (all, some) = (index.search(&asked), index.search(&Request { q, ..filter }));
        prop_assert!(some.total <= all.total);
        let all = ids(&all);
        prop_assert!(ids(&some).iter().all(|id| all.contains(id)));
    }

    #[test]
    fn organic_is_always_proven(listings in any_listings(), q in any_words()) {
        let answer = index(&listings).search(&asking(&format!("{q} bio")));
        prop_assert!(answer.hits.iter().all(|hit| hit.proven & Certification::Organic.bit() != 0));
    }

    #[test]
    fn any_words_are_answered(listings in any_listings(), q in "\\PC{0,60}|(.|\\s){0,40}", limit in 0_usize..5) {
        let index = index(&listings);
        let answer = index.search(&Request { limit, ..asking(&q) });
        prop_assert!(answer.hits.len() <= limit && answer.hits.len() <= answer.total);
        prop_assert!(index.suggest(&q, limit).len() <= 3 * limit);
    }
}
