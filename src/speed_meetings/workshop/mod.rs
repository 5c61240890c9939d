//! The timetable in work, which organisers alone see until they publish it.
//!
//! - `appointment` what it holds at the moment
//! - `puzzle` the day as the solver asks for it, and its answer as appointments

pub(super) mod appointment;
pub(super) mod puzzle;
