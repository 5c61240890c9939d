//! The timetable of a day of short appointments: the best there is, how sure that is, and why it is so.
//!
//! Pure: no database, web or clock; seed, effort and a way to stop are passed in, and the same day, seed and amount of
//! work give the same timetable. Formats and objective are those of meet/1: what is unfair first, then the weight of the
//! wishes held, then the waits.
//!
//! - [`read`], [`write_instance`]: days come from JSON with the place of every fault, and go there as timetables do ([`solution`])
//! - [`answer()`]: refusals, search, check; [`Timetable`] cannot be had without the check
//! - [`Sheet`], [`why_not`], [`proposals()`]: how good it is, why a wish is not held, how to mend it
//! - how it is found: `solve` (the search as a whole), `rounds` of `anneal` over the steps of `moves`, from a `start`, in a
//!   `state` (figures kept up to date) of a `model` (flat arrays)
//! - how it is proven: `bounds` (a limit for each figure) by a Lagrangian `relaxation` that `ascent` makes close through
//!   `evaluate`, beginning with `coarse` prices; `tighten` closes what cannot be, `branch` tries cases, `exact` every
//!   possibility, `waits` knows those that nobody can avoid
//! - where there is none: `refusal` what shows without search, `clash` which facts only search finds to clash

#![expect(clippy::cast_possible_truncation, reason = "the reader bounds every number; slots fit 16 bits, wishes 32")]
#![expect(
    clippy::cast_precision_loss,
    reason = "weights add up to 2^60 at most, and bounds are rounded to the safe side"
)]
#![expect(clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "counts are far below the limits")]

mod anneal;
mod answer;
mod ascent;
mod assignment;
mod bounds;
mod branch;
mod checker;
mod clash;
mod coarse;
mod effort;
mod evaluate;
mod exact;
mod figures;
mod instance;
mod model;
mod moves;
mod owner;
mod possible;
mod proposals;
mod random;
mod reader;
mod reason;
mod refusal;
mod relaxation;
mod rounds;
mod sheet;
mod solve;
mod start;
mod state;
mod tables;
#[cfg(test)]
mod tests;
mod tighten;
mod waits;
mod why;
mod writer;

pub use self::answer::{Answer, answer};
pub use self::checker::{Fault, Timetable, faults};
pub use self::effort::{Effort, Phase, Progress};
pub use self::figures::{Figure, Figures};
pub use self::instance::{GapCost, Instance, Mode, Participant, Previous, Wish};
pub use self::proposals::{Manner, Proposal, proposals};
pub use self::reader::read;
pub use self::reason::{Code, Reason};
pub use self::sheet::{RankLine, Share, Sheet, Short};
pub use self::tables::{Tables, number_tables};
pub use self::why::{Cause, WhyNot, why_not};
pub use self::writer::{read_solution, refusal, solution, unknown, write_instance};
