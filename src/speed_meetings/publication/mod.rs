//! What was published of a timetable, version by version.
//!
//! - `version` the versions with their appointments
//! - `publish` the one way in which a timetable reaches people

mod publish;
pub(super) mod version;

pub(super) use self::publish::publish;
