//! Manger local: local and organic producers brought into public canteens.
//!
//! The rooms of the house:
//! - [`config`]: every setting, its default, its environment variable
//! - [`app`]: the database, the clock, randomness and limits, given to every room
//! - [`routes`]: every URL, one line each
//! - [`web`]: the frame of a page, forms, error pages, security headers, assets
//! - [`cli`]: the commands
//!
//! A request makes three stops: its line in `routes.rs`; a page function, which parses and asks; a function of the
//! domain, which takes a transaction and the time, decides and writes.

pub mod app;
pub mod cli;
pub mod config;
pub mod routes;
pub mod web;
