//! One of each mail there is, in the demonstration.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};

use super::mail;
use super::mailbox::{framed, only_in_demo};
use crate::app::App;
use crate::mail::{Content, Letterhead};
use crate::web::{Error, Frame, Result, filters, framing, page};
use crate::{
    accounts, canteens, contacts, farm_visits, favourites, matching, personal_data, speed_meetings, suppliers,
};

#[derive(Template)]
#[template(path = "post_office/gallery.html")]
struct Gallery {
    frame: Frame,
    samples: Vec<(&'static str, Content)>,
}

/// One of each mail, with the folder of its templates under `templates/`.
///
/// # Errors
/// When one cannot be drawn.
pub fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let rooms = [
        accounts::mail_samples(head)?,
        personal_data::mail_samples(head)?,
        suppliers::mail_samples(head)?,
        canteens::mail_samples(head)?,
        contacts::mail_samples(head)?,
        favourites::mail_samples(head)?,
        matching::mail_samples(head)?,
        speed_meetings::mail_samples(head)?,
        speed_meetings::after::mail_samples(head)?,
        farm_visits::mail_samples(head)?,
        mail::samples(head)?,
    ];
    Ok(rooms.into_iter().flatten().collect())
}

/// `GET /demo/courrier/modeles`
#[handler]
pub(crate) fn gallery(app: Data<&App>, frame: Frame) -> Result<Response> {
    only_in_demo(&app)?;
    let samples = samples(&Letterhead::new(&app.config))?;
    Ok(framing(page(&Gallery { frame, samples })?, &app.config))
}

/// `GET /demo/courrier/modeles/{number}`: the HTML of one, in a frame of the page above.
#[handler]
pub(crate) fn html(app: Data<&App>, Path(number): Path<usize>) -> Result<Response> {
    only_in_demo(&app)?;
    let samples = samples(&Letterhead::new(&app.config))?;
    let (_, content) = samples.get(number).ok_or(Error::NotFound)?;
    Ok(framed(&content.html))
}
