//! The browsers where one is signed in.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::accounts::session::{self, Session};
use crate::accounts::visit::SignedIn;
use crate::app::App;
use crate::web::{Csrf, Error, Form, Frame, Pressed, Result, filters, french, page, private, see_other as see};

const PATH: &str = "/mon-espace/appareils";

#[derive(Template)]
#[template(path = "accounts/devices.html")]
struct DevicesPage {
    devices: Vec<Device>,
    csrf: Csrf,
    frame: Frame,
}

struct Device {
    id: i64,
    name: String,
    since: String,
    seen: String,
    is_this: bool,
}

/// `GET /mon-espace/appareils`
#[handler]
pub(crate) async fn devices(app: Data<&App>, signed_in: SignedIn, frame: Frame, csrf: Csrf) -> Result<Response> {
    let sessions = session::of_person(&app.db, &signed_in.person, app.clock.now()).await?;
    let devices = sessions.into_iter().map(|session| device(&app, session, &signed_in)).collect();
    Ok(private(page(&DevicesPage { devices, csrf, frame })?))
}

fn device(app: &App, session: Session, signed_in: &SignedIn) -> Device {
    Device {
        is_this: session.id == signed_in.session.id,
        since: french::moment(app.local(session.created_at)),
        seen: french::moment(app.local(session.last_seen_at)),
        id: session.id,
        name: session.device,
    }
}

#[derive(Template)]
#[template(path = "accounts/device_end.html")]
struct EndPage {
    device: Device,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /mon-espace/appareils/{id}/fin`: asks first.
#[handler]
pub(crate) async fn ask_end(
    app: Data<&App>,
    signed_in: SignedIn,
    Path(id): Path<i64>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let sessions = session::of_person(&app.db, &signed_in.person, app.clock.now()).await?;
    let session = sessions.into_iter().find(|session| session.id == id).ok_or(Error::NotFound)?;
    Ok(private(page(&EndPage { device: device(&app, session, &signed_in), csrf, frame })?))
}

/// `POST /mon-espace/appareils/{id}/fin`
#[handler]
pub(crate) async fn end(
    app: Data<&App>,
    signed_in: SignedIn,
    Path(id): Path<i64>,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    let ended = session::revoke(&txn, &signed_in.person, id).await?;
    txn.commit().await?;
    if !ended {
        return Err(Error::NotFound);
    }
    Ok(see(&if id == signed_in.session.id { "/".to_owned() } else { format!("{PATH}?fait=fin") }))
}

/// `POST /mon-espace/appareils/autres/fin`
#[handler]
pub(crate) async fn end_others(app: Data<&App>, signed_in: SignedIn, _: Form<Pressed>) -> Result<Response> {
    let txn = app.write().await?;
    session::revoke_others(&txn, &signed_in.session).await?;
    txn.commit().await?;
    Ok(see(&format!("{PATH}?fait=autres")))
}
