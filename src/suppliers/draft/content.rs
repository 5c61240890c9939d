use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::places::Places;
use crate::suppliers::{
    Cents, CertificationKind, CertificationSource, DeliveryZones, Kind, Listing, Months, Origin, ProductFamily,
    PublishedPosition, Signs, Siret, State, Stored, Weekdays, Word, tie_product,
    wanted::{NewCertification, NewOffer, NewSupplier},
};
use crate::web::french;

/// What a supplier says of itself so far: right as far as it goes, not yet whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Name under which it is known, at most 200 characters.
    pub name: String,
    /// What kind of supplier.
    pub kind: Option<Stored<Kind>>,
    /// Number of the establishment.
    pub siret: Option<Siret>,
    /// Free text, at most 2,000 characters.
    pub description: String,
    /// For signed-in canteens.
    pub phone: Option<String>,
    /// For signed-in canteens.
    pub email: Option<String>,
    /// Its own site.
    pub website: Option<String>,
    /// Its commune.
    pub insee_code: Option<String>,
    /// Street or hamlet.
    pub address: Option<String>,
    /// Latitude and longitude, WGS84 degrees.
    pub position: Option<(f64, f64)>,
    /// What the public may know of the position; nothing said: the commune.
    pub published_position: Option<Stored<PublishedPosition>>,
    /// Whether it delivers, when that is said.
    pub delivers: Option<bool>,
    /// Kilometres around its position.
    pub delivery_radius_km: Option<f64>,
    /// Where it delivers besides.
    pub zones: DeliveryZones,
    /// Days of its round.
    pub delivery_days: Weekdays,
    /// Smallest order delivered, without tax.
    pub minimum_order: Option<Cents>,
    /// Delivery is free from this amount, without tax.
    pub free_delivery: Option<Cents>,
    /// What it offers, in its order.
    pub offers: Vec<DraftOffer>,
    /// Its certificates, in their order.
    pub certificates: Vec<DraftCertificate>,
    /// Its photographs, in their order.
    pub photos: Vec<DraftPhoto>,
    /// Greatest key given to a part so far.
    pub last_key: u32,
}

/// An offer of a draft; see [`Offer`](crate::suppliers::Offer).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftOffer {
    /// Its name in addresses, never given again.
    pub key: u32,
    /// The product as the supplier writes it.
    pub name: String,
    /// Its family.
    pub family: Stored<ProductFamily>,
    /// Packaging: `sac de 25 kg`.
    pub packaging: Option<String>,
    /// The unit the price is for: `kg`.
    pub sales_unit: Option<String>,
    /// Price of one unit without tax.
    pub price: Option<Cents>,
    /// When it can be had.
    pub months: Months,
    /// How much can be had in a week, in sales units.
    pub volume_per_week: Option<f64>,
    /// The signs this very offer carries.
    pub signs: Signs,
}

/// A certificate of a draft; see [`Certification`](crate::suppliers::Certification).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftCertificate {
    /// Its name in addresses, never given again.
    pub key: u32,
    /// Which sign.
    pub kind: Stored<CertificationKind>,
    /// Number of the certificate; for organic, the operator number.
    pub number: Option<String>,
    /// Body that certifies.
    pub body: Option<String>,
    /// First day of validity.
    pub valid_from: Option<NaiveDate>,
    /// Last day of validity.
    pub valid_until: Option<NaiveDate>,
    /// The file that was sent.
    pub file: Option<i64>,
    /// Address of a document elsewhere.
    pub document: Option<String>,
    /// The day it was seen in a public register.
    pub register_read_on: Option<NaiveDate>,
}

/// A photograph of a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftPhoto {
    /// Its name in addresses, never given again.
    pub key: u32,
    /// The file that was sent.
    pub file: i64,
    /// What it shows, for who does not see it; at most 200 characters.
    pub words: String,
}

/// A part of a draft that has a key.
pub trait Keyed {
    /// Its key.
    fn key(&self) -> u32;
}

