//! What the engine is told about one supplier.

use crate::codes::{Certification, Family, Kind};
use crate::geo::Point;
use crate::lexicon::ProductId;

/// A published supplier with its offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// Key of the row; an update carries the same one.
    pub id: i64,
    /// The organiser's own key.
    pub reference: String,
    /// Readable part of the address.
    pub slug: String,
    /// Name under which the supplier is known.
    pub name: String,
    /// What kind of supplier.
    pub kind: Kind,
    /// Free text of the listing.
    pub description: String,
    /// INSEE code of the commune.
    pub commune: String,
    /// Code of the department.
    pub department: String,
    /// Code of the intercommunality, when there is one.
    pub intercommunality: Option<String>,
    /// The public point: exact only when the supplier publishes it, else the commune's. Distances go from here.
    pub point: Option<Point>,
    /// Whether the point is the exact one.
    pub exact: bool,
    /// Whether the supplier may be drawn on a map.
    pub on_map: bool,
    /// Where the supplier delivers.
    pub delivery: Delivery,
    /// Day the supplier last confirmed the listing, in days since 1970-01-01.
    pub confirmed: Option<i32>,
    /// Certificates that hold a number, a body and a last day.
    pub certificates: Vec<Certificate>,
    /// What the supplier sells.
    pub offers: Vec<Offer>,
}

/// A certificate that can be checked. What it proves depends on the day asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The sign it stands for.
    pub kind: Certification,
    /// First day it holds, in days since 1970-01-01; `i32::MIN` when it always did.
    pub first_day: i32,
    /// Last day it holds.
    pub last_day: i32,
}

/// Where a supplier delivers: the union of its parts, nowhere when all are empty; and when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivery {
    /// Kilometres around the public point.
    pub radius_km: Option<f64>,
    /// Codes of departments.
    pub departments: Vec<String>,
    /// Codes of intercommunalities.
    pub intercommunalities: Vec<String>,
    /// INSEE codes of communes.
    pub communes: Vec<String>,
    /// Days of the round, bit 0 is Monday; 0 when the supplier does not say.
    pub days: u8,
}

/// One thing a supplier sells.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Name as the supplier writes it.
    pub name: String,
    /// The product it is, when recognised.
    pub product: Option<ProductId>,
    /// Family the supplier put it in.
    pub family: Family,
    /// Months in which it can be had, bit 0 is January.
    pub months: u16,
    /// Signs the offer carries, as a mask of [`Certification::bit`]; proven only if the supplier's certificate is.
    pub signs: u16,
    /// Price of one unit without tax, in cents.
    pub price_cents: Option<u32>,
    /// Unit the price is for.
    pub unit: String,
    /// Packaging.
    pub packaging: String,
}
