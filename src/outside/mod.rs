//! What is asked of services elsewhere, all of them chosen by whoever runs the site: nothing is asked unless it is set.
//!
//! - `client` the requests: over TLS, within a time, at most 256 KB, no redirects

mod client;

pub use self::client::{Answer, Client, NoAnswer};
