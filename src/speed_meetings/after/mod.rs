//! After the day: what each side says came of its appointments, what was delivered, and what organisers make of it.
//!
//! - `outcome` what a side says of an appointment, `review` how content a participant was
//! - `follow_up` what was asked of everybody and when, `asking` who is asked, `mail` how, `call` on a person's own page
//! - `gather` all that the report needs, `count` what is counted of it, `report` in French
//! - `made_up` what came of a day of the demonstration · `pages` what they see

mod asking;
mod call;
mod count;
mod follow_up;
mod gather;
mod made_up;
mod mail;
mod outcome;
pub mod pages;
mod report;
mod review;
mod written;

pub(crate) use self::call::calls;
pub(super) use self::follow_up::was_asked;
pub(super) use self::outcome::rehearse;
pub use self::{
    asking::ask,
    mail::samples as mail_samples,
    written::{forget_written, written_by},
};
