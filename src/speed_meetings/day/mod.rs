//! The day of an edition, while it happens.
//!
//! - `presence` who is there, who is late, who does not come · `delay` by how much the day runs late, and its hours then
//! - `hall` all that is known of it
//! - `clock` where the day stands at a moment, for a hall and for one participant: pure
//! - `live` what tells open pages that theirs is another · `turn` what counts for the pages of those who take part
//! - `repair` ways to mend the timetable when somebody is missing, and the one that was chosen
//! - `pages` the desk at the door, the ways to mend, the telephone in a pocket, the big screen

mod clock;
mod delay;
mod hall;
mod live;
pub mod pages;
pub(super) mod presence;
mod repair;
mod turn;

pub use self::live::Live;
pub(super) use self::{delay::minutes_now, delay::now_begun, presence::is_noted, turn::count as turned};
