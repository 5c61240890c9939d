//! The suppliers and what they offer: rows, rules, the change log that search nodes follow, import and export.
//!
//! `supplier`, `offer`, `certification` and `delivery` hold one table each; `listing` loads everything about a supplier
//! in a few queries;
//! `registers` is what public registers say of a supplier that registers;
//! `changes` is the log read by every node; `product` ties what a supplier writes to a product;
//! `reported_error` is what readers found wrong; `claim` and `claim_invitation` how a listing finds its supplier; `absence`,
//! `question` and `upkeep` how it stays true; `import` and `export` speak the format that organisers fill by hand.

mod absence;
mod certification;
mod changes;
mod claim;
mod claim_invitation;
mod contact;
mod delivery;
pub mod draft;
pub mod export;
mod file;
mod identity;
pub mod import;
mod listing;
mod mail;
mod money;
mod months;
mod offer;
pub mod pages;
mod photo;
mod product;
mod question;
mod registers;
mod registration;
mod reported_error;
mod save;
mod slug;
mod supplier;
mod upkeep;
mod wanted;
mod word;

pub use self::{
    certification::{Certification, CertificationSource, Proof, Signs},
    changes::{
        Change, changes_since, forget_old_changes, knows_change, last_change, record_change, record_changes,
        record_rebuild,
    },
    claim_invitation::{INVITE, invite},
    delivery::{DeliveryZones, Weekday, Weekdays, ZoneKind},
    file::{
        File, FileKind, NewFile, WrongFile, file_of, keep_file, public_certificate, public_photo, public_thumbnail,
    },
    identity::Siret,
    listing::{
        Address, Listing, addresses, by_reference, by_slug, count_published, load_many, load_page, public_by_slug,
    },
    mail::samples as mail_samples,
    money::Cents,
    months::Months,
    offer::Offer,
    photo::Photo,
    product::{lexicon, tie_product},
    registration::{forget_old_registrations, forget_registration},
    reported_error::{
        NewReportedError, ReportState, ReportedError, WrongReport, close_report, forget_reporter, open_reports, report,
        report_error, reported_by,
    },
    slug::slug,
    supplier::{Origin, PublicPlace, PublishedPosition, State, Supplier},
    upkeep::look_after,
    word::{Stored, Word},
};
pub use index::codes::{Certification as CertificationKind, Family as ProductFamily, Kind};
