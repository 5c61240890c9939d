//! The search contract, through the door the program takes: listings in, answers out.

mod filters;
mod order;
mod places;
mod proof;
mod properties;
mod shown;
mod suggestions;
mod support;
mod updates;
mod words;
