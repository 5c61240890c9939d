//! What was published of a timetable, version by version.
//!
//! - `version` the versions with their appointments
//! - `badge` the short code of a participant
//! - `publish` the one way in which a timetable reaches people

pub(super) mod badge;
mod publish;
pub(super) mod version;

pub(super) use self::publish::publish;
