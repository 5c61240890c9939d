//! The places of France: communes, intercommunalities and departments, found by name or code, with their points,
//! perimeters and outlines. The gazetteer is part of the program; an operator may import better points and outlines.
//!
//! - [`commune`]: INSEE codes, communes, points
//! - [`gazetteer`]: the lists and how they are looked up
//! - [`resolve`]: the commune an imported line means
//! - [`perimeter`]: a department, an intercommunality or a commune as a limit
//! - [`distance`]: kilometres between points, points inside outlines

pub mod commune;
pub mod distance;
pub mod gazetteer;
pub mod perimeter;
pub mod resolve;
mod spelling;

pub use commune::{Commune, InseeCode, Point};
pub use distance::distance_km;
pub use gazetteer::{Department, Intercommunality, Places};
pub use perimeter::Perimeter;
pub use resolve::Unresolved;
