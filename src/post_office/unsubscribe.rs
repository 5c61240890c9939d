//! Where a reader gets no more of a kind of mail. The token in the address came with the mail: no account is needed.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::app::App;
use crate::mail::suppression::{self, Subscription};
use crate::web::{Csrf, Error, Form, Frame, Pressed, Result, filters, page, page_with, private, see_other as see};

#[derive(Template)]
#[template(path = "post_office/unsubscribe.html")]
struct UnsubscribePage {
    token: String,
    subscription: Subscription,
    csrf: Csrf,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "post_office/unknown_link.html")]
struct UnknownLinkPage {
    frame: Frame,
}

/// `GET /courrier/arret/{token}`: shows a button; mail programs open links by themselves.
#[handler]
pub(crate) async fn look(app: Data<&App>, Path(token): Path<String>, frame: Frame, csrf: Csrf) -> Result<Response> {
    let Some(subscription) = suppression::of_token(&app.db, &token).await? else { return unknown(frame) };
    Ok(private(page(&UnsubscribePage { token, subscription, csrf, frame })?))
}

/// `POST /courrier/arret/{token}`
#[handler]
pub(crate) async fn stop(
    app: Data<&App>,
    Path(token): Path<String>,
    frame: Frame,
    _: Form<Pressed>,
) -> Result<Response> {
    if !end(&app, &token).await? {
        return unknown(frame);
    }
    Ok(see(&format!("/courrier/arret/{token}")))
}

/// `POST /courrier/arret/{token}/un-clic`: pressed in a mail program, which has no page of ours and no cookie (RFC 8058).
/// Whoever knows the token has the mail.
#[handler]
pub(crate) async fn one_click(app: Data<&App>, Path(token): Path<String>) -> Result<Response> {
    if !end(&app, &token).await? {
        return Err(Error::NotFound);
    }
    Ok(Response::builder().status(StatusCode::NO_CONTENT).finish())
}

/// `GET /courrier/arret/{token}/un-clic`: for programs that open it instead.
#[handler]
pub(crate) fn led(Path(token): Path<String>) -> Response {
    see(&format!("/courrier/arret/{token}"))
}

/// `POST /courrier/arret/{token}/reprise`
#[handler]
pub(crate) async fn start_again(
    app: Data<&App>,
    Path(token): Path<String>,
    frame: Frame,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    let Some(subscription) = suppression::of_token(&txn, &token).await? else { return unknown(frame) };
    suppression::start_again(&txn, &subscription).await?;
    txn.commit().await?;
    Ok(see(&format!("/courrier/arret/{token}")))
}

/// No more of these mails; false when the token is nobody's.
async fn end(app: &App, token: &str) -> Result<bool> {
    let txn = app.write().await?;
    let Some(subscription) = suppression::of_token(&txn, token).await? else { return Ok(false) };
    suppression::stop(&txn, &subscription, app.clock.now()).await?;
    txn.commit().await?;
    Ok(true)
}

/// Says that a link is not known, and who can help all the same.
fn unknown(frame: Frame) -> Result<Response> {
    page_with(StatusCode::NOT_FOUND, &UnknownLinkPage { frame })
}
