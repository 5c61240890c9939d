//! What one connection commits, every node finds.

mod day;
mod nodes;
mod order;
mod rebuild;
