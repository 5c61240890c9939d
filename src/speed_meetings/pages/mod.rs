//! Where organisers prepare editions, and what everybody reads of them.
//!
//! - `list` all editions · `prepare` a new one, or one like an earlier one · `desk` one edition, section by section
//! - `stage` on to the next state or back · `removal` a draft that is not wanted · `open` the public pages
//! - `hours` the day's slots as pages show them

pub(crate) mod desk;
mod hours;
pub(crate) mod list;
pub(crate) mod open;
pub(crate) mod prepare;
pub(crate) mod removal;
pub(crate) mod stage;
