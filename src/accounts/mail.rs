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

/// The mails an address that asks for a way in may get: when it is known, when it is not.
pub(super) const SIGN_IN_KINDS: [&str; 2] = ["sign_in", "sign_in_unknown"];

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
    let until = &french::time(app.local(secrets.until).time());
    let content = if is_known { known(head, &secrets.code, &link(app, secrets), until)? } else { unknown(head)? };
    let kind = SIGN_IN_KINDS[usize::from(!is_known)];
    let about = format!("sign_in/{}", secrets.id);
    let useful_until = Some(secrets.until);
    let mail = NewMail { kind, about, version: 1, to, content, is_secret: true, useful_until };
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
    let until = &french::date(app.local(invitation.expires_at).date());
    let content = invited(head, &Invited { into, by: by.map(Person::called), link, until })?;
    let to = &stored(&invitation.email)?;
    let about = format!("invitation/{}", invitation.id);
    let useful_until = Some(invitation.expires_at);
    let mail = NewMail { kind: "invitation", about, version: 1, to, content, is_secret: true, useful_until };
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
    let when = &french::moment(app.local(now));
    let content = changed(head, told, when)?;
    // Each change is told.
    let about = format!("security/{}", app.random.token());
    let to = &stored(&person.email)?;
    let mail = NewMail { kind: "security", about, version: 1, to, content, is_secret: false, useful_until: None };
    enqueue(txn, &Sender::new(&app.config)?, &app.random, mail, now).await
}

fn known(head: &Letterhead, code: &str, link: &str, until: &str) -> askama::Result<Content> {
    Content::draw(
        &SignInSubject { head },
        &SignInText { head, code, link, until },
        &SignInHtml { head, code, link, until },
    )
}

fn unknown(head: &Letterhead) -> askama::Result<Content> {
    Content::draw(&UnknownSubject { head }, &UnknownText { head }, &UnknownHtml { head })
}

fn invited(head: &Letterhead, invited: &Invited<'_>) -> askama::Result<Content> {
    Content::draw(
        &InvitationSubject { head, invited },
        &InvitationText { head, invited },
        &InvitationHtml { head, invited },
    )
}

fn changed(head: &Letterhead, told: &str, when: &str) -> askama::Result<Content> {
    Content::draw(&SecuritySubject { head }, &SecurityText { head, told, when }, &SecurityHtml { head, told, when })
}

/// Writes the same mail down for each of these people, under a row of her own: kind, row, version.
///
/// # Errors
/// When the mail cannot be made or written down.
pub async fn write_to_each(
    txn: &DatabaseTransaction,
    app: &App,
    (kind, row, version): (&'static str, String, u32),
    people: &[Person],
    content: &Content,
) -> Result<(), NotEnqueued> {
    let sender = Sender::new(&app.config)?;
    for person in people {
        let to = &EmailAddress::parse(&person.email).map_err(|_| NotEnqueued::Address)?;
        let (about, content) = (format!("{row}/{}", person.id), content.clone());
        let mail = NewMail { kind, about, version, to, content, is_secret: false, useful_until: None };
        enqueue(txn, &sender, &app.random, mail, app.clock.now()).await?;
    }
    Ok(())
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let link = &format!("{}/invitation/0123456789abcdef0123456789abcdef", head.address);
    let (into, by, until) = (Some("Collège Jules-Vallès"), Some("Amélie Roux"), "30 mars 2027");
    Ok(vec![
        ("accounts/mail/sign_in", known(head, "123456", link, "8 h 45")?),
        ("accounts/mail/unknown", unknown(head)?),
        ("accounts/mail/invitation", invited(head, &Invited { into, by, link, until })?),
        ("accounts/mail/security", changed(head, "un second facteur est activé", "16 mars 2027, 8 h 30")?),
    ])
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
