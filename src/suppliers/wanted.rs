use chrono::NaiveDate;

use super::{
    Cents, Certification, CertificationKind, CertificationSource, DeliveryZones, Kind, Listing, Months, Origin,
    ProductFamily, PublishedPosition, Signs, Siret, State, Weekdays,
};

/// What a listing is to say but for its offers. The fields are those of [`Supplier`](super::Supplier).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewSupplier {
    pub(super) reference: String,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) siret: Option<Siret>,
    pub(super) description: String,
    pub(super) address: Option<String>,
    pub(super) postal_code: Option<String>,
    pub(super) insee_code: String,
    /// Name of the commune, for the slug.
    pub(super) commune: String,
    /// Latitude and longitude.
    pub(super) position: Option<(f64, f64)>,
    pub(super) published_position: PublishedPosition,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) website: Option<String>,
    pub(super) delivery_radius_km: Option<f64>,
    pub(super) zones: DeliveryZones,
    pub(super) delivery_days: Weekdays,
    pub(super) minimum_order_cents: Option<Cents>,
    pub(super) free_delivery_cents: Option<Cents>,
    pub(super) certifications: Vec<NewCertification>,
    pub(super) confirmed_on: Option<NaiveDate>,
    /// Its state, when that is said.
    pub(super) state: Option<State>,
    /// Where it comes from, when that is said.
    pub(super) origin: Option<Origin>,
}

/// What a file would have to say to leave a listing as it is.
impl From<&Listing> for NewSupplier {
    fn from(listing: &Listing) -> Self {
        let supplier = listing.supplier.clone();
        Self {
            reference: supplier.reference,
            name: supplier.name,
            kind: supplier.kind.0,
            siret: supplier.siret,
            description: supplier.description,
            address: supplier.address,
            postal_code: supplier.postal_code,
            insee_code: supplier.insee_code,
            commune: String::new(),
            position: supplier.latitude.zip(supplier.longitude),
            published_position: supplier.published_position,
            phone: supplier.phone,
            email: supplier.email,
            website: supplier.website,
            delivery_radius_km: supplier.delivery_radius_km,
            zones: listing.zones.clone(),
            delivery_days: supplier.delivery_days,
            minimum_order_cents: supplier.minimum_order_cents,
            free_delivery_cents: supplier.free_delivery_cents,
            certifications: listing.certifications.iter().map(NewCertification::from).collect(),
            confirmed_on: supplier.confirmed_on,
            state: Some(supplier.state),
            origin: Some(supplier.origin),
        }
    }
}

impl From<&Certification> for NewCertification {
    fn from(held: &Certification) -> Self {
        Self {
            kind: held.kind.0,
            number: held.number.clone(),
            body: held.body.clone(),
            valid_from: held.valid_from,
            valid_until: held.valid_until,
            document: held.document.clone(),
            register_read_on: held.checked_on.filter(|_| held.source == CertificationSource::Register),
        }
    }
}

/// A certificate that it is to show. The fields are those of [`Certification`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewCertification {
    pub(super) kind: CertificationKind,
    pub(super) number: Option<String>,
    pub(super) body: Option<String>,
    pub(super) valid_from: Option<NaiveDate>,
    pub(super) valid_until: Option<NaiveDate>,
    pub(super) document: Option<String>,
    /// The day it was seen in a public register, which then is its source.
    pub(super) register_read_on: Option<NaiveDate>,
}

/// The offers one supplier is to have, in their order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewOffers {
    pub(super) reference: String,
    pub(super) offers: Vec<NewOffer>,
}

/// What an offer is to say. The fields are those of [`Offer`](super::Offer).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewOffer {
    /// Where it stands in its file; 0 when it comes from none.
    pub(super) line: u64,
    pub(super) name: String,
    pub(super) family: ProductFamily,
    pub(super) packaging: Option<String>,
    pub(super) sales_unit: Option<String>,
    pub(super) price_cents: Option<Cents>,
    pub(super) months: Months,
    pub(super) volume_per_week: Option<f64>,
    pub(super) signs: Signs,
}
