//! The suppliers and what they offer: rows, rules, the change log that search nodes follow, import and export.
//!
//! `supplier`, `offer`, `certification` and `delivery` hold one table each; `listing` loads everything about a supplier in a few queries;
//! `changes` is the log read by every node; `product` ties what a supplier writes to a product; `import` and `export` speak the format
//! that organisers fill by hand.

mod certification;
mod changes;
mod delivery;
mod identity;
pub mod import;
mod listing;
mod money;
mod months;
mod offer;
mod product;
mod slug;
mod supplier;
mod word;

pub use self::{
    certification::{Certification, CertificationKind, CertificationSource, Proof, Signs},
    changes::{Change, changes_since, last_change, record_change, record_changes, record_rebuild},
    delivery::{DeliveryZones, Weekday, Weekdays, ZoneKind},
    identity::Siret,
    listing::{Listing, by_reference, by_slug, counts, load_many, load_page},
    money::Cents,
    months::Months,
    offer::{Offer, ProductFamily},
    product::{lexicon, tie_product},
    slug::slug,
    supplier::{Kind, Origin, PublishedPosition, State, Supplier},
    word::Word,
};
