//! The JSON of the public API. Codes are those of the import format; nothing here is a contact or a hidden place.

use std::collections::BTreeMap;

use index::codes::{Certification, Family, Kind};
use index::request::{Answer, Fragment, Hit, OfferHit, Reason};
use index::{Lexicon, ProductId};
use poem_openapi::Object;
use serde::Serialize;

use crate::places::Places;
use crate::suppliers::{Weekdays, Word};
use crate::web::french;

/// A page of suppliers.
#[derive(Debug, Object, Serialize)]
pub(super) struct SearchAnswer {
    /// Number of suppliers found.
    pub total: usize,
    /// The page asked for.
    pub hits: Vec<SupplierHit>,
    /// Suppliers found, by what they have, over all filters and words.
    pub facets: FacetCounts,
    /// How the words of `q` were read.
    pub understood: UnderstoodWords,
    /// `q` as it was probably meant.
    pub correction: Option<String>,
    /// Milliseconds spent in the engine.
    pub took_ms: f64,
}

/// Counts by code; a code that nobody has is left out.
#[derive(Debug, Object, Serialize)]
pub(super) struct FacetCounts {
    /// Suppliers with at least one offer of the family.
    pub family: BTreeMap<String, u32>,
    /// Suppliers with at least one offer whose sign is proven.
    pub certification: BTreeMap<String, u32>,
    /// Suppliers of the kind.
    pub kind: BTreeMap<String, u32>,
}

/// Readings of the words; each can be taken away with `without`.
#[derive(Debug, Object, Serialize)]
pub(super) struct UnderstoodWords {
    /// A place: it orders, it excludes nobody.
    pub commune: Option<PlaceShape>,
    /// A certification; organic is a condition on proof, the others put those who carry it first.
    pub certification: Option<String>,
    /// Products, by their codes.
    pub products: Vec<String>,
    /// Months (1 to 12): a condition on offers.
    pub months: Vec<u32>,
    /// Days of the week, monday to sunday: who delivers then comes first.
    pub delivery_days: Vec<String>,
}

/// A commune.
#[derive(Clone, Debug, Object, Serialize)]
pub(super) struct PlaceShape {
    /// INSEE code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the department.
    pub department: String,
    /// Postal codes.
    pub postal_codes: Vec<String>,
    /// Latitude of the commune's point, WGS84 degrees.
    pub lat: Option<f64>,
    /// Longitude of the commune's point, WGS84 degrees.
    pub lon: Option<f64>,
}

/// A supplier found.
#[derive(Debug, Object, Serialize)]
pub(super) struct SupplierHit {
    /// The organiser's own key.
    pub reference: String,
    /// Readable part of its address: /annuaire/{slug}.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Kind: producer, `craft_producer`, processor, wholesaler or `producer_group`.
    pub kind: String,
    /// INSEE code of its commune.
    pub commune: String,
    /// Name of its commune.
    pub commune_name: String,
    /// Public latitude: the exact one if published, else the commune's; absent when the supplier is not on the map.
    pub lat: Option<f64>,
    /// Public longitude.
    pub lon: Option<f64>,
    /// Whether the point is the exact one.
    pub exact_position: bool,
    /// Kilometres from the place asked for, on a sphere of 6371.0088 km, from the public point.
    pub distance_km: Option<f64>,
    /// Codes of the families it sells.
    pub families: Vec<String>,
    /// Signs it carries.
    pub certifications: Vec<SignShape>,
    /// Months (1 to 12) in which something that answers can be had.
    pub months: Vec<u32>,
    /// Offers that answer, best first, at most six.
    pub offers: Vec<OfferShape>,
    /// Number of offers that answer.
    pub offer_count: usize,
    /// Why it is here, strongest first.
    pub matched: Vec<ReasonShape>,
    /// A piece of its description as HTML: text escaped, what was asked between `<mark>` and `</mark>`.
    pub snippet: String,
    /// Day the supplier last confirmed the listing.
    pub confirmed_on: Option<chrono::NaiveDate>,
}

/// A sign of quality and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize)]
pub(super) struct SignShape {
    /// Code, such as organic or aop.
    pub code: String,
    /// Whether a certificate with number, body and a day not yet past stands behind it.
    pub proven: bool,
}

/// An offer that answers.
#[derive(Debug, Object, Serialize)]
pub(super) struct OfferShape {
    /// Name as the supplier writes it.
    pub name: String,
    /// Code of the product, when recognised.
    pub product: Option<String>,
    /// Code of the family.
    pub family: String,
    /// Packaging.
    pub packaging: Option<String>,
    /// Unit the price is for.
    pub sales_unit: Option<String>,
    /// Price of one unit without tax, in cents of a euro.
    pub price_excl_tax: Option<u32>,
    /// Months (1 to 12).
    pub months: Vec<u32>,
    /// Signs this very offer carries.
    pub certifications: Vec<SignShape>,
}

/// Why a supplier answers.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize)]
pub(super) struct ReasonShape {
    /// product, narrower, broader, near, mention, `offer_word`, name or text.
    pub kind: String,
    /// Code of the product, or the word.
    pub value: String,
    /// The same in French, for people.
    pub label: String,
}

