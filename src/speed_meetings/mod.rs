//! Speed meetings: a day of short appointments between canteens and suppliers.
//!
//! - [`timetable`]: who meets whom when, as good as can be and provably so

pub mod timetable;
