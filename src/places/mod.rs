//! The places of France: communes, intercommunalities and departments, found by name or code, with their points,
//! perimeters and outlines. The gazetteer is part of the program; an operator may import better points and outlines.
//!
//! - [`commune`]: INSEE codes and communes; `commune_point`: better points of theirs
//! - [`gazetteer`]: the lists and how they are looked up
//! - [`resolve`]: the commune an imported line means; `spelling`: how like two names are
//! - [`perimeter`]: a department, an intercommunality or a commune as a limit
//! - [`geocoder`]: the point of an address, when a geocoder is set
//! - [`outline`]: the outlines shown on maps; `cells`: how they are drawn; `shape`: GeoJSON polygons
//! - `postal_address`: an address as search engines read it
//! - [`import`]: better points and outlines from files
//!
//! Points, distances and polygons are those of the search engine: [`index::geo`].

mod cells;
pub mod commune;
mod commune_point;
pub mod gazetteer;
pub mod geocoder;
pub mod import;
pub mod outline;
pub mod perimeter;
mod postal_address;
pub mod resolve;
mod shape;
mod spelling;

pub use commune::{Commune, InseeCode, Point};
pub use gazetteer::{Department, Intercommunality, Places};
pub use perimeter::Perimeter;
pub use postal_address::postal_address;
pub use resolve::Unresolved;
