//! The texts every public site owes its readers: legal notice, accessibility, personal data, open data; help for each of them.
//!
//! `help` is for cooks, growers and organisers. `pages` shows ours, or those organisers write as plain text, or those an operator
//! keeps in `TEXTS_DIR`, which are HTML and trusted: what they may do is what the security policy of every page lets them do.

mod help;
mod pages;

pub(crate) use self::help::{help_for, helps};
pub(crate) use self::pages::{Text, accessibility, legal, open_data, personal_data, usual};
