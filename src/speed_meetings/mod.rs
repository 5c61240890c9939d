//! Speed meetings: a day of short appointments between canteens and suppliers.
//!
//! - `edition` the day itself and where it stands, `session`, `table`, `question` what belongs to it, `plan` all of it together
//! - `step` how it goes on from state to state, and what each step sent
//! - `participant`, `representative` who comes, `registration` who gets a place and who waits, `mail` what they are told
//! - `invitations` who was invited, and the mails that invite
//! - `slots` the time slots of the day, worked out: pure
//! - `meeting` one appointment, `workshop` the timetable in work, `publication` what everybody was told of it
//! - `section`, `rows` the forms organisers fill in; `pages` theirs, and what everybody reads
//! - `wishes` whom each would meet
//! - [`timetable`]: who meets whom when, as good as can be and provably so

mod attendance;
mod edition;
mod event;
pub mod invitations;
mod mail;
mod meeting;
pub mod pages;
mod participant;
mod plan;
pub(crate) mod publication;
mod question;
mod registration;
mod representative;
mod rows;
mod section;
mod session;
pub mod slots;
mod step;
mod table;
pub mod timetable;
pub mod wishes;
mod workshop;

pub use self::{
    edition::{Edition, Side, State, coming},
    mail::samples as mail_samples,
    participant::{Participant, Standing},
    plan::{Plan, prepare},
    question::Question,
    representative::represented_by,
    session::Session,
    table::Table,
};
