//! Where an organisation says whom it would meet, and what organisers see of it.

pub(crate) mod own;
pub(crate) mod overview;
