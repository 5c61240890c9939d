//! What organisers see of the timetable in work.
//!
//! - `grid` the whole timetable, what is wrong in it, what was done to it · `appointment` one of it · `person` one day
//! - `change` what a change costs, then the change; undo and redo · `add` wishes that are not held, and why
//! - `searches` the searches side by side, each alone · `sheet` how good they are, in words · `comparison` two of them
//! - `take` one of them becomes the timetable in work
//! - `said` how pages say who did what

pub(crate) mod add;
pub(crate) mod appointment;
pub(crate) mod change;
pub(crate) mod comparison;
pub(crate) mod grid;
pub(crate) mod person;
mod said;
pub(crate) mod searches;
mod sheet;
pub(crate) mod take;
