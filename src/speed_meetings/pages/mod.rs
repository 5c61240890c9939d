//! Where organisers prepare editions, and what everybody reads of them.
//!
//! - `list` all editions · `prepare` a new one, or one like an earlier one · `desk` one edition, section by section, `remarks`
//!   beside them
//! - `stage` on to the next state or back · `removal` a draft that is not wanted · `open` the public pages
//! - `speaker` who speaks for an organisation, `guest` at an edition · `registration` where it registers, `withdrawal` where it withdraws
//! - `participants` who comes, for organisers · `hours` the day's slots as pages show them

pub(crate) mod desk;
mod guest;
mod hours;
pub(crate) mod list;
pub(crate) mod open;
pub(crate) mod participants;
pub(crate) mod prepare;
pub(crate) mod registration;
mod remarks;
pub(crate) mod removal;
pub(in crate::speed_meetings) mod speaker;
pub(crate) mod stage;
pub(crate) mod withdrawal;
