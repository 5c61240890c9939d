//! Where organisers publish a timetable, and what is read of it.
//!
//! - `desk` what publishing would change, and the versions there were
//! - `planning` the day of one participant, for its own people, and its calendar
//! - `documents` what is printed for the day

pub(crate) mod desk;
pub(crate) mod documents;
pub(crate) mod planning;
