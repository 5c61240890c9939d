//! One listing as the public sees it, for the API.

use chrono::NaiveDate;
use poem_openapi::Object;
use serde::Serialize;

use super::shapes::{PlaceShape, SignShape};
use crate::app::App;
use crate::suppliers::{self, Listing, Proof, Word};

/// A supplier with everything public about it.
#[derive(Debug, Object, Serialize)]
pub(super) struct SupplierDetail {
    /// The organiser's own key.
    pub reference: String,
    /// Readable part of its address: /annuaire/{slug}.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Kind: producer, `craft_producer`, processor, wholesaler or `producer_group`.
    pub kind: String,
    /// Free text.
    pub description: String,
    /// Its commune.
    pub commune: Option<PlaceShape>,
    /// Public latitude: the exact one if published, else the commune's; absent when the supplier is not on the map.
    pub lat: Option<f64>,
    /// Public longitude.
    pub lon: Option<f64>,
    /// Whether the point is the exact one.
    pub exact_position: bool,
    /// Where and when it delivers.
    pub delivery: DeliveryShape,
    /// Certificates and mentions it holds.
    pub certifications: Vec<CertificateShape>,
    /// What it offers.
    pub offers: Vec<FullOffer>,
    /// Day it last confirmed the listing.
    pub confirmed_on: Option<NaiveDate>,
    /// Whether the listing only repeats a public register and was not taken over by the supplier.
    pub from_register: bool,
}

/// Where and when a supplier delivers.
#[derive(Debug, Object, Serialize)]
pub(super) struct DeliveryShape {
    /// Kilometres around its public point.
    pub radius_km: Option<f64>,
    /// Codes of departments.
    pub departments: Vec<String>,
    /// Codes of intercommunalities.
    pub intercommunalities: Vec<String>,
    /// INSEE codes of communes.
    pub communes: Vec<String>,
    /// Days of the round: monday … sunday.
    pub days: Vec<String>,
    /// Smallest order delivered, without tax, in cents of a euro.
    pub minimum_order: Option<i64>,
    /// Delivery is free from this amount, without tax, in cents of a euro.
    pub free_delivery_threshold: Option<i64>,
}

/// A certificate and what it is worth today.
#[derive(Debug, Object, Serialize)]
pub(super) struct CertificateShape {
    /// Code of the sign.
    pub code: String,
    /// proven, declared or expired.
    pub state: String,
    /// Number of the certificate.
    pub number: Option<String>,
    /// Body that certifies.
    pub body: Option<String>,
    /// Last day of validity.
    pub valid_until: Option<NaiveDate>,
}

/// An offer.
#[derive(Debug, Object, Serialize)]
pub(super) struct FullOffer {
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
    pub price_excl_tax: Option<i64>,
    /// Months (1 to 12).
    pub months: Vec<u32>,
    /// Signs this very offer carries.
    pub certifications: Vec<SignShape>,
}

impl SupplierDetail {
    /// The public side of a listing, on the app's day.
    #[must_use]
    pub(super) fn of(listing: &Listing, app: &App) -> Self {
        let (supplier, today) = (&listing.supplier, app.today());
        let place = supplier.place_on_map(&app.places);
        Self {
            reference: supplier.reference.clone(),
            slug: supplier.slug.clone(),
            name: supplier.name.clone(),
            kind: supplier.kind.code().to_owned(),
            description: supplier.description.clone(),
            commune: PlaceShape::of(&app.places, &supplier.insee_code),
            lat: place.map(|place| place.point.lat),
            lon: place.map(|place| place.point.lon),
            exact_position: place.is_some_and(|place| place.is_exact),
            delivery: delivery(listing),
            certifications: listing
                .certifications
                .iter()
                .map(|certificate| certificate_shape(certificate, today))
                .collect(),
            offers: listing.offers.iter().map(|offer| full_offer(offer, listing, today)).collect(),
            confirmed_on: supplier.confirmed_on,
            from_register: supplier.is_unclaimed(),
        }
    }
}

fn delivery(listing: &Listing) -> DeliveryShape {
    let supplier = &listing.supplier;
    DeliveryShape {
        radius_km: supplier.delivery_radius_km,
        departments: listing.zones.departments.clone(),
        intercommunalities: listing.zones.epcis.clone(),
        communes: listing.zones.communes.clone(),
        days: supplier.delivery_days.iter().map(|day| day.code().to_owned()).collect(),
        minimum_order: supplier.minimum_order_cents.map(|cents| cents.0),
        free_delivery_threshold: supplier.free_delivery_cents.map(|cents| cents.0),
    }
}

fn certificate_shape(certificate: &suppliers::Certification, today: NaiveDate) -> CertificateShape {
    let state = match certificate.proof(today) {
        Proof::Proven => "proven",
        Proof::Declared => "declared",
        Proof::Expired => "expired",
    };
    CertificateShape {
        code: certificate.kind.code().to_owned(),
        state: state.to_owned(),
        number: certificate.number.clone(),
        body: certificate.body.clone(),
        valid_until: certificate.valid_until,
    }
}

fn full_offer(offer: &suppliers::Offer, listing: &Listing, today: NaiveDate) -> FullOffer {
    let is_proven = |sign| listing.proof_of(sign, today) == Some(Proof::Proven);
    FullOffer {
        name: offer.name.clone(),
        product: offer.product_code.clone(),
        family: offer.family.code().to_owned(),
        packaging: offer.packaging.clone(),
        sales_unit: offer.sales_unit.clone(),
        price_excl_tax: offer.price_cents.map(|cents| cents.0),
        months: (1..=12).filter(|month| offer.months.contains(*month)).collect(),
        certifications: offer
            .signs
            .iter()
            .map(|sign| SignShape { proven: is_proven(sign), code: sign.code().to_owned() })
            .collect(),
    }
}
