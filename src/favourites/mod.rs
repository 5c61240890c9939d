//! What is kept for later: suppliers in lists that a canteen's people share, and searches whose news a person gets by mail.
//!
//! - `list` the lists, `favourite` what is in them, `entry` how a canteen sees it, `sheet` a list as a file
//! - `search` the searches, `told` what is no news of each, `digest` who is told what each Monday, `mail` how
//! - `pages` what people see

mod digest;
mod entry;
mod favourite;
mod list;
mod mail;
pub mod pages;
mod search;
mod sheet;
mod told;

pub use self::{
    digest::tell_news,
    favourite::{Kept, annotate, forget_removed, keep},
    list::{FavouriteList, Opened, open},
    mail::samples as mail_samples,
    search::{SavedSearch, of_person as searches_of},
};
