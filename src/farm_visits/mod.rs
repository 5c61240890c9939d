//! Farm visits: who comes to which farm on which day, who waits for a place, what they are told.
//!
//! - `farm_visit` the farm and what is seen there, `visit_date` a day of it and its places
//! - `photo` what it looks like, `proposal` what farms propose; `announced` dates as other rooms show them too
//! - `form` the forms organisers fill in, `question` what they ask; `pages` theirs, and what everybody reads
//! - `registration` who comes, `needs` what they need, `change` their history, `link` how they come back to it
//! - `act` what is asked and what became of it
//! - `waiting_list` who gets places and who waits: all of it is decided there; `office_hours` how long an offer lasts
//! - `after` thanks, what those who came say, figures
//! - `attendance` who came, of those who registered and of others; `attendance_note` what was noted of it, by whom
//! - `calls` what visits ask of a person on her own page
//! - `memory` what is shown to a person of her, and forgotten
//! - `before` what is due before a date: `reminder` to those who come, `minimum` to organisers when too few do
//! - `practical` what one must know to come, `sketch` the map for paper
//! - `host` what the farm is told
//! - `carpool` who goes there by car with whom
//! - `counter` takes registrations that come at once together · `mail` what people are told · `duty` what time brings
//! - `rehearsal` made-up visits, for the demonstration
//! - `api` what programs read and send, `program_answer` what they were answered

mod act;
pub mod after;
mod announced;
pub mod api;
mod attendance;
mod attendance_note;
mod before;
mod calls;
pub(crate) mod carpool;
mod change;
mod counter;
mod duty;
mod farm_visit;
mod form;
mod host;
mod link;
mod mail;
mod memory;
mod minimum;
mod needs;
mod office_hours;
pub mod pages;
mod photo;
mod practical;
mod program_answer;
mod proposal;
mod question;
mod registration;
mod rehearsal;
mod reminder;
mod sketch;
mod visit_date;
mod waiting_list;

pub(crate) use self::calls::{calls, plans};
pub use self::{
    after::thanks::thank,
    announced::{Announced, coming},
    before::{BEFORE, before},
    carpool::{Ride, carpooled_by, rehearse_ride},
    counter::Counter,
    duty::{SETTLE, settle},
    farm_visit::FarmVisit,
    mail::samples as mail_samples,
    memory::{attended_by, forget_address, forget_old, forget_proposer, proposed_by, registered_by},
    registration::{Registration, Standing},
    rehearsal::{Guest, recall, rehearse, rehearse_proposal},
    visit_date::{Shut, State, VisitDate},
};
