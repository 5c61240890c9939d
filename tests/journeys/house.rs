//! The house itself, whatever its rooms offer.

mod assets;
mod errors;
mod forms;
mod migrations;
mod process;
mod service;
