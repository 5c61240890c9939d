//! The canteens. So far the rows of the State's `ma-cantine` registry, kept as they came for what is built on them:
//! `registry` holds the rows, `sector` the sectors and their spellings, `import` reads the registry's files.

mod import;
mod registry;
mod sector;

pub use self::{
    import::import_registry,
    registry::{RegistryCanteen, in_department, registry_sheet},
};
