//! What is asked of services elsewhere, all of them chosen by whoever runs the site: nothing is asked unless it is set.
//!
//! - `client` the requests: over TLS, within a time, at most 256 KB, no redirects
//! - `question` what is asked while somebody waits: three seconds, within limits, never a failure of the page

mod client;
mod question;

pub use self::{
    client::{Answer, Client, NoAnswer},
    question::{Heard, ask},
};
