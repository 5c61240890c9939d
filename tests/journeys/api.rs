//! What programs may ask of the directory, and what no answer ever tells.

mod cast;
mod contract;
mod hostile;
mod secrets;

pub(crate) use self::cast::fill;
