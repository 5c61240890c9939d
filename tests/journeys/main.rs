//! What people and programs live through on the site, one module a journey.

#[path = "../support/mod.rs"]
mod support;

mod house;
