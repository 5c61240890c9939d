//! The pages of this room.

pub(crate) mod attendance;
pub(crate) mod certificate;
pub(crate) mod date;
pub(crate) mod desk;
mod line;
pub(crate) mod list;
mod month;
pub(crate) mod needs;
pub(crate) mod on_behalf;
pub(crate) mod open;
pub(crate) mod overview;
pub(crate) mod own;
pub(crate) mod paper;
pub(crate) mod photos;
pub(crate) mod proposal;
pub(crate) mod questions;
pub(crate) mod registration;
pub(crate) mod sheet;
pub(crate) mod telephone;
