//! What the site knows of a person: given to her, erased when she asks, or when she has not come for two years.
//!
//! - `account_file` all of it, as a ZIP · `erasure` what goes and what stays · `inactivity` who is warned and who goes
//! - `pages` what she sees · `mail` what she gets

mod account_file;
mod erasure;
mod inactivity;
mod mail;
pub mod pages;

pub use self::{inactivity::look_after as look_after_inactive, mail::samples as mail_samples};
