//! The pages of this room: `lists` of a canteen, one `list`, where a supplier is put in (`keep`), one's own `searches`.

pub mod keep;
pub mod list;
pub mod lists;
pub mod searches;
