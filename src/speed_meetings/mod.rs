//! Speed meetings: a day of short appointments between canteens and suppliers.
//!
//! - `edition` the day itself and where it stands, `session`, `table`, `question` what belongs to it, `plan` all of it together
//! - `step` how it goes on from state to state, and what each step sent
//! - `slots` the time slots of the day, worked out: pure
//! - `section`, `rows` the forms organisers fill in; `pages` theirs, and what everybody reads
//! - [`timetable`]: who meets whom when, as good as can be and provably so

mod edition;
pub mod pages;
mod plan;
mod question;
mod rows;
mod section;
mod session;
pub mod slots;
mod step;
mod table;
pub mod timetable;

pub use self::{
    edition::{Edition, Side, State, coming},
    plan::{Plan, prepare},
    question::Question,
    session::Session,
    table::Table,
};
