//! What is asked and what is answered.

use crate::codes::{Certification, Kind};
use crate::geo::{Bounds, Point, Polygon};
use crate::lexicon::ProductId;

/// A search. Masks hold the bits of the wanted values; an empty mask or list asks nothing.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Words, as typed.
    pub q: String,
    /// Readings of `q` the person took away, as a mask of [`Sense::bit`](crate::codes::Sense::bit).
    pub ignore: u16,
    /// Where distances are measured from.
    pub near: Option<Origin>,
    /// Farthest distance from `near`, in kilometres.
    pub radius_km: Option<f64>,
    /// Code of the department the supplier's commune belongs to.
    pub department: Option<String>,
    /// Code of the intercommunality the supplier's commune belongs to.
    pub intercommunality: Option<String>,
    /// INSEE code of the supplier's commune.
    pub commune: Option<String>,
    /// Box the public point lies in.
    pub bounds: Option<Bounds>,
    /// Polygon the public point lies in.
    pub polygon: Option<Polygon>,
    /// Only suppliers that deliver to `near`.
    pub delivers_to: bool,
    /// Only suppliers whose round is on one of these days, bit 0 is Monday.
    pub delivery_days: u8,
    /// Kinds of supplier.
    pub kinds: u16,
    /// Families; of one and the same offer, like the three that follow.
    pub families: u16,
    /// Products, narrower ones included.
    pub products: Vec<ProductId>,
    /// Signs proven on the day `today`.
    pub certifications: u16,
    /// Months, bit 0 is January.
    pub months: u16,
    /// Order of the hits.
    pub sort: Sort,
    /// Hits to pass over.
    pub offset: usize,
    /// Hits to return.
    pub limit: usize,
    /// Day certificates are judged on, in days since 1970-01-01.
    pub today: i32,
}

/// The place distances are measured from.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The point itself, or the commune's.
    pub point: Point,
    /// INSEE code of the commune it lies in, for delivery areas.
    pub commune: Option<String>,
    /// Department of that commune.
    pub department: Option<String>,
    /// Intercommunality of that commune.
    pub intercommunality: Option<String>,
}

/// Order of the hits; always the same for the same data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best answer first; without words, nearest first when a place is given, else by name.
    #[default]
    Relevance,
    /// Nearest first.
    Distance,
    /// Alphabetical.
    Name,
    /// Most recently confirmed first.
    Freshness,
}

/// A page of hits and what is true of all of them.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Number of suppliers found.
    pub total: usize,
    /// The page asked for.
    pub hits: Vec<Hit>,
    /// Counts over everything found.
    pub facets: Facets,
    /// How the words were read.
    pub understood: Understood,
    /// The words as they were probably meant, when a word was misspelt.
    pub correction: Option<String>,
}

/// Suppliers found, by what they have; the places follow the bits of each code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// With at least one offer of the family.
    pub families: [u32; 8],
    /// With at least one offer whose sign is proven.
    pub certifications: [u32; 11],
    /// Of the kind.
    pub kinds: [u32; 5],
}

/// How the words were read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Understood {
    /// The commune, as its INSEE code and the words that named it.
    pub commune: Option<(String, String)>,
    /// A certification and whether it was taken as a condition (`bio`) or a preference.
    pub certification: Option<(Certification, bool)>,
    /// Products, best known first.
    pub products: Vec<ProductId>,
    /// Months, bit 0 is January: a condition on offers.
    pub months: u16,
    /// Days of the week, bit 0 is Monday: who delivers then comes first.
    pub delivery_days: u8,
    /// Words were given and none of them asks for anything: *moins cher*.
    pub asks_nothing: bool,
}

/// A supplier found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Key of the row.
    pub id: i64,
    /// The organiser's own key.
    pub reference: String,
    /// Readable part of the address.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: Kind,
    /// INSEE code of the commune.
    pub commune: String,
    /// Public point, unless the supplier is kept off the map.
    pub point: Option<Point>,
    /// Whether that point is the exact one.
    pub exact: bool,
    /// Kilometres from the place asked for, or read in the words; from the public point.
    pub distance_km: Option<f64>,
    /// Mask of the families it sells.
    pub families: u16,
    /// Mask of signs it carries, proven or not.
    pub signs: u16,
    /// Mask of signs proven by a certificate on the day asked.
    pub proven: u16,
    /// Day the listing was last confirmed, in days since 1970-01-01.
    pub confirmed: Option<i32>,
    /// Every month in which a matching offer can be had, bit 0 is January.
    pub months: u16,
    /// Offers that answer, best first, at most [`OFFERS_SHOWN`].
    pub offers: Vec<OfferHit>,
    /// Number of offers that answer.
    pub offer_count: usize,
    /// Why it is here.
    pub matched: Vec<Reason>,
    /// A piece of the description around what was asked.
    pub snippet: Vec<Fragment>,
}

/// Most matching offers shown with a hit.
pub const OFFERS_SHOWN: usize = 6;

/// An offer of a hit.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferHit {
    /// Name as the supplier writes it.
    pub name: String,
    /// Product, when recognised.
    pub product: Option<ProductId>,
    /// Place of the family in [`crate::codes::Family::ALL`].
    pub family: u8,
    /// Months, bit 0 is January.
    pub months: u16,
    /// Signs it carries.
    pub signs: u16,
    /// Those proven.
    pub proven: u16,
    /// Price of a unit without tax, in cents.
    pub price_cents: Option<u32>,
    /// The unit.
    pub unit: String,
    /// The packaging.
    pub packaging: String,
}

/// Why a supplier answers, strongest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It sells the very product.
    Product(ProductId),
    /// It sells a kind of the product asked (asked, sold).
    Narrower(ProductId, ProductId),
    /// It sells the broader product (asked, sold).
    Broader(ProductId, ProductId),
    /// It sells something near (asked, sold).
    Near(ProductId, ProductId),
    /// Its text or an offer mentions the product.
    Mention(ProductId),
    /// An offer carries the word.
    OfferWord(String),
    /// Its name has the word.
    Name(String),
    /// Its description has the word.
    Text(String),
}

/// A piece of a text, marked or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The words.
    pub text: String,
    /// Whether they are what was asked.
    pub marked: bool,
}
