//! The mails of this room, drawn when they are decided.

use askama::Template;
use sea_orm::DatabaseTransaction;

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
}

#[derive(Template)]
#[template(path = "accounts/mail/invitation/body.txt")]
struct InvitationText<'a> {
    head: &'a Letterhead,
    link: &'a str,
    until: &'a str,
}

#[derive(Template)]
#[template(path = "accounts/mail/invitation/body.html")]
struct InvitationHtml<'a> {
    head: &'a Letterhead,
    link: &'a str,
    until: &'a str,
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
    send(txn, app, kind, to, secrets, content).await
}

/// The link of an invitation.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn invitation(
    txn: &DatabaseTransaction,
    app: &App,
    person: &Person,
    secrets: &Secrets,
) -> Result<bool, NotEnqueued> {
    let head = &Letterhead::new(&app.config);
    let link = &link(app, secrets);
    let until = &french::date(secrets.until.with_timezone(&app.config.time_zone).date_naive());
    let content = Content::draw(
        &InvitationSubject { head },
        &InvitationText { head, link, until },
        &InvitationHtml { head, link, until },
    )?;
    let to = EmailAddress::parse(&person.email).map_err(|_| NotEnqueued::Address)?;
    send(txn, app, "invitation", &to, secrets, content).await
}

/// Where the link of a mail leads.
#[must_use]
pub(super) fn link(app: &App, secrets: &Secrets) -> String {
    format!("{}/connexion/lien/{}", app.config.public_url(), secrets.link)
}

async fn send(
    txn: &DatabaseTransaction,
    app: &App,
    kind: &'static str,
    to: &EmailAddress,
    secrets: &Secrets,
    content: Content,
) -> Result<bool, NotEnqueued> {
    let sender = Sender::new(&app.config)?;
    let mail = NewMail {
        kind,
        subject: format!("sign_in/{}", secrets.id),
        version: 1,
        to,
        content,
        is_secret: true,
        useful_until: Some(secrets.until),
    };
    enqueue(txn, &sender, &app.random, mail, app.clock.now()).await
}
