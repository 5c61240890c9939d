//! Listings and offers written as somebody wants them, in batches; what is so already is not touched.

pub(super) mod offers;
pub(super) mod suppliers;
