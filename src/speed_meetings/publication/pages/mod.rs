//! Where organisers publish a timetable, and what is read of it.
//!
//! - `desk` what publishing would change, and the versions there were

pub(crate) mod desk;