impl Keyed for DraftOffer {
    fn key(&self) -> u32 {
        self.key
    }
}

impl Keyed for DraftCertificate {
    fn key(&self) -> u32 {
        self.key
    }
}

impl Keyed for DraftPhoto {
    fn key(&self) -> u32 {
        self.key
    }
}

impl Content {
    /// A key that no part has had.
    pub fn new_key(&mut self) -> u32 {
        self.last_key += 1;
        self.last_key
    }

    /// The files it shows.
    pub(super) fn files(&self) -> impl Iterator<Item = i64> {
        let certificates = self.certificates.iter().filter_map(|held| held.file);
        certificates.chain(self.photos.iter().map(|shown| shown.file))
    }

    /// Where one is told it is: the commune when nothing is said.
    #[must_use]
    pub fn position_shown(&self) -> PublishedPosition {
        self.published_position.map_or(PublishedPosition::Commune, |stored| stored.0)
    }

    /// Whether a place is named to which it delivers.
    #[must_use]
    pub fn has_delivery_area(&self) -> bool {
        self.delivery_radius_km.is_some() || !self.zones.is_empty()
    }

    /// What a listing says, to go on from there.
    #[must_use]
    pub fn of(listing: &Listing) -> Self {
        let supplier = listing.supplier.clone();
        let mut content = Self {
            name: supplier.name,
            kind: Some(supplier.kind),
            siret: supplier.siret,
            description: supplier.description,
            phone: supplier.phone,
            email: supplier.email,
            website: supplier.website,
            insee_code: Some(supplier.insee_code),
            address: supplier.address,
            position: supplier.latitude.zip(supplier.longitude),
            published_position: Some(Stored(supplier.published_position)),
            delivery_radius_km: supplier.delivery_radius_km,
            zones: listing.zones.clone(),
            delivery_days: supplier.delivery_days,
            minimum_order: supplier.minimum_order_cents,
            free_delivery: supplier.free_delivery_cents,
            ..Self::default()
        };
        // A listing that names no place may have said nothing, or that it does not deliver.
        content.delivers = content.has_delivery_area().then_some(true);
        for offer in &listing.offers {
            let key = content.new_key();
            content.offers.push(DraftOffer {
                key,
                name: offer.name.clone(),
                family: offer.family,
                packaging: offer.packaging.clone(),
                sales_unit: offer.sales_unit.clone(),
                price: offer.price_cents,
                months: offer.months,
                volume_per_week: offer.volume_per_week,
                signs: offer.signs,
            });
        }
        for held in &listing.certifications {
            let key = content.new_key();
            let read = held.checked_on.filter(|_| held.source == CertificationSource::Register);
            content.certificates.push(DraftCertificate {
                key,
                kind: held.kind,
                number: held.number.clone(),
                body: held.body.clone(),
                valid_from: held.valid_from,
                valid_until: held.valid_until,
                file: None,
                document: held.document.clone(),
                register_read_on: read,
            });
        }
        content
    }

    /// What its listing is to say, under a reference; nothing while its kind or commune is missing. `files` is the address
    /// under which certificates are served, to which their number is added.
    pub(in crate::suppliers) fn wanted(
        &self,
        reference: &str,
        places: &Places,
        today: NaiveDate,
        files: &str,
    ) -> Option<(NewSupplier, Vec<NewOffer>)> {
        let commune = places.commune(self.insee_code.as_deref()?)?;
        let delivers = self.delivers != Some(false);
        let supplier = NewSupplier {
            reference: reference.to_owned(),
            name: self.name.clone(),
            kind: self.kind?.0,
            siret: self.siret.clone(),
            description: self.description.clone(),
            address: self.address.clone(),
            postal_code: commune.postal_codes.first().filter(|_| commune.postal_codes.len() == 1).cloned(),
            insee_code: commune.insee_code.to_string(),
            commune: commune.name.clone(),
            position: self.position,
            published_position: self.position_shown(),
            phone: self.phone.clone(),
            email: self.email.clone(),
            website: self.website.clone(),
            delivery_radius_km: self.delivery_radius_km.filter(|_| delivers),
            zones: if delivers { self.zones.clone() } else { DeliveryZones::default() },
            delivery_days: if delivers { self.delivery_days } else { Weekdays::default() },
            minimum_order_cents: self.minimum_order,
            free_delivery_cents: self.free_delivery.filter(|_| delivers),
            certifications: self.certificates.iter().map(|held| held.wanted(files)).collect(),
            confirmed_on: Some(today),
            state: Some(State::Published),
            origin: Some(Origin::Supplier),
        };
        Some((supplier, self.offers.iter().map(DraftOffer::wanted).collect()))
    }
}

