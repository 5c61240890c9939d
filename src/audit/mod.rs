//! Who did what, when, on which row: kept a year, read by organisers. It holds no name and no address; whoever is erased
//! leaves entries that say somebody did it.

mod entry;

pub use self::entry::{Act, Actor, By, Entry, about, count, count_about, forget_old, page, record};