impl SearchAnswer {
    /// The JSON of an answer.
    #[must_use]
    pub(super) fn of(answer: Answer, took_ms: f64, places: &Places, lexicon: &Lexicon) -> Self {
        let code = |id: &ProductId| lexicon.product(*id).code.clone();
        Self {
            total: answer.total,
            hits: answer.hits.into_iter().map(|hit| SupplierHit::of(hit, places, lexicon)).collect(),
            facets: FacetCounts {
                family: counts(&answer.facets.families, Family::ALL.iter().map(|f| f.code())),
                certification: counts(&answer.facets.certifications, Certification::ALL.iter().map(|c| c.code())),
                kind: counts(&answer.facets.kinds, Kind::ALL.iter().map(|k| k.code())),
            },
            understood: UnderstoodWords {
                commune: answer.understood.commune.and_then(|(code, _)| PlaceShape::of(places, &code)),
                certification: answer.understood.certification.map(|(sign, _)| sign.code().to_owned()),
                products: answer.understood.products.iter().map(code).collect(),
                months: months(answer.understood.months),
                delivery_days: Weekdays::from_mask(answer.understood.delivery_days)
                    .iter()
                    .map(|day| day.code().to_owned())
                    .collect(),
            },
            correction: answer.correction,
            took_ms,
        }
    }
}

fn counts<'a>(counts: &[u32], codes: impl Iterator<Item = &'a str>) -> BTreeMap<String, u32> {
    codes.zip(counts).filter(|(_, count)| **count > 0).map(|(code, count)| (code.to_owned(), *count)).collect()
}

impl PlaceShape {
    /// The commune of an INSEE code.
    #[must_use]
    pub(super) fn of(places: &Places, code: &str) -> Option<Self> {
        let commune = places.commune(code)?;
        Some(Self {
            code: commune.insee_code.to_string(),
            name: commune.name.clone(),
            department: commune.department.clone(),
            postal_codes: commune.postal_codes.clone(),
            lat: commune.point.map(|p| p.lat),
            lon: commune.point.map(|p| p.lon),
        })
    }
}

impl SupplierHit {
    fn of(hit: Hit, places: &Places, lexicon: &Lexicon) -> Self {
        Self {
            commune_name: places.commune(&hit.commune).map(|c| c.name.clone()).unwrap_or_default(),
            reference: hit.reference,
            slug: hit.slug,
            name: hit.name,
            kind: hit.kind.code().to_owned(),
            commune: hit.commune,
            lat: hit.point.map(|p| p.lat),
            lon: hit.point.map(|p| p.lon),
            exact_position: hit.exact,
            distance_km: hit.distance_km.map(|km| (km * 100.0).round() / 100.0),
            families: Family::ALL.iter().filter(|f| hit.families & f.bit() != 0).map(|f| f.code().to_owned()).collect(),
            certifications: signs(hit.signs, hit.proven),
            months: months(hit.months),
            offers: hit.offers.into_iter().map(|offer| OfferShape::of(offer, lexicon)).collect(),
            offer_count: hit.offer_count,
            matched: hit.matched.iter().map(|reason| ReasonShape::of(reason, lexicon)).collect(),
            snippet: snippet(&hit.snippet),
            confirmed_on: hit.confirmed.and_then(day),
        }
    }
}

impl OfferShape {
    fn of(offer: OfferHit, lexicon: &Lexicon) -> Self {
        Self {
            name: offer.name,
            product: offer.product.map(|id| lexicon.product(id).code.clone()),
            family: Family::ALL[usize::from(offer.family)].code().to_owned(),
            packaging: Some(offer.packaging).filter(|text| !text.is_empty()),
            sales_unit: Some(offer.unit).filter(|text| !text.is_empty()),
            price_excl_tax: offer.price_cents,
            months: months(offer.months),
            certifications: signs(offer.signs, offer.proven),
        }
    }
}

impl ReasonShape {
    /// The JSON of a reason.
    #[must_use]
    pub(super) fn of(reason: &Reason, lexicon: &Lexicon) -> Self {
        let product = |kind: &str, id: ProductId| {
            let product = lexicon.product(id);
            Self { kind: kind.to_owned(), value: product.code.clone(), label: french::typographic(&product.plural) }
        };
        let word =
            |kind: &str, word: &str| Self { kind: kind.to_owned(), value: word.to_owned(), label: word.to_owned() };
        match reason {
            Reason::Product(sold) => product("product", *sold),
            Reason::Narrower(_, sold) => product("narrower", *sold),
            Reason::Broader(_, sold) => product("broader", *sold),
            Reason::Near(_, sold) => product("near", *sold),
            Reason::Mention(asked) => product("mention", *asked),
            Reason::OfferWord(text) => word("offer_word", text),
            Reason::Name(text) => word("name", text),
            Reason::Text(text) => word("text", text),
        }
    }
}

fn signs(carried: u16, proven: u16) -> Vec<SignShape> {
    let carried = Certification::ALL.iter().filter(|sign| carried & sign.bit() != 0);
    carried.map(|sign| SignShape { code: sign.code().to_owned(), proven: proven & sign.bit() != 0 }).collect()
}

fn months(mask: u16) -> Vec<u32> {
    (1..=12).filter(|month| mask & (1 << (month - 1)) != 0).collect()
}

fn day(number: i32) -> Option<chrono::NaiveDate> {
    chrono::NaiveDate::default().checked_add_signed(chrono::TimeDelta::try_days(i64::from(number))?)
}

fn snippet(fragments: &[Fragment]) -> String {
    let mut html = String::new();
    for fragment in fragments {
        if fragment.marked {
            html.push_str("<mark>");
        }
        for c in fragment.text.chars() {
            match c {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                c => html.push(c),
            }
        }
        if fragment.marked {
            html.push_str("</mark>");
        }
    }
    html
}
