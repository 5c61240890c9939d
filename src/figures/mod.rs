//! Where the territory stands, for its organisers and those they answer to: who offers and who looks for what, how fresh
//! the listings are, what canteens wrote, what nobody offers.
//!
//! `unanswered` counts the searches that found nobody; `count` counts listings, kitchens and messages, and knows no
//! database; `gather` reads what is counted, `subjects` says it in French, each as a `table`, `chart` draws it, `pages` shows it and gives it
//! as files.

mod chart;
mod count;
mod gather;
pub mod pages;
mod subjects;
mod table;
mod unanswered;

pub(crate) use self::table::{Cell, Line, SATISFACTION, Table, line, sheet};
pub use self::unanswered::{Unanswered, forget_old, keep_unanswered};
