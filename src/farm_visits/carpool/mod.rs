//! Who goes to a date of a visit by car with whom. Nobody reads name, telephone or address of another before both agreed.
//!
//! - `entry` a car with free seats, or somebody who looks for one; `pair` the two of them: asked, agreed, declined
//! - `road` how far the one is from the way of the other, and whether their hours agree
//! - `board` all of a date in memory: what may become of it is decided there, or refused (`refusal`)
//! - `decide` locks the date, writes and tells
//! - `mail` what people are told · `form` what they type, `pages` what they read · `memory` what is forgotten
//! - `rehearsal` made-up rides, for the demonstration

mod board;
mod decide;
mod entry;
mod form;
mod mail;
mod memory;
pub(crate) mod pages;
mod pair;
mod refusal;
mod rehearsal;
mod road;

pub(super) use self::{
    decide::{follow, leave},
    entry::{departures, figures},
    mail::samples as mail_samples,
    memory::{forget, forget_old},
};
pub use self::{
    memory::carpooled_by,
    rehearsal::{Ride, rehearse_ride},
};
