//! What people see of their accounts.
//!
//! - `sign_in` the ways in · `second_factor` the telephone's code · `invitation` a link that lets somebody join
//! - `home` one's own page · `devices` one's browsers · `agenda` one's calendar · `keys` one's tokens for programs
//! - `team` the people of an organisation, or the organisers; `leaving` it; `access` what organisers must have
//! - `organisations` all of them · `journal` who did what

pub(crate) mod access;
pub(crate) mod agenda;
pub(crate) mod devices;
pub(crate) mod home;
pub(crate) mod invitation;
pub(crate) mod journal;
pub(crate) mod keys;
pub(crate) mod leaving;
pub(crate) mod organisations;
pub(crate) mod second_factor;
pub(crate) mod sign_in;
pub(crate) mod team;
