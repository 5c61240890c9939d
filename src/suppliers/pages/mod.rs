//! What suppliers see of their own listing, and organisers of those that wait.
//!
//! - `registration` the first page · `desk` the listing's own page · `step` its plain forms, `point` where an address is
//! - `offers` its products, one by one · `offer_table` many at once · `certificates`, `photos` what is sent with files
//! - `submission` sending it · `files` what was sent · `standing` whether it is still true and shown · `history`
//!   who did what
//! - `moderation` the organisers' queue · `oversight` a listing as they see it · `invitations` to take listings over

pub(crate) mod certificates;
pub(crate) mod desk;
pub(crate) mod files;
pub(crate) mod history;
pub(crate) mod invitations;
pub(crate) mod moderation;
pub(crate) mod offer_table;
pub(crate) mod offers;
pub(crate) mod oversight;
pub(crate) mod photos;
mod point;
pub(crate) mod registration;
pub(crate) mod standing;
pub(crate) mod step;
pub(crate) mod submission;
