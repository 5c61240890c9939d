//! A draft that is not wanted.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use super::desk::Workshop;
use super::list::PATH;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::speed_meetings::edition::{self, Edition, State};
use crate::web::{Csrf, Form, Frame, Pressed, Result, filters, page, private, see_other};

#[derive(Template)]
#[template(path = "speed_meetings/removal.html")]
struct RemovalPage {
    edition: Edition,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /organisation/rencontres/{key}/retrait`
#[handler]
pub(crate) fn ask(workshop: Workshop, frame: Frame, csrf: Csrf) -> Result<Response> {
    Ok(private(page(&RemovalPage { edition: workshop.plan.edition, csrf, frame })?))
}

/// `POST /organisation/rencontres/{key}/retrait`
#[handler]
pub(crate) async fn remove(app: Data<&App>, workshop: Workshop, _: Form<Pressed>) -> Result<Response> {
    let key = workshop.plan.edition.id;
    let txn = app.write().await?;
    if !edition::erase(&txn, key).await? {
        // Somebody opened it meanwhile: the page says why it stays.
        return Ok(see_other(&format!("{PATH}/{key}/retrait")));
    }
    let act = Act::new("a effacé le brouillon d’une rencontre", format!("editions/{key}"));
    audit::record(&txn, By::Person(workshop.me.id), act.with(workshop.plan.edition.title), app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{PATH}?fait=retrait")))
}
