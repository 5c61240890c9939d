//! Where an organisation says whom it would meet, and what organisers see of it.

pub(crate) mod overview;
pub(crate) mod own;
pub(crate) mod press;
mod wisher;
