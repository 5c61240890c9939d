//! An invitation: accepted by its link, or on one's own page.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::sign_in::{Entrance, HOME, enter, who_is_in};
use crate::accounts::invitation::{self, Invitation};
use crate::accounts::organisation;
use crate::accounts::person::{self, Person};
use crate::accounts::visit::{Device, SessionCookie, SignedIn, SignedInOrNot};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::mail::EmailAddress;
use crate::web::{Csrf, Error, Form, Frame, Pressed, Result, filters, page, page_with, private, see_other as see};

/// What was chosen.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    /// `partage` on a computer that others use.
    appareil: String,
}

#[derive(Template)]
#[template(path = "accounts/invitation.html")]
struct InvitationPage {
    token: String,
    email: String,
    /// Name of the organisation; nothing: the organisers.
    into: Option<String>,
    by: Option<String>,
    /// Whether the address has an account that is in use: accepting opens it to nobody.
    is_in_use: bool,
    /// Whether that account is signed in here.
    is_in: bool,
    /// Who is signed in here, when it is somebody else.
    other: Option<String>,
    csrf: Csrf,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "accounts/invitation_accepted.html")]
struct AcceptedPage {
    email: String,
    /// Name of the organisation; nothing: the organisers.
    into: Option<String>,
    /// Who is signed in here: somebody else.
    other: Option<String>,
    csrf: Csrf,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "accounts/invitation_over.html")]
struct OverPage {
    frame: Frame,
}

/// `GET /invitation/{token}`
#[handler]
pub(crate) async fn look(
    app: Data<&App>,
    Path(token): Path<String>,
    SignedInOrNot(signed_in): SignedInOrNot,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let Some(invitation) = invitation::of_token(&app.db, &token, app.clock.now()).await? else {
        return page_with(StatusCode::GONE, &OverPage { frame });
    };
    let by = match invitation.invited_by {
        Some(id) => person::by_id(&app.db, id).await?.map(|person| person.called().to_owned()),
        None => None,
    };
    let is_in_use = match person::by_email(&app.db, &invited(&invitation)?).await? {
        Some(person) => is_of_account_in_use(&invitation, &person),
        None => false,
    };
    let here = signed_in.map(|signed_in| signed_in.person.email);
    let is_in = here.as_ref() == Some(&invitation.email);
    let other = here.filter(|_| !is_in);
    let into = name(&app, &invitation).await?;
    let email = invitation.email;
    Ok(private(page(&InvitationPage { token, email, into, by, is_in_use, is_in, other, csrf, frame })?))
}

/// `POST /invitation/{token}`: whoever holds the link has the mailbox, and belongs from now on. It lets in who is new, and whom
/// the operator helps in; it stands for two weeks, and is no key to an account that is in use.
#[handler]
pub(crate) async fn accept(
    app: Data<&App>,
    Path(token): Path<String>,
    frame: Frame,
    csrf: Csrf,
    SessionCookie(before): SessionCookie,
    Device(device): Device,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let Some(invitation) = invitation::of_token(&txn, &token, now).await? else {
        return page_with(StatusCode::GONE, &OverPage { frame });
    };
    let person = person::known_or_new(&txn, &invited(&invitation)?, now).await?;
    if !join(&txn, &invitation, &person, now).await? {
        return page_with(StatusCode::GONE, &OverPage { frame });
    }
    if is_of_account_in_use(&invitation, &person) {
        txn.commit().await?;
        let here = who_is_in(&app, before.as_deref()).await?;
        if here.as_ref().is_some_and(|here| here.id == person.id) {
            return Ok(see("/mon-espace?fait=acceptation"));
        }
        let (into, other) = (name(&app, &invitation).await?, here.map(|here| here.email));
        return Ok(private(page(&AcceptedPage { email: person.email, into, other, csrf, frame })?));
    }
    let is_kept = typed.appareil != "partage";
    let entrance = Entrance { person: person.id, before: before.as_deref(), device: &device, next: HOME, is_kept };
    enter(&app, txn, entrance).await
}

fn invited(invitation: &Invitation) -> Result<EmailAddress> {
    EmailAddress::parse(&invitation.email).map_err(Error::broken("reading an invited address"))
}

/// Whether the link of an invitation is no key: its person has been here before, and no operator helps her in.
fn is_of_account_in_use(invitation: &Invitation, person: &Person) -> bool {
    person.last_seen_at.is_some() && invitation.invited_by.is_some()
}

/// `POST /mon-espace/invitations/{id}/acceptation`
#[handler]
pub(crate) async fn accept_own(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(id): Path<i64>,
    _: Form<Pressed>,
) -> Result<Response> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let own = invitation::for_address(&txn, &person.email, now).await?;
    let invitation = own.into_iter().find(|invitation| invitation.id == id).ok_or(Error::NotFound)?;
    join(&txn, &invitation, &person, now).await?;
    txn.commit().await?;
    Ok(see("/mon-espace?fait=acceptation"))
}

/// `POST /mon-espace/invitations/{id}/refus`
#[handler]
pub(crate) async fn decline(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(id): Path<i64>,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    let own = invitation::for_address(&txn, &person.email, app.clock.now()).await?;
    let invitation = own.into_iter().find(|invitation| invitation.id == id).ok_or(Error::NotFound)?;
    invitation::end(&txn, invitation.id).await?;
    txn.commit().await?;
    Ok(see("/mon-espace?fait=refus"))
}

async fn join(
    txn: &sea_orm::DatabaseTransaction,
    invitation: &Invitation,
    person: &Person,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<bool> {
    if !invitation::accept(txn, invitation, person, now).await? {
        return Ok(false);
    }
    let into = invitation.organisation_id.map_or_else(|| "organisers".to_owned(), |id| format!("organisations/{id}"));
    audit::record(txn, By::Person(person.id), Act::new("a rejoint l’équipe", into), now).await?;
    Ok(true)
}

/// Name of the organisation one is invited to join; nothing: the organisers.
pub(super) async fn name(app: &App, invitation: &Invitation) -> Result<Option<String>> {
    let Some(id) = invitation.organisation_id else { return Ok(None) };
    Ok(organisation::by_id(&app.db, id).await?.map(|organisation| organisation.name))
}
