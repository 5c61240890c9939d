//! Whom each participant of an edition would meet, in its order, and whom it would rather not: known to its own people and to
//! organisers, and to nobody on the other side.
//!
//! - `wish` the rows, `choice` what an organisation does with them
//! - `catalogue` the other side as cards, `pages` where one chooses, and what organisers see of it
//! - `reminder` who is reminded when, `mail` by what, `call` what stands on a person's own page

mod call;
mod catalogue;
mod choice;
mod mail;
pub mod pages;
mod reminder;
pub(in crate::speed_meetings) mod wish;

pub(crate) use self::call::calls;
pub use self::reminder::remind;
pub(in crate::speed_meetings) use self::{
    choice::{is_open, remaining},
    mail::samples,
    pages::overview::counted,
    wish::{Wish, keep, of_edition},
};
