//! People and how they come in: a mail with a code and a link, no password; browsers that stay signed in until they are told
//! to leave; what they belong to. A page that is not for everybody takes [`SignedIn`] or [`Organiser`], an address for
//! programs takes [`Program`].
//!
//! - `person` who, `sign_in` the ways in, `second_factor` the telephone's code, `session` the browsers, `allowance` how often
//! - `organisation` what people belong to, `invitation` how they come to it, `access_rule` what organisers must have
//! - `open_id` coming in by a provider of identities
//! - `api_token` what programs show, `feed` the calendar that a telephone reads · `visit` who asks · `known` all of a person, and its end
//! - `pages` what they see · `mail` what they get · `secret` what is kept of a secret

mod access_rule;
mod allowance;
mod api_token;
mod feed;
mod invitation;
mod known;
mod mail;
pub mod open_id;
mod organisation;
pub mod pages;
mod person;
mod second_factor;
mod secret;
mod session;
mod sign_in;
mod visit;

pub(crate) use self::pages::sign_in::{Knock, send_code};
pub use self::{
    api_token::Scope,
    known::{erase, is_last_organiser, known_of, note_warning, unseen_since},
    mail::{samples as mail_samples, write_to_each},
    organisation::{
        Listed, Organisation, OrganisationKind, all_organisations, alone_in, found, join, lock_organisation, names_of,
        of_person, people, people_of, rename_organisation, visible_to,
    },
    person::{Person, by_ids as people_by_ids, lock_person, organisers},
    visit::{Organiser, Program, SignedIn, SignedInOrNot},
};

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, DbErr};

use crate::app::App;
use crate::audit::{self, Act, By};
use crate::mail::{EmailAddress, NotEnqueued};

/// Invites somebody to run the territory, and returns the link of the invitation, with which an organiser who is locked out
/// comes in too. For whoever runs the machine.
///
/// # Errors
/// When the mail cannot be written down or the database does not answer.
pub async fn invite_organiser(app: &App, email: &EmailAddress) -> Result<String, NotEnqueued> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let (invitation, token) = invitation::invite_by_operator(&txn, email, &app.random, now).await?;
    mail::invitation(&txn, app, &invitation, &token, None, None).await?;
    audit::record(&txn, By::Operator, Act::new("a invité quelqu’un", "organisers"), now).await?;
    txn.commit().await?;
    Ok(mail::invitation_link(app, &token))
}

/// Makes whoever has an address one of an organisation's people. For what is fictional: nobody has proven the address.
///
/// # Errors
/// What the database said.
pub async fn enrol(
    txn: &DatabaseTransaction,
    email: &EmailAddress,
    organisation: i64,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let person = person::known_or_new(txn, email, now).await?;
    join(txn, organisation, person.id, now).await.map(drop)
}

/// Makes a token for a person who is known; nothing when she is not. For whoever runs the machine.
///
/// # Errors
/// When the mail that tells her cannot be written down or the database does not answer.
pub async fn create_token(
    app: &App,
    email: &EmailAddress,
    name: &str,
    scopes: &[Scope],
) -> Result<Option<String>, NotEnqueued> {
    let txn = app.write().await?;
    let Some(person) = person::by_email(&txn, email).await? else { return Ok(None) };
    let text = issue_token(&txn, app, &person, name, scopes, By::Operator).await?;
    txn.commit().await?;
    Ok(Some(text))
}

/// Makes a token and tells its person; returns its text, which is kept nowhere.
async fn issue_token(
    txn: &DatabaseTransaction,
    app: &App,
    person: &Person,
    name: &str,
    scopes: &[Scope],
    by: By,
) -> Result<String, NotEnqueued> {
    let (token, text) = api_token::create(txn, person, name, scopes, &app.random, app.clock.now()).await?;
    let act = Act::new("a créé une clé d’accès", format!("api_tokens/{}", token.id)).with(token.scopes);
    note_change(txn, app, person, by, act, "une clé d’accès pour un programme est créée à votre nom").await?;
    Ok(text)
}

/// Takes off the second factor of a person who is known; false when she has none. For whoever runs the machine.
///
/// # Errors
/// When the mail that tells her cannot be written down or the database does not answer.
pub async fn reset_second_factor(app: &App, email: &EmailAddress) -> Result<bool, NotEnqueued> {
    let txn = app.write().await?;
    let Some(person) = person::by_email(&txn, email).await? else { return Ok(false) };
    let had = forget_lost_second_factor(&txn, app, &person, By::Operator).await?;
    txn.commit().await?;
    Ok(had)
}

/// Takes off a second factor whose telephone and paper are lost, and tells its person; false when she has none.
async fn forget_lost_second_factor(
    txn: &DatabaseTransaction,
    app: &App,
    person: &Person,
    by: By,
) -> Result<bool, NotEnqueued> {
    if !second_factor::remove(txn, person.id).await? {
        return Ok(false);
    }
    let act = Act::new("a retiré le second facteur de quelqu’un", format!("people/{}", person.id));
    let told =
        "un organisateur a retiré votre second facteur\u{a0}: le courriel suffit pour entrer, activez-en un autre";
    note_change(txn, app, person, by, act, told).await?;
    Ok(true)
}

/// Writes down a change of an account's safety, and tells its person: "un second facteur est activé".
async fn note_change(
    txn: &DatabaseTransaction,
    app: &App,
    person: &Person,
    by: By,
    act: Act,
    told: &str,
) -> Result<(), NotEnqueued> {
    audit::record(txn, by, act, app.clock.now()).await?;
    mail::security(txn, app, person, told).await.map(drop)
}

/// Forgets sessions that have been idle too long, and ways in that are over.
///
/// # Errors
/// What the database said.
pub async fn forget_old(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    session::forget_idle(txn, now).await?;
    invitation::forget_over(txn, now).await?;
    open_id::forget_over(txn, now).await?;
    sign_in::forget_over(txn, now).await
}
