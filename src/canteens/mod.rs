//! The canteens: `profile` what they say of themselves, `want` what they look for, `pages` where they say it.
//!
//! Beside them the rows of the State's `ma-cantine` registry, kept as they came: `registry` holds the rows, `sector` the
//! sectors and their spellings, `import` reads the registry's files.

mod import;
pub mod pages;
mod profile;
mod registry;
mod sector;
mod want;

pub use self::{
    import::import_registry,
    profile::{Canteen, Kitchen, kitchen_of, kitchens, save},
    registry::{RegistryCanteen, in_department, registry_sheet},
    want::{Want, read_list},
};
