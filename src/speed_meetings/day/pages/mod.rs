//! The pages of the day.
//!
//! - `reception` the desk at the door, `line` one who comes there · `mending` the ways to mend the timetable, `sure` what one would lose by it
//! - `screen` the big screen
//! - `today` the telephone in a pocket · `stream` what open pages listen to

mod line;
pub(crate) mod mending;
pub(crate) mod reception;
pub(crate) mod screen;
pub(crate) mod stream;
mod sure;
pub(crate) mod today;
