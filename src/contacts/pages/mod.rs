//! Where messages are written, answered for, unwanted.
//!
//! - `write` a cook writes · `sent` says what came of it · `received` the supplier's side · `reports` the organisers'

pub(crate) mod received;
pub(crate) mod reports;
pub(crate) mod sent;
pub(crate) mod write;
