//! Coming in by a provider of identities (OpenID Connect, authorisation code flow), such as ProConnect. It says who somebody
//! is; who has an account is decided here, as with mail codes: nobody comes in who was not invited.
//!
//! - `provider` what it is asked · `answers`, `token` what it says and signs · `failure` what goes wrong
//! - `departure` browsers on their way there and back · `identity` under which name it knows a person
//! - `pages` leaving and coming back

mod answers;
mod departure;
mod failure;
mod identity;
pub mod pages;
mod provider;
mod token;

pub(crate) use self::provider::Provider;

pub(super) use self::departure::forget_over;
