//! What canteens write to suppliers: `contact` the messages and what came of them, `block` and `report` those that are not
//! wanted, `mail` what both get, `pages` where they write and follow up.

mod block;
mod contact;
mod mail;
pub mod pages;
mod report;

pub use self::{
    block::blocked_by,
    contact::{Contact, Happened, Outcome, REMIND, REVIEW, reached, sent_by, since},
    mail::{ask_the_silent, remind, review, samples as mail_samples},
};
