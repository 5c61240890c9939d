//! Work that is due at a time: reminders, digests, expiry, purge. Each piece is a row, done once whatever the number of
//! servers: it is done and moved on in one transaction.
//!
//! - `rule` when it comes again, by the clock on the wall
//! - `work` the rows: planned, moved, taken off
//! - `duty` what is to be done, and who does it

mod duty;
mod rule;
mod work;

pub use self::{
    duty::{Answer, Duty, Failed, Next, Run, prepare, run, step},
    rule::Every,
    work::{Work, cancel, due_at, plan},
};