impl DraftOffer {
    fn wanted(&self) -> NewOffer {
        NewOffer {
            line: 0,
            name: self.name.clone(),
            family: self.family.0,
            packaging: self.packaging.clone(),
            sales_unit: self.sales_unit.clone(),
            price_cents: self.price,
            months: self.months,
            volume_per_week: self.volume_per_week,
            signs: self.signs,
        }
    }

    /// The offer of a line that was found right.
    pub(in crate::suppliers) fn from_line(new: NewOffer, key: u32) -> Self {
        Self {
            key,
            name: new.name,
            family: Stored(new.family),
            packaging: new.packaging,
            sales_unit: new.sales_unit,
            price: new.price_cents,
            months: new.months,
            volume_per_week: new.volume_per_week,
            signs: new.signs,
        }
    }
}

impl DraftCertificate {
    fn wanted(&self, files: &str) -> NewCertification {
        NewCertification {
            kind: self.kind.0,
            number: self.number.clone(),
            body: self.body.clone(),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            document: self.file.map(|file| format!("{files}{file}")).or_else(|| self.document.clone()),
            register_read_on: self.register_read_on,
        }
    }
}

impl DraftOffer {
    /// What a list says beside its name: `sac de 25 kg, 1,20 € / kg, septembre à mars, Bio`.
    #[must_use]
    pub fn summary(&self) -> String {
        let unit = self.sales_unit.as_ref().map(|unit| format!(" / {unit}")).unwrap_or_default();
        let price = self.price.map(|cents| format!("{}{unit}", french::price(cents.0)));
        let signs: Vec<&str> = self.signs.iter().map(Word::label).collect();
        let of_unit = self.sales_unit.as_ref().map(|unit| format!("\u{a0}{unit}")).unwrap_or_default();
        let volume = self.volume_per_week.map(|most| format!("{}{of_unit} par semaine", french::decimal(most)));
        let parts = [self.packaging.clone(), price, volume, Some(self.months.to_string()), Some(signs.join(", "))];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// Whether the directory knows what it is.
    #[must_use]
    pub fn is_known(&self) -> bool {
        tie_product(&self.name, self.family.0).is_some()
    }
}

impl DraftCertificate {
    /// The sign: `Bio`.
    #[must_use]
    pub fn label(&self) -> &'static str {
        self.kind.0.label()
    }

    /// What stands behind it: `n° 114386, Ecocert, jusqu’au 31 mars 2031`.
    #[must_use]
    pub fn summary(&self) -> String {
        let number = self.number.as_ref().map(|number| format!("n°\u{a0}{number}"));
        let until = self.valid_until.map(|day| format!("jusqu’au {}", french::date(day)));
        let read = self.register_read_on.map(|day| format!("lu dans l’annuaire officiel le {}", french::date(day)));
        let file = self.file.map(|_| "document joint".to_owned());
        let said: Vec<String> = [number, self.body.clone(), until, read, file].into_iter().flatten().collect();
        if said.is_empty() { "sans preuve\u{a0}: montré comme déclaré".to_owned() } else { said.join(", ") }
    }
}
