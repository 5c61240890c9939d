//! What was published of a timetable, version by version.
//!
//! - `version` the versions with their appointments, `own_day` what one participant has of them, in words
//! - `draft` what publishing now would change, and what is in its way
//! - `publish` the one way in which a timetable reaches people, `mail` what they are told
//! - `feed` the calendar of one participant, `badge` its short code, `call` what stands on a person's own page
//! - `sheets` what is printed for the day · `pages` where organisers publish, and what is read of it

pub(super) mod badge;
mod call;
mod draft;
mod feed;
pub(super) mod mail;
mod own_day;
pub(crate) mod pages;
mod publish;
mod sheets;
pub(super) mod version;

pub(crate) use self::call::calls;
pub(super) use self::{
    draft::loses_hours,
    mail::tell_again,
    publish::{publish, release},
};
