//! What was published of a timetable, version by version.
//!
//! - `version` the versions with their appointments, `own_day` what one participant has of them, in words
//! - `badge` the short code of a participant
//! - `draft` what publishing now would change, and what is in its way
//! - `publish` the one way in which a timetable reaches people, `mail` what they are told
//! - `pages` where organisers publish

pub(super) mod badge;
mod draft;
pub(super) mod mail;
mod own_day;
pub(crate) mod pages;
mod publish;
pub(super) mod version;

pub(super) use self::{
    mail::tell_again,
    publish::{publish, release},
};
