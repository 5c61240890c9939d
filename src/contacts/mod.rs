//! What canteens write to suppliers: `contact` the messages and what came of them, `mail` what both get, `pages` where a
//! cook writes and follows up.

mod contact;
mod mail;
pub mod pages;

pub use self::{
    contact::{Contact, Outcome, REMIND, REVIEW, reached, sent_by},
    mail::{remind, review, samples as mail_samples},
};
