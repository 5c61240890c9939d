//! The mails of this room, drawn when they are decided.

use askama::Template;
use sea_orm::DatabaseTransaction;

use super::invitation::Invitation;
use super::person::Person;
use super::sign_in::Secrets;
use crate::app::App;
use crate::mail::{Content, EmailAddress, Letterhead, NewMail, NotEnqueued, Sender, enqueue};
use crate::web::french;

#[derive(Template)]
#[template(path = "accounts/mail/sign_in/subject.txt")]
struct SignInSubject<'a> {
    head: &'a Letterhead,
}

#[derive(Template)]
#[template(path = "accounts/mail/sign_in/body.txt")]
struct SignInText<'a> {
    head: &'a Letterhead,
    code: &'a str,
    link: &'a str,
    until: &'a str,
}

#[derive(Template)]
#[template(path = "accounts/mail/sign_in/body.html")]
struct SignInHtml<'a> {
    head: &'a Letterhead,
    code: &'a str,
    link: &'a str,
    until: &'a str,
}

#[derive(Template)]
#[template(path = "accounts/mail/unknown/subject.txt")]
struct UnknownSubject<'a> {
    head: &'a Letterhead,
}

#[derive(Template)]
#[template(path = "accounts/mail/unknown/body.txt")]
struct UnknownText<'a> {
    head: &'a Letterhead,
}

#[derive(Template)]
#[template(path = "accounts/mail/unknown/body.html")]
struct UnknownHtml<'a> {
    head: &'a Letterhead,
}

#[derive(Template)]
#[template(path = "accounts/mail/invitation/subject.txt")]
struct InvitationSubject<'a> {
    head: &'a Letterhead,
    invited: &'a Invited<'a>,
}

#[derive(Template)]
#[template(path = "accounts/mail/invitation/body.txt")]
struct InvitationText<'a> {
    head: &'a Letterhead,
    invited: &'a Invited<'a>,
}

#[derive(Template)]
#[template(path = "accounts/mail/invitation/body.html")]
struct InvitationHtml<'a> {
    head: &'a Letterhead,
    invited: &'a Invited<'a>,
}

struct Invited<'a> {
    /// Name of the organisation; nothing: the organisers.
    into: Option<&'a str>,
    by: Option<&'a str>,
    link: &'a str,
    until: &'a str,
}

#[derive(Template)]
#[template(path = "accounts/mail/security/subject.txt")]
struct SecuritySubject<'a> {
    head: &'a Letterhead,
}

#[derive(Template)]
#[template(path = "accounts/mail/security/body.txt")]
struct SecurityText<'a> {
    head: &'a Letterhead,
    told: &'a str,
    when: &'a str,
}

#[derive(Template)]
#[template(path = "accounts/mail/security/body.html")]
struct SecurityHtml<'a> {
    head: &'a Letterhead,
    told: &'a str,
    when: &'a str,
}

/// The code and the link, to who has an account; to others, that they have none.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn sign_in(
    txn: &DatabaseTransaction,
    app: &App,
    to: &EmailAddress,
    secrets: &Secrets,
    is_known: bool,
) -> Result<bool, NotEnqueued> {
    let head = &Letterhead::new(&app.config);
    let (code, link) = (secrets.code.as_str(), &link(app, secrets));
    let until = &french::time(secrets.until.with_timezone(&app.config.time_zone).time());
    let content = if is_known {
        Content::draw(
            &SignInSubject { head },
            &SignInText { head, code, link, until },
            &SignInHtml { head, code, link, until },
        )?
    } else {
        Content::draw(&UnknownSubject { head }, &UnknownText { head }, &UnknownHtml { head })?
    };
    let kind = if is_known { "sign_in" } else { "sign_in_unknown" };
    let subject = format!("sign_in/{}", secrets.id);
    let useful_until = Some(secrets.until);
    let mail = NewMail { kind, subject, version: 1, to, content, is_secret: true, useful_until };
    enqueue(txn, &Sender::new(&app.config)?, &app.random, mail, app.clock.now()).await
}

/// An invitation, with its link; `into` names the organisation, nothing stands for the organisers.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn invitation(
    txn: &DatabaseTransaction,
    app: &App,
    invitation: &Invitation,
    token: &str,
    into: Option<&str>,
    by: Option<&Person>,
) -> Result<bool, NotEnqueued> {
    let head = &Letterhead::new(&app.config);
    let link = &invitation_link(app, token);
    let until = &french::date(invitation.expires_at.with_timezone(&app.config.time_zone).date_naive());
    let invited = &Invited { into, by: by.map(Person::called), link, until };
    let content = Content::draw(
        &InvitationSubject { head, invited },
        &InvitationText { head, invited },
        &InvitationHtml { head, invited },
    )?;
    let to = &stored(&invitation.email)?;
    let subject = format!("invitation/{}", invitation.id);
    let useful_until = Some(invitation.expires_at);
    let mail = NewMail { kind: "invitation", subject, version: 1, to, content, is_secret: true, useful_until };
    enqueue(txn, &Sender::new(&app.config)?, &app.random, mail, app.clock.now()).await
}

/// Tells a person what changed about the safety of her account: "un second facteur est activé".
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn security(
    txn: &DatabaseTransaction,
    app: &App,
    person: &Person,
    told: &str,
) -> Result<bool, NotEnqueued> {
    let head = &Letterhead::new(&app.config);
    let now = app.clock.now();
    let when = &french::moment(now.with_timezone(&app.config.time_zone).naive_local());
    let content = Content::draw(
        &SecuritySubject { head },
        &SecurityText { head, told, when },
        &SecurityHtml { head, told, when },
    )?;
    // Each change is told.
    let subject = format!("security/{}", app.random.token());
    let to = &stored(&person.email)?;
    let mail = NewMail { kind: "security", subject, version: 1, to, content, is_secret: false, useful_until: None };
    enqueue(txn, &Sender::new(&app.config)?, &app.random, mail, now).await
}

/// Where the link of a mail leads.
#[must_use]
pub(super) fn link(app: &App, secrets: &Secrets) -> String {
    format!("{}/connexion/lien/{}", app.config.public_url(), secrets.link)
}

/// Where the link of an invitation leads.
#[must_use]
pub(super) fn invitation_link(app: &App, token: &str) -> String {
    format!("{}/invitation/{token}", app.config.public_url())
}

/// An address that a row holds.
fn stored(email: &str) -> Result<EmailAddress, NotEnqueued> {
    EmailAddress::parse(email).map_err(|_| NotEnqueued::Address)
}
