//! Whom each participant of an edition would meet, in its order, and whom it would rather not: known to its own people and to
//! organisers, and to nobody on the other side.
//!
//! - `wish` the rows

mod wish;

pub(in crate::speed_meetings) use self::wish::{Wish, keep, of, of_edition};
