//! What other servers say they could not deliver, told by a program.

use poem::web::Data;
use poem::{Body, Response, handler};

use crate::accounts::{Program, Scope};
use crate::app::App;
use crate::mail::bounce::{self, LARGEST, Received};
use crate::web::{Error, Result, private};

/// `POST /api/v1/delivery-status`: a notification as it came (RFC 3464); says what it changed. The same twice is no error.
#[handler]
pub(crate) async fn receive(app: Data<&App>, program: Program, body: Body) -> Result<Response> {
    program.may(Scope::DeliveryStatus)?;
    let unreadable = |_| Error::bad_request("La notification est trop longue ou n’a pas pu être lue.");
    let bytes = body.into_bytes_limit(LARGEST).await.map_err(unreadable)?;
    let txn = app.write().await?;
    let received = bounce::receive(&txn, &bytes, app.clock.now()).await?;
    txn.commit().await?;
    let (outcome, mail) = match received {
        Received::NoNotice => ("not_a_notice", None),
        Received::NotOurs => ("not_ours", None),
        Received::Known => ("known", None),
        Received::Noted(mail) => ("noted", Some(mail)),
        Received::Bounced(mail) => ("bounced", Some(mail)),
    };
    let told = serde_json::json!({ "outcome": outcome, "mail": mail });
    Ok(private(Response::builder().content_type("application/json").body(told.to_string())))
}
