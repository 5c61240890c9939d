//! The search as a part of another site's page: a frame without our header and footer, and how to put it there.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use super::results::{PATH, heading, near_label, radii};
use crate::app::App;
use crate::directory::card::Card;
use crate::directory::found::Found;
use crate::directory::query::{Problem, Query};
use crate::directory::words;
use crate::web::{Frame, Result, embeddable, filters, page};

/// Where the frame lives.
const FRAME: &str = "/recherche/integree";
/// Suppliers shown in a frame; the rest is on the site.
const SHOWN: usize = 10;

#[derive(Template)]
#[template(path = "embed/frame.html")]
struct Embedded {
    frame: Frame,
    query: Query,
    near_label: String,
    heading: String,
    problems: Vec<Problem>,
    counted: String,
    total: usize,
    cards: Vec<Card>,
    all: String,
}

#[derive(Template)]
#[template(path = "embed/guide.html")]
struct Guide {
    frame: Frame,
    code: String,
    filtered: String,
    preview: &'static str,
    origins: Vec<String>,
}

/// `GET /recherche/integree`: may be framed by the sites of `EMBED_ORIGINS`; its links open ours beside them.
#[handler]
pub(crate) async fn embedded(app: Data<&App>, frame: Frame) -> Result<Response> {
    let (places, lexicon) = (&app.places, app.index.lexicon());
    let text = frame.uri().query().unwrap_or_default();
    let (query, problems) = Query::read(text, places, lexicon, &app.config.territory);
    let mut request = query.request(places, app.today());
    (request.offset, request.limit) = (0, SHOWN);
    let answer = app.index.search(&request);
    let found = Found::of(&app, &query, answer).await?;
    let commune = query.commune(places);
    let view = Embedded {
        near_label: near_label(&query, commune),
        heading: heading(&query, commune),
        counted: words::suppliers(found.total),
        total: found.total,
        cards: found.cards(&app, &query.q),
        all: frame.absolute(&query.with(|q| q.map = false).link(PATH, lexicon)),
        problems,
        frame,
        query,
    };
    Ok(embeddable(page(&view)?, &app.config))
}

/// `GET /recherche/integration`: the lines to paste.
#[handler]
pub(crate) fn guide(app: Data<&App>, frame: Frame) -> Result<Response> {
    let (title, place) = (frame.site(), frame.place());
    let code = |address: &str| {
        format!(
            "<iframe src=\"{address}\" title=\"{title} : chercher un producteur {place}\"\n  width=\"100%\" height=\"900\" \
             style=\"border:0\" loading=\"lazy\" allow=\"geolocation\"></iframe>"
        )
    };
    let epcis = app.places.epcis_of_department(&app.config.territory);
    let perimeter = epcis.first().map_or_else(String::new, |epci| format!("?perimeter=epci:{}", epci.code));
    page(&Guide {
        code: code(&frame.absolute(FRAME)),
        filtered: code(&frame.absolute(&format!("{FRAME}{perimeter}"))),
        preview: FRAME,
        origins: app.config.embed_origins.iter().map(|origin| origin.origin().to_owned()).collect(),
        frame,
    })
}

impl Embedded {
    fn radii(&self) -> impl Iterator<Item = (u16, bool)> {
        radii(&self.query)
    }

    /// What the form does not show but must carry, such as the perimeter that the site chose.
    fn hidden(&self) -> Vec<(&'static str, String)> {
        let shown = ["q", "near", "radius_km", "page"];
        let pairs = self.query.pairs(crate::suppliers::lexicon().as_ref());
        pairs.into_iter().filter(|(name, _)| !shown.contains(name)).collect()
    }
}
