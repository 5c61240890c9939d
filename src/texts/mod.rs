//! The texts every public site owes its readers: legal notice, accessibility, personal data, open data.
//!
//! `pages` shows ours, or those an operator keeps in `TEXTS_DIR`, which are HTML and trusted: what they may do is what the security
//! policy of every page lets them do.

mod pages;

pub(crate) use self::pages::{accessibility, legal, open_data, personal_data};
