//! Who was invited, for organisers: `list` reads, `errands` invites, reminds, notes and takes back, `sheet` is the table to take away.

pub(crate) mod errands;
pub(crate) mod list;
pub(crate) mod sheet;
