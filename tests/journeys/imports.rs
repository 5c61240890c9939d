//! An organiser brings in the files at hand.

mod canteens;
mod interruption;
mod organic;
mod tables;
