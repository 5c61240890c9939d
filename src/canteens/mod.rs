//! The canteens: `profile` what they say of themselves, `want` what they look for, `request` whether an organiser has accepted
//! them, `pages` where they say it, `mail` what they get.
//!
//! Beside them the rows of the State's `ma-cantine` registry, kept as they came: `registry` holds the rows, `sector` the
//! sectors and their spellings, `import` reads the registry's files.

mod import;
mod mail;
pub mod pages;
mod profile;
mod registry;
mod request;
mod sector;
mod want;

pub use self::{
    import::import_registry,
    mail::samples as mail_samples,
    profile::{Canteen, Kitchen, accepted, kitchen_of, kitchens, save, sectors},
    registry::{RegistryCanteen, in_department, registry_sheet},
    request::{CanteenRequest, RequestState, not_accepted, request_of, requests_of},
    want::{Want, read_list},
};
