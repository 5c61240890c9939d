//! Where a reader gets no more of a kind of mail. The token in the address came with the mail: no account is needed.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};

use super::pages::Pressed;
use crate::app::App;
use crate::mail::suppression::{self, Subscription};
use crate::web::{Csrf, Error, Form, Frame, Result, filters, page, private, see_other as see};

#[derive(Template)]
#[template(path = "post_office/unsubscribe.html")]
struct UnsubscribePage {
    token: String,
    subscription: Subscription,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /courrier/arret/{token}`: shows a button; mail programs open links by themselves.
#[handler]
pub(crate) async fn look(app: Data<&App>, Path(token): Path<String>, frame: Frame, csrf: Csrf) -> Result<Response> {
    let subscription = suppression::of_token(&app.db, &token).await?.ok_or(Error::NotFound)?;
    Ok(private(page(&UnsubscribePage { token, subscription, csrf, frame })?))
}

/// `POST /courrier/arret/{token}`
#[handler]
pub(crate) async fn stop(app: Data<&App>, Path(token): Path<String>, _: Form<Pressed>) -> Result<Response> {
    end(&app, &token).await?;
    Ok(see(&format!("/courrier/arret/{token}")))
}

/// `POST /courrier/arret/{token}/un-clic`: pressed in a mail program, which has no page of ours and no cookie (RFC 8058).
/// Whoever knows the token has the mail.
#[handler]
pub(crate) async fn one_click(app: Data<&App>, Path(token): Path<String>) -> Result<Response> {
    end(&app, &token).await?;
    Ok(Response::builder().status(StatusCode::NO_CONTENT).finish())
}

/// `GET /courrier/arret/{token}/un-clic`: for programs that open it instead.
#[handler]
pub(crate) fn led(Path(token): Path<String>) -> Response {
    see(&format!("/courrier/arret/{token}"))
}

/// `POST /courrier/arret/{token}/reprise`
#[handler]
pub(crate) async fn start_again(app: Data<&App>, Path(token): Path<String>, _: Form<Pressed>) -> Result<Response> {
    let txn = app.write().await?;
    let subscription = suppression::of_token(&txn, &token).await?.ok_or(Error::NotFound)?;
    suppression::start_again(&txn, &subscription).await?;
    txn.commit().await?;
    Ok(see(&format!("/courrier/arret/{token}")))
}

async fn end(app: &App, token: &str) -> Result<()> {
    let txn = app.write().await?;
    let subscription = suppression::of_token(&txn, token).await?.ok_or(Error::NotFound)?;
    suppression::stop(&txn, &subscription, app.clock.now()).await?;
    Ok(txn.commit().await?)
}
