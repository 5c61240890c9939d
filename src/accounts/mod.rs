//! People and how they come in: a mail with a code and a link, no password; browsers that stay signed in until they are told
//! to leave. A page that is not for everybody takes [`SignedIn`] or [`Organiser`].
//!
//! - `person` who, `sign_in` the ways in, `session` the browsers, `allowance` how often
//! - `open_id` coming in by a provider of identities
//! - `visit` who asks · `pages` what they see · `mail` what they get · `secret` what is kept of a secret

mod allowance;
mod mail;
pub mod open_id;
pub mod pages;
mod person;
mod secret;
mod session;
mod sign_in;
mod visit;

pub use self::{
    person::Person,
    visit::{Organiser, SignedIn},
};

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, DbErr};

use crate::app::App;
use crate::mail::{EmailAddress, NotEnqueued};

/// Makes somebody an organiser and sends the link with which they come in; returns the link.
///
/// # Errors
/// When the mail cannot be written down or the database does not answer.
pub async fn invite_organiser(app: &App, email: &EmailAddress) -> Result<String, NotEnqueued> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let person = person::make_organiser(&txn, email, now).await?;
    let secrets = sign_in::invite(&txn, &person, &app.random, now).await?;
    mail::invitation(&txn, app, &person, &secrets).await?;
    txn.commit().await?;
    Ok(mail::link(app, &secrets))
}

/// Forgets sessions that have been idle too long, and ways in that are over.
///
/// # Errors
/// What the database said.
pub async fn forget_old(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    session::forget_idle(txn, now).await?;
    sign_in::forget_over(txn, now).await?;
    open_id::forget_over(txn, now).await
}
