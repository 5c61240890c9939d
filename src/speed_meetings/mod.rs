//! Speed meetings: a day of short appointments between canteens and suppliers.
//!
//! - `edition` the day itself and where it stands, `session`, `table`, `question` what belongs to it, `plan` all of it together,
//!   `preparation` a new one
//! - `step` how it goes on from state to state, and what each step sent
//! - `participant`, `representative` who comes, `guest` with its name, `registration` who gets a place and who waits, `mail` what they are told, `exit` how they withdraw by its link
//! - `invitations` who was invited, and the mails that invite
//! - `slots` the time slots of the day, worked out: pure
//! - `meeting` one appointment, `workshop` the timetable in work, `publication` what everybody was told of it
//! - `section`, `rows` the forms organisers fill in; `pages` theirs, and what everybody reads
//! - [`timetable`], a crate of its own: who meets whom when, as good as can be and provably so
//! - `wishes` whom each would meet
//! - `day` the day itself: who is there, what is mended, the pages that follow the clock
//! - `after` what came of the day · `api` what programs read, and the timetables they send
//! - `rehearsal` a made-up day, for the demonstration

pub mod after;
pub mod api;
mod attendance;
pub mod day;
mod edition;
mod event;
mod exit;
mod guest;
pub mod invitations;
mod mail;
mod meeting;
pub mod pages;
mod participant;
mod plan;
mod preparation;
pub(crate) mod publication;
mod question;
mod registration;
mod rehearsal;
mod representative;
mod rows;
mod section;
mod session;
pub mod slots;
mod step;
mod table;
pub mod wishes;
pub mod workshop;

pub use self::{
    day::Live,
    edition::{Edition, Side, State, coming},
    mail::samples as mail_samples,
    participant::{Participant, Standing},
    plan::Plan,
    preparation::{Prepared, prepare},
    question::Question,
    rehearsal::{Guest, rehearse},
    representative::represented_by,
    session::Session,
    table::Table,
};
