//! What the pages tell search engines, as JSON-LD of schema.org: public facts only.

use chrono::NaiveDate;
use index::request::{Answer, Hit};
use serde_json::{Value, json};

use super::results::PATH;
use crate::directory::card::tidy;
use crate::directory::words;
use crate::places::{Places, postal_address};
use crate::suppliers::{Listing, Offer, Proof};
use crate::web::{Frame, data_block};

/// The site and its search box.
pub(super) fn site(frame: &Frame) -> String {
    data_block(&json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": format!("{} {}", frame.site(), frame.place()),
        "url": frame.absolute("/"),
        "inLanguage": "fr",
        "potentialAction": {
            "@type": "SearchAction",
            "target": { "@type": "EntryPoint", "urlTemplate": format!("{}?q={{search_term_string}}", frame.absolute(PATH)) },
            "query-input": "required name=search_term_string",
        },
    }))
}

/// A supplier, what it offers, and the way to its page.
pub(super) fn supplier(listing: &Listing, places: &Places, frame: &Frame, today: NaiveDate) -> String {
    let commune = places.commune(&listing.supplier.insee_code);
    let page = frame.canonical();
    let mut business = json!({
        "@type": "LocalBusiness",
        "@id": format!("{page}#fournisseur"),
        "name": listing.supplier.name,
        "url": page,
        // The street only of who publishes the exact place.
        "address": postal_address(listing.supplier.public_street().unwrap_or_default(), commune),
        "makesOffer": listing.offers.iter().map(offer).collect::<Vec<_>>(),
    });
    if !listing.supplier.description.is_empty() {
        business["description"] = json!(listing.supplier.description);
    }
    if let Some(point) = listing.supplier.public_position() {
        business["geo"] = json!({ "@type": "GeoCoordinates", "latitude": point.lat, "longitude": point.lon });
    }
    let proven: Vec<Value> = certificates(listing, today);
    if !proven.is_empty() {
        business["hasCertification"] = json!(proven);
    }
    let steps = [("Accueil", frame.absolute("/")), ("Annuaire", frame.absolute(PATH)), (&listing.supplier.name, page)];
    let breadcrumb = breadcrumb(&steps);
    data_block(&json!({ "@context": "https://schema.org", "@graph": [business, breadcrumb] }))
}

/// The suppliers on a page of results, and the way to it.
pub(super) fn results(answer: &Answer, heading: &str, frame: &Frame) -> String {
    let entry = |(place, hit): (usize, &Hit)| {
        let page = frame.absolute(&format!("{PATH}/{}", hit.slug));
        json!({ "@type": "ListItem", "position": place, "name": hit.name, "url": page })
    };
    let list = json!({
        "@type": "ItemList",
        "name": heading,
        "numberOfItems": answer.total,
        "itemListElement": (1..).zip(&answer.hits).map(entry).collect::<Vec<_>>(),
    });
    let steps = [("Accueil", frame.absolute("/")), ("Annuaire", frame.absolute(PATH))];
    data_block(&json!({ "@context": "https://schema.org", "@graph": [list, breadcrumb(&steps)] }))
}

fn breadcrumb(steps: &[(&str, String)]) -> Value {
    let entry = |(place, (name, to)): (u8, &(&str, String))| json!({ "@type": "ListItem", "position": place, "name": name, "item": to });
    let steps: Vec<Value> = (1..).zip(steps).map(entry).collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": steps })
}

fn offer(offer: &Offer) -> Value {
    let product = json!({ "@type": "Product", "name": tidy(&offer.name), "category": words::family(*offer.family) });
    let mut shape = json!({ "@type": "Offer", "itemOffered": product });
    if let Some(cents) = offer.price_cents {
        shape["priceSpecification"] = json!({
            "@type": "UnitPriceSpecification",
            "price": format!("{}.{:02}", cents.0 / 100, cents.0 % 100),
            "priceCurrency": "EUR",
            "valueAddedTaxIncluded": false,
            "unitText": offer.sales_unit,
        });
    }
    shape
}

fn certificates(listing: &Listing, today: NaiveDate) -> Vec<Value> {
    let proven = listing.certifications.iter().filter(|certificate| certificate.proof(today) == Proof::Proven);
    let shape = |certificate: &crate::suppliers::Certification| {
        json!({
            "@type": "Certification",
            "name": words::certification_in_full(*certificate.kind),
            "certificationIdentification": certificate.number,
            "issuedBy": { "@type": "Organization", "name": certificate.body },
            "expires": certificate.last_day(),
        })
    };
    proven.map(shape).collect()
}
