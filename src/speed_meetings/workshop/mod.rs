//! The timetable in work, which organisers alone see until they publish it.
//!
//! - `appointment` what it holds at the moment · `board` all that decisions about it look at
//! - `puzzle` the day as the solver asks for it, and its answer as appointments · `tables` where those sit
//! - `run` searches for a timetable, kept side by side · `claim` a node at one of them · `solving` the worker that does them
//! - `quality` how good they are
//! - `edit` what organisers do by hand · `cost` what that costs · `trouble` what is wrong · `change` undo and redo
//! - `exchange` the day and its timetable for programs · `pages` what organisers see of it

pub(super) mod appointment;
mod board;
mod change;
mod claim;
mod cost;
mod edit;
pub(super) mod exchange;
pub mod pages;
pub(super) mod puzzle;
mod quality;
mod run;
mod solving;
mod tables;
#[cfg(test)]
mod tests;
mod trouble;

pub use self::solving::{keep_solving, solve_next};
pub(super) use self::{
    board::Board,
    change::record,
    run::weights_of,
    solving::best,
    trouble::{Trouble, troubles},
};
