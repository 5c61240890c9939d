//! What people see after the day.
//!
//! - `attendee` an organisation that was there, for those who may speak for it
//! - `notes` its appointments, one press each, and how content it was · `deliveries` what followed
//! - `progress` who answered, for organisers · `report` what the edition gave · `certificate` the sheets that say who was there

mod attendee;
pub(crate) mod certificate;
pub(crate) mod deliveries;
pub(crate) mod notes;
pub(crate) mod progress;
pub(crate) mod report;
