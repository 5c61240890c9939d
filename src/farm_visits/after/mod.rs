//! After a visit: `thanks` what those who came are written the day after, `review` what they say of it and would buy,
//! `statistics` what all visits came to, by year, sector and intercommunality; `mail` the letters, `pages` where it is said
//! and read.

pub(super) mod mail;
pub mod pages;
pub(super) mod review;
mod sector;
mod statistics;
pub mod thanks;
